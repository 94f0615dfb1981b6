"""A setting -> the embedder that it names, kept for the next call; the one place in `index` where it is chosen."""

from functools import cache

from index.embed import Embedder
from index.settings import PACKAGED_MODEL


@cache
def load_embedder(model: str) -> Embedder:
    """Return the embedder that `model` names; it loads on first use. Only the library that it needs is imported."""
    if model == PACKAGED_MODEL:
        from index.packaged import PackagedEmbedder

        return PackagedEmbedder()
    from index.model import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model)
