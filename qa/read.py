"""Reader: (question, passages) -> for each sentence, how likely it is to answer; with no language model.

The trained reader (`spans`) marks the words of each passage that answer, and tells how likely the passage does. A few
things more are known of a sentence: how well its passage was found, whether it is prose, whose words it has. Those that
are likeliest by all this are read again with the question, by a cross-encoder. One logit over all that is known,
against "none of them", tells which sentence answers and whether any does.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.chunk import embedded_text
from index.records import BETWEEN, Hit, Span
from index.terms import WORD
from qa.quoted import PROSE, spans_of
from qa.ruled import by_rules
from qa.spans import Marker, in_its_place
from qa.wording.asking import asks, only_asks
from qa.wording.defining import says_what_it_is
from qa.wording.names import whose_words
from qa.wording.paratext import is_caption, is_note
from qa.wording.speech import asks_for_words, is_about_it, reports_what_is_asked

AT_FIRST: Mapping[str, float] = {
    "words that answer": 0.2,
    "the passage answers": 0.18,
    "how well it was found": 3.47,
    "is prose": 0.73,
    "reports what is asked": 1.18,
    "whose words": 0.05,
    "says what it is": 0.59,
}
"""What tells whether a sentence answers."""
AGAIN: Mapping[str, float] = {
    "read again, against the best": 0.51,
    "the best that was read again": 0.24,
}
"""What the cross-encoder adds: how far behind the best of the likeliest it puts one, and how good it finds the best."""
WEIGHTS = {**AT_FIRST, **AGAIN}
REPORTS = list(WEIGHTS).index("reports what is asked")
BIAS = -0.67
"""Fitted as by `python -m bench.calibrate`, to 300 questions of each of its sets; see
`bench/results/2026-11-29-reader-mean-of-four.json`."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a sentence that answer, if it does."""

    span: Span
    """Offsets into the article's text."""
    sure: float
    """How likely they are to, as a logit beside which 0 is that none do."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, and the probability that it is the one that answers."""

    span: Span
    probability: float
    words: Words | None
    """Nothing where it is asked what somebody said, in a row of a table, whose columns are not understood, where they
    are all there is of it, and where it was not read."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a sentence."""

    hit: int
    """The number of the passage in which it stands."""
    span: Span
    words: Words | None
    tells_nothing: bool
    """Whether it is a question, the caption of a picture, or what those say who are not asked for: none answers."""
    known: tuple[float, ...]
    """One number for each of WEIGHTS."""
    is_told_first: bool = False
    """Whether it is the row of a table that the question names, with the column, or stands behind the same question."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage that was read. The probabilities of all readings of a question sum to at most 1: the rest is "none"."""

    hit: Hit
    sentences: tuple[Sentence, ...]
    """Of the passage, the most likely first."""

    @property
    def probability(self) -> float:
        """How likely it is that the sentence that answers is in this passage."""
        return sum(sentence.probability for sentence in self.sentences)


class Reader(Protocol):
    """Reads passages with a question in mind."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each hit, the best first."""


