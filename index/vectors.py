"""The vectors of a store, searchable, and the file that caches them: the only place that imports faiss.

A `VectorBase` is what the file holds; it is never changed once it is made, as FAISS does not bear a search beside an
addition. A `VectorSnapshot` is a base with what came since beside it, and what went since left out.

The file is FAISS's own, followed by a trailer: whose vectors these are, the generation of the database they were
derived from, its last chunk key, the length of what FAISS wrote, and a SHA-256 over all of it. FAISS answers wrongly
from a file with flipped bits, without a word, so nothing is searched before the checksum holds. Written beside the old
file, synced, and switched to by one rename.
"""

import hashlib
import os
import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import faiss as untyped_faiss
import numpy as np
from numpy.typing import NDArray

from index.durable import sync_folder
from index.embed import Vectors

TRAILER = struct.Struct("<8s128sqqq32s")
MAGIC = b"AQVECS02"
BLOCK = 2**20
EXACT_CHUNKS = 100_000
"""Up to here vectors are searched as they are; beyond, in 8 bits a number: recall@10 .98, a quarter of the memory, and
at a million 33 ms a question instead of 149 (`python -m bench.index_types`: faiss 1.15, 384 dimensions, 2 cores)."""
SAMPLE = 20_000
"""Vectors, spread over all, from which the range of each dimension is learned when they are put in 8 bits."""
faiss: Any = untyped_faiss  # its stubs miss what SWIG adds
Keys = NDArray[np.int64]


class SnapshotDamaged(Exception):
    """The file is not there, not whole, or not what was written."""


@dataclass(frozen=True, eq=False)
class VectorBase:
    """The vectors of one generation of a store."""

    owner: str
    """Whose vectors these are: names the store and the model, in at most 128 bytes."""
    generation: int
    last_key: int
    """No chunk of that generation has a greater key."""
    faiss_index: Any  # faiss has no types

    @classmethod
    def of(
        cls,
        blocks: Iterable[tuple[Keys, Vectors]],
        *,
        sample: Iterable[tuple[Keys, Vectors]],
        owner: str,
        generation: int,
        last_key: int,
    ) -> "VectorBase":
        """Make a base of blocks of (chunk keys, shape (n,); vectors, shape (n, dimension)).

        With a `sample` of them the vectors are kept in 8 bits a number.
        """
        learned = [vectors for _, vectors in sample]
        vectors_of = None
        for keys, vectors in blocks:
            if vectors_of is None:
                vectors_of = _empty(vectors.shape[1], learned)
            vectors_of.add_with_ids(vectors, keys)
        return cls(owner, generation, last_key, _empty(1, ()) if vectors_of is None else vectors_of)

    def __len__(self) -> int:
        return int(self.faiss_index.ntotal)

    def keys(self) -> Keys:
        """Return the chunk keys in it, shape (n,)."""
        return _keys(self.faiss_index)


@dataclass(frozen=True, eq=False)
class VectorSnapshot:
    """The vectors of one moment of a store: those of a base, of chunks that came since, less those that went."""

    base: VectorBase
    generation: int
    last_key: int
    fresh: Any  # faiss has no types
    removed: Keys

    @classmethod
    def of(cls, base: VectorBase) -> "VectorSnapshot":
        """Return the snapshot of the moment at which `base` was derived."""
        return cls(base, base.generation, base.last_key, _empty(base.faiss_index.d, ()), np.zeros(0, np.int64))

    def with_added(self, blocks: Iterable[tuple[Keys, Vectors]], *, generation: int) -> "VectorSnapshot":
        """Return the snapshot of a later moment, with blocks of (chunk keys, vectors) in the order of their keys."""
        fresh, last_key = None, self.last_key
        for keys, vectors in blocks:
            if fresh is None:
                # The one at hand may be in use by a search.
                fresh = faiss.clone_index(self.fresh) if self.fresh.ntotal else _empty(vectors.shape[1], ())
            fresh.add_with_ids(vectors, keys)
            last_key = int(keys[-1])
        return replace(self, generation=generation, last_key=last_key, fresh=self.fresh if fresh is None else fresh)

    def without(self, removed: Keys) -> "VectorSnapshot":
        """Return the snapshot with just the keys `removed` left out."""
        return replace(self, removed=removed)

    def __len__(self) -> int:
        return len(self.base) + int(self.fresh.ntotal)

    def keys(self) -> Keys:
        """Return the chunk keys in it, those left out too, shape (len,)."""
        return np.concatenate([self.base.keys(), _keys(self.fresh)])

    @cached_property
    def first_key(self) -> int:
        """The least key in it: keys are not used again, so those of a store that was built anew begin far from 0."""
        firsts = [int(part.id_map.at(0)) for part in (self.base.faiss_index, self.fresh) if part.ntotal]
        return min(firsts, default=self.last_key + 1)

    def nearest(self, vector: Vectors, k: int, *, mask: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """Return at most `k` (chunk key, cosine), best first; with `mask`, of the keys only at whose place it is set.

        A mask is taken at its word: it must not let through what is removed.
        """
        if mask is not None and not mask.any():
            return []
        selector = self._not_removed if mask is None else _masked(mask)
        found: list[tuple[int, float]] = []
        for part in (self.base.faiss_index, self.fresh):
            if part.ntotal:
                # Not shared: IndexIDMap changes them while it searches.
                only = faiss.SearchParameters(sel=selector)
                scores, keys = part.search(vector[None, :], min(k, part.ntotal), params=only)
                found += [(int(key), float(score)) for score, key in zip(scores[0], keys[0], strict=True) if key >= 0]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:k]

    @cached_property
    def _not_removed(self) -> Any:  # noqa: ANN401 - faiss has no types
        # One that lets all through: without any, FAISS 1.15 takes 11 ms for 66,000 vectors as they are, with it 6.
        return _none_of(self.removed) if len(self.removed) else faiss.IDSelectorAll()


