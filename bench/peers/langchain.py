"""LangChain: EnsembleRetriever of BM25Retriever and FAISS, both of the same weight.

Its own splitter is RecursiveCharacterTextSplitter; titles stand before the text. Days: FAISS takes a filter, which it
applies to what it fetched, here everything; BM25Retriever takes none, so all that it ranks is filtered after it.
"""

from collections.abc import Callable, Mapping, Sequence

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from bench.peers.passage import DEPTH, Passage, Peer, Search, day_number, whole_text
from index.embed import Embedder
from index.records import Article


class Given(Embeddings):
    """Our embedder, as LangChain takes one."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed what may be found."""
        vectors: list[list[float]] = self.embedder.passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed what is asked."""
        vector: list[float] = self.embedder.question(text).tolist()
        return vector


def cut(articles: Sequence[Article]) -> list[Passage]:
    """Cut articles by the splitter that its documentation recommends, as it comes."""
    documents = [
        Document(page_content=whole_text(article), metadata={"article": article.id, "day": day_number(article.day)})
        for article in articles
    ]
    parts = RecursiveCharacterTextSplitter().split_documents(documents)
    return [Passage(part.metadata["article"], part.page_content, part.metadata["day"]) for part in parts]


def build(passages: Sequence[Passage], embedder: Embedder) -> Mapping[str, Search]:
    """Index passages by their vectors, and by their words."""
    texts = [passage.text for passage in passages]
    said = [{"article": passage.article, "day": passage.day} for passage in passages]
    by_vectors = FAISS.from_texts(texts, Given(embedder), metadatas=said)
    by_words = BM25Retriever.from_texts(texts, metadatas=said)

    def words(until: int | None) -> Runnable:
        by_words.k = DEPTH if until is None else len(texts)
        return by_words if until is None else by_words | RunnableLambda(lambda found: _until(found, until))

    def vectors(until: int | None) -> Runnable:
        options = {} if until is None else {"filter": lambda said: said["day"] <= until, "fetch_k": len(texts)}
        return by_vectors.as_retriever(search_kwargs={"k": DEPTH, **options})

    def search(question: str, until: int | None) -> list[str]:
        ensemble = EnsembleRetriever(retrievers=[words(until), vectors(until)], weights=[0.5, 0.5])
        return [found.metadata["article"] for found in ensemble.invoke(question)]

    return {"ensemble": search}


def _until(found: Sequence[Document], until: int) -> list[Document]:
    return [document for document in found if document.metadata["day"] <= until][:DEPTH]


def encoder(folder: str) -> Callable[[Sequence[str]], object]:
    """Embed texts by its own wrapper."""
    model = HuggingFaceEmbeddings(model_name=folder, model_kwargs={"device": "cpu"})
    return lambda texts: model.embed_documents(list(texts))


PEER = Peer("LangChain", build, cut, encoder)
