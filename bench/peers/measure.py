"""A search and questions whose articles are known -> how many it answers, and how long a question takes."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf

from bench.retrieval import Asked, scores
from qa.evaluate import seconds

Rank = int | None
"""Of the first right article, from 1; None where it is not found."""


@dataclass(frozen=True)
class Measured:
    """What came of questions, in their order."""

    ranks: Sequence[Rank]
    seconds: Sequence[float]


def measure(search: Callable[[Asked], Sequence[str]], asked: Sequence[Asked]) -> Measured:
    """Ask everything once, after a first question that is not counted: some load their parts with it."""
    search(asked[0])
    ranks, took = [], []
    for question in asked:
        began = time.perf_counter()
        found = search(question)
        took.append(time.perf_counter() - began)
        ranks.append(rank(found, question.gold))
    return Measured(ranks, took)


def rank(found: Iterable[str], gold: frozenset[str]) -> Rank:
    """Return the rank of the first article of `gold` among the articles of passages, each counted once.

    >>> rank(["a", "a", "b", "c"], frozenset({"b", "c"}))
    2
    """
    return next((number for number, article in enumerate(dict.fromkeys(found), 1) if article in gold), None)


def figures(measured: Measured) -> dict[str, float]:
    """Return the shares of ranks within some depths, MRR@10, and the milliseconds of a question."""
    took = seconds(measured.seconds)
    milliseconds = {"p50 ms": round(1000 * took.median, 1), "p95 ms": round(1000 * took.p95, 1)}
    return scores(measured.ranks) | milliseconds


def above_and_below(ours: Sequence[Rank], theirs: Sequence[Rank]) -> tuple[int, int]:
    """Return for how many questions our right article stands above theirs, and for how many below.

    >>> above_and_below([1, 1, None, 4], [1, 3, 2, None])
    (2, 1)
    """
    pairs = [(one or inf, other or inf) for one, other in zip(ours, theirs, strict=True)]
    return sum(one < other for one, other in pairs), sum(one > other for one, other in pairs)
