"""Vectors as they are, or in 8 bits a number, by how many there are: `python -m bench.index_types STORE`.

The vectors are those of a store, and beyond them mixtures: each the sum of two of them and of noise, so that more of
them are near than among random ones. Searched is for the 100 nearest to vectors of real questions. Writes
`bench/results/<date>-index-types.json`; what the figures decide is `index.vectors.EXACT_CHUNKS`.
"""

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.machine import machine
from bench.percentiles import percentiles
from bench.retrieval import DATA
from index.choose import load_embedder
from index.embed import Vectors
from index.settings import DEFAULT_MODEL
from index.store import open_store
from index.vectors import SAMPLE, VectorBase, VectorSnapshot, faiss, read_base, write_base

SIZES = (10_000, 100_000, 1_000_000)
NEAREST = 100
COMPARED = 10
BLOCK = 50_000
NOISE = 0.3
"""The length of the noise; that of the vectors is 1."""
ROUNDS = 3


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("store", type=Path)
    given = parser.parse_args()
    embedder = load_embedder(DEFAULT_MODEL)
    lines = (DATA / "realtimeqa" / "questions.dev.jsonl").read_text().splitlines()
    asked = np.stack([embedder.question(json.loads(line)["question"]) for line in lines])
    with open_store(given.store).snapshot(embedder.fingerprint):  # raises where it is of another model
        real = _vectors_in(given.store)
    figures = [row for size in SIZES for row in _compare(real, size, asked, given.store)]
    print(json.dumps(figures, indent=1))
    kept = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-index-types.json"
    kept.write_text(json.dumps({**machine(), "sizes": figures}, indent=1) + "\n")


def _vectors_in(store: Path) -> Vectors:
    kept = read_base(store / "vectors.faiss").faiss_index
    return np.asarray(faiss.downcast_index(kept.index).reconstruct_n(0, kept.ntotal), np.float32)


def _blocks(real: Vectors, size: int) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    rng = np.random.default_rng(0)
    for first in range(0, size, BLOCK):
        count = min(BLOCK, size - first)
        if first + count <= len(real):
            vectors = real[first : first + count]
        else:
            one, two = (real[rng.integers(0, len(real), count)] for _ in range(2))
            vectors = one + two + NOISE * _unit(rng.standard_normal(one.shape, np.float32))
        yield np.arange(first, first + count), _unit(vectors)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _compare(real: Vectors, size: int, asked: Vectors, folder: Path) -> Iterator[dict[str, object]]:
    exact: list[set[int]] = []
    for kind in ("as they are", "8 bits"):
        began = time.perf_counter()
        every = max(1, size // SAMPLE)
        sample = (
            [(keys[::every], vectors[::every]) for keys, vectors in _blocks(real, size)] if kind == "8 bits" else []
        )
        base = VectorBase.of(_blocks(real, size), sample=sample, owner="", generation=0, last_key=size)
        built = time.perf_counter() - began
        file = folder / "index-types.faiss"
        write_base(base, file)
        megabytes = file.stat().st_size / 2**20
        file.unlink()
        snapshot = VectorSnapshot.of(base)
        took, found = [], []
        for round_ in range(ROUNDS):
            for vector in asked:
                began = time.perf_counter()
                keys = [key for key, _ in snapshot.nearest(vector, NEAREST)]
                took.append(1000 * (time.perf_counter() - began))
                if not round_:
                    found.append(set(keys[:COMPARED]))
        exact = exact or found
        yield {
            "vectors": size,
            "kept": kind,
            "MB": round(megabytes),
            "built, s": round(built, 2),
            "search, ms": percentiles(took, 2),
            f"recall@{COMPARED}": round(
                statistics.mean(len(one & two) / COMPARED for one, two in zip(exact, found, strict=True)), 4
            ),
        }


if __name__ == "__main__":
    main()