@dataclass(frozen=True)
class EvidenceReader:
    """Weighs what can be known of a sentence without a language model."""

    marker: Marker
    cross_encoder: Marker

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each hit: first those that were found well and are likely to answer."""
        evidence = self.evidence(question, hits)
        never = np.array([NEVER * one.tells_nothing for one in evidence])
        logits = weighed(evidence, WEIGHTS) + BIAS + never
        read: list[list[Sentence]] = [[] for _ in hits]
        best = np.full(len(hits), -np.inf)
        for one, logit, probability in zip(evidence, logits, _shares(logits), strict=True):
            read[one.hit].append(Sentence(one.span, float(probability), one.words))
            best[one.hit] = max(best[one.hit], logit)
        order = sorted(range(len(hits)), key=lambda number: -(hits[number].score + BY_READING * best[number]))
        return [Reading(hits[n], tuple(sorted(read[n], key=lambda one: -one.probability))) for n in order]

    def evidence(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        """Return what is known of each sentence of each hit, in their order."""
        texts = [embedded_text(hit.article, Span(hit.start, hit.end)) for hit in hits]
        by_words = asks_for_words(question)
        best = max((hit.score for hit in hits if not only_asks(hit.text, question)), default=0.0)
        found: list[Evidence] = []
        for number, (hit, text, marked) in enumerate(zip(hits, texts, self.marker.mark(question, texts), strict=True)):
            shift = len(text) - len(hit.text) - hit.start  # from the article's offsets to those of the embedded text
            before, spans = "", spans_of(hit)
            for (start, end), ruled in zip(spans, by_rules(question, hit, spans), strict=True):
                sentence = hit.article.text[start:end]
                words, sure = marked.best(Span(start + shift, end + shift))
                whose = 1.0 if ruled.own else whose_words(question, sentence, before, text)
                said = f"{before} {sentence}" if ruled.own and asks(before) else sentence  # a "no" is of what was asked
                reports = is_about_it(question, said) if ruled.own else reports_what_is_asked(question, sentence)
                known = (
                    CELL if ruled.cell or ruled.is_asked_for else ANY_WORDS if by_words else max(sure, UNSURE),
                    marked.answers,
                    min(hit.score - best, 0.0),
                    1.0 if ruled.cell else _is_prose(sentence),
                    reports if whose >= 0 else 0.0,
                    whose,
                    says_what_it_is(question, sentence),
                )
                before = sentence
                likeliest = Words(_trimmed(hit.article.text, words, -shift), sure)
                untold = by_words or math.isinf(sure) or BETWEEN in sentence
                untold = untold or _is_whole(hit.article.text, likeliest.span, Span(start, end))
                told = Words(ruled.cell, CELL) if ruled.cell else None if untold else likeliest
                is_first = ruled.cell is not None or ruled.is_asked_for
                found.append(Evidence(number, Span(start, end), told, ruled.tells_nothing, known, is_first))
        return self._read_again(question, hits, found)

    def _read_again(self, question: str, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> list[Evidence]:
        """Let the cross-encoder read the likeliest sentences, each with its title and the one before."""
        first = weighed(evidence, AT_FIRST)
        answering = [place for place, one in enumerate(evidence) if not one.tells_nothing]
        likeliest = sorted(answering, key=lambda place: -first[place])[:READ_AGAIN]
        if not likeliest:
            return [replace(one, known=(*one.known, FARTHEST, FARTHEST)) for one in evidence]
        texts = [_sentence_in_its_place(hits, evidence, place) for place in likeliest]
        scores = np.array([marked.answers for marked in self.cross_encoder.mark(question, texts)])
        reporting = [evidence[place].known[REPORTS] > 0 for place in likeliest]
        if any(reporting):  # it likes any quotation: none comes before what reports what is asked
            scores = np.minimum(scores, scores[reporting].max())
        best, behind = float(scores.max()), np.full(len(evidence), FARTHEST)
        behind[likeliest] = np.maximum(scores - best, FARTHEST)
        behind[[one.is_told_first for one in evidence]] = 0.0
        return [replace(one, known=(*one.known, far, best)) for one, far in zip(evidence, behind.tolist(), strict=True)]


BY_READING = 0.07
"""What a point of the logit of a passage's likeliest sentence counts beside how well the passage was found, where
passages are put in order (decision 30)."""
READ_AGAIN = 8
"""Sentences that the cross-encoder reads; twelve are no better, six are worse (decision 37)."""
FARTHEST = -8.0
"""No sentence is farther behind the best one, as a logit, and those that it does not read are so far."""
NEVER = -1e3
"""Added to the logits of a sentence that tells nothing."""
CELL = 8.0
"""How sure the cell of a table is that a question names, by its row and its column, as a logit; and so is what stands
behind the same question."""
UNSURE = -10.0
"""Less likely than this, as a logit, no words are."""
ANY_WORDS = -4.0
"""What all words of a sentence count where it is asked what somebody said. The marks do not: with them, "what did
Lavrov say about veto power?" is answered with what he said of something else. Of 406 held-out questions of ours 6 more
were answered right with them, on our dev questions they made no difference (with six layers). As 0 it was answered
with whatever was near: of 26 such questions that nothing answers 3 were declined, with -4 it is 14, and 1 instead of
none of the 43 others (`docs/decisions/0042-asked-by-others.md`)."""


def _trimmed(text: str, words: Span, shift: int) -> Span:
    """Return offsets that were moved by `shift`, without the space around the words, and with the whole of a number.

    Nor with half of a pair of brackets or quotation marks at either end.

    >>> _trimmed("Some 1,550 ships", Span(17, 20), -10)
    Span(start=5, end=10)
    >>> _trimmed("a fund ($113 billion)", Span(8, 21), 0), _trimmed("It is “CODA” (2021)", Span(6, 19), 0)
    (Span(start=8, end=20), Span(start=6, end=19))
    >>> _trimmed("Ann Poe (Labour): No.", Span(0, 15), 0)
    Span(start=0, end=7)
    """
    start, end = words.start + shift, words.end + shift
    said = text[start:end]
    start, end = start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())
    for number in NUMBER.finditer(text, max(0, start - LONGEST_NUMBER), end + LONGEST_NUMBER):
        if number.start() < start < number.end():
            start = number.start()
        if number.start() < end < number.end():
            end = number.end()
    for opening, closing in PAIRS:
        said = text[start:end]
        halved = said.count(opening) != said.count(closing) if opening != closing else said.count(opening) % 2
        start += bool(halved and said.startswith(opening))
        end -= bool(halved and said.endswith(closing) and end - start > 1)
    unclosed = UNCLOSED.search(text, start, end)
    return Span(start, unclosed.start()) if unclosed and unclosed.start() > start else Span(start, end)


def _is_whole(text: str, words: Span, sentence: Span) -> bool:
    """Tell whether `words` are all that there is of a sentence, and so tell no more than it does."""
    return not WORD.search(text[sentence.start : words.start] + text[words.end : sentence.end])


PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("‘", "’"), ('"', '"'), ("'", "'"))
UNCLOSED = re.compile(r"\s*\([^()]*$")
LONGEST_NUMBER = 20
"""Characters."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)+")
"""A number of several tokens."""


