"""The vectors of a store, searchable, and the file that caches them: the only place that imports faiss.

The file is FAISS's own, followed by a trailer: the generation of the database it was derived from, the length of what
FAISS wrote, and a SHA-256 over both. FAISS answers wrongly from a file with flipped bits, without a word, so nothing is
searched before the checksum holds. Written beside the old file, synced, and switched to by one rename.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import faiss as untyped_faiss
import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors

TRAILER = struct.Struct("<8sqq32s")
MAGIC = b"AQVECS01"
BLOCK = 2**20
faiss: Any = untyped_faiss  # its stubs miss what SWIG adds
Keys = NDArray[np.int64]


class SnapshotDamaged(Exception):
    """The file is not there, not whole, or not what was written."""


@dataclass(frozen=True)
class VectorSnapshot:
    """The vectors of one generation of a store."""

    generation: int
    faiss_index: Any  # faiss has no types

    @classmethod
    def of(cls, blocks: Iterable[tuple[Keys, Vectors]], *, dimension: int, generation: int) -> "VectorSnapshot":
        """Make a snapshot of blocks of (chunk keys, shape (n,); vectors, shape (n, dimension))."""
        exact = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        for keys, vectors in blocks:
            exact.add_with_ids(vectors, keys)
        return cls(generation, exact)

    def nearest(self, vector: Vectors, k: int, *, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Return at most `k` (chunk key, cosine), best first; with `among`, of those keys only."""
        limit = min(k, self.faiss_index.ntotal)
        if limit == 0 or (among is not None and not among):
            return []
        # The array must outlive the search: the selector keeps a bare pointer into it.
        allowed = None if among is None else np.asarray(among, np.int64)
        options = {} if allowed is None else {"params": faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))}
        scores, keys = self.faiss_index.search(vector[None, :], limit, **options)
        return [(int(key), float(score)) for key, score in zip(keys[0], scores[0], strict=True) if key >= 0]

    def keys(self) -> Keys:
        """Return the chunk keys in it, shape (n,)."""
        found: Keys = faiss.vector_to_array(self.faiss_index.id_map)
        return found

    def write(self, file: Path) -> None:
        """Replace `file` by this snapshot; a death at any moment leaves the old file or the new one."""
        beside = file.with_suffix(".writing")
        with beside.open("wb+") as opened:
            faiss.write_index(self.faiss_index, faiss.PyCallbackIOWriter(opened.write))
            length = opened.tell()
            opened.seek(0)
            opened.write(TRAILER.pack(MAGIC, self.generation, length, _digest(opened, self.generation, length)))
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
        sync_folder(file.parent)


def read_snapshot(file: Path) -> VectorSnapshot:
    """Read what `VectorSnapshot.write` wrote. Raises SnapshotDamaged where anything is missing or differs."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - TRAILER.size))
            magic, generation, length, digest = TRAILER.unpack(opened.read())
            opened.seek(0)
            if magic != MAGIC or length != size - TRAILER.size or digest != _digest(opened, generation, length):
                raise SnapshotDamaged(file)
            opened.seek(0)
            return VectorSnapshot(generation, faiss.read_index(faiss.PyCallbackIOReader(opened.read)))
    except (OSError, struct.error, RuntimeError) as error:
        raise SnapshotDamaged(file) from error


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: a rename is not, until its folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(opened: IO[bytes], generation: int, length: int) -> bytes:
    """Hash the generation and the next `length` bytes, and leave `opened` behind them."""
    digest = hashlib.sha256(struct.pack("<qq", generation, length))
    while length > 0 and (block := opened.read(min(BLOCK, length))):
        digest.update(block)
        length -= len(block)
    return digest.digest()
