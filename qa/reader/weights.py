"""The trained layers -> a graph in integers of 8 and 4 bits: `python -m qa.reader.weights TRAINED FILE`.

What ships is written by `smooth`, which makes the inputs of the layers alike before they are quantised.

With `--beside READER`, what is written lies between the two: `--share` of it is what was trained. Two that began
alike are better together than either (Wortsman et al., Model Soups, 2022).

What goes in are the `ids` of the tokens of a question and a passage, and their `kinds`, 0 and 1, shape (1, tokens).
What comes out, as logits: `ends`, how likely an answer begins and ends at each token, shape (1, tokens, 2), of which
the first stands for no answer; and `answers`, how likely the passage answers, shape (1, 1, 1). With the graph goes the
vocabulary, one word a line, so that the file needs nothing beside it.
"""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from index import minilm
from index.bert import Bert
from index.embed import Vectors
from index.export import Graph, constants, unpacked

NAMES = {
    "seen": "attention.output.dense",
    "seen_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}
THIRDS = ("query", "key", "value")
TABLES = {"places": "position_embeddings", "types": "token_type_embeddings"}


def base() -> dict[str, Vectors]:
    """Return the weights of all-MiniLM-L6-v2, as `train` names them; what it has not is missing."""
    bert, vocabulary = minilm.bert(), minilm.vocabulary()
    found = {"words.weight": vocabulary.words(np.arange(vocabulary.tokenizer.get_vocab_size()))}
    for ours, theirs in TABLES.items():
        found[f"{ours}.weight"] = bert.weights[f"embeddings.{theirs}.weight"]
    for part in ("weight", "bias"):
        found[f"first.{part}"] = bert.weights[f"embeddings.LayerNorm.{part}"]
        for number in range(bert.layers):
            ours, theirs = f"layers.{number}", f"encoder.layer.{number}"
            for short, name in NAMES.items():
                found[f"{ours}.{short}.{part}"] = bert.weights[f"{theirs}.{name}.{part}"]
            thirds = [bert.weights[f"{theirs}.attention.self.{name}.{part}"] for name in THIRDS]
            found[f"{ours}.look.{part}"] = np.concatenate(thirds)
    return {name: np.array(value, np.float32) for name, value in found.items()}


def load(file: Path) -> dict[str, Vectors]:
    """Read a reader: what `train` left in a .npz, or an .onnx that `write` wrote."""
    if file.suffix == ".onnx":
        return read(file)
    with np.load(file) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}


def between(one: Mapping[str, Vectors], two: Mapping[str, Vectors], share: float) -> dict[str, Vectors]:
    """Return weights that lie between two: `share` is how much of the first there is."""
    return {name: np.float32(share) * value + np.float32(1 - share) * two[name] for name, value in one.items()}


def count_layers(weights: Mapping[str, Vectors]) -> int:
    """Return how many layers there are."""
    return 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))


def write(weights: Mapping[str, Vectors], file: Path, largest: Mapping[str, Vectors] | None = None) -> None:
    """Write weights, as `train` names them, to `file`.

    `largest`: how large each input of each matrix of the layers gets, as `smooth` measures it.
    """
    vocabulary = minilm.vocabulary().tokenizer.get_vocab()
    graph = Graph(_bert(minilm.bert(), weights), {_theirs(name): value for name, value in (largest or {}).items()})
    table = graph.rows("words", weights["words.weight"], "ids")
    kinds = graph.node("Gather", graph.constant("types", weights["types.weight"]), "kinds")
    states = graph.layers(graph.placed(graph.node("Add", table, kinds)), 0, graph.bert.layers)
    opening = graph.node("Gather", states, graph.constant("opening", np.array([0])), axis=1)
    pooled = graph.node("Tanh", _linear(graph, weights, "pooled", opening))
    gives = {"ends": _linear(graph, weights, "ends", states), "answers": _linear(graph, weights, "answers", pooled)}
    words = "\n".join(sorted(vocabulary, key=vocabulary.__getitem__))
    graph.write(file, given={"ids": None, "kinds": None}, gives=gives, told={"vocabulary": words})


