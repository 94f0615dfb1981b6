"""Silence in conversations, measured: `python -m bench.abstention`.

The turns of mtrag-un that are labelled ANSWERABLE or UNANSWERABLE; the passages that come with a turn are the articles,
and the question is understood from the turns before it, as in a chat. How good "the articles do not say" is (precision,
recall, the area under the curve), and whether the probability means what it says (expected calibration error, in
ten bins).

No unanswerable turn of the set comes with a passage, so that its recall is no merit. A harder set is made of the
answerable ones: each is asked of all passages of the set, and once more ("withheld") of those of other conversations
only, where the nearest are read and none should answer.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import machine
from index import build
from index.choose import load_embedder
from index.embed import Embedder
from index.settings import DEFAULT_MODEL, Settings
from index.store import Snapshot, open_store
from qa.answer import READ_PASSAGES
from qa.followup import Turn, rarity_in, stand_alone
from qa.question import clean
from qa.read import EvidenceReader, Reader
from qa.retrieve import search
from qa.spans import packaged

Task = dict[str, Any]
TASKS = Path(__file__).parents[2] / "shared" / "data" / "mtrag-un" / "tasks.dev.jsonl"
SILENCE = Settings().silence
BINS = 10
MOST_OF_A_TALK = 60
"""Passages of one conversation that may be among the nearest."""


@dataclass(frozen=True)
class Judged:
    """A turn: whether what is read for it answers, and how likely we think so."""

    answerable: bool
    probability: float


def main() -> None:
    """Ask every turn, print the figures, and keep them."""
    tasks = [json.loads(line) for line in TASKS.read_text().splitlines()]
    embedder = load_embedder(DEFAULT_MODEL)
    reader = EvidenceReader(packaged(), packaged())
    by_label = list(_as_labelled(tasks, embedder, reader))
    withheld = list(_withheld(tasks, embedder, reader))
    figures = {
        "as labelled, its own passages": {"turns": len(by_label)} | scores(by_label),
        "withheld, all passages": {"turns": len(withheld)} | scores(withheld),
        "reliability of the withheld": reliability(withheld),
    }
    print(json.dumps(figures, indent=1))
    kept = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-abstention.json"
    kept.write_text(json.dumps({**machine(), **figures}, indent=1) + "\n")


def _as_labelled(tasks: Sequence[Task], embedder: Embedder, reader: Reader) -> Iterator[Judged]:
    for task in tasks:
        if task["answerability"] in (["ANSWERABLE"], ["UNANSWERABLE"]):
            probability = 0.0
            if task["contexts"]:
                with _indexed(task["contexts"], embedder) as snapshot:
                    probability = _probability(snapshot, task, embedder, reader)
            yield Judged(task["answerability"] == ["ANSWERABLE"], probability)


def _withheld(tasks: Sequence[Task], embedder: Embedder, reader: Reader) -> Iterator[Judged]:
    passages = {passage["text"]: passage for task in tasks for passage in task["contexts"]}
    with _indexed(list(passages.values()), embedder) as snapshot:
        for task in tasks:
            if task["answerability"] == ["ANSWERABLE"]:
                talk = {
                    passage["text"]
                    for other in tasks
                    if other["conversation_id"] == task["conversation_id"]
                    for passage in other["contexts"]
                }
                yield Judged(answerable=True, probability=_probability(snapshot, task, embedder, reader))
                gone = frozenset(text.strip() for text in talk)
                yield Judged(answerable=False, probability=_probability(snapshot, task, embedder, reader, gone))


def _probability(
    snapshot: Snapshot, task: Task, embedder: Embedder, reader: Reader, gone: frozenset[str] = frozenset()
) -> float:
    """Return how likely the passages found answer the last turn of the task, those of the texts `gone` left out."""
    *before, asked = task["input"]
    question = stand_alone(clean(asked["text"]), _turns(before), rarity_in(snapshot))
    vector = embedder.question(question)
    found = search(snapshot, question, vector, spread=embedder.spread, k=READ_PASSAGES + MOST_OF_A_TALK * bool(gone))
    hits = [hit for hit in found if hit.article.text.strip() not in gone][:READ_PASSAGES]
    return sum(reading.probability for reading in reader.read(question, hits)) if hits else 0.0


@contextmanager
def _indexed(passages: Sequence[dict[str, str]], embedder: Embedder) -> Iterator[Snapshot]:
    """Index each passage as an article."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        rows = (json.dumps({"id": number, "text": passage["text"]}) for number, passage in enumerate(passages))
        (folder / "all.jsonl").write_text("\n".join(rows))
        build(folder, store=f"{place}/store", embedder=embedder)
        with open_store(f"{place}/store").snapshot(embedder.fingerprint) as snapshot:
            yield snapshot


def _turns(said: Sequence[dict[str, str]]) -> list[Turn]:
    """Return the turns, each a question and the answer behind it."""
    return [
        Turn(one["text"], two["text"])
        for one, two in pairwise(said)
        if (one["speaker"], two["speaker"]) == ("user", "agent")
    ]


def scores(judged: Sequence[Judged], threshold: float = SILENCE) -> dict[str, float]:
    """Return precision and recall of silence, the area under its curve, and the calibration error.

    >>> scores([Judged(True, 0.9), Judged(False, 0.2)])["recall"]
    1.0
    """
    silent = [one for one in judged if one.probability < threshold]
    right = sum(not one.answerable for one in silent)
    there = np.array([one.answerable for one in judged])
    sure = np.array([one.probability for one in judged])
    above = sure[there][:, None] - sure[~there][None, :]
    error = sum(one["share"] * abs(one["said"] - one["true"]) for one in reliability(judged))
    figures = {
        "precision": right / max(1, len(silent)),
        "recall": right / max(1, int((~there).sum())),
        "AUC": float(((above > 0) + (above == 0) / 2).mean()),
        "calibration error": error,
    }
    return {name: round(value, 3) for name, value in figures.items()}


def reliability(judged: Sequence[Judged]) -> list[dict[str, float]]:
    """Return, for each tenth of the probability, its share of the turns, its mean, and how many are answerable."""
    sure = np.array([one.probability for one in judged])
    there = np.array([one.answerable for one in judged])
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        {
            "share": round(float((bins == number).mean()), 4),
            "said": round(float(sure[bins == number].mean()), 4),
            "true": round(float(there[bins == number].mean()), 4),
        }
        for number in range(BINS)
        if (bins == number).any()
    ]


if __name__ == "__main__":
    main()
