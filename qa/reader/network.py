"""A BERT that reads a question and a passage together: it marks the words that answer, and tells whether any do.

As Devlin et al. (2019) on SQuAD 2.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from qa.reader.weights import count_layers

MASKED = -1e4
HEADS, EPSILON = 12, 1e-12
"""Of all-MiniLM-L6-v2; its other sizes are those of its weights."""


@dataclass(frozen=True)
class Batch:
    """Pairs in tensors, each a question and then a passage, padded to the longest."""

    ids: Tensor
    """The tokens; (pairs, tokens)."""
    kinds: Tensor
    """0 for the question's tokens, 1 for the passage's; (pairs, tokens)."""
    there: Tensor
    """Which are no padding; (pairs, tokens)."""
    allowed: Tensor
    """At which an answer may begin or end; and the first, which stands for none; (pairs, tokens)."""
    wanted: Tensor
    """At which one does, by the mark of any reader; (pairs, tokens, 2)."""
    answered: Tensor
    """1 where the passage answers; (pairs,)."""


@dataclass(frozen=True)
class Said:
    """What teachers say of a batch."""

    ends: Tensor
    """How likely an answer begins and ends at each token; probabilities of shape (pairs, tokens, 2)."""
    answers: Tensor
    """How likely there is one; (pairs,)."""


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, dimension: int, wide: int, dropped: float) -> None:
        super().__init__()
        self.look, self.seen = nn.Linear(dimension, 3 * dimension), nn.Linear(dimension, dimension)
        self.seen_norm = nn.LayerNorm(dimension, eps=EPSILON)
        self.wide, self.narrow = nn.Linear(dimension, wide), nn.Linear(wide, dimension)
        self.narrow_norm = nn.LayerNorm(dimension, eps=EPSILON)
        self.dropout = nn.Dropout(dropped)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the states after this layer; shape (pairs, tokens, dimension). `mask`: (pairs, 1, 1, tokens)."""
        pairs, tokens, dimension = states.shape
        query, key, value = self.look(states).view(pairs, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        if states.is_cuda:
            found = functional.scaled_dot_product_attention(query, key, value, mask)
        else:  # spelled out: on a processor, forth and back, it takes half the time of torch's own in bfloat16 (2.13)
            found = (query @ key.transpose(-1, -2) * (dimension // HEADS) ** -0.5 + mask).softmax(-1) @ value
        seen = found.transpose(1, 2).reshape(pairs, tokens, dimension)
        states = self.seen_norm(states + self.dropout(self.seen(seen)))
        out: Tensor = self.narrow_norm(states + self.dropout(self.narrow(functional.gelu(self.wide(states)))))
        return out


class Network(nn.Module):
    """The vectors of words, places and kinds; the layers; and what reads off their states where an answer is."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], dropped: float = 0.0) -> None:
        """Begin with `weights`: those that are missing are drawn at random.

        While it learns, the share `dropped` of what each step of a layer passes on is left out.
        """
        super().__init__()
        words, dimension = weights["words.weight"].shape
        wide = len(weights["layers.0.wide.bias"])
        self.words = nn.Embedding(words, dimension)
        self.places = nn.Embedding(len(weights["places.weight"]), dimension)
        self.types = nn.Embedding(len(weights["types.weight"]), dimension)
        self.first = nn.LayerNorm(dimension, eps=EPSILON)
        self.layers = nn.ModuleList(Layer(dimension, wide, dropped) for _ in range(count_layers(weights)))
        self.ends = nn.Linear(dimension, 2)
        self.pooled = nn.Linear(dimension, dimension)
        self.answers = nn.Linear(dimension, 1)
        self.dropout, self.dropped_at_the_end = nn.Dropout(dropped), nn.Dropout(0.1)
        for made in (self.ends, self.pooled, self.answers):
            nn.init.normal_(made.weight, std=0.02)
            nn.init.zeros_(made.bias)
        state = {name: torch.tensor(value) for name, value in weights.items()}
        missing, unknown = self.load_state_dict(state, strict=False)
        if unknown or any(not name.startswith(("ends", "pooled", "answers")) for name in missing):
            raise ValueError(f"these are not a reader's weights: {[*missing, *unknown]}")

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return where an answer begins and ends, (pairs, tokens, 2), and whether there is one, (pairs,); logits."""
        tokens = batch.ids.shape[1]
        states = self.words(batch.ids) + self.places.weight[:tokens] + self.types(batch.kinds)
        states = self.dropout(self.first(states)).to(self.layers[0].look.weight.dtype)  # type: ignore[union-attr]
        mask = torch.zeros(batch.there.shape, dtype=states.dtype, device=states.device)
        mask = mask.masked_fill(~batch.there, MASKED)[:, None, None, :]
        if states.is_cuda:
            mask = mask.expand(-1, HEADS, tokens, -1)
        for layer in self.layers:
            states = layer(states, mask)
        states = states.float()
        ends = self.ends(self.dropped_at_the_end(states)).masked_fill(~batch.allowed[:, :, None], MASKED)
        pooled = torch.tanh(self.pooled(self.dropped_at_the_end(states[:, 0])))
        return ends, self.answers(self.dropped_at_the_end(pooled))[:, 0]

    def loss(self, batch: Batch, said: Said | None = None, trust: float = 0.0) -> Tensor:
        """Return how far it is from what several readers marked, any of whose marks will do.

        With what teachers `said`, that counts for the share `trust` (Hinton et al., Distilling the Knowledge in a
        Neural Network, 2015).
        """
        ends, answers = self(batch)
        chances = functional.log_softmax(ends, dim=1)
        spans = -torch.logsumexp(chances.masked_fill(~batch.wanted, -1e9), dim=1).mean()
        lost = spans + functional.binary_cross_entropy_with_logits(answers, batch.answered) / 2
        if said is None:
            return lost
        near = -(said.ends * chances).sum(dim=1).mean()
        near = near + functional.binary_cross_entropy_with_logits(answers, said.answers) / 2
        return trust * near + (1 - trust) * lost


def working_type(device: str) -> torch.dtype:
    """Return the type of numbers in which layers learn fastest on a device.

    Where it reckons in bfloat16, that is several times as fast as float32; on a processor that does not, such as one
    with AVX2 alone, torch spells each product out, and a step takes twenty times as long.
    """
    native = device == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001 - torch has no other name
    return torch.bfloat16 if native else torch.float32


@torch.no_grad()
def hear(teachers: list[Network], batch: Batch) -> Said:
    """Return the mean of what `teachers` say."""
    every = [teacher(batch) for teacher in teachers]
    ends = torch.stack([ends.softmax(dim=1) for ends, _ in every]).mean(dim=0)
    return Said(ends, torch.stack([answers.sigmoid() for _, answers in every]).mean(dim=0))
