"""The embedder for the models that come in packages: each text by itself, its vector the mean of its tokens' states.

A question's vector is turned towards those of the passages that answer such questions, by a matrix that learned it
(`docs/decisions/0026-query-adapter.md`). A passage's is not: what is indexed stays as it is.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from index.embed import Vectors, normalised
from index.encoder import Encoder, PackagedModel


class PackagedEmbedder:
    """A packaged model; loaded when it is first needed. Safe to call from several threads."""

    def __init__(self, model: PackagedModel) -> None:
        self.model = model
        self.dimension = model.dimension
        self.spread = model.spread
        self._encoder = Encoder(model)

    @property
    def fingerprint(self) -> str:
        """Name the weights, and how they are converted."""
        return self._encoder.fingerprint

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what may be found; shape (len(texts), dimension). Raises ModelError."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for place, states in enumerate(self._encoder.read_all(f"{self.model.before_passage}{text}" for text in texts)):
            vectors[place] = _mean(states)
        return vectors

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (dimension,). Raises ModelError."""
        vector = _mean(self._encoder.read(f"{self.model.before_question}{text}"))
        return vector if self._query_adapter is None else normalised(self._query_adapter @ vector)

    @cached_property
    def _query_adapter(self) -> Vectors | None:
        if not self.model.query_adapter:
            return None
        kept: Vectors = np.load(Path(__file__).with_name(self.model.query_adapter)).astype(np.float32)
        return kept


def _mean(states: Vectors) -> Vectors:
    return normalised(states.mean(axis=0))
