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
        self._articles: Keys = np.zeros(0, np.int64)
        """Of each chunk, at the place of its key from the first one on; 0, which no article is, where there is none."""

    def mask(self, connection: sqlite3.Connection, vectors: VectorSnapshot, articles: Keys) -> Mask:
        """Return which chunks are of the articles of these keys, at the moment of `vectors`."""
        of = self._known(connection, vectors)
        inside = np.zeros(int(of.max(initial=0)) + 1, bool)
        inside[articles[(articles > 0) & (articles < len(inside))]] = True
        mask = np.zeros(vectors.first_key + len(of), bool)
        mask[vectors.first_key :] = inside[of]
        return mask

    def _known(self, connection: sqlite3.Connection, vectors: VectorSnapshot) -> Keys:
        with self._reading:
            if self._base is vectors.base and vectors.generation < self._generation:
                # What went since is there at that moment.
                return _placed(_read(connection, above=0, to=vectors.last_key), vectors)
            if self._base is not vectors.base:
                self._base, self._last_key = vectors.base, 0
                self._articles = np.zeros(0, np.int64)
            if self._last_key < vectors.last_key:
                found = _placed(_read(connection, above=self._last_key, to=vectors.last_key), vectors)
                found[: len(self._articles)] = self._articles
                self._articles, self._last_key = found, vectors.last_key
            self._generation = vectors.generation
            return self._articles


def _placed(found: Keys, vectors: VectorSnapshot) -> Keys:
    """Put the article of each chunk at the place of the chunk's key, from the first one on."""
    articles = np.zeros(max(0, vectors.last_key - vectors.first_key + 1), np.int64)
    articles[found[:, 0] - vectors.first_key] = found[:, 1]
    return articles


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
