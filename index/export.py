"""The weights of a BERT encoder -> an ONNX graph in 8-bit integers, of one text; the only file that imports onnx.

What goes in are the vectors of a text's `words`, shape (1, tokens, dimension); what comes out are the `states` of the
last layer, of the same shape. There is no padding and so no mask: a text of its own length is read in half the time of
one in a batch, and its vectors do not depend on its neighbours (`docs/decisions/0009-embedder.md`).

The matrices of the linear layers are quantised per output channel, their inputs as they come, all of a text by one
scale: where it is known which of them are large, they are first made alike (decision 36). A table of the vectors of
words, of which a text needs few rows, is kept in 4 bits a number (decision 35). The nodes of `com.microsoft` are ONNX
Runtime's own, several steps of BERT in one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from index.bert import Bert
from index.durable import write_whole
from index.embed import Vectors

OPSET = 17
IR_VERSION = 8
RUNTIME = "com.microsoft"
LARGEST = 127
"""Of the integers that stand for weights."""
PARTS = ("weight", "bias")
TO_INPUTS = 0.7
"""How far inputs are made alike, at the cost of the weights: at 1 they alone count (decision 36)."""
SMALL = 1e-4
BLOCKS = 6
"""Of a row that is kept in 4 bits: each has its own scale. Of 384 numbers, a block is 64."""
MIDDLE = 8
"""Of the sixteen whole numbers, the one that stands for 0."""
CLIPPED = (*np.linspace(0.7, 1.1, 17), MIDDLE / (MIDDLE - 1))
"""By what the scale that just holds a block's largest number is multiplied, on trial: less is finer, and cuts more. By
the last, what was unpacked before is packed without loss."""


def export(bert: Bert, file: Path) -> None:
    """Write `bert` to `file`, made beside it and put there whole."""
    graph = Graph(bert)
    states = graph.layers(graph.placed("words"), 0, bert.layers)
    graph.write(file, given={"words": bert.dimension}, gives={"states": states})


def constants(file: Path) -> dict[str, NDArray[Any]]:
    """Return the constants of a graph that was written to `file`, by their names."""
    return {one.name: onnx.numpy_helper.to_array(one) for one in onnx.load(str(file)).graph.initializer}


def quantised(matrix: Vectors) -> tuple[NDArray[np.int8], Vectors]:
    """Return integers of the shape of `matrix`, (inputs, outputs), and what those of each output are scaled by."""
    scales = np.maximum(np.abs(matrix).max(axis=0), 1e-9) / LARGEST
    return np.rint(matrix / scales).astype(np.int8), scales.astype(np.float32)


def smoothing(largest: Vectors, matrix: Vectors) -> Vectors:
    """Return by what to divide the inputs of a matrix, and multiply its columns, so that both are quantised well.

    `largest` is how large each input gets, shape (inputs,), as what is returned; the matrix is of shape (outputs,
    inputs). As Xiao et al., SmoothQuant, 2023.
    """
    logarithm = TO_INPUTS * np.log(np.maximum(largest, SMALL))
    logarithm -= (1 - TO_INPUTS) * np.log(np.maximum(np.abs(matrix).max(axis=0), SMALL))
    return np.asarray(np.exp(logarithm - logarithm.mean()), np.float32)


def packed(table: Vectors) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Return a table, shape (rows, dimension), in 4 bits a number, and the scales of its blocks, shape (rows, BLOCKS).

    Of the scales tried, each block has the one that loses least. A byte holds a number of a row's first half in its
    lower bits, and beside it that of the second half.
    """
    blocks = table.reshape(len(table), BLOCKS, -1)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[:, :, None], axis=2)
    largest = np.where(np.abs(largest) < 1e-4, 1e-4, largest)  # -8 is there and 8 is not: the largest has that side
    found, scales, lost = (
        np.zeros(blocks.shape, np.uint8),
        np.zeros(largest.shape, np.float16),
        np.full(largest.shape, np.inf),
    )
    for clipped in CLIPPED:
        tried = (largest * clipped / -MIDDLE).astype(np.float16)
        whole = np.clip(np.rint(blocks / tried.astype(np.float32)), -MIDDLE, MIDDLE - 1)
        loses = ((whole * tried.astype(np.float32) - blocks) ** 2).sum(axis=2, keepdims=True)
        better = loses < lost
        found = np.where(better, (whole + MIDDLE).astype(np.uint8), found)
        scales, lost = np.where(better, tried, scales), np.minimum(loses, lost)
    first, second = np.split(found.reshape(len(table), -1), 2, axis=1)
    return np.asarray(first | second << 4, np.uint8), scales[:, :, 0]


