"""Training the query adapter: it turns questions towards the passages that answer them."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the query adapter is trained with torch")

from index.embed import normalised
from index.encoder import MODELS
from index.records import Span
from qa.reader import adapter
from qa.reader.adapter import Asked, Recipe, asked_of, learn
from qa.reader.examples import Example

DIMENSION = 8


def asked() -> Asked:
    """Return questions that lie where their passage lies, but for a turn that is the same for all."""
    rng = np.random.default_rng(3)
    passages = normalised(rng.standard_normal((60, DIMENSION)).astype(np.float32))
    turn = np.linalg.qr(np.eye(DIMENSION) + 0.35 * rng.standard_normal((DIMENSION, DIMENSION)))[0].astype(np.float32)
    turn *= np.sign(np.diag(turn))
    return Asked(passages @ turn.T, passages, np.stack([np.arange(60)] * 2, axis=1))


def right(given: Asked, matrix: np.ndarray) -> float:
    return float(((given.questions @ matrix.T @ given.passages.T).argmax(axis=1) == given.pairs[:, 1]).mean())


def test_questions_come_nearer_to_what_answers_them() -> None:
    given = asked()
    matrix = learn(given, Recipe(epochs=60, batch=20, rate=1e-2, ridge=0.0))
    assert right(given, matrix) > 0.95 > right(given, np.eye(DIMENSION, dtype=np.float32)) + 0.1
    # With a stiff ridge, next to nothing is turned.
    assert learn(given, Recipe(epochs=20, batch=20, ridge=100.0)) == pytest.approx(np.eye(DIMENSION), abs=0.05)


@pytest.mark.model
def test_what_is_held_out_answers_no_question(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Example("Who sold it?", "Spain sold it.", (Span(0, 5),), "")
    twice = Example("Who bought it?", "Greece bought it.", (Span(0, 6),), "")
    silent = Example("Who burnt it?", "Spain sold it.", (), "")
    held = Example("Who sank it?", "Italy sank it.", (Span(0, 5),), "")
    monkeypatch.setattr(adapter, "held_out", lambda _: ([known, silent], [held]))
    monkeypatch.setattr(adapter, "written", lambda _: ([twice], []))
    found = asked_of(Path("data"), Recipe(written=2))
    assert found.questions.shape == (2, MODELS["multilingual-e5-small"].dimension)
    assert found.passages.shape[0] == 3
    # Passages by the alphabet: Greece, Italy, Spain; questions: bought, sold.
    assert sorted(map(tuple, found.pairs.tolist())) == [(0, 0), (0, 0), (1, 2)]
