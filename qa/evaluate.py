"""Questions with what is expected of them, and something that retrieves and answers -> how good it is.

Each figure is taken over the questions that allow it, and carries how many those are and a 95 % confidence interval: a
share's is Wilson's (E. B. Wilson, JASA 22, 1927); a mean's is the percentile bootstrap, with a fixed seed. Under some
twenty questions the bootstrap is too narrow, and all intervals are wide.

    figure                     over the questions that expect    what it is
    article_hit_1, _hit_5      an article                        a passage of it is first, or among the first 5
    article_mrr_10             an article                        mean of 1 / rank; 0 beyond 10 passages
    sentence_hit_1, _hit_5     a sentence                        a passage that holds it is first, or among the first 5
    first_citation_article     an article                        the first citation is of it
    first_citation_sentence    a sentence                        the first citation holds it
    quotes_contain_answer      a short answer                    one of the quotes holds it, word for word
    quotes_answer_f1           a short answer                    token F1 of the quote that comes closest to it
    silence_recall             silence                           the answer is that the articles do not say
    silence_precision          anything, and were declined       rightly so
    wrongly_declined           an article, sentence or answer    the answer is that the articles do not say

Ranks count passages, from 1. Short answers are compared as SQuAD does (Rajpurkar et al., EMNLP 2016).
"""

import math
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from index.records import Hit
from qa.answer import Answer
from qa.questions import Gold, Question, folded

DEPTH = 10
"""Passages that are looked at, as MRR@10 has it."""
SHALLOW = 5
"""A passage beyond these counts as not found: it is what `retrieve` shows when nothing else is said."""
CONFIDENCE = 1.959963984540054
"""The 97.5th percentile of the normal distribution."""
RESAMPLES = 1000
SEED = 0

Retrieve = Callable[[str, date], Sequence[Hit]]
"""A question and the day on which it is asked -> at least DEPTH passages, best first, if there are."""
Ask = Callable[[str, date], Answer]


class Estimate(NamedTuple):
    """A figure from 0 to 1, over how many questions, and its 95 % confidence interval."""

    value: float
    n: int
    low: float
    high: float


class Passage(NamedTuple):
    """Words of an article, white space folded."""

    article: str
    text: str


class Seconds(NamedTuple):
    """What a question took: half of them at most `median`, 95 in 100 at most `p95`."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question."""

    question: Question
    article_rank: int | None
    """Of the first passage of a right article, from 1; None beyond DEPTH."""
    sentence_rank: int | None
    """Of the first passage that holds a right sentence, from 1; None beyond DEPTH."""
    nearest: Passage | None
    """The first passage, if any was found."""
    answered: bool
    said: str
    probability: float
    """That the articles answer, as the reader has it."""
    citations: tuple[Passage, ...]
    retrieval_seconds: float
    answer_seconds: float

    @property
    def first_article_is_right(self) -> bool:
        """Tell whether the first citation is of a right article."""
        return any(cited.article in self.question.articles for cited in self.citations[:1])

    @property
    def first_sentence_is_right(self) -> bool:
        """Tell whether the first citation holds a right sentence."""
        return any(holds(*cited, self.question.sentences) for cited in self.citations[:1])

    @property
    def quotes_contain_answer(self) -> bool:
        """Tell whether a quote holds an accepted answer."""
        return any(contains(cited.text, answer) for cited in self.citations for answer in self.question.answers)

    @property
    def closest_f1(self) -> float:
        """The token F1 of the quote and the accepted answer that are closest; 0 where nothing is quoted."""
        pairs = ((cited.text, answer) for cited in self.citations for answer in self.question.answers)
        return max((token_f1(quote, answer) for quote, answer in pairs), default=0.0)

    @property
    def wrong(self) -> tuple[str, ...]:
        """What went wrong, in words; empty where nothing did."""
        question = self.question
        if question.none:
            return ("answered, though the articles do not say",) if self.answered else ()
        if not question.expects_answer:
            return ()
        known_to, rank = ("sentence", self.sentence_rank) if question.sentences else ("article", self.article_rank)
        said = []
        if question.gold and not within(rank, SHALLOW):
            said.append(f"the {known_to} is not among the first {SHALLOW} passages")
        if not self.answered:
            return (*said, "declined, though an answer is expected")
        if question.articles and not self.first_article_is_right:
            said.append("the first citation is of another article")
        elif question.sentences and not self.first_sentence_is_right:
            said.append("the first citation is another sentence")
        if question.answers and not self.quotes_contain_answer:
            said.append("no quote contains the answer")
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good retrieval and answers are on a list of questions."""

    outcomes: tuple[Outcome, ...]
    """In the order of the questions."""
    estimates: Mapping[str, Estimate]
    """By the names above, in that order; a figure that no question allows is absent."""
    retrieval: Seconds
    answer: Seconds

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The outcomes in which something went wrong."""
        return tuple(outcome for outcome in self.outcomes if outcome.wrong)


