"""What only leads up to a question is left away before anything is searched for; what belongs to it stays."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import build
from index.store import Scope, open_store
from qa.answer import Assistant
from qa.followup import Turn
from qa.plain import plain
from qa.read import EvidenceReader
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Can you please tell me who signed the treaty?", "Who signed the treaty?"),
        ("I'd like to know when the corridor closed.", "When the corridor closed?"),
        ("do you know how many states agreed", "How many states agreed?"),
        ("I was wondering whether the treaty was signed", "The treaty was signed?"),
        ("Good morning, which states hold a veto?", "Which states hold a veto?"),
        ("Thanks! And why?", "And why?"),
        ("And could you tell me when?", "When?"),
        ("Do the articles say what a veto is?", "What is a veto?"),
        ("Who signed it, according to the articles?", "Who signed it?"),
        ("Did you know that the corridor closed?", "The corridor closed?"),
        ("what do you know about the corridor", "What is the corridor?"),
        ("Please describe sanctions.", "What are sanctions?"),
        ("Give me some information on Article 5", "What is Article 5?"),
        ("Tell me about Sergey Lavrov", "Who or what is Sergey Lavrov?"),
    ],
)
def test_what_leads_up_to_a_question_is_left_away(typed: str, asked: str) -> None:
    assert plain(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "What did Lavrov say about veto power?",
        "Tell me more",
        "Tell me about it",
        "Explain that",
        "tell me about the article",
        "Show me the latest articles about Odesa",
        "Who told you that the corridor closed?",
        "Do you know him?",
        "Can you tell me?",
        "According to Reuters, who signed it?",
        "Do the articles mention Canada?",
        "What do the articles say about China?",
        "What may members vote as they please?",
        "Hello",
        "Please",
        "thank you very much",
        "sweden nato when",
    ],
)
def test_what_asks_by_itself_stays_as_it_was_typed(typed: str) -> None:
    assert plain(typed) == typed


WORDS = (
    "please",
    "tell",
    "me",
    "do",
    "you",
    "know",
    "who",
    "is",
    "it",
    "true",
    "that",
    "the articles",
    ",",
    "?",
    "hi!",
)


@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_of_any_text_something_is_left(typed: str) -> None:
    assert bool(plain(typed).strip(" ?")) or not typed.strip(" ?")


def test_what_was_asked_is_shown_as_it_was_typed_and_read_plainly(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    reading = Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), 0.5)

    def ask(question: str, history: tuple[Turn, ...] = ()) -> tuple[str, str, str]:
        *_, answer = reading.stream(question, history=history, scope=Scope(), today=date(2025, 8, 21))
        return answer.question, answer.understood.question, answer.text

    typed = "Could you tell me where the treaty was signed?"
    assert ask(typed) == (typed, *ask("Where the treaty was signed?")[1:])
    history = (Turn("Where was the treaty signed?", "The treaty was signed in Prague. [1]"),)
    assert ask("Please tell me why", history)[1:] == ask("Why?", history)[1:]
    assert [hit.article.id for hit in reading.retrieve(typed, k=1, scope=Scope(), today=date(2025, 8, 21))] == [
        "treaty.html"
    ]
