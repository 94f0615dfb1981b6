"""How well paragraphs are read: `python -m bench.reading [--file READER.onnx] [--first N]`.

SQuAD with the gold paragraph in front of it, on the half of the development sets that nothing was trained or tuned on:
exact match and F1 of 1.1; of 2.0 both where what is less sure than a threshold is not answered, and the area under the
curve of that sureness. Once by the trained reader alone, and once as an answer is read (`qa.read`): the words that are
marked in the likeliest sentence, or the sentence. The threshold serves best on the questions of the other half that
the training held out: of those that it saw, a reader is surer. The one that ships is shown beside.
"""

import argparse
import json
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from bench.machine import machine
from index.records import Article, Hit, Span
from index.settings import Settings
from qa.read import EvidenceReader
from qa.reader.examples import Example, held_out, read_squad
from qa.reader.scores import best_scores
from qa.spans import FILE, SpanReader

DATA = Path(__file__).parents[2] / "shared" / "data"
Told = tuple[str, float]
"""The words that answer best, and how sure the reader is that they do; of one reader these can be compared."""
Reads = Callable[[str, str], Told]
"""Reads a question and a passage."""


def main() -> None:
    """Read, print the figures, and keep them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--first", type=int, help="of each set, take so many questions only, at random")
    given = parser.parse_args()
    marker = SpanReader(given.file)
    dev = [example for example in held_out(DATA)[1] if example.group.startswith("train-")]
    sets = {name: _load(name, given.first) for name in ("test-v1.1", "test-v2.0")}
    reads = of_reader(EvidenceReader(marker, marker))
    in_20 = sets["test-v2.0"]
    figures = {
        "the trained reader": measured(of_marker(marker), sets, dev),
        "as an answer is read": measured(reads, sets, dev),
        "as an answer is read, SQuAD 2.0 at the threshold that ships": {
            **with_silence(in_20, [reads(one.question, one.passage) for one in in_20], Settings().silence),
            "threshold": Settings().silence,
        },
    }
    print(json.dumps(figures, indent=2))
    kept = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-reading.json"
    kept.write_text(json.dumps({**machine(), **figures}, indent=1) + "\n")


def measured(
    reads: Reads, sets: Mapping[str, Sequence[Example]], dev: Sequence[Example]
) -> dict[str, dict[str, float]]:
    """Return the figures of both sets; those of 2.0 at the threshold that serves best on `dev`."""
    told = {of: [reads(one.question, one.passage) for one in examples] for of, examples in sets.items()}
    at = best_threshold(dev, [reads(one.question, one.passage) for one in dev])
    exact, overlap = answered(sets["test-v1.1"], told["test-v1.1"])
    return {
        "SQuAD 1.1, test half": {"questions": len(sets["test-v1.1"]), "exact": exact, "F1": overlap},
        "SQuAD 2.0, test half": {
            "questions": len(sets["test-v2.0"]),
            **with_silence(sets["test-v2.0"], told["test-v2.0"], at),
            "AUC": auc(sets["test-v2.0"], [sure for _, sure in told["test-v2.0"]]),
            "threshold": round(at, 3),
        },
    }


def _load(name: str, first: int | None) -> list[Example]:
    examples = read_squad(DATA / "squad" / f"{name}.json")
    return random.Random(0).sample(examples, first) if first else examples


def of_marker(marker: SpanReader) -> Reads:
    """Return how the trained reader reads a passage: how much likelier its best words are than none, as a logit."""

    @cache  # most of what is asked of 2.0 is asked of 1.1 too
    def reads(question: str, passage: str) -> Told:
        (marked,) = marker.mark(question, [passage])
        span, sure = marked.best(Span(0, len(passage)))
        return passage[span.start : span.end].strip(), sure

    return reads


def of_reader(reader: EvidenceReader) -> Reads:
    """Return how a passage is read for an answer, with the probability that it answers."""

    @cache
    def reads(question: str, passage: str) -> Told:
        (reading,) = reader.read(question, [Hit(Article("", "", passage), 0, len(passage), 0.0)])
        best = reading.sentences[0]
        start, end = best.words.span if best.words else best.span
        return passage[start:end].strip(), reading.probability

    return reads


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
    tried = np.quantile([sure for _, sure in told], np.linspace(0.02, 0.98, 49))
    return float(max(tried, key=lambda at: with_silence(examples, told, at)["F1"]))


def auc(examples: Sequence[Example], sure: Sequence[float]) -> float:
    """Return how often a question that is answered is surer than one that is not."""
    yes = np.array([bool(example.answers) for example in examples])
    rank = np.argsort(np.argsort(sure)) + 1
    above = rank[yes].sum() - yes.sum() * (yes.sum() + 1) / 2
    return round(float(above / max(1, yes.sum() * (~yes).sum())), 4)


if __name__ == "__main__":
    main()
