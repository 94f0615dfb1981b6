"""The vectors in the database -> those to search: a base, and what came and went since."""

import sqlite3
import zlib
from collections.abc import Iterator

import numpy as np

from index.embed import Vectors
from index.local.schema import Facts
from index.vectors import EXACT_CHUNKS, SAMPLE, Keys, VectorBase, VectorSnapshot

VECTORS_A_BLOCK = 8192
LAST_GIVEN = "SELECT seq FROM sqlite_sequence WHERE name = 'chunks'"
"""The last key that a chunk was given, whether it is still there or not."""


def fits(base: VectorBase, facts: Facts) -> bool:
    """Tell whether `base` was derived from this database, or from what it was before."""
    # One from the future is of this database as it was before it was put back from a copy.
    return base.owner == owner_of(facts) and base.generation <= facts.generation


def owner_of(facts: Facts) -> str:
    """Name the database and the model that vectors are of."""
    return f"{facts.owner} {facts.model}"


def derive(connection: sqlite3.Connection, facts: Facts) -> VectorBase:
    """Make a base of all vectors in the database, as it is now."""
    count, last_key = connection.execute("SELECT count(*), coalesce(max(key), 0) FROM chunks").fetchone()
    _require_given(connection, last_key)
    return VectorBase.of(
        _vector_blocks(connection),
        sample=_vector_blocks(connection, every=max(1, count // SAMPLE)) if count > EXACT_CHUNKS else (),
        owner=owner_of(facts),
        generation=facts.generation,
        last_key=last_key,
    )


def brought_to(snapshot: VectorSnapshot, connection: sqlite3.Connection, generation: int) -> VectorSnapshot:
    """Return `snapshot` with what the database has since, and without what it has not any more."""
    grown = snapshot.with_added(_vector_blocks(connection, above=snapshot.last_key), generation=generation)
    count = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    if count == len(grown) - len(grown.removed):
        return grown
    there = np.fromiter((key for (key,) in connection.execute("SELECT key FROM chunks")), np.int64, count)
    return grown.without(np.setdiff1d(grown.keys(), there))


def _vector_blocks(connection: sqlite3.Connection, *, above: int = 0, every: int = 1) -> Iterator[tuple[Keys, Vectors]]:
    """Yield the keys and vectors of the chunks with a key `above`, or of a sample of them, in order.

    Raises DatabaseError where one is not what was stored.
    """
    rows = connection.execute(
        """SELECT c.key, v.vector, v.crc FROM chunks c JOIN vectors v ON v.key = c.vector
           WHERE c.key > ? AND c.key % ? = 0 ORDER BY c.key""",
        (above, every),
    )
    while block := rows.fetchmany(VECTORS_A_BLOCK):
        if any(not is_sound(vector, crc) for _, vector, crc in block):
            raise sqlite3.DatabaseError("a vector is not what was stored")
        keys = np.array([key for key, _, _ in block], np.int64)
        _require_given(connection, int(keys[-1]))
        yield keys, np.frombuffer(b"".join(vector for _, vector, _ in block), np.float32).reshape(len(block), -1)


def _require_given(connection: sqlite3.Connection, key: int) -> None:
    """Raise DatabaseError where no chunk was given this key: a reader lays out arrays as long as the keys go."""
    (last,) = connection.execute(LAST_GIVEN).fetchone() or (0,)
    if not isinstance(last, int) or key > last:
        raise sqlite3.DatabaseError("a passage has a key that none was given")


def is_sound(vector: object, crc: object) -> bool:
    """Tell whether a stored vector is what was stored."""
    return isinstance(vector, bytes) and zlib.crc32(vector) == crc