def read(file: Path) -> dict[str, Vectors]:
    """Read what `write` wrote, as `train` names it: the same up to how it was rounded to integers."""
    kept = constants(file)

    def matrix(name: str) -> Vectors:
        found = np.asarray(kept[f"{name}.integers"] * kept[f"{name}.scales"], np.float32).T
        return found * kept.get(f"{name}.smoothing", np.float32(1))

    parts = ("weight", "bias")
    found = {f"first.{part}": kept[f"embeddings.LayerNorm.{part}"] for part in parts}
    if "words.integers" in kept:  # as written before decision 35: the six layers that may be a teacher
        found |= {"words.weight": kept["words.integers"] * kept["words.scales"]}
    else:
        found |= {"words.weight": unpacked(kept["words.halves"], kept["words.scales"])}
    found |= {"places.weight": kept["places"], "types.weight": kept["types"]}
    for name in ("pooled", "ends", "answers"):
        found |= {f"{name}.weight": kept[f"{name}.matrix"].T, f"{name}.bias": kept[f"{name}.shift"]}
    layers = sum(name.endswith("attention.self.bias") for name in kept)
    for number in range(layers):
        ours, theirs = f"layers.{number}", f"encoder.layer.{number}"
        found |= {f"{ours}.look.weight": matrix(f"{theirs}.attention.self")}
        found |= {f"{ours}.look.bias": kept[f"{theirs}.attention.self.bias"]}
        for short, name in NAMES.items():
            norm = short.endswith("norm")
            found[f"{ours}.{short}.weight"] = kept[f"{theirs}.{name}.weight"] if norm else matrix(f"{theirs}.{name}")
            found[f"{ours}.{short}.bias"] = kept[f"{theirs}.{name}.bias"]
    return {name: np.array(value, np.float32) for name, value in found.items()}


def _theirs(name: str) -> str:
    """Return the name in a graph of what `train` calls `name`, a matrix of a layer."""
    _, number, short = name.split(".")
    return f"encoder.layer.{number}.{NAMES.get(short, 'attention.self')}"


def _bert(model: Bert, weights: Mapping[str, Vectors]) -> Bert:
    """Name the trained layers as those of the model are named. The kinds are added by `write`, hence nothing here."""
    layers = count_layers(weights)
    named = {
        "embeddings.position_embeddings.weight": weights["places.weight"],
        "embeddings.token_type_embeddings.weight": np.zeros_like(weights["types.weight"]),
    }
    for part in ("weight", "bias"):
        named[f"embeddings.LayerNorm.{part}"] = weights[f"first.{part}"]
        for number in range(layers):
            ours, theirs = f"layers.{number}", f"encoder.layer.{number}"
            for short, name in NAMES.items():
                named[f"{theirs}.{name}.{part}"] = weights[f"{ours}.{short}.{part}"]
            for name, third in zip(THIRDS, np.split(weights[f"{ours}.look.{part}"], 3), strict=True):
                named[f"{theirs}.attention.self.{name}.{part}"] = third
    return replace(model, weights=named, layers=layers)


def _linear(graph: Graph, weights: Mapping[str, Vectors], name: str, states: str) -> str:
    """Multiply by a small matrix, in floats."""
    product = graph.node("MatMul", states, graph.constant(f"{name}.matrix", weights[f"{name}.weight"].T))
    return graph.node("Add", product, graph.constant(f"{name}.shift", weights[f"{name}.bias"]))


def main() -> None:
    """Write a reader."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("trained", type=Path, help="the reader.npz that `train` left")
    parser.add_argument("file", type=Path)
    parser.add_argument("--beside", type=Path, help="another reader")
    parser.add_argument("--share", type=float, default=0.7, help="how much of what was trained there is beside it")
    given = parser.parse_args()
    weights = load(given.trained)
    write(between(weights, load(given.beside), given.share) if given.beside else weights, given.file)


if __name__ == "__main__":
    main()
