"""(question, texts) -> how well each text answers: a cross-encoder, which reads the question and a text together.

Ours is the trained reader (`spans`), which learned that, too: what it says of a whole text is how well that answers.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.spans import SpanReader, packaged

SEPARATOR = " [SEP] "
"""Between what stands before a text and the text, as BERT parts one text from another."""
LONGEST_BEFORE = 250
"""Characters of what stands before a sentence that are read with it."""
Scores = NDArray[np.float64]


class CrossEncoder(Protocol):
    """Tells how well texts answer a question. Safe to call from several threads."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Return how well each text answers, as a logit; shape (len(texts),). Raises ModelError."""


class TrainedCrossEncoder:
    """The one that ships, or another; loaded when it is first needed. Safe to call from several threads."""

    def __init__(self, network: SpanReader | None = None) -> None:
        self._network = network or packaged()

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Return how well each text answers, as a logit beside which 0 is that it does not; shape (len(texts),)."""
        return np.array([marked.answers for marked in self._network.mark(question, texts)], np.float64)


def in_its_place(title: str, before: str, sentence: str) -> str:
    """Return a sentence as it is read and learned: parted from its title and the end of what stands before it."""
    shown = f"{title}\n{before[-LONGEST_BEFORE:]}".strip()
    return f"{shown}{SEPARATOR}{sentence}" if shown else sentence
