"""LlamaIndex: its vector retriever, and that and BM25 in a QueryFusionRetriever, which is asked the question alone.

Its own splitter is SentenceSplitter; titles are metadata, which it puts before each passage. Days: a metadata filter,
in both retrievers. The fusion's own default keeps the higher of the raw scores, which a cosine never is; its
documentation shows reciprocal ranks, which are taken here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.schema import MetadataMode, TextNode
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever
from pydantic import PrivateAttr

from bench.peers.passage import DEPTH, Passage, Peer, Search, day_number
from index.embed import Embedder
from index.records import Article

HIDDEN = ["article", "day"]
"""Metadata that is not embedded."""


class Given(BaseEmbedding):
    """Our embedder, as LlamaIndex takes one."""

    _embedder: Any = PrivateAttr()

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(model_name="ours", embed_batch_size=2048)
        self._embedder = embedder

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._embedder.question(query).tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.passages(texts).tolist()
        return vectors


def cut(articles: Sequence[Article]) -> list[Passage]:
    """Cut articles by the default splitter."""
    documents = [
        Document(
            text=article.text,
            metadata={"article": article.id, "day": day_number(article.day)}
            | ({"title": article.title} if article.title else {}),
            excluded_embed_metadata_keys=HIDDEN,
            excluded_llm_metadata_keys=HIDDEN,
        )
        for article in articles
    ]
    return [
        Passage(node.metadata["article"], node.get_content(MetadataMode.EMBED), node.metadata["day"])
        for node in SentenceSplitter().get_nodes_from_documents(documents)
    ]


def build(passages: Sequence[Passage], embedder: Embedder) -> Mapping[str, Search]:
    """Index passages by their vectors, and by their words."""
    nodes = [
        TextNode(
            text=passage.text,
            metadata={"article": passage.article, "day": passage.day},
            excluded_embed_metadata_keys=HIDDEN,
            excluded_llm_metadata_keys=HIDDEN,
        )
        for passage in passages
    ]
    by_vectors = VectorStoreIndex(nodes, embed_model=Given(embedder))
    k = min(DEPTH, len(nodes))
    by_words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=k)
    by_words.bm25.corpus = by_words.corpus  # as one that was saved and loaded: a filter is given to a new retriever

    def vectors(until: int | None) -> BaseRetriever:
        return by_vectors.as_retriever(similarity_top_k=k, filters=_filters(until))

    def words(until: int | None) -> BaseRetriever:
        if until is None:
            return by_words
        return BM25Retriever(existing_bm25=by_words.bm25, similarity_top_k=k, filters=_filters(until))

    def fused(until: int | None) -> BaseRetriever:
        return QueryFusionRetriever(
            [vectors(until), words(until)],
            llm=MockLLM(),
            mode="reciprocal_rerank",
            num_queries=1,
            similarity_top_k=k,
            use_async=False,
        )

    return {"vectors": _search(vectors), "hybrid": _search(fused)}


def _search(retriever: Callable[[int | None], BaseRetriever]) -> Search:
    def search(question: str, until: int | None) -> list[str]:
        return [found.node.metadata["article"] for found in retriever(until).retrieve(question)]

    return search


def _filters(until: int | None) -> MetadataFilters | None:
    if until is None:
        return None
    return MetadataFilters(filters=[MetadataFilter(key="day", operator=FilterOperator.LTE, value=until)])


def encoder(folder: str) -> Callable[[Sequence[str]], object]:
    """Embed texts by its own wrapper, in its batches of ten."""
    model = HuggingFaceEmbedding(model_name=folder, device="cpu")
    return lambda texts: model.get_text_embedding_batch(list(texts))


PEER = Peer("LlamaIndex", build, cut, encoder)
