"""The embedder for the models that come in packages: each text by itself, its vector the mean of its tokens' states."""

from collections.abc import Sequence

import numpy as np

from index.embed import Tokens, Vectors, normalised, tokens_of
from index.encoder import Encoder, PackagedModel, Read


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
        for place, read in enumerate(self._encoder.read_all(f"{self.model.before_passage}{text}" for text in texts)):
            vectors[place] = _mean(read)
        return vectors

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (dimension,). Raises ModelError."""
        return _mean(self._encoder.read_again(f"{self.model.before_question}{text}"))

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Embed each token of what may be found; what is past the model's longest input is left out."""
        before = self.model.before_passage
        read = self._encoder.read_all([f"{before}{text}" for text in texts], again=True)
        return [tokens_of(*one, before=len(before)) for one in read]

    def question_tokens(self, text: str) -> Tokens:
        """Embed each token of what is asked."""
        before = self.model.before_question
        return tokens_of(*self._encoder.read_again(f"{before}{text}"), before=len(before))


def _mean(read: Read) -> Vectors:
    return normalised(read.states.mean(axis=0))