def weighed(evidence: Sequence[Evidence], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Add up what is known of each sentence, as far as `weights` go; shape (sentences,)."""
    known = np.array([one.known[: len(weights)] for one in evidence], np.float64).reshape(-1, len(weights))
    total: NDArray[np.float64] = known @ np.array(list(weights.values()))
    return total


def _sentence_in_its_place(hits: Sequence[Hit], evidence: Sequence[Evidence], place: int) -> str:
    """Return a sentence with its title and the one before it in its passage."""
    one, previous = evidence[place], evidence[place - 1] if place else None
    article, (start, end) = hits[one.hit].article, one.span
    first = previous.span.start if previous and previous.hit == one.hit else start
    return in_its_place(article.title or "", article.text[first:start], article.text[start:end])


def is_told(sentence: str) -> bool:
    """Tell whether a sentence says something: it is prose, no question, and no note on the article itself.

    >>> is_told("Sweden joined in 2024."), is_told("Sweden in 2024"), is_told("When did Sweden join?")
    (True, False, False)
    """
    return is_prose(sentence) and not asks(sentence) and not is_note(sentence)


def is_prose(sentence: str) -> bool:
    """Tell a sentence from a heading, a line of a list and the caption of a picture."""
    return PROSE.search(sentence) is not None and not is_caption(sentence)


def _is_prose(text: str) -> float:
    """Tell the same as 0 or 1, of what has more than four words."""
    return float(is_prose(text) and len(text.split()) > 4)


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely each option is right, against each other and an option "none" of score 0."""
    most = max(0.0, float(scores.max(initial=0.0)))
    odds = np.exp(scores - most)
    return np.asarray(odds / (odds.sum() + math.exp(-most)))
