"""What each step of reading adds: `python -m bench.ablation [SET ...] [--reader READER.onnx ...]`.

The questions of `bench.seeds` are asked and what is found for each is read once; then the first sentence of the answer
is chosen in several ways, each with one thing more than the one before, and only the last of them ever declines. With
several readers, how good and how fast each is. Writes `bench/results/<date>-ablation.json`.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.asked import find
from bench.machine import machine
from bench.seeds import SETS, load
from index import build
from index.choose import load_embedder
from index.chunk import embedded_text
from index.records import Span
from index.settings import DEFAULT_MODEL, Settings
from index.store import open_store
from index.terms import terms
from qa.answer import READ_PASSAGES
from qa.evaluate import holds
from qa.questions import Question, folded
from qa.read import AT_FIRST, BIAS, WEIGHTS, EvidenceReader
from qa.spans import FILE, SpanReader

Known = NDArray[np.float64]
"""What is known of each sentence that was read, shape (sentences, len(WEIGHTS))."""
OF = {name: place for place, name in enumerate(WEIGHTS)}
FAR = 1e3
"""Puts a sentence of another passage behind all of the first."""


@dataclass(frozen=True)
class Read:
    """A question, what is known of what was found for it, which sentences answer, and what that took."""

    question: Question
    known: Known
    shared: Known
    """The share of the question's words that each sentence has; shape (sentences,)."""
    right: NDArray[np.bool_]
    milliseconds: Mapping[str, float]


def _searched(one: Read) -> Known:
    """Take the first passage, and of it the sentence with the most words of the question."""
    return FAR * one.known[:, OF["how well it was found"]] + one.shared


def _reranked(one: Read) -> Known:
    """Take the passage that is likeliest to answer, and of it the sentence with the most words of the question."""
    return FAR * one.known[:, OF["the passage answers"]] + one.shared


def _marked(one: Read) -> Known:
    """Take the passage that is likeliest to answer, and of it the sentence whose words are."""
    return FAR * one.known[:, OF["the passage answers"]] + one.known[:, OF["words that answer"]]


def _weighed_at_first(one: Read) -> Known:
    """Weigh what is known before the likeliest sentences are read again."""
    weighed: Known = one.known[:, : len(AT_FIRST)] @ np.array(list(AT_FIRST.values()))
    return weighed


def _weighed(one: Read) -> Known:
    """Weigh all that is known."""
    weighed: Known = one.known @ np.array(list(WEIGHTS.values())) + BIAS
    return weighed


STEPS: Mapping[str, Callable[[Read], Known]] = {
    "search alone": _searched,
    "and reranked by the reader": _reranked,
    "and the words that it marks": _marked,
    "and all else that is known, weighed": _weighed_at_first,
    "and the likeliest read again by the cross-encoder": _weighed,
}
SILENCE = "and silence"
HELD_OUT = ("test", "invented")


