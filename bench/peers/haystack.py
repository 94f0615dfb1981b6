"""Haystack: BM25 and vectors in its store in memory, joined by DocumentJoiner in two of its ways.

Its own splitter is DocumentSplitter, 200 words; titles stand before the text. Days: a metadata filter, in both
retrievers. The joiner concatenates by default: scores of two kinds, in one order.
"""

from collections.abc import Callable, Mapping, Sequence

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

from bench.peers.passage import DEPTH, Passage, Peer, Search, day_number, whole_text
from index.embed import Embedder
from index.records import Article


def cut(articles: Sequence[Article]) -> list[Passage]:
    """Cut articles by the default splitter."""
    documents = [
        Document(content=whole_text(article), meta={"article": article.id, "day": day_number(article.day)})
        for article in articles
    ]
    parts = DocumentSplitter().run(documents=documents)["documents"]
    return [Passage(part.meta["article"], part.content, part.meta["day"]) for part in parts]


def build(passages: Sequence[Passage], embedder: Embedder) -> Mapping[str, Search]:
    """Put passages with their vectors into a store."""
    vectors = embedder.passages([passage.text for passage in passages])
    store = InMemoryDocumentStore(shared=False)
    store.write_documents(
        [
            Document(
                id=str(number),
                content=passage.text,
                meta={"article": passage.article, "day": passage.day},
                embedding=vector.tolist(),
            )
            for number, (passage, vector) in enumerate(zip(passages, vectors, strict=True))
        ]
    )
    by_words = InMemoryBM25Retriever(document_store=store, top_k=DEPTH)
    by_vectors = InMemoryEmbeddingRetriever(document_store=store, top_k=DEPTH)

    def joined(way: str) -> Search:
        joiner = DocumentJoiner(join_mode=way)

        def search(question: str, until: int | None) -> list[str]:
            filters = None if until is None else {"field": "meta.day", "operator": "<=", "value": until}
            words = by_words.run(query=question, filters=filters)["documents"]
            vector = embedder.question(question).tolist()
            near = by_vectors.run(query_embedding=vector, filters=filters)["documents"]
            return [found.meta["article"] for found in joiner.run(documents=[words, near])["documents"]]

        return search

    return {"concatenated": joined("concatenate"), "reciprocal ranks": joined("reciprocal_rank_fusion")}


def encoder(folder: str) -> Callable[[Sequence[str]], object]:
    """Embed documents by its own component."""
    component = SentenceTransformersDocumentEmbedder(model=folder, progress_bar=False, local_files_only=True)
    component.warm_up()
    return lambda texts: component.run(documents=[Document(content=text) for text in texts])


PEER = Peer("Haystack", build, cut, encoder)
