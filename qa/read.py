"""Reader: (question, passages) -> for each sentence, how likely it is to answer; with no language model.

The embedding model reads the question and each passage, its title in front, token by token; a token's vector knows its
context. Late interaction (Khattab and Zaharia, ColBERT, SIGIR 2020) then asks of each question token how close the
closest token of a sentence comes. A conditional logit makes one distribution of what is known, over all sentences that
were read and "none of them".
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.chunk import embedded_text
from index.embed import Embedder, Tokens, Vectors
from index.records import Hit, Span
from index.sentences import sentence_spans
from index.store import Snapshot
from index.terms import WORD, terms
from qa.speech import reports_what_is_asked

WEIGHTS: Mapping[str, float] = {
    "cosine of question and sentence": 8.16,
    "mean of closest tokens": 5.24,
    "the same, rare words first": 5.98,
    "the same, in the whole passage": 4.85,
    "is prose": 1.08,
    "reports what is asked": 2.06,
}
BIAS = -13.99
"""Fitted by `python -m bench.calibrate`; see `bench/results/2026-11-23-evidence-reader.json`."""

PROSE = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, and the probability that it is the one that answers."""

    span: Span
    probability: float


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

    def read(self, snapshot: Snapshot, question: str, vector: Vectors, hits: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each hit, the most likely to answer first. `vector` is that of the question."""


@dataclass(frozen=True)
class EvidenceReader:
    """Weighs what can be known of a sentence without a language model."""

    embedder: Embedder

    def read(self, snapshot: Snapshot, question: str, vector: Vectors, hits: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each hit, the most likely to answer first. `vector` is that of the question."""
        spans = [spans_of(hit) for hit in hits]
        scores = self.features(snapshot, question, vector, hits, spans) @ np.array(list(WEIGHTS.values())) + BIAS
        probabilities = iter(_softmax_with_none(scores))
        readings = []
        for hit, inside in zip(hits, spans, strict=True):
            read = [Sentence(span, next(probabilities)) for span in inside]
            readings.append(Reading(hit, tuple(sorted(read, key=lambda sentence: -sentence.probability))))
        return sorted(readings, key=lambda reading: -reading.sentences[0].probability)

    def features(
        self, snapshot: Snapshot, question: str, vector: Vectors, hits: Sequence[Hit], spans: Sequence[Sequence[Span]]
    ) -> NDArray[np.float64]:
        """Return what is known of each sentence of each hit; shape (sentences, len(WEIGHTS)), in their order."""
        texts = [embedded_text(hit.article, Span(hit.start, hit.end)) for hit in hits]
        asked, *passages = self.embedder.tokens([question, *texts])
        weights = _token_weights(question, asked, _rarity(snapshot, terms(question)))
        rows: list[tuple[float, ...]] = []
        for hit, text, passage, inside in zip(hits, texts, passages, spans, strict=True):
            shift = len(text) - len(hit.text) - hit.start  # from the article's offsets to those of the embedded text
            similarity = asked.vectors @ passage.vectors.T
            around = float(similarity.max(axis=1) @ weights)
            for start, end in inside:
                here = _tokens_in(passage, start + shift, end + shift)
                closest = similarity[:, here].max(axis=1)
                mean = passage.vectors[here].mean(axis=0)
                cosine = float(mean @ vector) / max(float(np.linalg.norm(mean)), 1e-9)
                sentence = hit.article.text[start:end]
                said = reports_what_is_asked(question, sentence)
                rows.append(
                    (cosine, float(closest.mean()), float(closest @ weights), around, _is_prose(sentence), said)
                )
        return np.array(rows, np.float64).reshape(-1, len(WEIGHTS))


def spans_of(hit: Hit) -> list[Span]:
    """Return the spans, in the article's text, of the sentences of `hit`; at least one."""
    return [Span(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]


def _tokens_in(passage: Tokens, start: int, end: int) -> NDArray[np.int64]:
    """Return which tokens stand for the characters from `start` to `end`; the first one where the text was cut."""
    first, last = passage.spans[:, 0], passage.spans[:, 1]
    found = np.flatnonzero((first >= start) & (last <= end) & (first < last))
    return found if len(found) else np.zeros(1, np.int64)


def _is_prose(text: str) -> float:
    """Tell, as 0 or 1, a sentence from a heading or a line of a list."""
    return float(bool(PROSE.search(text)) and len(text.split()) > 4)


def _token_weights(question: str, asked: Tokens, rarity: Mapping[str, float]) -> NDArray[np.float64]:
    """Weigh each token of the question by the rarity of the word that it is a part of; the weights sum to 1."""
    weights = np.zeros(len(asked.spans))
    for word in WORD.finditer(question):
        inside = (
            (asked.spans[:, 0] >= word.start())
            & (asked.spans[:, 1] <= word.end())
            & (asked.spans[:, 0] < asked.spans[:, 1])
        )
        # A mark apart from its letter cuts the word here, and not in the terms: such a piece weighs nothing.
        weights[inside] = max((rarity.get(term, 0.0) for term in terms(word[0])), default=0.0)
    total = weights.sum()
    return weights / total if total else np.full(len(weights), 1 / len(weights))


def _rarity(snapshot: Snapshot, asked: Sequence[str]) -> dict[str, float]:
    """Weigh each term by its inverse document frequency, scaled so that a term that no chunk has weighs 1."""
    chunks = snapshot.count_chunks()
    most = math.log(chunks + 1) or 1.0
    return {
        term: math.log((chunks + 1) / (count + 1)) / most for term, count in snapshot.document_frequency(asked).items()
    }


def _softmax_with_none(scores: NDArray[np.float64]) -> list[float]:
    """Return the probability of each score, against each other and against an option "none" of score 0."""
    most = max(0.0, float(scores.max(initial=0.0)))
    odds = np.exp(scores - most)
    probabilities: list[float] = (odds / (odds.sum() + math.exp(-most))).tolist()
    return probabilities