def evaluate(
    questions: Sequence[Question],
    *,
    retrieve: Retrieve,
    ask: Ask,
    today: date,
    tell: Callable[[int], None] = lambda _: None,
    clock: Callable[[], float] = time.perf_counter,
) -> Evaluation:
    """Ask each of `questions`, of which there is at least one, and score what comes.

    `today` is the day of those that name none; `tell` is told how many are done; `clock` gives seconds.
    """
    outcomes = []
    for question in questions:
        outcomes.append(_put(question, retrieve, ask, question.today or today, clock))
        tell(len(outcomes))
    return Evaluation(
        tuple(outcomes),
        estimates(outcomes),
        seconds([outcome.retrieval_seconds for outcome in outcomes]),
        seconds([outcome.answer_seconds for outcome in outcomes]),
    )


def _put(question: Question, retrieve: Retrieve, ask: Ask, today: date, clock: Callable[[], float]) -> Outcome:
    begun = clock()
    hits = retrieve(question.text, today)
    retrieved = clock()
    answer = ask(question.text, today)
    answered = clock()
    passages = [Passage(hit.article.id, folded(hit.text)) for hit in hits[:DEPTH]]
    return Outcome(
        question,
        _rank(passage.article in question.articles for passage in passages),
        _rank(holds(*passage, question.sentences) for passage in passages),
        passages[0] if passages else None,
        answer.answered,
        answer.text,
        answer.probability,
        tuple(Passage(cited.article.id, folded(cited.quote)) for cited in answer.citations),
        retrieved - begun,
        answered - retrieved,
    )


def _rank(right: Iterable[bool]) -> int | None:
    return next((rank for rank, is_right in enumerate(right, start=1) if is_right), None)


