"""The packaged BERT weights -> an ONNX model in 8-bit integers; the only file that imports onnx. No PyTorch.

The graph is BERT's encoder (Devlin et al., 2019), written node by node: what goes in are `input_ids` and
`attention_mask`, shape (texts, tokens); what comes out are the `states` of the last layer, shape (texts, tokens,
dimension). The matrices of the linear layers are quantised per output channel (weights int8, activations as they
come); the table of words stays in floats, which costs memory and no time.
"""

import json
import logging
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

OPSET = 17
IR_VERSION = 8
MASKED = -10_000.0


def export(folder: Path, file: Path) -> None:
    """Write the model in `folder` (config.json, model.safetensors) to `file`; it is there as a whole, or not."""
    config = json.loads((folder / "config.json").read_text())
    graph = _Bert(load_file(folder / "model.safetensors"), config["num_attention_heads"], config["layer_norm_eps"])
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as place:
        floats, integers = Path(place) / "floats.onnx", Path(place) / "integers.onnx"
        onnx.save(graph.model(config["num_hidden_layers"]), floats)
        logging.getLogger().addFilter(_no_advice)  # it advises a step for models with shapes to infer; here are none
        try:
            quantize_dynamic(
                floats, integers, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"]
            )
        finally:
            logging.getLogger().removeFilter(_no_advice)
        integers.replace(file)


def _no_advice(record: logging.LogRecord) -> bool:
    return "pre-processing before quantization" not in record.getMessage()


@dataclass
class _Bert:
    """A graph that is being written: each method adds nodes and returns the name of what they give."""

    weights: dict[str, NDArray[np.float32]]
    heads: int
    epsilon: float
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        return len(self.weights["embeddings.LayerNorm.bias"])

    def model(self, layers: int) -> onnx.ModelProto:
        bias = self.mask_bias()
        states = self.embeddings()
        for layer in range(layers):
            states = self.layer(f"encoder.layer.{layer}", states, bias)
        self.nodes.append(onnx.helper.make_node("Identity", [states], ["states"]))
        given = [
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["texts", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        gives = onnx.helper.make_tensor_value_info(
            "states", onnx.TensorProto.FLOAT, ["texts", "tokens", self.dimension]
        )
        graph = onnx.helper.make_graph(self.nodes, "bert", given, [gives], list(self.constants.values()))
        opset = onnx.helper.make_opsetid("", OPSET)
        model = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return model

    def embeddings(self) -> str:
        """Add up the vectors of word, position and text type 0, and normalise."""
        tokens = self.node("Slice", self.node("Shape", "input_ids"), self.integers(1), self.integers(2))
        places = self.weight("embeddings.position_embeddings.weight")
        places = self.node("Slice", places, self.integers(0), tokens, self.integers(0))
        words = self.node("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        types = self.constant("type 0", self.weights["embeddings.token_type_embeddings.weight"][0])
        return self.normalised("embeddings.LayerNorm", self.node("Add", self.node("Add", words, places), types))

    def mask_bias(self) -> str:
        """Return what is added to the attention on each token: nothing, or MASKED for padding."""
        mask = self.node("Cast", "attention_mask", to=onnx.TensorProto.FLOAT)
        padding = self.node("Sub", self.number(1.0), self.node("Unsqueeze", mask, self.integers(1, 2)))
        return self.node("Mul", padding, self.number(MASKED))

    def layer(self, name: str, states: str, bias: str) -> str:
        seen = self.linear(f"{name}.attention.output.dense", self.attention(f"{name}.attention.self", states, bias))
        states = self.normalised(f"{name}.attention.output.LayerNorm", self.node("Add", seen, states))
        wide = self.gelu(self.linear(f"{name}.intermediate.dense", states))
        narrow = self.linear(f"{name}.output.dense", wide)
        return self.normalised(f"{name}.output.LayerNorm", self.node("Add", narrow, states))

    def attention(self, name: str, states: str, bias: str) -> str:
        """Let each token look at every other one: scaled dot products, one for each head."""
        query, value = (self.by_head(f"{name}.{part}", states, [0, 2, 1, 3]) for part in ("query", "value"))
        key = self.by_head(f"{name}.key", states, [0, 2, 3, 1])
        scale = self.number(float((self.dimension // self.heads) ** -0.5))
        scores = self.node("Add", self.node("Mul", self.node("MatMul", query, key), scale), bias)
        seen = self.node("MatMul", self.node("Softmax", scores, axis=-1), value)
        return self.node(
            "Reshape", self.node("Transpose", seen, perm=[0, 2, 1, 3]), self.integers(0, 0, self.dimension)
        )

    def by_head(self, name: str, states: str, order: list[int]) -> str:
        shape = self.integers(0, 0, self.heads, self.dimension // self.heads)
        return self.node("Transpose", self.node("Reshape", self.linear(name, states), shape), perm=order)

    def gelu(self, value: str) -> str:
        """Return x/2 (1 + erf(x / sqrt 2))."""
        bell = self.node("Add", self.node("Erf", self.node("Mul", value, self.number(2**-0.5))), self.number(1.0))
        return self.node("Mul", self.node("Mul", value, bell), self.number(0.5))

    def linear(self, name: str, value: str) -> str:
        matrix = self.constant(f"{name}.matrix", self.weights[f"{name}.weight"].T)
        return self.node("Add", self.node("MatMul", value, matrix), self.weight(f"{name}.bias"))

    def normalised(self, name: str, value: str) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", value, scale, shift, epsilon=self.epsilon, axis=-1)

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def integers(self, *values: int) -> str:
        return self.constant(f"integers {values}", np.array(values, np.int64))

    def number(self, value: float) -> str:
        return self.constant(f"number {value}", np.array(value, np.float32))

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        if name not in self.constants:
            self.constants[name] = onnx.numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, kind: str, *given: str, **attributes: Any) -> str:  # noqa: ANN401 - they are the kind's own
        gives = f"{kind} {len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(kind, given, [gives], **attributes))
        return gives
