"""A setting -> the embedder that it names, kept for the next call; the one place in `index` where it is chosen."""

from functools import cache

from index.embed import Embedder
from index.encoder import MODELS
from index.packaged import PackagedEmbedder


@cache
def load_embedder(model: str) -> Embedder:
    """Return the embedder that `model` names; it loads on first use. Only the library that it needs is imported."""
    if model in MODELS:
        return PackagedEmbedder(MODELS[model])
    from index.model import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(model)
