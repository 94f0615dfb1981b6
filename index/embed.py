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

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what may be found; shape (len(texts), dimension)."""

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (dimension,)."""

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Embed each token of each text; what is past the model's longest input is left out."""
