"""txtai: a hybrid index with its content. Days: in the SQL of its search, which filters ten times what it returns."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from txtai import Embeddings
from txtai.vectors import Vectors

from bench.peers.passage import DEPTH, Passage, Peer, Search, our_passages
from index.embed import Embedder

SQL = "SELECT article FROM txtai WHERE similar(:question)"


class Given(Vectors):
    """Our embedder, as txtai takes one: by the path of its class, which finds it in the settings."""

    def loadmodel(self, path: str | None) -> None:
        """Load nothing: it is loaded."""

    def encode(self, data: Sequence[str], category: str | None = None) -> np.ndarray:
        """Embed questions, or what may be found."""
        embedder: Embedder = self.config["embedder"]
        if category == "data":
            return embedder.passages(data)
        return np.stack([embedder.question(text) for text in data])


def build(passages: Sequence[Passage], embedder: Embedder) -> Mapping[str, Search]:
    """Index passages, their words and their vectors."""
    found_by = Embeddings(method="bench.peers.txtai.Given", embedder=embedder, hybrid=True, content=True)
    found_by.index({"text": one.text, "article": one.article, "day": one.day} for one in passages)

    def search(question: str, until: int | None) -> list[str]:
        asked = {"question": question} if until is None else {"question": question, "until": until}
        sql = SQL if until is None else f"{SQL} AND day <= :until"
        return [found["article"] for found in found_by.search(sql, limit=DEPTH, parameters=asked)]

    return {"hybrid": search}


def encoder(folder: str) -> Callable[[Sequence[str]], object]:
    """Index texts by their vectors alone."""
    vectors = Embeddings(path=folder)
    index: Callable[[Sequence[str]], object] = vectors.index
    return index


PEER = Peer("txtai", build, our_passages, encoder)