def unpacked(halves: NDArray[np.uint8], scales: NDArray[np.float16]) -> Vectors:
    """Return the table that `packed` made these of, but for what was lost."""
    whole = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - MIDDLE
    blocks = whole.reshape(len(whole), BLOCKS, -1) * scales[:, :, None].astype(np.float32)
    return np.asarray(blocks.reshape(whole.shape), np.float32)


@dataclass
class Graph:
    """A graph that is being written: each method adds nodes and returns the name of what they give."""

    bert: Bert
    largest: Mapping[str, Vectors] = field(default_factory=dict)
    """How large each input of a linear layer gets, by the layer's name, where that is known."""
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def write(
        self,
        file: Path,
        *,
        given: Mapping[str, int | None],
        gives: Mapping[str, str],
        told: Mapping[str, str] | None = None,
    ) -> None:
        """Write the graph to `file`, made beside it and put there whole, and with it what is `told` of it.

        What is `given`, by its names, are vectors of a length, shape (1, tokens, length), or whole numbers, of shape
        (1, tokens). What it `gives`, by its names, has any shape.
        """
        for name, value in gives.items():
            self.nodes.append(onnx.helper.make_node("Identity", [value], [name]))
        real, whole = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
        inputs = [
            onnx.helper.make_tensor_value_info(name, whole, [1, "tokens"])
            if length is None
            else onnx.helper.make_tensor_value_info(name, real, [1, "tokens", length])
            for name, length in given.items()
        ]
        outputs = [onnx.helper.make_tensor_value_info(name, real, None) for name in gives]
        graph = onnx.helper.make_graph(self.nodes, "bert", inputs, outputs, list(self.constants.values()))
        opsets = [onnx.helper.make_opsetid("", OPSET), onnx.helper.make_opsetid(RUNTIME, 1)]
        model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        onnx.helper.set_model_props(model, dict(told or {}))
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, model.SerializeToString())

    def rows(self, name: str, table: Vectors, ids: str) -> str:
        """Look up rows of a table, which is kept in 4 bits a number: see `packed`."""
        halves, scales = packed(table)
        found = self.node("Gather", self.constant(f"{name}.halves", halves), ids)
        four = self.constant("four", np.array(4, np.uint8))
        low = self.node("BitShift", self.node("BitShift", found, four, direction="LEFT"), four, direction="RIGHT")
        high = self.node("BitShift", found, four, direction="RIGHT")
        whole = self.node("Cast", self.node("Concat", low, high, axis=2), to=onnx.TensorProto.FLOAT)
        whole = self.node("Sub", whole, self.constant("middle", np.array(MIDDLE, np.float32)))
        scale = self.node("Gather", self.constant(f"{name}.scales", scales), ids)
        scale = self.node("Cast", scale, to=onnx.TensorProto.FLOAT)
        blocks = self.node("Reshape", whole, self.integers(1, -1, BLOCKS, table.shape[1] // BLOCKS))
        scaled = self.node("Mul", blocks, self.node("Reshape", scale, self.integers(1, -1, BLOCKS, 1)))
        return self.node("Reshape", scaled, self.integers(1, -1, table.shape[1]))

    def layers(self, states: str, first: int, after: int) -> str:
        """Send states through the layers from `first` to the one before `after`."""
        for layer in range(first, after):
            states = self.layer(f"encoder.layer.{layer}", states)
        return states

    def placed(self, words: str) -> str:
        """Add to the vectors of words those of their places and of text type 0, and normalise."""
        weights = self.bert.weights
        tokens = self.node("Slice", self.node("Shape", words), self.integers(1), self.integers(2))
        places = self.constant(
            "places",
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0],
        )
        places = self.node("Slice", places, self.integers(0), tokens, self.integers(0))
        return self.normalised("embeddings.LayerNorm", self.node("Add", words, places))

    def layer(self, name: str, states: str) -> str:
        """Send states through one layer."""
        seen = self.linear(f"{name}.attention.output.dense", self.attention(f"{name}.attention.self", states))
        states = self.normalised(f"{name}.attention.output.LayerNorm", self.node("Add", seen, states))
        wide = self.node("Gelu", self.linear(f"{name}.intermediate.dense", states), domain=RUNTIME)
        narrow = self.linear(f"{name}.output.dense", wide)
        return self.normalised(f"{name}.output.LayerNorm", self.node("Add", narrow, states))

    def attention(self, name: str, states: str) -> str:
        """Let each token look at every other one: scaled dot products, one for each head."""
        weights = self.bert.weights
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        matrix = np.concatenate([weights[f"{part}.weight"] for part in parts])
        bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
        width = self.integers(*[self.bert.dimension] * 3)
        seen = self.node("Split", self.integer_product(name, matrix, states), width, axis=2, gives=3)
        return self.node(
            "MultiHeadAttention",
            *(f"{seen} {part}" for part in range(3)),
            self.constant(f"{name}.bias", bias),
            domain=RUNTIME,
            num_heads=self.bert.heads,
        )

    def linear(self, name: str, states: str) -> str:
        """Multiply by a matrix, in integers, and add its bias."""
        matrix, bias = (self.bert.weights[f"{name}.{part}"] for part in ("weight", "bias"))
        return self.integer_product(name, matrix, states, self.constant(f"{name}.bias", bias))

    def integer_product(self, name: str, matrix: Vectors, states: str, *bias: str) -> str:
        """Multiply by a matrix of shape (outputs, inputs), in integers."""
        if name in self.largest:
            divided = smoothing(self.largest[name], matrix)
            states = self.node("Mul", states, self.constant(f"{name}.smoothing", 1 / divided))
            matrix = matrix * divided
        integers, scales = quantised(matrix.T)
        kept = (
            self.constant(f"{name}.integers", integers),
            self.constant(f"{name}.scales", scales),
            self.constant(f"{name}.zeros", np.zeros(len(scales), np.int8)),
        )
        return self.node("DynamicQuantizeMatMul", states, *kept, *bias, domain=RUNTIME)

    def normalised(self, name: str, states: str) -> str:
        """Give each token a mean of 0 and a variance of 1, then scale and shift it."""
        scale, shift = (self.constant(f"{name}.{part}", self.bert.weights[f"{name}.{part}"]) for part in PARTS)
        return self.node("LayerNormalization", states, scale, shift, epsilon=self.bert.epsilon, axis=-1)

    def integers(self, *values: int) -> str:
        """Return the name of a constant of whole numbers."""
        return self.constant(f"integers {values}", np.array(values, np.int64))

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Return the name of a constant, which is kept once."""
        if name not in self.constants:
            self.constants[name] = onnx.numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, kind: str, *given: str, domain: str = "", gives: int = 1, **attributes: Any) -> str:  # noqa: ANN401 - they are the kind's own
        """Add a node, and return the name of what it gives; of several, the name before their numbers."""
        name = f"{kind} {len(self.nodes)}"
        names = [name] if gives == 1 else [f"{name} {number}" for number in range(gives)]
        self.nodes.append(onnx.helper.make_node(kind, given, names, domain=domain, **attributes))
        return name