def write_base(base: VectorBase, file: Path) -> None:
    """Replace `file` by `base`; a death at any moment leaves the old file or the new one."""
    beside = file.with_suffix(".writing")
    try:
        _write(base, beside)
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()  # what has filled a disk must not keep it full
        raise
    sync_folder(file.parent)


def _write(base: VectorBase, file: Path) -> None:
    owner = base.owner.encode()
    with file.open("wb+") as opened:
        faiss.write_index(base.faiss_index, faiss.PyCallbackIOWriter(opened.write))
        length = opened.tell()
        said = (owner, base.generation, base.last_key, length)
        opened.seek(0)
        opened.write(TRAILER.pack(MAGIC, *said, _digest(opened, *said)))
        opened.flush()
        os.fsync(opened.fileno())


def read_base(file: Path) -> VectorBase:
    """Read what `write_base` wrote. Raises SnapshotDamaged where anything is missing or differs."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - TRAILER.size))
            magic, padded, generation, last_key, length, digest = TRAILER.unpack(opened.read())
            owner = padded.rstrip(b"\0")
            opened.seek(0)
            whole = magic == MAGIC and length == size - TRAILER.size
            if not whole or digest != _digest(opened, owner, generation, last_key, length):
                raise SnapshotDamaged(file)
            opened.seek(0)
            vectors = faiss.read_index(faiss.PyCallbackIOReader(opened.read))
            return VectorBase(owner.decode(), generation, last_key, vectors)
    except (OSError, struct.error, RuntimeError, UnicodeDecodeError) as error:
        raise SnapshotDamaged(file) from error


def _empty(dimension: int, learned: Sequence[Vectors]) -> Any:  # noqa: ANN401 - faiss has no types
    """Return an index for inner products of vectors as they are, or in 8 bits where there are some to learn from."""
    if not learned:
        return faiss.IndexIDMap(faiss.IndexFlatIP(dimension))
    compressed = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    compressed.train(np.concatenate(learned))
    return faiss.IndexIDMap(compressed)


def _keys(vectors: Any) -> Keys:  # noqa: ANN401 - faiss has no types
    found: Keys = faiss.vector_to_array(vectors.id_map)
    return found


def _none_of(keys: Keys) -> Any:  # noqa: ANN401 - faiss has no types
    """Return what tells whether a key is none of `keys`. What FAISS only points to is kept with it."""
    chosen = faiss.IDSelectorBatch(keys)
    selector = faiss.IDSelectorNot(chosen)
    selector.kept = (keys, chosen)
    return selector


def _masked(mask: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - faiss has no types
    """Return what tells whether `mask` is set at the place of a key."""
    bits = np.packbits(mask, bitorder="little")
    selector = faiss.IDSelectorBitmap(bits)
    selector.kept = bits
    return selector


def _digest(opened: IO[bytes], owner: bytes, generation: int, last_key: int, length: int) -> bytes:
    """Hash what the trailer says and the next `length` bytes, and leave `opened` behind them."""
    digest = hashlib.sha256(struct.pack("<128sqqq", owner, generation, last_key, length))
    while length > 0 and (block := opened.read(min(BLOCK, length))):
        digest.update(block)
        length -= len(block)
    return digest.digest()
