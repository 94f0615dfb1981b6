"""How well the trained reader reads: `python -m bench.reading [--file READER.onnx] [--first N]`.

SQuAD with the gold paragraph in front of it, on the half of the development sets that nothing was trained or tuned on:
exact match and F1 of 1.1; of 2.0 both at the threshold that serves best on the other half, and the area under the
curve of its sureness that a paragraph answers.
"""

import argparse
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.machine import machine
from index.records import Span
from qa.reader.examples import Example, read_squad
from qa.reader.scores import best_scores
from qa.spans import FILE, SpanReader

DATA = Path(__file__).parents[2] / "shared" / "data"
Told = tuple[str, float, float]
"""The words that answer best, how much likelier they are than none, and how likely the passage answers; logits."""


def main() -> None:
    """Read, print the figures, and keep them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--first", type=int, help="of each set, take so many questions only, at random")
    given = parser.parse_args()
    reader = SpanReader(given.file)
    sets = {name: _load(name, given.first) for name in ("test-v1.1", "train-v2.0", "test-v2.0")}
    told = {name: read(reader, examples) for name, examples in sets.items()}
    exact, overlap = answered(sets["test-v1.1"], told["test-v1.1"])
    at = best_threshold(sets["train-v2.0"], told["train-v2.0"])
    figures = {
        "SQuAD 1.1, test half": {"questions": len(sets["test-v1.1"]), "exact": exact, "F1": overlap},
        "SQuAD 2.0, test half": {
            "questions": len(sets["test-v2.0"]),
            **with_silence(sets["test-v2.0"], told["test-v2.0"], at),
            "AUC of the span": auc(sets["test-v2.0"], [sure for _, sure, _ in told["test-v2.0"]]),
            "AUC of the passage": auc(sets["test-v2.0"], [answers for *_, answers in told["test-v2.0"]]),
            "threshold": at,
        },
    }
    print(json.dumps(figures, indent=2))
    if not given.first:
        kept = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-reading.json"
        kept.write_text(json.dumps({**machine(), **figures}, indent=1) + "\n")


def _load(name: str, first: int | None) -> list[Example]:
    examples = read_squad(DATA / "squad" / f"{name}.json")
    return random.Random(0).sample(examples, first) if first else examples


def read(reader: SpanReader, examples: Sequence[Example]) -> list[Told]:
    """Read each example by itself, as a question is read."""
    told = []
    for example in examples:
        (marked,) = reader.mark(example.question, [example.passage])
        span, sure = marked.best(Span(0, len(example.passage)))
        told.append((example.passage[span.start : span.end].strip(), sure, marked.answers))
    return told


def answered(examples: Sequence[Example], told: Sequence[Told]) -> tuple[float, float]:
    """Return exact match and F1, in percent, of questions that are all answered."""
    scores = np.mean([best_scores(one[0], e.texts) for e, one in zip(examples, told, strict=True)], axis=0)
    return round(100 * float(scores[0]), 2), round(100 * float(scores[1]), 2)


def with_silence(examples: Sequence[Example], told: Sequence[Told], at: float) -> dict[str, float]:
    """Return exact match and F1, in percent, where what is less sure than `at` is not answered."""
    scores = []
    for example, one in zip(examples, told, strict=True):
        says = one[1] >= at
        if example.answers and says:
            scores.append(best_scores(one[0], example.texts))
        else:
            scores.append((float(not example.answers and not says),) * 2)
    exact, overlap = np.mean(scores, axis=0)
    return {"exact": round(100 * float(exact), 2), "F1": round(100 * float(overlap), 2)}


def best_threshold(examples: Sequence[Example], told: Sequence[Told]) -> float:
    """Return the threshold of the best F1."""
    tried = np.quantile([one[1] for one in told], np.linspace(0.02, 0.98, 49))
    return float(max(tried, key=lambda at: with_silence(examples, told, at)["F1"]))


def auc(examples: Sequence[Example], sure: Sequence[float]) -> float:
    """Return how often a question that is answered is surer than one that is not."""
    yes = np.array([bool(example.answers) for example in examples])
    rank = np.argsort(np.argsort(sure)) + 1
    above = rank[yes].sum() - yes.sum() * (yes.sum() + 1) / 2
    return round(float(above / max(1, yes.sum() * (~yes).sum())), 4)


if __name__ == "__main__":
    main()
