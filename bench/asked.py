"""Questions, and what the reader knows of each sentence that is read for them: what `bench.calibrate` fits weights to.

`held_out`: questions that the trained reader has not seen, their paragraphs indexed among others, each an article. Of
those that a paragraph answers, some lose that paragraph ("withheld"): the articles do not say. Others were written to
look answerable and are not ("hard"). `written`: what we wrote in other words than the passage's, about our articles and
other paragraphs, in one index; those that their passage does not answer are near misses. `ours`: our dev questions
about the sample articles. `news`: dated questions about the news of 2022, of a hundred times as many passages, among
which something is always near; and once more without the articles that answer them, where no other sentence that is
read holds the answer.
"""

import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.retrieval import key_of
from bench.seeds import ROOT, load
from index import build
from index.embed import Embedder
from index.records import Article, Hit
from index.sentences import sentence_spans
from index.store import Scope, Snapshot, open_store
from qa.answer import READ_PASSAGES, understood_in
from qa.read import WEIGHTS, EvidenceReader
from qa.reader.examples import Example
from qa.reader.examples import held_out as held_out_of
from qa.reader.scores import normal
from qa.reader.written import articles, name
from qa.reader.written import written as written_of
from qa.retrieve import search

DATA = ROOT.parent / "shared" / "data"
NEWS = Path("bench/work/news-2022")
"""Where `python -m bench.retrieval news-2022` leaves its store."""
ASKED = {"answered": 300, "withheld": 150, "hard": 90}
WRITTEN = 600
KIND_WEIGHT = {"answered": 1.0, "withheld": 1.0, "hard": 0.3}
"""Hard ones count less: silence about everything is no remedy."""
OTHERS = 1500
"""Paragraphs that are indexed beside."""
SEEDS_WEIGHT = 10.0
"""Of each of our dev questions against one of SQuAD: their wording is as far from the articles' as people's is."""
NEWS_WEIGHT = 5.0
WRITTEN_WEIGHT = 1.0
SPARE = 4
"""Times as many passages are found as are read, so that some can be left out."""
Features = NDArray[np.float64]
IsGold = Callable[[Hit, str], bool]
"""Whether a sentence of a hit answers; the sentence with its white space folded."""


@dataclass(frozen=True)
class Asked:
    """A question, what was read for it, and which of the sentences hold the gold answer."""

    kind: str
    features: Features
    gold: NDArray[np.bool_]
    weight: float


def held_out(embedder: Embedder, reader: EvidenceReader) -> Iterator[Asked]:
    """Ask what the training of the reader held out."""
    random_ = random.Random(0)
    learnt, held = held_out_of(DATA)
    random_.shuffle(held)
    pools = {
        "answered": [example for example in held if example.answers],
        "hard": [example for example in held if not example.answers],
    }
    pools["withheld"] = pools["answered"][ASKED["answered"] :]
    gone = {example.passage for example in pools["withheld"][: ASKED["withheld"]]}
    pools["answered"] = [example for example in pools["answered"] if example.passage not in gone]
    others = random_.sample(sorted({example.passage for example in learnt}), OTHERS)
    paragraphs = sorted({example.passage for example in held} - gone) + others
    with indexed(embedder, [Article("", "", text) for text in paragraphs]) as snapshot:
        for kind, pool in pools.items():
            for example in pool[: ASKED[kind]]:
                gold = _gold_sentences(example) if kind == "answered" else set()
                found = find(snapshot, embedder, example.question, READ_PASSAGES)
                yield _read(reader, kind, found, _is_one_of(gold), KIND_WEIGHT[kind])


def written(embedder: Embedder, reader: EvidenceReader) -> Iterator[Asked]:
    """Ask what we wrote in other words than the passages', and the training of the reader held out."""
    paragraphs = sorted({example.passage for part in held_out_of(DATA) for example in part})
    about = {example.group.rpartition("/")[2] for part in written_of(paragraphs) for example in part}
    asked_about = [Article("", "", text) for text in paragraphs if name(text) in about]
    held = list({(example.group, example.question): example for example in written_of(paragraphs)[1]}.values())
    some = random.Random(0).sample(held, WRITTEN)
    with indexed(embedder, [*asked_about, *articles()]) as snapshot:
        for example in some:
            kind = "answered" if example.answers else "withheld"
            found = find(snapshot, embedder, example.question, READ_PASSAGES)
            yield _read(reader, kind, found, _is_one_of(_gold_sentences(example)), WRITTEN_WEIGHT)


