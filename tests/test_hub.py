"""A reader and a cross-encoder of the Hugging Face hub, by their folders: tiny ones, made here of random weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("transformers", reason="models of the hub are read with transformers")

import torch
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertTokenizer,
    PreTrainedModel,
)

from index.errors import ModelError
from index.records import Span
from qa import ask
from qa.assemble import open_assistant
from qa.hub import LEAST, HubCrossEncoder, HubReader
from qa.spans import SpanReader, in_its_place

pytestmark = pytest.mark.model
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] when did sweden finland join the alliance on 7 march 2024 . ?".split()  # noqa: SIM905
QUESTION = "When did Sweden join?"
PASSAGE = "Sweden joined the alliance on 7 March 2024. Finland did not wait."


def kept(model: PreTrainedModel, place: Path) -> str:
    (place / "words.txt").write_text("\n".join(WORDS))
    tokenizer = BertTokenizer(vocab={word: number for number, word in enumerate(WORDS)}, model_max_length=64)
    tokenizer.save_pretrained(place)
    model.save_pretrained(place)
    return str(place)


def tiny(labels: int = 1) -> BertConfig:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    config.num_labels = labels
    return config


@pytest.fixture
def reader(tmp_path: Path) -> str:
    return kept(BertForQuestionAnswering(tiny(2)), tmp_path)


@pytest.fixture
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return kept(BertForSequenceClassification(tiny()), tmp_path_factory.mktemp("cross-encoder"))


def test_a_reader_of_the_hub_marks_characters_of_the_passage(reader: str) -> None:
    (marked,) = HubReader(reader).mark(QUESTION, [PASSAGE])
    assert [PASSAGE[start:end] for start, end in marked.spans][:2] == ["Sweden", "joined"]
    assert marked.begins.shape == marked.ends.shape == (len(marked.spans),)
    words, sure = marked.best(Span(0, len(PASSAGE)))
    assert marked.answers == pytest.approx(max(sure, LEAST))
    assert PASSAGE[words.start : words.end].strip()


def test_a_passage_that_is_too_long_or_empty_is_read_as_far_as_it_goes(reader: str) -> None:
    long, empty = HubReader(reader).mark(QUESTION, [PASSAGE * 50, ""])
    assert 0 < len(long.spans) < 64
    assert len(empty.spans) == 0
    assert empty.answers == LEAST


def test_a_cross_encoder_of_the_hub_scores_each_text_as_its_model_does(cross_encoder: str) -> None:
    read = list(HubCrossEncoder(cross_encoder).mark(QUESTION, [PASSAGE, "Finland ."]))
    tokenizer = BertTokenizer.from_pretrained(cross_encoder)
    model = BertForSequenceClassification.from_pretrained(cross_encoder).eval()
    with torch.inference_mode():
        expected = [
            model(**tokenizer(QUESTION, text, return_tensors="pt")).logits.item() for text in (PASSAGE, "Finland .")
        ]
    assert [text.answers for text in read] == pytest.approx(expected, abs=1e-5)
    assert read[0].best(Span(0, len(PASSAGE))) == (Span(0, 0), -np.inf)
    assert list(HubCrossEncoder(cross_encoder).mark(QUESTION, [])) == []


def test_a_cross_encoder_of_the_hub_reads_what_stands_before_as_one_text_with_the_sentence(cross_encoder: str) -> None:
    parted, whole = HubCrossEncoder(cross_encoder).mark(
        QUESTION, [in_its_place("", "Finland did not wait .", "Sweden did ."), "Finland did not wait . Sweden did ."]
    )
    assert parted.answers == pytest.approx(whole.answers, abs=1e-5)


def test_a_cross_encoder_of_several_labels_is_refused(tmp_path: Path) -> None:
    name = kept(BertForSequenceClassification(tiny(3)), tmp_path)
    with pytest.raises(ModelError, match="gives 3 scores"):
        list(HubCrossEncoder(name).mark(QUESTION, [PASSAGE]))


@pytest.mark.parametrize(
    ("read", "variable"),
    [
        (lambda name: list(HubReader(name).mark(QUESTION, [PASSAGE])), "ARTICLE_QA_READER"),
        (lambda name: list(HubCrossEncoder(name).mark(QUESTION, [PASSAGE])), "ARTICLE_QA_CROSS_ENCODER"),
    ],
)
def test_a_model_that_is_not_here_is_not_fetched(read: Callable[[str], object], variable: str) -> None:
    with pytest.raises(ModelError, match=f"hf download nobody/nothing`, or set {variable}"):
        read("nobody/nothing")


def test_what_is_named_in_the_settings_reads(
    reader: str, cross_encoder: str, seed_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = open_assistant(seed_store).reader
    assert isinstance(packaged.marker.marker, SpanReader)  # type: ignore[attr-defined]
    assert isinstance(packaged.cross_encoder.marker, SpanReader)  # type: ignore[attr-defined]
    monkeypatch.setenv("ARTICLE_QA_READER", reader)
    monkeypatch.setenv("ARTICLE_QA_CROSS_ENCODER", cross_encoder)
    named = open_assistant(seed_store).reader
    assert isinstance(named.marker.marker, HubReader)  # type: ignore[attr-defined]
    assert isinstance(named.cross_encoder.marker, HubCrossEncoder)  # type: ignore[attr-defined]
    assert 0 <= ask(QUESTION, store=seed_store).probability <= 1