def estimates(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """Return each figure by its name, without those that no question allows."""
    by_article = [outcome for outcome in outcomes if outcome.question.articles]
    by_sentence = [outcome for outcome in outcomes if outcome.question.sentences]
    by_answer = [outcome for outcome in outcomes if outcome.question.answers]
    answerable = [outcome for outcome in outcomes if outcome.question.expects_answer]
    silent = [outcome for outcome in outcomes if outcome.question.none]
    declined = [outcome for outcome in answerable + silent if not outcome.answered]
    measured: list[tuple[str, Callable[[Sequence[float]], Estimate], Sequence[float]]] = [
        ("article_hit_1", share, [within(outcome.article_rank, 1) for outcome in by_article]),
        ("article_hit_5", share, [within(outcome.article_rank, SHALLOW) for outcome in by_article]),
        ("article_mrr_10", mean, [1 / outcome.article_rank if outcome.article_rank else 0 for outcome in by_article]),
        ("sentence_hit_1", share, [within(outcome.sentence_rank, 1) for outcome in by_sentence]),
        ("sentence_hit_5", share, [within(outcome.sentence_rank, SHALLOW) for outcome in by_sentence]),
        ("first_citation_article", share, [outcome.first_article_is_right for outcome in by_article]),
        ("first_citation_sentence", share, [outcome.first_sentence_is_right for outcome in by_sentence]),
        ("quotes_contain_answer", share, [outcome.quotes_contain_answer for outcome in by_answer]),
        ("quotes_answer_f1", mean, [outcome.closest_f1 for outcome in by_answer]),
        ("silence_recall", share, [not outcome.answered for outcome in silent]),
        ("silence_precision", share, [outcome.question.none for outcome in declined]),
        ("wrongly_declined", share, [not outcome.answered for outcome in answerable]),
    ]
    return {name: estimate(values) for name, estimate, values in measured if values}


def within(rank: int | None, k: int) -> bool:
    """Tell whether `rank` is among the first `k`."""
    return rank is not None and rank <= k


def holds(article: str, text: str, gold: Iterable[Gold]) -> bool:
    """Tell whether `text` of `article` holds one of the right sentences; white space is folded in all of them."""
    return any(
        place.sentence is not None and place.sentence in text and place.article in {None, article} for place in gold
    )


def share(values: Sequence[float]) -> Estimate:
    """Return the share of `values`, each 0 or 1, that are 1, with Wilson's interval.

    >>> [round(bound, 4) for bound in share([1] * 5 + [0] * 5)]
    [0.5, 10, 0.2366, 0.7634]
    """
    n, part = len(values), sum(values) / len(values)
    spread = CONFIDENCE**2 / n
    middle = (part + spread / 2) / (1 + spread)
    half = CONFIDENCE * math.sqrt(part * (1 - part) / n + spread / (4 * n)) / (1 + spread)
    return Estimate(part, n, min(part, max(0.0, middle - half)), max(part, min(1.0, middle + half)))


def mean(values: Sequence[float]) -> Estimate:
    """Return the mean of `values`, with the interval that holds 95 of 100 means of as many values drawn from them."""
    drawn, known = np.random.default_rng(SEED), np.array(values, np.float64)
    means = known[drawn.integers(len(known), size=(RESAMPLES, len(known)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(known.mean()), len(known), float(low), float(high))


def seconds(taken: Sequence[float]) -> Seconds:
    """Return the median and the 95th percentile, both of them values that occurred (nearest rank).

    >>> seconds([0.1, 0.2, 0.3, 9.0])
    Seconds(median=0.2, p95=9.0)
    """
    ordered = sorted(taken)
    return Seconds(*(ordered[math.ceil(percent * len(ordered) / 100) - 1] for percent in (50, 95)))


def contains(quote: str, answer: str) -> bool:
    """Tell whether the words of `answer` stand in `quote`, one after the other.

    >>> contains("It was signed in Prague, on 8 April 2010.", "the 8 April 2010")
    True
    >>> contains("It was signed in Prague.", "rag")
    False
    """
    return f" {' '.join(tokens(answer))} " in f" {' '.join(tokens(quote))} "


def token_f1(quote: str, answer: str) -> float:
    """Return the harmonic mean of the shares of words that `quote` and `answer` have in common, as SQuAD counts them.

    >>> token_f1("in Prague", "Prague")
    0.6666666666666666
    """
    one, other = Counter(tokens(quote)), Counter(tokens(answer))
    common = (one & other).total()
    return 2 * common / (one.total() + other.total()) if common else 0.0


def tokens(text: str) -> list[str]:
    """Return the words of `text` as SQuAD compares them: small letters, no punctuation, no English articles.

    Punctuation is that of all scripts, and long dashes part words. A text of nothing but English articles keeps them.

    >>> tokens("The “Squid Game” – a U.S. hit")
    ['squid', 'game', 'us', 'hit']
    """
    plain = re.sub("[–—]", " ", unicodedata.normalize("NFKC", text).lower())
    words = "".join(character for character in plain if unicodedata.category(character)[0] not in "PS").split()
    return [word for word in words if word not in {"a", "an", "the"}] or words