def main() -> None:
    """Ask, read, score, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="*", choices=SETS, help="both of our held-out ones where none is named")
    parser.add_argument("--reader", type=Path, nargs="+", default=[FILE], help="the first is the one whose steps count")
    given = parser.parse_args()
    result: dict[str, object] = {**machine(), "silence": Settings().silence, "sets": {}, "readers": {}}
    steps: dict[str, object] = {}
    readers: dict[str, dict[str, object]] = {}
    for name in given.sets or HELD_OUT:
        for file in given.reader:
            found = list(read(name, file))
            if file == given.reader[0]:
                steps[name] = table(found)
            readers.setdefault(str(file.name), {"MB": round(file.stat().st_size / 1e6, 1)})[name] = of_reader(found)
    result |= {"sets": steps, "readers": readers}
    print(json.dumps(result, indent=1))
    kept = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-ablation.json"
    kept.write_text(json.dumps(result, indent=1) + "\n")


def read(name: str, file: Path) -> Iterator[Read]:
    """Ask the questions of a set, and read what is found with the reader of `file`."""
    embedder = load_embedder(DEFAULT_MODEL)
    marker = SpanReader(file)
    reader = EvidenceReader(marker, marker)
    with tempfile.TemporaryDirectory() as store:
        build(SETS[name][0], store=store, embedder=embedder)
        with open_store(store).snapshot(embedder.fingerprint) as snapshot:
            for question in load(name):
                began = time.perf_counter()
                found = find(snapshot, embedder, question.text, READ_PASSAGES)
                searched = time.perf_counter()
                texts = [embedded_text(hit.article, Span(hit.start, hit.end)) for hit in found.hits]
                list(marker.mark(found.question, texts))
                marked = time.perf_counter()
                evidence = reader.evidence(found.question, found.hits)
                evidence = [one for one in evidence if not one.tells_nothing]
                weighed = time.perf_counter()
                said = [(found.hits[one.hit].article, one.span) for one in evidence]
                sentences = [(article.id, folded(article.text[start:end])) for article, (start, end) in said]
                yield Read(
                    question,
                    np.array([one.known for one in evidence], np.float64).reshape(-1, len(WEIGHTS)),
                    np.array([_shared(question.text, text) for _, text in sentences], np.float64),
                    np.array([holds(*sentence, question.sentences) for sentence in sentences], bool),
                    {
                        "search": 1000 * (searched - began),
                        "trained reader": 1000 * (marked - searched),
                        "evidence, all": 1000 * (weighed - marked),
                    },
                )


def _shared(question: str, sentence: str) -> float:
    """Return the share of a question's terms that a sentence has."""
    asked = set(terms(question))
    return len(asked.intersection(terms(sentence))) / max(1, len(asked))


def table(found: Sequence[Read]) -> Mapping[str, object]:
    """Return, for each step, how often the first sentence is right, and what is declined."""
    known = [one for one in found if one.question.gold]
    silent = [one for one in found if one.question.none]
    rows: dict[str, object] = {
        step: {"first sentence right": sum(_first_is_right(one, score) for one in known), "of": len(known)}
        for step, score in STEPS.items()
    }
    answered = [one for one in known if not _declined(one)]
    rows[SILENCE] = {
        "first sentence right": sum(_first_is_right(one, _weighed) for one in answered),
        "of": len(known),
        "declined": sum(map(_declined, silent)),
        "of those that no article answers": len(silent),
        "wrongly declined": len(known) - len(answered),
    }
    return rows


def of_reader(found: Sequence[Read]) -> Mapping[str, float]:
    """Return how good a reader is by itself, and what it takes for the passages of a question."""
    known = [one for one in found if one.right.any()]
    there = np.array([_surest(one) for one in found if one.question.gold])
    none = np.array([_surest(one) for one in found if one.question.none])
    above = there[:, None] - none[None, :]
    return {
        "right sentence, of passages that hold it": round(
            float(np.mean([_first_is_right(one, _marked) for one in known])), 3
        ),
        "AUC of the passage": round(float(((above > 0) + (above == 0) / 2).mean()), 3),
        "ms for a question, p50": round(statistics.median(one.milliseconds["trained reader"] for one in found), 1),
        "ms of search, p50": round(statistics.median(one.milliseconds["search"] for one in found), 1),
        "ms of all evidence, p50": round(statistics.median(one.milliseconds["evidence, all"] for one in found), 1),
    }


def _first_is_right(one: Read, score: Callable[[Read], Known]) -> bool:
    return bool(len(one.right) and one.right[int(score(one).argmax())])


def _surest(one: Read) -> float:
    return float(one.known[:, OF["the passage answers"]].max(initial=-FAR))


def _declined(one: Read) -> bool:
    """Tell whether none of the sentences is likely enough."""
    odds = float(np.exp(_weighed(one)).sum())
    return odds / (1 + odds) < Settings().silence


if __name__ == "__main__":
    main()
