"""Draw what the reader learns from: `python -m qa.reader.draw DATA FILE`, where DATA holds `squadshifts/` and `squad/`.

FILE holds the epochs, drawn from a seed, what is judged by, and all-MiniLM-L6-v2's weights: all that
`python -m qa.reader.train` needs. Which passages search finds for a question takes minutes, and is kept beside it.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.reader.drawn import MARKS, Drawn, Judged, Ragged, Rows
from qa.reader.pairs import Mix, Pair, Pairs
from qa.reader.weights import base


class Drawing:
    """Gathers pairs into arrays; what is the same text is kept once."""

    def __init__(self) -> None:
        self._questions: dict[bytes, int] = {}
        self._passages: dict[bytes, int] = {}

    def rows(self, pairs: Sequence[Pair]) -> Rows:
        """Return pairs as they are kept."""
        numbers = np.zeros((len(pairs), 2), np.int32)
        marks = np.full((len(pairs), MARKS, 2), -1, np.int16)
        for row, pair in enumerate(pairs):
            for side, (known, ids) in enumerate(((self._questions, pair.question), (self._passages, pair.passage))):
                numbers[row, side] = known.setdefault(ids.astype(np.uint16).tobytes(), len(known))
            for mark, ends in enumerate(list(zip(pair.begins, pair.ends, strict=True))[:MARKS]):
                marks[row, mark] = ends
        return Rows(numbers, marks)

    def judged(self, pairs: Sequence[Pair]) -> Judged:
        """Return pairs that are held out as they are kept."""
        spans = Ragged.of((pair.spans for pair in pairs), np.int16)
        examples = [pair.example for pair in pairs]
        return Judged(self.rows(pairs), spans, [e.passage for e in examples], [e.texts for e in examples])

    def drawn(
        self, epochs: Sequence[Rows], judged: Mapping[str, Judged], base: Mapping[str, NDArray[np.float32]]
    ) -> Drawn:
        """Return all of it."""
        questions, passages = (
            Ragged.of((np.frombuffer(ids, np.uint16) for ids in known), np.uint16)
            for known in (self._questions, self._passages)
        )
        return Drawn(questions, passages, epochs, judged, base)


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--epochs", type=int, default=8, help="so many different ones")
    parser.add_argument("--seed", type=int, default=7)
    for field in fields(Mix):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    given = parser.parse_args()
    mix = Mix(**{field.name: getattr(given, field.name) for field in fields(Mix)})
    pairs, drawing = Pairs(given.data, given.file.parent, given.seed, mix), Drawing()
    print(f"{len(pairs.examples)} examples of others, {len(pairs.written)} of ours; {asdict(mix)}")
    judged = {"others": drawing.judged(pairs.judged), "ours": drawing.judged(pairs.judged_of_written)}
    epochs = [drawing.rows(pairs.epoch(number)) for number in range(given.epochs)]
    drawing.drawn(epochs, judged, base()).save(given.file)


if __name__ == "__main__":
    main()
