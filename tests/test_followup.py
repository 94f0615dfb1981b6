"""A question that leans on the turns before it takes along what it needs; one that stands alone is left alone."""

from collections.abc import Collection
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import build
from index.store import Scope, open_store
from qa import Turn
from qa.answer import Assistant
from qa.followup import CARRIED, leans, rarity_in, stand_alone
from qa.read import EvidenceReader
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker

TODAY = date(2025, 8, 21)
BEFORE = [Turn("What did Lavrov say about veto power?", "Lavrov said that ...")]
TEXT = st.text(alphabet="aAbB .,?!()-’\n\0é中", max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("question", "stands_alone"),
    [
        ("When did he say that?", "When did he say that? (Lavrov, veto power)"),
        ("Which newspaper reported it?", "Which newspaper reported it? (Lavrov, veto power)"),
        ("What does NATO say about it?", "What does NATO say about it? (Lavrov, veto power)"),
        ("and Germany?", "What did Germany say about veto power?"),
        ("what about the European Union?", "What did the European Union say about veto power?"),
        ("What about inspections?", "What about inspections? (Lavrov, veto power)"),
        ("why?", "why? (Lavrov, veto power)"),
        ("tell me more", "What did Lavrov say about veto power? tell me more"),
        ("and when did he say that?", "and when did he say that? (Lavrov, veto power)"),
        ("who else?", "What did Lavrov say about veto power? who else?"),
        ("Wow, thanks. What about its members?", "Wow, thanks. What about its members? (Lavrov, veto power)"),
        ("What are the other reasons?", "What are the other reasons? (Lavrov, veto power)"),
    ],
)
def test_a_question_that_leans_on_the_one_before_takes_along_what_it_needs(question: str, stands_alone: str) -> None:
    assert stand_alone(question, BEFORE) == stands_alone


def test_those_who_are_for_something_named_are_asked_about_that() -> None:
    def common(asked: Collection[str]) -> dict[str, float]:
        return dict.fromkeys(asked, 0.1)

    assert stand_alone("What do supporters of the veto say?", BEFORE, common) == "What do supporters of the veto say?"
    assert "(" in stand_alone("What do supporters say?", BEFORE, common)
    assert "(" in stand_alone("What do supporters of it say?", BEFORE, common)


def test_a_country_is_not_who_he_is() -> None:
    turns = [*BEFORE, Turn("What did China say about veto power?", "China said nothing of it. China waits.")]
    assert stand_alone("When did he say that?", turns) == "When did he say that? (veto power, Lavrov)"
    assert "China" in stand_alone("When did he say that?", turns[1:])
    assert "China" in stand_alone("When did it say that?", turns)


