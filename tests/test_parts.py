"""A question that asks several things is answered one by one; one that asks a single thing is left whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import build
from index.records import Article, Hit, Span
from index.store import Scope, open_store
from qa.answer import ASKS_NOTHING, SILENCE, Answer, Assistant
from qa.compose import Citation, compose
from qa.followup import Turn
from qa.parts import MOST, numbered_on, parts
from qa.quoted import spans_of
from qa.read import Reading, Sentence
from tests.conftest import HashingEmbedder
from ui.answer import answer_page
from ui.conversation import Asked, Conversation, Exchange, from_json, to_json
from ui.export import markdown, page
from ui.thread import exchange_html, heard_text

TODAY = date(2025, 8, 21)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "When was the deal signed and who negotiated it?",
            ["When was the deal signed?", "And who negotiated it?"],
        ),
        ("Who was Sicinski? What did he do?", ["Who was Sicinski?", "What did he do?"]),
        ("who built the dam, and when was it finished", ["Who built the dam?", "And when was it finished?"]),
        ("What is a pocket veto; can Congress override it?", ["What is a pocket veto?", "Can Congress override it?"]),
        ("Will the vote be repeated, and when?", ["Will the vote be repeated?", "When will the vote be repeated?"]),
        (
            "Who signed it? (New START) And what did they promise? (New START, signed)",
            ["Who signed it? (New START)", "And what did they promise? (New START, signed)"],
        ),
        ("Who signed it and when?", ["Who signed it?", "When was it signed?"]),
        ("Who wrote the articles and why?", ["Who wrote the articles?", "Why were the articles written?"]),
        ("Compare Liz Truss and Rishi Sunak.", ["Who or what is Liz Truss?", "Who or what is Rishi Sunak?"]),
        ("What's the main difference between sanctions and a tariff?", ["What are sanctions?", "What is a tariff?"]),
        ("How do the pact and the treaty differ?", ["What is the pact?", "What is the treaty?"]),
        ("pocket veto vs liberum veto", ["What is pocket veto?", "What is liberum veto?"]),
        ("Compare a crisis with sanctions", ["What is a crisis?", "What are sanctions?"]),
        ("NATO vs. the OSCE", ["Who or what is NATO?", "What is the OSCE?"]),
        (
            "What are the pros and cons of a veto?",
            ["What do supporters of a veto say?", "What do critics of a veto say?"],
        ),
        (
            "list the main arguments for and against majority voting",
            ["What do supporters of majority voting say?", "What do critics of majority voting say?"],
        ),
        ("Did it end, and how?", ["Did it end?", "How did it end?"]),
        (
            "Why did Russia leave, how did Kyiv respond, and what did the UN say?",
            ["Why did Russia leave?", "How did Kyiv respond?", "And what did the UN say?"],
        ),
    ],
)
def test_a_question_of_several_is_taken_apart(question: str, asked: list[str]) -> None:
    assert list(parts(question)) == asked


@pytest.mark.parametrize(
    "question",
    [
        "What did Lavrov say about veto power?",
        "When and where was the deal signed?",
        "What did he say about when and where they met?",
        "Who knows when it began and how it will end?",
        "What determines which half is positive and which is negative?",
        "Who signed the Articles and had French Protestant roots?",
        "Is it France or Germany, or what is it?",
        "How many ships and how much grain were lost?",
        "Who signed?",
        "Which states, and why?",
        "Compare them with the others",
        "Compare prices",
        "Compare the policies of Macron and Scholz",
        "What is the difference between Lavrov's and Putin's demands?",
        "What is Roe vs. Wade?",
        "Argentina vs France final score",
        "What is the difference between it and the treaty?",
        "What is the difference between the Houses, the courts and the president?",
        "What is the difference?",
        "I am writing an essay. How many states agreed?",
        "INF treaty: who were the signatories and when did it die?",
        "Who is he? " * (MOST + 1),
        "Who are you? What can you do?",
        "Quand a-t-il été signé et par qui ?",
        "and Germany?",
    ],
)
def test_a_question_of_one_thing_is_left_whole(question: str) -> None:
    assert parts(question) == (question,)


WORDS = ("Who", "and", "is", "he", "when", "why", "?", ";", ",", "the", "did", "it")


@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_any_text_has_parts_and_each_asks_something(text: str) -> None:
    found = parts(text)
    assert 1 <= len(found) <= MOST
    assert found == (text,) or all("?" in one and one[0] == one[0].upper() for one in found)
    assert found == (text,) or parts(" ".join(found)) == found


SENTENCES = st.lists(
    st.sampled_from(["It rained [1] here.", "The dam [2] broke.", "See [3][1].", "So they\n fled.", "It rained."]),
    min_size=1,
    max_size=4,
    unique=True,
)


@given(st.lists(SENTENCES, min_size=1, max_size=3), st.integers(0, 12))
def test_numbers_go_on_and_what_a_quote_says_stays(told: list[list[str]], after: int) -> None:
    readings = []
    for number, sentences in enumerate(told):
        article = Article(str(number), str(number), "\n\n".join(sentences))
        spans = [article.text.index(one) for one in sentences]
        weighed = tuple(
            Sentence(Span(at, at + len(one)), 0.3 / (place + 1), None)
            for place, (at, one) in enumerate(zip(spans, sentences, strict=True))
        )
        readings.append(Reading(Hit(article, 0, len(article.text), 1.0), weighed))
    *_, composed = compose("What happened?", readings)
    text, citations = numbered_on(composed.text, composed.citations, after)
    assert [one.number for one in citations] == [one.number + after for one in composed.citations]
    assert text == _written(citations)
    assert all(one.agrees_with in {0, *(other.number for other in citations)} for one in citations)


def _written(citations: Sequence[Citation]) -> str:
    """Return the text of an answer without a lead, as its citations say it should be."""
    said = ""
    for one in citations:
        mark = f"[{one.number}]"
        said += mark if one.agrees_with else f" {' '.join(one.quote.split())} {mark}"
    return said.strip()


@dataclass
class LastWordReader:
    """Takes a sentence that holds the last word asked for, but the brackets behind it; and notes what it was asked."""

    asked: list[str] = field(default_factory=list)

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        self.asked.append(question)
        word = question.partition(" (")[0].split()[-1].strip("?").lower()
        return [
            Reading(
                hit,
                tuple(
                    Sentence(span, 0.9, None)
                    for span in spans_of(hit)
                    if word in hit.article.text[span.start : span.end].lower()
                ),
            )
            for hit in hits
        ]


@pytest.fixture
def assistant(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "dam.txt").write_text(
        "The Tarn dam broke [1] on Monday.\n\nAn engineer of Alba had warned of cracks in the Tarn dam before."
    )
    for place in ("Alba", "Odesa", "Berne"):
        (tmp_path / "news" / f"{place}.txt").write_text(f"In {place} the weather of the summer was told to be fine.")
    build(tmp_path / "news", store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, LastWordReader(), threshold=0.5)


def asked_of(assistant: Assistant) -> list[str]:
    assert isinstance(assistant.reader, LastWordReader)
    return assistant.reader.asked


def stages(assistant: Assistant, question: str) -> list[Answer]:
    return list(assistant.stream(question, history=(), scope=Scope(), today=TODAY))


BOTH = "When was the Tarn dam broke? And who ever warned?"


def test_each_thing_asked_has_its_answer_and_the_numbers_go_on(assistant: Assistant) -> None:
    (answer,) = stages(assistant, BOTH)
    assert answer.text == (
        "When was the Tarn dam broke?\nThe Tarn dam broke [1] on Monday. [1]\n"
        "And who ever warned?\nAn engineer of Alba had warned of cracks in the Tarn dam before. [2]"
    )
    assert [one.number for one in answer.citations] == [1, 2]
    assert [[cited.number for cited in part.citations] for part in answer.parts] == [[1], [2]]
    assert answer.answered
    assert answer.question == BOTH


def test_what_follows_is_asked_about_what_was_asked_before_it(assistant: Assistant) -> None:
    (answer,) = stages(assistant, BOTH)
    before, after = asked_of(assistant)
    assert before == "When was the Tarn dam broke?"
    assert after.startswith("And who ever warned? (")
    assert "Tarn" in after
    assert answer.understood.question == f"{before} {after}"


@pytest.mark.parametrize(
    "question", ["Who saw the volcano? And who ever warned?", "Who ever warned? Who saw the volcano?"]
)
def test_what_the_articles_do_not_say_is_said_beside_what_they_do(assistant: Assistant, question: str) -> None:
    (answer,) = stages(assistant, question)
    assert [part.answered for part in answer.parts] == [
        part.endswith("warned") for part in question.rstrip("?").split("? ")
    ]
    assert answer.answered
    assert f"Who saw the volcano?\n{SILENCE}" in answer.text


def test_where_nothing_is_said_of_any_they_are_read_as_one(assistant: Assistant) -> None:
    question = "Who saw the volcano? Who met the emperor?"
    (answer,) = stages(assistant, question)
    assert (answer.answered, answer.text, answer.parts, answer.citations) == (False, SILENCE, (), ())
    assert answer.near
    assert asked_of(assistant)[-1] == question


def test_what_is_read_as_one_leans_on_itself_and_not_on_what_was_asked_before(assistant: Assistant) -> None:
    before = [Turn("What did the engineer of Alba tell?", "An engineer of Alba had warned of cracks. [1]")]
    question = "Who saw the eruption of the volcano, and who photographed it?"
    assert len(parts(question)) == 2
    *_, answer = assistant.stream(question, history=before, scope=Scope(), today=TODAY)
    assert (answer.understood.question, asked_of(assistant)[-1]) == (question, question)
    *_, answer = assistant.stream("Who saw it, and who photographed it?", history=before, scope=Scope(), today=TODAY)
    assert answer.understood.question.startswith("Who saw it, and who photographed it? (")


def test_of_things_that_are_compared_each_is_told_of(assistant: Assistant) -> None:
    (answer,) = stages(assistant, "Compare Odesa with Berne")
    assert [part.question for part in answer.parts] == ["Who or what is Odesa?", "Who or what is Berne?"]
    assert [part.citations[0].article.id for part in answer.parts] == ["Odesa.txt", "Berne.txt"]


def test_things_that_a_sentence_compares_are_read_of_together(assistant: Assistant) -> None:
    *_, answer = stages(assistant, "What is the difference between the cracks and the engineer?")
    assert answer.parts == ()
    assert answer.citations[0].quote == "An engineer of Alba had warned of cracks in the Tarn dam before."


def test_what_one_sentence_answers_together_is_read_as_one(assistant: Assistant) -> None:
    question = "Who ever broke? And what goes on?"
    *_, answer = stages(assistant, question)
    assert (answer.parts, asked_of(assistant)[-1]) == ((), question)
    assert answer.text == "The Tarn dam broke [1] on Monday. [1]"


def test_what_leans_on_what_was_asked_before_is_answered_from_the_same_articles_or_all_is_read_as_one(
    assistant: Assistant,
) -> None:
    question = "When was the Tarn dam broke? And what is fine?"
    *_, answer = stages(assistant, question)
    assert asked_of(assistant)[1].startswith("And what is fine? (")
    assert (answer.parts, asked_of(assistant)[-1]) == ((), question)
    *_, answer = stages(assistant, "When was the Tarn dam broke? What was the weather of Alba told as, fine?")
    assert [part.citations[0].article.id for part in answer.parts] == ["dam.txt", "Alba.txt"]


def test_what_is_doubtful_by_itself_is_read_as_one(assistant: Assistant) -> None:
    doubting = replace(assistant, threshold=0.85)  # so that .9 is nearer to it than to 1
    *_, answer = stages(doubting, BOTH)
    assert (answer.parts, asked_of(doubting)) == ((), ["When was the Tarn dam broke?", BOTH])


def test_what_is_asked_of_the_program_is_not_taken_apart(assistant: Assistant) -> None:
    (answer,) = stages(assistant, "who are you")
    assert answer.text == ASKS_NOTHING
    assert parts("Who are you? What can you do?") == ("Who are you? What can you do?",)


@pytest.fixture
def exchange(assistant: Assistant) -> Exchange:
    *_, answer = stages(assistant, "Who ever <b> warned? Who saw the volcano?")
    return Exchange(Asked(answer.question), "2025-08-21T10:00:00+02:00", state="done").with_answer(answer)


def test_the_page_shows_each_under_what_was_asked(exchange: Exchange) -> None:
    shown = exchange_html(exchange, 0, running=False)
    asked = [one.split("</h3>")[0] for one in shown.split('<h3 class="part" dir="auto">')[1:]]
    assert asked == ["Who ever &#60;b&#62; warned?", "Who saw the volcano?"]
    assert shown.count(f'<p class="none">{SILENCE}</p>') == 1
    assert 'data-number="1"' in shown
    assert "Understood as" not in shown
    assert SILENCE in heard_text(exchange)


def test_a_conversation_with_it_is_kept_and_saved(exchange: Exchange) -> None:
    conversation = Conversation("x", exchanges=(exchange,))
    assert from_json(to_json(conversation)) == (exchange,)
    saved = markdown(conversation)
    assert "### Who ever \\<b\\> warned?\n\n> An engineer" in saved
    assert f"### Who saw the volcano?\n\n{SILENCE}" in saved
    assert saved.count("Asked on") == 1
    assert page(conversation).count("<h3") == 2


def test_the_page_of_one_answer_shows_it_too(assistant: Assistant) -> None:
    *_, answer = stages(assistant, BOTH)
    shown = answer_page(answer)
    assert [shown.count(f"<h2>{part.question}</h2>") for part in answer.parts] == [1, 1]
    assert shown.count("<blockquote>") == 2
