"""The embedder for every model but the packaged one: sentence-transformers, by a name on a hub or a model's folder.

The only file that imports the embedding library, and only when something is embedded. Nothing is fetched: a model of a
hub must have been downloaded before, by the person.
"""

import hashlib
import os
import threading
import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from index.embed import Vectors
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 16
"""Texts that are embedded while a question waits: about a second on two cores."""
UNLIKE = (
    "The parliament passed the budget after a long debate.",
    "A lighthouse was built on the northern cape in 1871.",
    "The striker scored twice before half-time.",
    "Doctors recommend a second dose of the vaccine.",
    "Shares in the chip maker fell by a tenth.",
    "The orchestra will tour Japan next spring.",
    "Farmers fear that the drought will ruin the harvest.",
    "The court postponed the trial of the former minister.",
    "Engineers tested the engine at high altitude.",
    "A new species of frog was found in the rain forest.",
    "The museum returned three statues to Greece.",
    "Police closed the bridge after an accident.",
)
SHARE = 0.75
"""Of the deviation among them: .60 for multilingual-e5-small, .92 for all-MiniLM-L6-v2."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model by name; loaded when it is first needed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._one_at_a_time = threading.RLock()  # a forward pass already takes every core

    @cached_property
    def fingerprint(self) -> str:
        """Name the weights themselves: a folder keeps its path when the model in it is exchanged."""
        return f"{self.name}:{_weights_digest(self._model)[:12]}"

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return cast("int", self._model.get_embedding_dimension())

    @cached_property
    def spread(self) -> float:
        """Estimate it from how far apart sentences on many things lie; two models of known spread chose the share."""
        cosines = np.stack([self.question(text) for text in UNLIKE]) @ self.passages(UNLIKE).T
        return SHARE * float(cosines[~np.eye(len(UNLIKE), dtype=bool)].std())

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what may be found; shape (len(texts), dimension). Raises ModelError."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # a batch is as slow as its longest
        for first in range(0, len(texts), BATCH):
            batch = by_length[first : first + BATCH]
            with self._one_at_a_time:
                vectors[batch] = self._model.encode_document(
                    [texts[place] for place in batch], normalize_embeddings=True, show_progress_bar=False
                )
            time.sleep(0.001)  # a build lets a question in between: without it, the lock goes to whoever released it
        return vectors

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (dimension,). Raises ModelError."""
        with self._one_at_a_time:
            vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, np.float32)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        with self._one_at_a_time:
            return _load(self.name)


def _load(name: str) -> "SentenceTransformer":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # a bar for a load of half a second, on the standard error of every question
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        remedy = f"fetch it once with `hf download {name}`, or set ARTICLE_QA_MODEL to a model's folder, or unset it"
        raise ModelError(f"no embedding model {name!r} on this machine: {remedy}") from error


def _weights_digest(model: "SentenceTransformer") -> str:
    digest = hashlib.sha256()
    for key, weights in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(weights.cpu().float().numpy().tobytes())
    return digest.hexdigest()
