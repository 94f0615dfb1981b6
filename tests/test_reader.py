"""The trained reader: what ships can be trained on, and is kept in few bits."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.embed import Vectors
from index.export import constants, packed, quantised, unpacked
from qa.spans import FILE, SpanReader, packaged

pytest.importorskip("torch", reason="the reader is trained with torch")

from qa.reader.weights import between, read, write

pytestmark = pytest.mark.model
QUESTION, PASSAGE = (
    "When did Sweden join?",
    "Sweden joined the alliance on 7 March 2024, almost two years after Finland.",
)


def test_the_weights_that_ship_are_read_as_they_were_written(tmp_path: Path) -> None:
    weights = read(FILE)
    write(weights, tmp_path / "reader.onnx")
    ((ours,), (theirs,)) = (SpanReader(file).mark(QUESTION, [PASSAGE]) for file in (tmp_path / "reader.onnx", FILE))
    assert ours.begins == pytest.approx(theirs.begins, abs=1)  # its inputs are not made alike: see `smooth`
    assert ours.answers == pytest.approx(theirs.answers, abs=0.5)
    again = read(tmp_path / "reader.onnx")
    assert all(_distance(again[name], weights[name]) < 0.02 for name in weights)


def _distance(one: Vectors, other: Vectors) -> float:
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


def test_a_reader_that_was_written_with_its_words_in_eight_bits_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = constants(FILE)
    words = unpacked(kept.pop("words.halves"), kept.pop("words.scales"))
    integers, scales = quantised(words.T)
    old = {**kept, "words.integers": integers.T, "words.scales": scales[:, None]}
    monkeypatch.setattr("qa.reader.weights.constants", lambda _: old)
    assert np.abs(read(FILE)["words.weight"] - words).max() < 0.01


def test_a_table_of_words_is_kept_in_four_bits_a_number_and_packed_again_without_loss() -> None:
    table = np.random.default_rng(1).normal(0, 0.05, (300, 384)).astype(np.float32)
    table[7] = 0
    halves, scales = packed(table)
    assert (halves.nbytes, scales.nbytes) == (table.size // 2, 300 * 6 * 2)
    found = unpacked(halves, scales)
    assert np.sqrt(((found - table) ** 2).sum() / (table**2).sum()) < 0.1
    assert not found[7].any()
    assert (unpacked(*packed(found)) == found).all()


def test_between_two_readers_lies_a_share_of_each() -> None:
    one, two = {"bias": np.array([1, 2], np.float32)}, {"bias": np.array([3, 2], np.float32)}
    assert between(one, two, 0.75)["bias"] == pytest.approx([1.5, 2])


def _answer(question: str, texts: Sequence[str]) -> list[float]:
    return [marked.answers for marked in packaged().mark(question, texts)]


def test_the_cross_encoder_puts_the_sentence_that_answers_first() -> None:
    texts = ["Nor does it bind China, whose arsenal is growing.", "China has a long wall.", PASSAGE]
    assert np.argmax(_answer(QUESTION, texts)) == 2
    assert np.argmax(_answer("Does New START bind Beijing?", texts)) == 0


def test_a_text_has_the_same_score_whatever_stands_beside_it() -> None:
    assert _answer(QUESTION, [PASSAGE, "", "x " * 2000])[0] == _answer(QUESTION, [PASSAGE])[0]
    assert _answer(QUESTION, []) == []