@pytest.mark.parametrize(
    "question",
    [
        "What is Article 5?",
        "Who signed the Minsk agreements?",
        "who signed the minsk agreements?",
        "Did Putin say that Russia agreed?",
        "Did Putin say that he would come?",
        "Is it true that grain prices rose this year?",
        "How many nuclear warheads does China have these days?",
        "Which countries joined NATO this month?",
        "Are there observers in the Donbas?",
        "What is inflation?",
        "What is the liberum veto?",
        "Who are the permanent members?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert stand_alone(question, BEFORE) == question


@given(question=TEXT)
def test_the_first_question_is_left_alone(question: str) -> None:
    assert stand_alone(question, []) == question


@given(question=TEXT, before=TEXT, answer=TEXT)
def test_nothing_that_was_asked_is_lost_and_what_leans_on_nothing_is_left_alone(
    question: str, before: str, answer: str
) -> None:
    understood = stand_alone(question, [Turn(before, answer)])
    assert question in understood
    if not leans(question):
        assert understood == question


def test_the_topic_stays_with_the_conversation() -> None:
    history = [
        Turn("Who negotiated the Black Sea grain deal?", "Turkey and the United Nations did."),
        Turn("When was it signed? (Black Sea grain deal)", "It was signed in July 2022."),
        Turn("Who signed it? (Black Sea grain deal)", "Ministers of both countries signed it in Istanbul."),
    ]
    assert "Black Sea grain deal" in stand_alone("Why did it end?", history)


def test_a_question_about_something_else_begins_a_new_topic() -> None:
    history = [*BEFORE, Turn("Who abolished the liberum veto in Poland?", "The constitution did.")]
    assert stand_alone("When was that?", history) == "When was that? (abolished, liberum veto, Poland)"


def test_he_is_somebody_who_was_named() -> None:
    history = [Turn("Who was the foreign minister at the conference?", "It was Lavrov, and Lavrov spoke first there.")]
    assert "Lavrov" in stand_alone("What did he demand?", history)
    assert "Lavrov" not in stand_alone("When was it?", history)


def test_a_fragment_goes_on_with_the_question_that_the_fragment_before_it_went_on_with() -> None:
    first = stand_alone("and Germany?", BEFORE)
    then = stand_alone("and France?", [*BEFORE, Turn(first, "...")])
    assert then == "What did France say about veto power?"
    assert stand_alone(
        "who else?", [*BEFORE, Turn("What did Lavrov say about veto power? who else?", "...")]
    ).startswith("What did Lavrov say about veto power? who else?")


@pytest.mark.parametrize(
    ("question", "before", "understood"),
    [
        ("and Sweden?", "When did Finland join NATO?", "When did Sweden join NATO?"),
        ("and Macron?", "Which articles mention Merkel?", "Which articles mention Macron?"),
        ("and the EU?", "How many articles are about the UN?", "How many articles are about the EU?"),
        ("and what about Sweden?", "Did the United Kingdom abstain?", "Did Sweden abstain?"),
        ("Inspections?", "When did Finland join NATO?", "Inspections?"),
        ("Why?", "When did Finland join NATO?", "Why did Finland join NATO?"),
        ("And When?", "Did Finland join NATO?", "When did Finland join NATO?"),
        ("What else did he say of it?", "When did Finland join NATO?", "What else did he say of it?"),
        ("How about Minister Sergey Lavrov?", "Has she agreed to it?", "Has Minister Sergey Lavrov agreed to it?"),
        ("why?", "When did Finland join NATO?", "why did Finland join NATO?"),
        ("And when?", "Did Finland join NATO?", "when did Finland join NATO?"),
        ("where?", "How was the treaty signed?", "where was the treaty signed?"),
        ("why?", "How many articles are there?", "why?"),
        ("and China?", "Who signed New START?", "and China?"),
    ],
)
def test_a_name_or_a_word_by_itself_takes_the_place_of_the_one_asked_about(
    question: str, before: str, understood: str
) -> None:
    asked = stand_alone(question, [Turn(before, "...")])
    assert asked == understood or asked.startswith(f"{understood} (")


@pytest.mark.parametrize(
    ("question", "before", "understood"),
    [
        ("and in July?", "What happened in June 2022?", "What happened in July 2022?"),
        ("And in 2023?", "Who resigned in June 2022?", "Who resigned in 2023?"),
        ("what about July 2021?", "What did CNN say in June 2022 of it?", "What did CNN say in July 2021 of it?"),
        ("last week?", "What happened in June 2022?", "What happened last week?"),
        ("and on 5 March?", "What happened on 3 March 2022?", "What happened on 5 March 2022?"),
        ("and in November?", "How many articles mention Musk?", "How many articles mention Musk in November?"),
        ("and in Ukraine?", "What happened in Iran in October?", "What happened in Ukraine in October?"),
    ],
)
def test_a_time_by_itself_takes_the_place_of_the_one_asked_about(question: str, before: str, understood: str) -> None:
    assert stand_alone(question, [Turn(before, "...")]) == understood


@pytest.mark.parametrize(
    ("question", "before", "understood"),
    [
        ("what about the Courier?", "How many left?", "How many left according to the Courier?"),
        ("and in the courier?", "What did the Gazette say of it?", "What did the courier say of it?"),
        (
            "only Kelbury Gazette",
            "How many left according to the Courier?",
            "How many left according to Kelbury Gazette?",
        ),
    ],
)
def test_an_outlet_by_itself_is_who_is_asked(question: str, before: str, understood: str) -> None:
    outlets = ["Northern Courier", "Kelbury Gazette"]
    assert stand_alone(question, [Turn(before, "...")], outlets=outlets) == understood
    assert stand_alone(question, [Turn(before, "...")]) != understood


@pytest.mark.parametrize("question", ["timeline of the flood", "which articles are about floods?", "summarize grain"])
def test_a_list_of_something_stands_alone(question: str) -> None:
    def common(asked: Collection[str]) -> dict[str, float]:
        return dict.fromkeys(asked, 0.1)

    assert stand_alone(question, BEFORE, common) == question
    assert stand_alone("which articles are about it?", BEFORE, common) != "which articles are about it?"


def test_what_was_typed_is_taken_along_before_what_an_answer_added() -> None:
    answer = "Farcy is old. Farcy is mild. Farcy is rare. Farcy spreads. Farcy ends. Farcy farcy farcy."
    asked = ("What is glanders?", "Is there a cure? (glanders, farcy)", "Who needs it? (farcy, cure, glanders)")
    taken = stand_alone("How many articles mention it?", [Turn(question, answer) for question in asked])
    assert 0 < taken.index("glanders") < taken.index("farcy")


def test_small_talk_is_not_taken_along() -> None:
    history = [Turn("Okay, wow. I heard the corridor closed. Tell me about grain.", "...")]
    assert stand_alone("When was that?", history) == "When was that? (corridor closed, grain)"


def test_no_more_than_a_few_words_are_taken_along() -> None:
    words = " ".join(f"word{number}" for number in range(100))
    understood = stand_alone("And why is that?", [Turn(f"What of {words}?", words)])
    assert len(understood.removeprefix("And why is that?").split()) <= CARRIED


def test_words_that_are_rare_in_the_articles_are_taken_along_first(tmp_path, embedder: HashingEmbedder) -> None:
    (tmp_path / "articles").mkdir()
    for number in range(8):
        (tmp_path / "articles" / f"{number}.txt").write_text(
            "The council met in the spring." + " Odesa." * (number == 0)
        )
    build(tmp_path / "articles", store=tmp_path / "store", embedder=embedder)
    with open_store(str(tmp_path / "store")).snapshot(embedder.fingerprint) as snapshot:
        understood = stand_alone("When was that?", [Turn("council Odesa xyzzy", "")], rarity_in(snapshot))
    assert understood == "When was that? (Odesa)"


def test_a_question_about_what_no_article_has_is_left_alone(folder, store, embedder: HashingEmbedder) -> None:
    build(folder, store=store, embedder=embedder)
    with open_store(str(store)).snapshot(embedder.fingerprint) as snapshot:
        assert not leans("How does photosynthesis use chlorophyll?", rarity_in(snapshot))


@pytest.mark.parametrize("question", ["What is the main reason?", "What was the result?", "Who is the minister?"])
def test_what_is_of_something_else_leans_on_it(question: str) -> None:
    assert leans(question, lambda asked: dict.fromkeys(asked, 0.5))


def test_more_is_what_has_not_been_said(folder, store, embedder: HashingEmbedder) -> None:
    said = "The veto is old. The veto is used by five members. The veto blocks a draft of the veto."
    (folder / "veto.txt").write_text(said)
    build(folder, store=store, embedder=embedder)
    assistant = Assistant(
        open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.0
    )

    def ask(question: str, history: list[Turn]) -> str:
        *_, answer = assistant.stream(question, history=history, scope=Scope(), today=TODAY)
        history.append(Turn(answer.understood.question, answer.text))
        return answer.text

    history: list[Turn] = []
    first = ask("What is the veto?", history)
    further = ask("tell me more", history)
    told = {citation.strip() for citation in first.split("]")[:-1]}
    assert told
    assert not any(citation.split(" [")[0] in further for citation in told)


def test_what_was_understood_is_shown(folder, store, embedder: HashingEmbedder) -> None:
    build(folder, store=store, embedder=embedder)
    assistant = Assistant(
        open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5
    )
    history = [Turn("Where was the treaty signed?", "The treaty was signed in Prague.")]
    *_, answer = assistant.stream("When was that?", history=history, scope=Scope(), today=TODAY)
    assert answer.question == "When was that?"
    assert answer.understood.question.startswith("When was that? (")
    assert "treaty" in answer.understood.question


def test_a_turn_of_any_length_takes_no_time_to_speak_of() -> None:
    before = Turn("Is " * 1_000_000, "It Was " * 1_000_000)
    assert stand_alone("and Sweden?", [before])


def common(asked: Collection[str]) -> dict[str, float]:
    """Tell that no word is rare."""
    return dict.fromkeys(asked, 0.2)


SPOKEN = [Turn("Who defends the veto?", "Russia defends the veto. The police of Kyiv said so.")]


@pytest.mark.parametrize(
    ("question", "leaning"),
    [
        ("Did Biden react?", True),
        ("How did China respond?", True),
        ("What did Trump say?", True),
        ("What did Trump say about her?", True),
        ("Who is responsible?", True),
        ("Who was the police chief?", True),
        ("Which Republicans?", True),
        ("What are the arguments against?", True),
        ("Why did the police wait?", True),
        ("Why did Russia resign?", True),
        ("How many cases are there in Germany?", True),
        ("Which countries does Russia trade with?", False),
        ("What does NATO do?", False),
        ("Why did the pandemic of the century happen?", False),
        ("Why did the army wait so long behind walls?", False),
        ("Why did Orbán resign?", False),
        ("Why did Russia leave the grain deal?", False),
        ("Who won in Germany?", False),
        ("Who is the president of Russia?", False),
        ("Which articles mention the police?", False),
    ],
)
def test_what_says_too_little_by_itself_is_of_what_was_spoken_of(question: str, *, leaning: bool) -> None:
    understood = stand_alone(question, SPOKEN, common)
    assert (understood != question) is leaning
    assert ("veto" in understood) is leaning


def test_what_a_question_tells_first_is_what_it_asks_about() -> None:
    question = "The largest active volcano of Hawaii is erupting for days. Where is it?"
    assert stand_alone(question, SPOKEN, common) == question
    assert stand_alone("Wow, thanks. Where is it?", SPOKEN, common) != "Wow, thanks. Where is it?"


def test_whose_reaction_is_asked_for_may_be_rare() -> None:
    assert stand_alone("Did Zelensky react?", BEFORE) == "Did Zelensky react? (Lavrov, veto power)"


def test_what_is_rare_is_asked_about_by_itself() -> None:
    assert stand_alone("What did the Kerch bridge commander say?", SPOKEN) == "What did the Kerch bridge commander say?"


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("no, I meant Biden", "What did Biden say about veto power?"),
        ("I mean Biden", "What did Biden say about veto power?"),
        ("Sorry, I meant Germany", "What did Germany say about veto power?"),
        ("and what about the Defense Act?", "and what about the Defense Act? (Lavrov, veto power)"),
    ],
)
def test_who_was_meant_takes_the_place_of_who_was_named_and_a_thing_that_of_nobody(
    question: str, understood: str
) -> None:
    assert stand_alone(question, BEFORE) == understood


def test_a_name_is_taken_along_whole() -> None:
    assert stand_alone("Is it worse?", [Turn("What is BA.5?", "A variant.")]) == "Is it worse? (BA.5)"


def test_who_was_named_by_the_answer_is_he() -> None:
    history = [Turn("Who is the chair of the bank?", "The chair, Jerome Powell, spoke. Brainard listened.")]
    assert "Jerome Powell" in stand_alone("What did he demand?", history)
    assert "Brainard" not in stand_alone("What did he demand?", history)
    assert "Powell" not in stand_alone("When was it founded?", history)
