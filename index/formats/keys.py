"""What the articles inside one file are called: `path#key`, each its own."""

from index.formats.encoding import printable


class Keys:
    """Names the articles of one file in order: by its own name where none before has it, else by its number from 1.

    >>> keys = Keys()
    >>> [keys.name(own) for own in ("a", "b", "b", None, "4")]
    ['a', 'b', '3', '4', '5']
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._number = 0

    def name(self, own: str | None) -> str:
        """Return the key of the next article, which calls itself `own`."""
        self._number += 1
        key = " ".join(printable(own or "").split())
        if not key or key in self._taken:
            key = str(self._number)
        while key in self._taken:
            key = f"#{key}"
        self._taken.add(key)
        return key
