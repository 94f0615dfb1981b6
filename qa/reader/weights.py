"""The trained layers -> the file that ships, in 8-bit integers: `python -m qa.reader.weights TRAINED FILE`.

What goes in are the `ids` of the tokens of a question and a passage, and their `kinds`, 0 and 1, shape (1, tokens).
What comes out, as logits: `ends`, how likely an answer begins and ends at each token, shape (1, tokens, 2), of which
the first stands for no answer; and `answers`, how likely the passage answers, shape (1, 1, 1). With the graph goes the
vocabulary, one word a line, so that the file needs nothing beside it.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from index import minilm
from index.bert import Bert
from index.embed import Vectors
from index.export import Graph

NAMES = {
    "seen": "attention.output.dense",
    "seen_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}


def write(trained: Path, file: Path) -> None:
    """Write what `train` left in the folder `trained` to `file`."""
    state = torch.load(trained / "reader.pt", weights_only=True)
    weights = {name: value.float().numpy() for name, value in state.items()}
    vocabulary = minilm.vocabulary()
    words = [word for word, _ in sorted(vocabulary.tokenizer.get_vocab().items(), key=lambda one: one[1])]
    graph = Graph(_bert(minilm.bert(), weights))
    table = graph.rows("words", vocabulary.words(np.arange(len(words))), "ids")
    kinds = graph.node("Gather", graph.constant("types", graph.bert.weights["types"]), "kinds")
    states = graph.layers(graph.placed(graph.node("Add", table, kinds)), 0, graph.bert.layers)
    opening = graph.node("Gather", states, graph.constant("opening", np.array([0])), axis=1)
    pooled = graph.node("Tanh", _linear(graph, weights, "pooled", opening))
    gives = {"ends": _linear(graph, weights, "ends", states), "answers": _linear(graph, weights, "answers", pooled)}
    graph.write(file, given={"ids": None, "kinds": None}, gives=gives, told={"vocabulary": "\n".join(words)})


def _bert(base: Bert, weights: dict[str, Vectors]) -> Bert:
    """Name the trained layers as those of the model are named."""
    types = base.weights["embeddings.token_type_embeddings.weight"]
    named = dict(base.weights) | {"types": types, "embeddings.token_type_embeddings.weight": np.zeros_like(types)}
    for part in ("weight", "bias"):
        named[f"embeddings.LayerNorm.{part}"] = weights[f"first.{part}"]
    for number in range(base.layers):
        ours, theirs = f"layers.{number}", f"encoder.layer.{number}"
        for part in ("weight", "bias"):
            for short, name in NAMES.items():
                named[f"{theirs}.{name}.{part}"] = weights[f"{ours}.{short}.{part}"]
            thirds = np.split(weights[f"{ours}.look.{part}"], 3)
            for name, third in zip(("query", "key", "value"), thirds, strict=True):
                named[f"{theirs}.attention.self.{name}.{part}"] = third
    return replace(base, weights=named)


def _linear(graph: Graph, weights: dict[str, Vectors], name: str, states: str) -> str:
    """Multiply by a small matrix, in floats."""
    product = graph.node("MatMul", states, graph.constant(f"{name}.matrix", weights[f"{name}.weight"].T))
    return graph.node("Add", product, graph.constant(f"{name}.shift", weights[f"{name}.bias"]))


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
