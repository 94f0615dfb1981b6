"""What a reader learns from and begins as, in one file of arrays: questions and passages in tokens, and weights.

It is drawn once (`draw`), and learned from as often as one likes, also on another machine, which has a GPU.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

MARKS = 4
"""Of the answers of a pair, how many are kept; several readers seldom mark more different ones."""
BASE = "base/"


@dataclass(frozen=True)
class Ragged:
    """Runs of numbers of any length, one behind the other."""

    flat: NDArray[Any]
    starts: NDArray[np.int64]
    """Where each begins, and where the last one ends; shape (runs + 1,)."""

    @classmethod
    def of(cls, runs: Iterable[NDArray[Any]], dtype: type) -> Self:
        """Lay runs one behind the other."""
        every = list(runs)
        starts = np.cumsum([0, *map(len, every)])
        return cls(np.concatenate(every).astype(dtype) if every else np.zeros(0, dtype), starts.astype(np.int64))

    def __getitem__(self, run: int) -> NDArray[Any]:
        return self.flat[self.starts[run] : self.starts[run + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True)
class Rows:
    """Pairs: of which question and which passage, and where answers begin and end."""

    pairs: NDArray[np.int32]
    """The number of the question and that of the passage; shape (pairs, 2)."""
    marks: NDArray[np.int16]
    """The first and the last token of the passage of each answer, -1 where there is none; shape (pairs, MARKS, 2)."""

    def __len__(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True)
class Judged:
    """Pairs that were held out, with their texts."""

    rows: Rows
    spans: Ragged
    """The characters that each token of each pair's passage stands for; runs of shape (tokens, 2)."""
    passages: Sequence[str]
    answers: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Drawn:
    """All that a run of training is given."""

    questions: Ragged
    passages: Ragged
    epochs: Sequence[Rows]
    judged: Mapping[str, Judged]
    base: Mapping[str, NDArray[np.float32]]
    """The weights that it begins with, as `Network` names them."""

    def save(self, file: Path) -> None:
        """Write it, compressed; a reader's weights in half precision."""
        arrays: dict[str, NDArray[Any]] = {}
        for name, ragged in (("questions", self.questions), ("passages", self.passages)):
            arrays |= _of_ragged(name, ragged)
        for number, rows in enumerate(self.epochs):
            arrays |= _of_rows(f"epoch/{number}", rows)
        for name, judged in self.judged.items():
            texts = json.dumps([judged.passages, judged.answers]).encode()
            arrays |= _of_rows(f"judged/{name}", judged.rows) | _of_ragged(f"judged/{name}/spans", judged.spans)
            arrays[f"judged/{name}/texts"] = np.frombuffer(texts, np.uint8)
        arrays |= {BASE + name: value.astype(np.float16) for name, value in self.base.items()}
        with file.open("wb") as out:
            np.savez_compressed(out, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes them for its own options

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(file) as kept:
            names = kept.files
            judged = {}
            for name in sorted({name.split("/")[1] for name in names if name.startswith("judged/")}):
                passages, answers = json.loads(kept[f"judged/{name}/texts"].tobytes())
                spans = _ragged(kept, f"judged/{name}/spans")
                judged[name] = Judged(_rows(kept, f"judged/{name}"), spans, passages, answers)
            epochs = sum(name.startswith("epoch/") for name in names) // 2
            base = {name[len(BASE) :]: kept[name].astype(np.float32) for name in names if name.startswith(BASE)}
            drawn = [_rows(kept, f"epoch/{number}") for number in range(epochs)]
            return cls(_ragged(kept, "questions"), _ragged(kept, "passages"), drawn, judged, base)


def _of_ragged(name: str, ragged: Ragged) -> dict[str, NDArray[Any]]:
    return {f"{name}/flat": ragged.flat, f"{name}/starts": ragged.starts}


def _ragged(kept: Mapping[str, NDArray[Any]], name: str) -> Ragged:
    return Ragged(kept[f"{name}/flat"], kept[f"{name}/starts"])


def _of_rows(name: str, rows: Rows) -> dict[str, NDArray[Any]]:
    return {f"{name}/pairs": rows.pairs, f"{name}/marks": rows.marks}


def _rows(kept: Mapping[str, NDArray[Any]], name: str) -> Rows:
    return Rows(kept[f"{name}/pairs"], kept[f"{name}/marks"])
