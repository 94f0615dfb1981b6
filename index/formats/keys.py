"""What the articles inside one file are called: `path#key`, each its own."""

from collections import Counter
from collections.abc import Sequence

from index.formats.encoding import printable


def keys_of(own: Sequence[str | None]) -> list[str]:
    """Return a key for each article of a file, in order: its own name where no other has it, else its number from 1.

    >>> keys_of(["a", "b", "b", None])
    ['a', '2', '3', '4']
    >>> keys_of(["2", None])
    ['2', '#2']
    """
    names = [" ".join(printable(name or "").split()) for name in own]
    counts = Counter(names)
    taken = {name for name in names if name and counts[name] == 1}
    return [name if name in taken else _free(str(number), taken) for number, name in enumerate(names, 1)]


def _free(key: str, taken: set[str]) -> str:
    while key in taken:
        key = f"#{key}"
    return key
