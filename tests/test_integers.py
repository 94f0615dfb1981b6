"""Products in 8-bit integers: the same on every processor, and near those in floats where a few inputs are large."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from index import encoder, minilm
from index.embed import Vectors
from index.encoder import EXACT, PRODUCT, multiplies_exactly, open_session
from index.export import Graph, quantised, smoothing

pytestmark = pytest.mark.model
RNG = np.random.default_rng(0)
MATRIX = RNG.normal(0, 0.05, (96, 384)).astype(np.float32)
STATES = RNG.normal(0, 2, (40, 384)).astype(np.float32)


def product(folder: Path, states: Vectors, largest: Vectors | None = None) -> Vectors:
    """Multiply as the layers of a graph do."""
    graph = Graph(minilm.bert(), {} if largest is None else {"matrix": largest})
    given = graph.integer_product("matrix", MATRIX, "words")
    graph.write(folder / "graph.onnx", given={"words": 384}, gives={"states": given})
    found: Vectors = open_session(folder / "graph.onnx").run(["states"], {"words": states[None]})[0][0]
    return found


def test_products_are_exact_whatever_the_processor(tmp_path: Path) -> None:
    integers, scales = quantised(MATRIX.T)
    lowest, highest = min(0.0, float(STATES.min())), max(0.0, float(STATES.max()))
    scale = np.float32((highest - lowest) / 255)
    zero = np.rint(-lowest / scale)
    whole = np.clip(np.rint(STATES / scale) + zero, 0, 255) - zero
    assert product(tmp_path, STATES) == pytest.approx(whole @ integers.astype(np.float32) * scale * scales, abs=1e-4)


@pytest.mark.parametrize("exactly", [True, False])
def test_a_processor_is_asked_for_exact_products_only_where_they_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, exactly: bool
) -> None:
    product(tmp_path, STATES)
    monkeypatch.setattr(encoder, "multiplies_exactly", lambda: exactly)
    options = open_session(tmp_path / "graph.onnx").get_session_options()
    if exactly:
        with pytest.raises(RuntimeError, match=EXACT):
            options.get_session_config_entry(EXACT)
    else:
        assert options.get_session_config_entry(EXACT) == "1"


@pytest.mark.parametrize("cut", [0, 1])
def test_what_a_processor_cuts_is_seen(monkeypatch: pytest.MonkeyPatch, cut: int) -> None:
    class Session:
        def run(self, _: list[str], given: dict[str, NDArray[np.int8]]) -> list[NDArray[np.int32]]:
            product = given["a"].astype(np.int32) @ given["b"].astype(np.int32)
            product[3, 5] -= cut
            return [product]

    monkeypatch.setattr(encoder, "_opened", lambda *_, **__: Session())
    assert multiplies_exactly.__wrapped__() is (cut == 0)


def test_the_graph_of_a_product_is_what_onnx_writes() -> None:
    def array(name: str, kind: int) -> onnx.ValueInfoProto:
        return onnx.helper.make_tensor_value_info(name, kind, [None, None] if name != "c" else None)

    kinds = onnx.TensorProto
    node = onnx.helper.make_node("MatMulInteger", ["a", "b"], ["c"])
    given = [array("a", kinds.UINT8), array("b", kinds.INT8)]
    graph = onnx.helper.make_graph([node], "products", given, [array("c", kinds.INT32)])
    opsets = [onnx.helper.make_opsetid("", 17)]
    assert onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString() == PRODUCT


def test_inputs_of_which_a_few_are_large_lose_less_where_it_is_known(tmp_path: Path) -> None:
    states = STATES.copy()
    states[:, :4] *= 20
    lost = {
        known: float(np.linalg.norm(product(tmp_path, states, largest) - states @ MATRIX.T))
        for known, largest in (("known", np.abs(states).max(axis=0)), ("unknown", None))
    }
    assert lost["known"] < lost["unknown"] / 2


def test_what_inputs_are_divided_by_is_large_where_they_are_and_one_in_the_mean() -> None:
    largest = np.where(np.arange(384) == 5, 40, 2).astype(np.float32)
    divided = smoothing(largest, np.ones((96, 384), np.float32))
    assert divided.argmax() == 5
    assert np.log(divided).mean() == pytest.approx(0, abs=1e-5)
    assert divided[5] / divided[6] == pytest.approx(20**0.7)
