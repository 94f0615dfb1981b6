"""A near-copy is recognised by its wording, whatever stands around it; other stories are not."""

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.copies import KINDS
from index.copies import COPY, OPENING, SHINGLE, SHORT, bands, likeness, signature
from index.sentences import sentence_spans
from tests.conftest import SEEDS, articles_in

TEXT = st.text(alphabet=st.sampled_from("aB 1.\n“é世界น"), max_size=300)
CHINESE = (
    "联合国安全理事会周二就乌克兰局势举行紧急会议,多国代表呼吁立即停火并恢复谈判。"
    "秘书长表示,平民伤亡人数仍在上升,人道主义援助必须不受阻碍地送达。"
)


@pytest.fixture(scope="module")
def seeds() -> list[str]:
    return [article.text for article in articles_in(SEEDS)]


def alike(one: str, other: str) -> float:
    return likeness(signature(one), signature(other))


@given(TEXT, TEXT)
def test_the_same_text_is_its_own_copy_and_likeness_has_no_direction(one: str, other: str) -> None:
    has_words = any(character.isalnum() for character in one)
    assert alike(one, one) == (1.0 if has_words else 0.0)
    assert alike(one, other) == alike(other, one)
    assert len(signature(one)) == len(signature(other))
    assert len(set(bands(signature(one)))) == (20 if has_words else 0)
    assert all(0 <= band < 2**63 for band in bands(signature(one)))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "cut to 60 %, edited, own lines"])
def test_a_near_copy_of_a_sample_article_is_recognised(kind: str, seeds: list[str]) -> None:
    for text in seeds:
        sentences = [text[start:end] for start, end in sentence_spans(text)]
        copy = signature("\n".join(KINDS[kind](sentences, random.Random(0))))
        assert likeness(signature(text), copy) >= COPY
        assert set(bands(signature(text))) & set(bands(copy))


def test_the_sample_articles_are_no_copies_of_each_other(seeds: list[str]) -> None:
    made = [signature(text) for text in seeds]
    assert len(made) == 15
    assert max(likeness(one, two) for one in made for two in made if one is not two) < 0.1


def test_the_same_list_below_two_reports_makes_no_copy(seeds: list[str]) -> None:
    one, two, *others = seeds
    fixtures = "\n".join(others)
    assert alike(f"{one}\n{fixtures}", f"{two}\n{fixtures}") < COPY


def test_the_same_greeting_above_two_newsletters_makes_no_copy(seeds: list[str]) -> None:
    greeting, one, two, *_ = seeds
    assert alike(f"{greeting}\n{one}\n{one[::-1]}", f"{greeting}\n{two}\n{two[::-1]}") < COPY


def test_case_punctuation_and_line_breaks_do_not_count(seeds: list[str]) -> None:
    assert signature(seeds[0]) == signature(seeds[0].upper().replace(" ", "\n").replace(",", " –"))


def test_a_script_without_spaces_is_compared_by_its_characters() -> None:
    assert alike(CHINESE, f"本报讯 {CHINESE}") >= COPY
    assert alike(CHINESE, CHINESE[::-1]) < 0.1


def test_a_short_article_is_a_copy_only_in_the_same_words() -> None:
    monday = "The winning numbers of the Monday draw are 4, 8, 15, 16, 23 and 42. Nobody won the main prize this week."
    assert len(monday.split()) < SHORT
    assert alike(monday, monday.upper()) == 1.0
    assert alike(monday, monday.replace("42", "41")) < 0.1


@pytest.mark.parametrize("text", ["", " \n", "?!", "—"])
def test_a_text_without_words_is_nobody_s_copy(text: str) -> None:
    assert bands(signature(text)) == []
    assert alike(text, text) == 0.0
    assert alike(text, "Grain") == 0.0


def test_one_word_is_a_copy_of_itself_only() -> None:
    assert alike("Grain", "grain.") == 1.0
    assert alike("Grain", "Corn") < 0.1


def test_the_length_of_what_is_held_at_a_time_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (OPENING + SHINGLE, 1000, 1001, 1003, 2500):
        text = " ".join(f"word{number * 7919 % 1009}" for number in range(words))
        at_once = signature(text)
        with monkeypatch.context() as little:
            little.setattr("index.copies.BLOCK", 500)
            assert signature(text) == at_once


def test_signatures_stay_what_they_were_on_every_machine_and_with_every_version() -> None:
    """A change here makes all stored signatures worthless: change RECIPE with it."""
    made = signature(f"{CHINESE} Élan, naïve; Straße. " + " ".join(f"word{number}" for number in range(2000)))
    assert hashlib.sha256(made).hexdigest()[:16] == "ae6d0ca085a62359"
    assert bands(signature("The treaty was signed in Prague."))[:3] == [2201596521, 4546312498, 9661002578]
