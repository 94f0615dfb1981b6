"""Words of a question -> which are searched for, and what the others add to what was found: SQLite's BM25. Pure.

To tell which chunks hold a word costs FTS5 a tenth of what it takes to score them, and it counts each word's chunks
anew for each question. So the commonest words are not searched for where rarer ones find enough: they are counted in
what those found. And only those chunks are scored whose words weigh most.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.terms import stem, words
from index.vectors import Keys

COMMON, FEW = 0.1, 1000
"""A word that more than this share of all chunks have, and more than so few of them, tells nothing: it counts only
where the question has no rarer one."""
MOST_MATCHES = 120_000
"""Chunks that the words searched for occur in, added up."""
SCORED, SCORED_OF_EACH = 1000, 10
"""Chunks that are scored, at the least, and for each that is wanted. Of the best 100 among 90,000 chunks of news, which
hold about 21,000 times a word of the question, 99.98 % are found so; with 600 scored 99.9, with 300 98.2."""
TITLE_WEIGHT = 2.0
"""Of a word in the title. Of 147 questions about the news, by words alone, MRR@10 is .516, .533, .557, .566 for a half,
1, 2 and 4; at 4 our own dev questions lose one of 26 articles among the first three."""
K1, B = 1.2, 0.75
LEAST = 1e-6
"""FTS5's own, all three: how soon a word that is there often counts no more, how much a long text counts less, and the
least that a word weighs."""


def weight(count: int, chunks: int) -> float:
    """Return the inverse document frequency of a word that `count` of so many chunks hold."""
    return max(LEAST, math.log((chunks - count + 0.5) / (count + 0.5)))


def most(weights: Mapping[str, float]) -> float:
    """Return what a chunk that is full of all words would score."""
    return (K1 + 1) * sum(weights.values())


def parted(frequency: Mapping[str, int], chunks: int) -> tuple[list[str], list[str]]:
    """Return the terms that are searched for and those that only count, given in how many chunks each occurs.

    >>> parted({"who": 900_000, "bought": 60_000, "bank": 80_000, "salt": 2, "zzz": 0}, 1_000_000)
    (['salt', 'bought'], ['bank'])
    >>> parted({"war": 20_000, "ukraine": 30_000}, 40_000)
    (['war', 'ukraine'], [])
    """
    there = sorted((term for term in frequency if frequency[term]), key=lambda term: frequency[term])
    common = max(COMMON * chunks, FEW)
    if there and frequency[there[0]] <= common:
        there = [term for term in there if frequency[term] <= common]
    matches = list(accumulate(frequency[term] for term in there))
    enough = max(1, bisect_right(matches, MOST_MATCHES))
    return there[:enough], there[enough:]


@dataclass(frozen=True, slots=True)
class Holding:
    """Which chunks hold any of some words."""

    keys: Keys
    """Ascending, shape (n,)."""
    weights: NDArray[np.float32]
    """Of the words that each holds, added up; shape (n,)."""

    @classmethod
    def of(cls, chunks: Sequence[Keys], weights: Sequence[float], first_key: int, last_key: int) -> "Holding":
        """Gather it from the keys of the chunks that hold each word, and its weight; keys outside are left out.

        >>> Holding.of([np.array([1, 3]), np.array([3, 4, 99])], [2.0, 1.0], 1, 5).weights.tolist()
        [2.0, 3.0, 1.0]
        """
        held = np.zeros(max(0, last_key - first_key + 1), np.float32)  # a pass over all takes less than to sort these
        for keys, weight in zip(chunks, weights, strict=True):
            held[keys[(keys >= first_key) & (keys <= last_key)] - first_key] += weight
        places = np.flatnonzero(held)
        return cls(places + first_key, held[places])


def likeliest(holding: Holding, k: int, mask: NDArray[np.bool_] | None = None) -> Keys:
    """Return the keys of the chunks that are worth scoring where `k` are wanted; with `mask`, of those it lets through.

    Those that hold words of the same weight are all scored or none.

    >>> holding = Holding.of([np.array([3, 5]), np.array([5, 8, 9])], [2.0, 1.0], 1, 9)
    >>> likeliest(holding, 1).tolist()
    [3, 5, 8, 9]
    """
    keys, weights = holding.keys, holding.weights
    if mask is not None:
        inside = keys < len(mask)
        inside[inside] = mask[keys[inside]]
        keys, weights = keys[inside], weights[inside]
    spare = len(keys) - max(SCORED, SCORED_OF_EACH * k)
    return keys if spare <= 0 else keys[weights >= np.partition(weights, spare)[spare]]


def gains(weights: Mapping[str, float], texts: Sequence[tuple[str, str]]) -> list[float]:
    """Return what these terms add to the score of each chunk, given its title and its own words.

    FTS5 takes the mean length of all chunks, which it does not tell; here it is that of these.
    """
    counted = [(Counter(map(stem, words(title))), Counter(map(stem, words(text)))) for title, text in texts]
    lengths = [title.total() + text.total() for title, text in counted]
    mean = sum(lengths) / max(1, len(lengths)) or 1.0
    found = []
    for (title, text), length in zip(counted, lengths, strict=True):
        often = {term: TITLE_WEIGHT * title[term] + text[term] for term in weights}
        slow = K1 * (1 - B + B * length / mean)
        found.append(sum(weights[term] * times * (K1 + 1) / (times + slow) for term, times in often.items()))
    return found
