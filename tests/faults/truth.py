"""A store -> what it says, so that it can be compared with the truth: a fresh build's, or brute force."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from index import build
from index.records import Article, BuildReport, Hit
from index.store import Snapshot, Store, open_store
from tests.conftest import HashingEmbedder
from tests.faults.corpus import WORDS, token

EVERY = 100_000
EMBEDDER = HashingEmbedder()
QUESTIONS = ("grain and salt", "treaty summit", "drought in parliament", "orbit", *WORDS[-3:])

Chunk = tuple[str, int, int, str]
"""The id of its article, where it begins and ends there, and its text."""


@dataclass(frozen=True)
class Kept:
    """What a store keeps of an article: all that it says, and which of its characters are found."""

    article: Article
    found: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Answers:
    """Everything that a store says to some questions: the chunks found, each with its words and its score."""

    articles: dict[str, Article]
    dense: dict[str, dict[Chunk, float]]
    lexical: dict[str, dict[Chunk, float]]

    def differ(self, other: "Answers") -> list[str]:
        """Return which parts are not the same."""
        differing = [] if self.articles == other.articles else ["articles"]
        for name in ("dense", "lexical"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if any(mine[question] != pytest.approx(theirs[question], abs=1e-4) for question in QUESTIONS):
                differing.append(name)
        return differing


def built(folder: Path, store: Path, *, rebuild: bool = False, embedder: HashingEmbedder = EMBEDDER) -> BuildReport:
    """Build with the embedder that the tests share."""
    return build(folder, store=store, rebuild=rebuild, embedder=embedder)


def kept(store: Path) -> dict[str, Kept]:
    """Return what the store keeps of each article, as one snapshot shows it."""
    with open_store(str(store)).snapshot(EMBEDDER.fingerprint) as snapshot:
        everything = {article.id: article for article in snapshot.articles()}
        for hit in snapshot.hits(snapshot.nearest(EMBEDDER.question("grain"), EVERY)):
            assert everything[hit.article.id] == hit.article, f"{hit.article.id} is found as it is not"
        return {name: Kept(article, _spans(snapshot, article)) for name, article in everything.items()}


def answers(store: Path | Store) -> Answers:
    """Put the questions, and return everything that is found."""
    opened = open_store(str(store)) if isinstance(store, Path) else store
    with opened.snapshot(EMBEDDER.fingerprint) as snapshot:
        return Answers(
            {article.id: article for article in snapshot.articles()},
            {said: _dense(snapshot, said) for said in QUESTIONS},
            {said: _by_chunk(snapshot.hits(snapshot.matching(said, EVERY))) for said in QUESTIONS},
        )


def assert_each_is_old_or_new(now: dict[str, Kept], *wholes: dict[str, Kept]) -> None:
    """Hold that each article is there as one of `wholes` has it, or is not there as one of them has it not."""
    for name in now.keys() | {name for whole in wholes for name in whole}:
        allowed = [whole.get(name) for whole in wholes]
        assert now.get(name) in allowed, f"{name} is neither wholly old nor wholly new: {now.get(name)}"


def assert_is(store: Path, fresh: Path) -> None:
    """Hold that a store says what a freshly built one says, and finds nothing wrong with itself."""
    assert open_store(str(store)).problems() == []
    whole, said = _fresh(fresh)
    assert kept(store) == whole
    assert answers(store).differ(said) == []


@cache
def _fresh(store: Path) -> tuple[dict[str, Kept], Answers]:
    return kept(store), answers(store)


def assert_dense_is_brute_force(found: Answers) -> None:
    """Hold that the cosine of each chunk is what its own words give, and that every character is in one chunk."""
    for question, hits in found.dense.items():
        for (name, start, end, text), score in hits.items():
            said = found.articles[name]
            assert text == said.text[start:end]
            embedded = EMBEDDER.passages([f"{said.title}\n{text}" if said.title else text])[0]
            assert score == pytest.approx(float(embedded @ EMBEDDER.question(question)), abs=1e-4)
        for name, article in found.articles.items():
            spans = sorted((start, end) for one, start, end, _ in hits if one == name)
            assert _letters(article.text[start:end] for start, end in spans) == _letters([article.text]), name


def _spans(snapshot: Snapshot, article: Article) -> frozenset[tuple[int, int]]:
    hits = snapshot.hits(snapshot.matching(token(article.text), EVERY))
    for hit in hits:
        # One that is being moved is there by both names for a moment.
        assert hit.article.text == article.text, f"{hit.article.id} is found by the words of {article.id}"
    return frozenset((hit.start, hit.end) for hit in hits if hit.article == article)


def _dense(snapshot: Snapshot, said: str) -> dict[Chunk, float]:
    hits = snapshot.hits(snapshot.nearest(EMBEDDER.question(said), EVERY))
    scores = np.array([hit.score for hit in hits])
    assert (np.diff(scores) <= 1e-6).all(), "the best do not come first"
    return _by_chunk(hits)


def _by_chunk(hits: Iterable[Hit]) -> dict[Chunk, float]:
    return {(hit.article.id, hit.start, hit.end, hit.text): hit.score for hit in hits}


def _letters(texts: Iterable[str]) -> str:
    return "".join("".join(texts).split())
