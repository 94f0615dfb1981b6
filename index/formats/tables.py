"""The cells of a row of a table -> one line of text, so that what stands beside something is told with it. Pure."""

from collections.abc import Sequence

from index.records import BETWEEN

LONGEST = 200
"""Characters of a cell. What has more is set in a table for its looks, and is read by itself."""


def row_of(cells: Sequence[str]) -> str | None:
    """Return the line of a row; None where fewer than two cells hold something, or one holds too much.

    >>> row_of(["Net debt", "1,204", "", "+4.7%"])
    'Net debt | 1,204 | | +4.7%'
    >>> row_of(["Net debt", ""])
    """
    if sum(bool(cell) for cell in cells) < 2 or any(len(cell) > LONGEST for cell in cells):
        return None
    return " ".join(BETWEEN.join(cells).split())
