"""bm25s: words only, stemmed, without stop words. Days: a mask over the passages, which it takes with each question."""

from collections.abc import Mapping, Sequence

import bm25s
import numpy as np
import Stemmer

from bench.peers.passage import DEPTH, Passage, Peer, Search, our_passages
from index.embed import Embedder


def build(passages: Sequence[Passage], _: Embedder) -> Mapping[str, Search]:
    """Index the words of passages."""
    stemmer = Stemmer.Stemmer("english")

    def words_of(texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    words = bm25s.BM25()
    words.index(words_of([passage.text for passage in passages]), show_progress=False)
    articles = [passage.article for passage in passages]
    days = np.array([passage.day for passage in passages])
    k = min(DEPTH, len(passages))

    def search(question: str, until: int | None) -> list[str]:
        mask = None if until is None else (days <= until).astype(np.float32)
        found, scores = words.retrieve(words_of([question]), k=k, weight_mask=mask, show_progress=False)
        return [articles[place] for place, score in zip(found[0], scores[0], strict=True) if score > 0]

    return {"": search}


PEER = Peer("bm25s", build, our_passages)
