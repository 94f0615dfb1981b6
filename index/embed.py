"""Embedder, and the contract of vectors.

A vector is float32 of the embedder's dimension, of length 1, so that the inner product of two is their cosine.
Texts that say the same lie close. The fingerprint names the weights: vectors of two fingerprints never meet.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


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


def normalised(vectors: Vectors) -> Vectors:
    """Return vectors of length 1, of the same shape."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
