"""Which chunks a scope lets through, as quickly as a question can bear.

To ask the database for the chunk keys of a scope takes 30 ms at 90,000 chunks, which is as long as the search. Which
article a chunk is of never changes, and neither key is used twice: so it is read once, and what came since beside it.
"""

import sqlite3
import threading

import numpy as np
from numpy.typing import NDArray

from index.vectors import Keys, VectorBase, VectorSnapshot

Mask = NDArray[np.bool_]
"""For each chunk key from 0 on, whether it is let through."""


class Membership:
    """Of which article each chunk is. Safe to use from several threads."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._base: VectorBase | None = None
        self._generation = self._last_key = 0
        self._chunks: Keys = np.zeros(0, np.int64)
        self._articles: Keys = np.zeros(0, np.int64)

    def mask(self, connection: sqlite3.Connection, vectors: VectorSnapshot, articles: Keys) -> Mask:
        """Return which chunks are of the articles of these keys, at the moment of `vectors`."""
        chunks, of = self._known(connection, vectors)
        inside = np.zeros(int(of.max(initial=0)) + 1, bool)
        inside[articles[(articles >= 0) & (articles < len(inside))]] = True
        mask = np.zeros(int(chunks.max(initial=0)) + 1, bool)
        mask[chunks] = inside[of]
        return mask

    def _known(self, connection: sqlite3.Connection, vectors: VectorSnapshot) -> tuple[Keys, Keys]:
        with self._reading:
            if self._base is vectors.base and vectors.generation < self._generation:
                found = _read(connection, above=0, to=vectors.last_key)  # what went since is there at that moment
                return found[:, 0], found[:, 1]
            if self._base is not vectors.base:
                self._base, self._last_key = vectors.base, 0
                self._chunks, self._articles = np.zeros(0, np.int64), np.zeros(0, np.int64)
            if self._last_key < vectors.last_key:
                found = _read(connection, above=self._last_key, to=vectors.last_key)
                self._chunks = np.concatenate([self._chunks, found[:, 0]])
                self._articles = np.concatenate([self._articles, found[:, 1]])
                self._last_key = vectors.last_key
            self._generation = vectors.generation
            return self._chunks, self._articles


def _read(connection: sqlite3.Connection, *, above: int, to: int) -> Keys:
    """Return the key and the article of each chunk, shape (n, 2). Raises DatabaseError for such as cannot be."""
    rows = connection.execute("SELECT key, article FROM chunks WHERE key > ? AND key <= ?", (above, to)).fetchall()
    given = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
    try:
        found = np.array(rows, np.int64).reshape(-1, 2)
        if len(found) and (found.min() < 1 or (found.max(axis=0) > (given["chunks"], given["articles"])).any()):
            raise sqlite3.DatabaseError("a passage is of no article")
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise sqlite3.DatabaseError("a passage is of no article") from error
    return found
