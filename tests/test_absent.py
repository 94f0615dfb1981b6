"""What a question names, and no article has, is told, and is never taken for somebody else."""

from datetime import date
from pathlib import Path

import pytest

from index import build
from index.records import Hit
from index.store import Scope, open_store
from qa.absent import Absent, absent
from qa.answer import ASKS_NOTHING, SILENCE, Answer, Assistant
from qa.followup import Turn
from qa.intent import Understood
from qa.read import EvidenceReader
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker

TODAY = date(2026, 1, 1)


@pytest.fixture
def assistant(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    (tmp_path / "news").mkdir()
    texts = {
        "deal.md": "---\ndate: 2022-07-22\n---\nChancellor Olaf Scholz said that the grain deal was a hope for many. "
        "It was signed in Istanbul. President Joe Biden praised the grain deal.",
        "column.md": "---\nauthor: Ann Poe\n---\nBiden said that the silo was safe. The silo should go, and soon.",
        "polish.txt": "The Sejm of 1652 broke up. A deputy had objected to the grain tax.",
        "russian.txt": "Министр Лавров сказал, что сделка о зерне кончилась. Об этом знали все в Москве.",
    }
    for name, text in texts.items():
        (tmp_path / "news" / name).write_text(text)
    build(tmp_path / "news", store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.0)


def ask(assistant: Assistant, question: str, *history: Turn) -> Answer:
    *_, answer = assistant.stream(question, history=history, scope=Scope(), today=TODAY)
    return answer


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("What did Friedrich Merz think of the grain deal?", ("Friedrich Merz",)),
        ("What did Merz’s party and Macron’s do about the grain deal?", ("Merz", "Macron")),
        ("What did Olaf Scholz and Joe Biden do about the grain deal?", ()),
        ("Was the grain deal signed in 1994?", ("1994",)),
        ("Was the grain deal signed in 2022?", ()),
        ("Did the Sejm of 1652 break up?", ()),
        ("Grain deal?", ()),
        ("What became of the shipping agreement for wheat?", ()),
    ],
)
def test_names_and_years_that_no_article_has_are_told(
    assistant: Assistant, question: str, absent: tuple[str, ...]
) -> None:
    assert ask(assistant, question).absent == absent


@pytest.mark.parametrize("name", ["Merz", "Friedrich Merz", "President Xi Jinping"])
def test_what_somebody_said_who_is_in_no_article_they_do_not_say(assistant: Assistant, name: str) -> None:
    answer = ask(assistant, f"What did {name} say about the grain deal?")
    assert (answer.answered, answer.text) == (False, SILENCE)
    assert answer.absent == (name.removeprefix("President "),)
    assert answer.near


@pytest.mark.parametrize("name", ["Ann Poe", "Poe", "ann poe"])
def test_what_a_writer_says_is_what_the_article_says_and_nobody_else_in_it(assistant: Assistant, name: str) -> None:
    answer = ask(assistant, f"What does {name} say about the silo?")
    assert (answer.answered, answer.absent) == (True, ())
    assert answer.citations[0].quote == "The silo should go, and soon."


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is a filibuster?", "filibuster"),
        ("Who is Friedrich Merz?", "Friedrich Merz"),
        ("Who or what is Xanadu?", "Xanadu"),
        ("Tell me about the frozen yoghurt", "frozen yoghurt"),
    ],
)
def test_what_something_is_of_which_no_word_stands_there_they_do_not_say(
    assistant: Assistant, question: str, missing: str
) -> None:
    answer = ask(assistant, question)
    assert (answer.answered, answer.absent) == (False, (missing,))


@pytest.mark.parametrize("question", ["What is the grain levy?", "Who is Olaf Scholz?", "What are the taxes?"])
def test_what_something_is_of_which_a_word_stands_there_is_read_for(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert (answer.answered, answer.absent) == (True, ())


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("what did friedrich merz say about the grain deal", ("friedrich merz",)),
        ("What did onlookers say about the grain deal?", ()),
        ("asdfgh", ("asdfgh",)),
        ("Asdf ghjk?", ("Asdf ghjk",)),
        ("Who applauded the wheat?", ()),
    ],
)
def test_what_may_be_no_name_is_read_for_all_the_same(
    assistant: Assistant, question: str, absent: tuple[str, ...]
) -> None:
    answer = ask(assistant, question)
    assert (answer.answered, answer.absent) == (True, absent)


def test_what_is_found_in_other_letters_has_every_name_otherwise(assistant: Assistant) -> None:
    asked = Understood("What did Lavrov say?", Scope())
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        articles = {article.id: article for article in snapshot.articles()}
        english, russian = (Hit(articles[name], 0, 40, 1.0) for name in ("deal.md", "russian.txt"))
        assert absent(snapshot, asked, [english]) == Absent(("Lavrov",), decides=True)
        assert absent(snapshot, asked, [russian]) == Absent()


@pytest.mark.parametrize("question", ["hello", "Thanks!", "OK, thank you very much.", "What can you do?"])
def test_what_asks_nothing_is_put_to_no_article(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert (answer.answered, answer.text, answer.citations, answer.near) == (False, ASKS_NOTHING, (), ())


def test_thanks_in_between_leave_the_conversation_as_it_was(assistant: Assistant) -> None:
    signed = Turn("Where did Olaf Scholz praise the grain deal?", "...")
    then = ask(assistant, "and Joe Biden?", signed, Turn("Thanks!", ASKS_NOTHING))
    assert then.understood.question == "Where did Joe Biden praise the grain deal?"
