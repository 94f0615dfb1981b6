"""Our embedder, with the vectors of the texts that it has seen kept on disk by their digests.

A second peer does not embed again what the first was given, nor does a second run.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.chunk import model_name, text_digest
from index.embed import Embedder, Vectors

BATCH = 512
"""Texts that are embedded before they are kept."""


class KeptVectors:
    """An Embedder that embeds no passage twice. What it has `learned` it has in memory, so that it costs no time."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self.embedder = embedder
        self.fingerprint, self.dimension, self.spread = embedder.fingerprint, embedder.dimension, embedder.spread
        self._model = model_name(self.fingerprint, self.dimension)
        self._known: dict[str, Vectors] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(folder / f"{self.fingerprint.replace(':', '-')}.db", check_same_thread=False)
        self._kept.execute("CREATE TABLE IF NOT EXISTS vectors(digest BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def learn(self, texts: Sequence[str]) -> int:
        """Have the vectors of `texts` in memory, and no others; return how many had to be embedded."""
        self._known = {text: vector for text in dict.fromkeys(texts) if (vector := self._read(text)) is not None}
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        for first in range(0, len(missing), BATCH):
            batch = missing[first : first + BATCH]
            vectors = self.embedder.passages(batch)
            self._known |= dict(zip(batch, vectors, strict=True))
            rows = [(self._digest(text), vector.tobytes()) for text, vector in zip(batch, vectors, strict=True)]
            with self._kept:
                self._kept.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        return len(missing)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts that were learned."""
        return np.stack([self._known[text] for text in texts])

    def question(self, text: str) -> Vectors:
        """Embed what is asked, each time anew."""
        return self.embedder.question(text)

    def _read(self, text: str) -> Vectors | None:
        row = self._kept.execute("SELECT vector FROM vectors WHERE digest = ?", [self._digest(text)]).fetchone()
        return np.frombuffer(row[0], np.float32) if row else None

    def _digest(self, text: str) -> bytes:
        return text_digest(self._model, text)
