"""A BERT that reads a question and a passage together: it marks the words that answer, and tells whether any do.

As Devlin et al. (2019) on SQuAD 2.0.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from index import minilm
from index.bert import Bert
from qa.reader.pairs import Pair

MASKED = -1e4


@dataclass(frozen=True)
class Batch:
    """Pairs in tensors, each a question and then a passage, padded to the longest."""

    words: Tensor
    """The vectors of the words, shape (pairs, tokens, dimension)."""
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


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self, bert: Bert, number: int, dropped: float) -> None:
        super().__init__()
        self.heads = bert.heads
        name = f"encoder.layer.{number}"
        self.look = _linear(bert, *(f"{name}.attention.self.{part}" for part in ("query", "key", "value")))
        self.seen, self.seen_norm = (
            _linear(bert, f"{name}.attention.output.dense"),
            _norm(bert, f"{name}.attention.output.LayerNorm"),
        )
        self.wide, self.narrow = _linear(bert, f"{name}.intermediate.dense"), _linear(bert, f"{name}.output.dense")
        self.narrow_norm = _norm(bert, f"{name}.output.LayerNorm")
        self.dropout = nn.Dropout(dropped)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the states after this layer; shape (pairs, tokens, dimension). `mask`: (pairs, 1, 1, tokens)."""
        pairs, tokens, dimension = states.shape
        query, key, value = self.look(states).view(pairs, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        # Spelled out: on a processor, forth and back, it takes half the time of torch's own in bfloat16 (2.13).
        scores = query @ key.transpose(-1, -2) * (dimension // self.heads) ** -0.5 + mask
        seen = (scores.softmax(-1) @ value).transpose(1, 2).reshape(pairs, tokens, dimension)
        states = self.seen_norm(states + self.dropout(self.seen(seen)))
        out: Tensor = self.narrow_norm(states + self.dropout(self.narrow(functional.gelu(self.wide(states)))))
        return out


class Network(nn.Module):
    """The layers, which begin as all-MiniLM-L6-v2's; the vectors of words, places and kinds, which stay as they are."""

    def __init__(self, dropped: float = 0.0) -> None:
        """Leave out the share `dropped` of what each step of a layer passes on, while it learns."""
        super().__init__()
        bert = minilm.bert()
        self._words = minilm.vocabulary().words
        fixed = {
            name: torch.tensor(np.array(bert.weights[f"embeddings.{name}.weight"]))
            for name in ("position_embeddings", "token_type_embeddings")
        }
        self.places, self.types = fixed["position_embeddings"], fixed["token_type_embeddings"]
        self.first = _norm(bert, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(bert, number, dropped) for number in range(bert.layers))
        self.ends = nn.Linear(bert.dimension, 2)
        self.pooled = nn.Linear(bert.dimension, bert.dimension)
        self.answers = nn.Linear(bert.dimension, 1)
        self.dropout, self.dropped_at_the_end = nn.Dropout(dropped), nn.Dropout(0.1)
        for made in (self.ends, self.pooled, self.answers):
            nn.init.normal_(made.weight, std=0.02)
            nn.init.zeros_(made.bias)

    def batch(self, pairs: list[Pair]) -> Batch:
        """Put pairs into tensors."""
        longest = max(map(len, pairs))
        shape = (len(pairs), longest)
        words = np.zeros((*shape, self.places.shape[1]), np.float32)
        kinds, there, allowed = np.zeros(shape, np.int64), np.zeros(shape, bool), np.zeros(shape, bool)
        wanted = np.zeros((*shape, 2), bool)
        for row, pair in enumerate(pairs):
            start, end = len(pair.question), len(pair)
            words[row, :end] = self._words(np.concatenate([pair.question, pair.passage]))
            kinds[row, start:end], there[row, :end] = 1, True
            allowed[row, start:end] = pair.spans[:, 1] > pair.spans[:, 0]
            allowed[row, 0] = True
            for side, places in enumerate((pair.begins, pair.ends)):
                wanted[row, [start + place for place in places] or [0], side] = True
        answered = np.array([float(bool(pair.begins)) for pair in pairs], np.float32)
        return Batch(*map(torch.from_numpy, (words, kinds, there, allowed, wanted, answered)))

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return where an answer begins and ends, (pairs, tokens, 2), and whether there is one, (pairs,); logits."""
        tokens = batch.words.shape[1]
        states = self.dropout(self.first(batch.words + self.places[:tokens] + self.types[batch.kinds]))
        states = states.to(self.layers[0].look.weight.dtype)  # type: ignore[union-attr]  # of a Layer
        mask = torch.zeros(batch.there.shape, dtype=states.dtype).masked_fill(~batch.there, MASKED)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, mask)
        states = states.float()
        ends = self.ends(self.dropped_at_the_end(states)).masked_fill(~batch.allowed[:, :, None], MASKED)
        pooled = torch.tanh(self.pooled(self.dropped_at_the_end(states[:, 0])))
        return ends, self.answers(self.dropped_at_the_end(pooled))[:, 0]

    def loss(self, batch: Batch) -> Tensor:
        """Return how far it is from what several readers marked, any of whose marks will do."""
        ends, answers = self(batch)
        chances = functional.log_softmax(ends, dim=1).masked_fill(~batch.wanted, -1e9)
        spans = -torch.logsumexp(chances, dim=1).mean()
        return spans + functional.binary_cross_entropy_with_logits(answers, batch.answered) / 2


def _linear(bert: Bert, *names: str) -> nn.Linear:
    """Return one map for the outputs of several of the model's."""
    matrix = np.concatenate([bert.weights[f"{name}.weight"] for name in names])
    made = nn.Linear(matrix.shape[1], len(matrix))
    made.weight.data = torch.tensor(matrix)
    made.bias.data = torch.tensor(np.concatenate([bert.weights[f"{name}.bias"] for name in names]))
    return made


def _norm(bert: Bert, name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(bert.dimension, eps=bert.epsilon)
    made.weight.data = torch.tensor(np.array(bert.weights[f"{name}.weight"]))
    made.bias.data = torch.tensor(np.array(bert.weights[f"{name}.bias"]))
    return made
