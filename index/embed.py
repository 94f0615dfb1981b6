"""Embedder, and the contract of vectors.

A vector is float32 of the embedder's dimension, of length 1, so that the inner product of two is their cosine.
Texts that say the same lie close. The fingerprint names the weights: vectors of two fingerprints never meet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the model reads it."""

    vectors: Vectors
    """Of each token in its context, of length 1; shape (tokens, dimension)."""
    spans: NDArray[np.int64]
    """The characters that each token stands for, empty for the model's own marks; shape (tokens, 2)."""


class Embedder(Protocol):
    """Turns texts into vectors. Safe to call from several threads."""

    @property
    def fingerprint(self) -> str:
        """Name the weights, and anything else that changes the vectors."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def spread(self) -> float:
        """How far apart the cosines of a question and its hundred nearest passages lie: their standard deviation.

        One model puts all of them between .8 and .9, another between .2 and .7: it makes their scores comparable.
        """

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what may be found; shape (len(texts), dimension)."""

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (dimension,)."""

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Embed each token of what may be found; what is past the model's longest input is left out."""

    def question_tokens(self, text: str) -> Tokens:
        """Embed each token of what is asked."""


def tokens_of(states: Vectors, spans: NDArray[np.int64], *, before: int) -> Tokens:
    """Return tokens of their states, made of length 1, less those of the first characters, which were put `before`."""
    kept = (spans[:, 1] > before) | (spans[:, 0] == spans[:, 1])
    return Tokens(normalised(states[kept]), np.maximum(spans[kept] - before, 0))


def normalised(vectors: Vectors) -> Vectors:
    """Return vectors of length 1, of the same shape."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