@contextmanager
def indexed(embedder: Embedder, articles: Iterable[Article]) -> Iterator[Snapshot]:
    """Index what articles say, for as long as it is asked about."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        told = [{"id": number, "title": one.title, "text": one.text} for number, one in enumerate(articles)]
        (folder / "all.jsonl").write_text("\n".join(map(json.dumps, told)))
        build(folder, store=f"{place}/store", embedder=embedder)
        with open_store(f"{place}/store").snapshot(embedder.fingerprint) as snapshot:
            yield snapshot


def ours(embedder: Embedder, reader: EvidenceReader) -> Iterator[Asked]:
    """Ask our dev questions."""
    with tempfile.TemporaryDirectory() as store:
        build(ROOT / "seeds", store=store, embedder=embedder)
        with open_store(store).snapshot(embedder.fingerprint) as snapshot:
            for question in (*load("dev"), *load("dev2")):
                kind = "answered" if question.gold else "withheld"
                gold = {sentence for _, sentence in question.gold if sentence is not None}
                found = find(snapshot, embedder, question.text, READ_PASSAGES)
                yield _read(reader, kind, found, _is_one_of(gold), SEEDS_WEIGHT)


def news(embedder: Embedder, reader: EvidenceReader) -> Iterator[Asked]:
    """Ask about the news."""
    store = next(str(path) for path in NEWS.iterdir() if path.name != "articles")
    lines = (DATA / "realtimeqa" / "questions.dev.jsonl").read_text().splitlines()
    with open_store(store).snapshot(embedder.fingerprint) as snapshot:
        for question in (one for one in map(json.loads, lines) if one["date"].startswith("2022")):
            answers = [normal(answer) for answer in question["answers"]]
            today = date.fromisoformat(question["date"].replace("/", "-"))

            def holds(_: Hit, sentence: str, answers: Sequence[str] = answers) -> bool:
                return any(answer in normal(sentence) for answer in answers)

            found = find(snapshot, embedder, question["question"], SPARE * READ_PASSAGES, today=today)
            other = [hit for hit in found.hits if key_of(hit.article.id) not in question["gold"]]
            yield _read(reader, "answered", found.first(READ_PASSAGES), holds, NEWS_WEIGHT)
            withheld = Found(found.question, other[:READ_PASSAGES])
            if not any(holds(hit, hit.text) for hit in withheld.hits):
                yield _read(reader, "withheld", withheld, _is_one_of(set()), NEWS_WEIGHT)


@dataclass(frozen=True)
class Found:
    """What was understood of a question, and the passages found for it, best first."""

    question: str
    hits: Sequence[Hit]

    def first(self, count: int) -> "Found":
        """Return the same with so many passages."""
        return Found(self.question, self.hits[:count])


def find(snapshot: Snapshot, embedder: Embedder, question: str, k: int, today: date | None = None) -> Found:
    """Find what is found when it is asked, today or as of another day."""
    asked = understood_in(snapshot, question, Scope(until=today), today or date.today())
    hits = search(
        snapshot,
        asked.sought,
        embedder.question(asked.sought),
        spread=embedder.spread,
        k=k,
        scope=asked.scope,
        leaning=asked.leaning,
    )
    return Found(asked.sought, hits)


def _read(reader: EvidenceReader, kind: str, found: Found, is_gold: IsGold, weight: float) -> Asked:
    evidence = [one for one in reader.evidence(found.question, found.hits) if not one.tells_nothing]
    hits = [found.hits[one.hit] for one in evidence]
    texts = [_folded(hit.article.text[one.span.start : one.span.end]) for hit, one in zip(hits, evidence, strict=True)]
    features = np.array([one.known for one in evidence], np.float64).reshape(-1, len(WEIGHTS))
    gold = np.array([is_gold(hit, text) for hit, text in zip(hits, texts, strict=True)], bool)
    return Asked(kind, features, gold, weight)


def _is_one_of(sentences: set[str]) -> IsGold:
    return lambda _, sentence: sentence in sentences


def _gold_sentences(example: Example) -> set[str]:
    return {
        _folded(example.passage[start:end])
        for start, end in sentence_spans(example.passage)
        if any(answer.start < end and start < answer.end for answer in example.answers)
    }


def _folded(text: str) -> str:
    return " ".join(text.split())
