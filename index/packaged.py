"""The embedder for the models that come in packages: each text by itself, its vector the mean of its tokens' states."""

from collections.abc import Sequence

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
        return _mean(self._encoder.read(f"{self.model.before_question}{text}"))


def _mean(states: Vectors) -> Vectors:
    return normalised(states.mean(axis=0))
