"""Who said what the last answer quotes is told with the quote."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index import build
from index.store import Scope, open_store
from qa.answer import Answer, Assistant
from qa.followup import Turn
from qa.read import EvidenceReader
from qa.scans.speaker import asks_who_said_it
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker

Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who said that?", True),
        ("and who says so", True),
        ("Says who?", True),
        ("whose words are these?", True),
        ("According to whom?", True),
        ("Who said that the dam was unsafe?", False),
        ("Who said it first in 1999?", False),
        ("What did he say?", False),
    ],
)
def test_a_question_asks_who_said_what_was_quoted(question: str, *, asks: bool) -> None:
    assert asks_who_said_it(question) is asks


@pytest.fixture
def ask(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> Ask:
    (tmp_path / "news").mkdir()
    texts = {
        "dam.md": "---\nsource: Wire\n---\nJane Roe visited the dam. She said that the gates were shut. Poe left.",
        "quote.md": "Bo Poe spoke on Monday. “The silo is safe,” he said.\n\nIn Kyiv, Ada Sample said barley was sown.",
        "talk.txt": "MR. POE: Oats are dear. They were cheap.\nMS. ROE: No.\nMR. POE: Yes.\nMS. ROE: Why?",
        "asked.txt": "Ines Harrow makes pots.\n\nQ: Why?\n\nA: For joy.\n\nQ: Since when?\n\nA: Since school.",
        "plain.md": "---\nauthor: Ann Fox\n---\nRye is good for soils.",
    }
    for name, text in texts.items():
        (tmp_path / "news" / name).write_text(text)
    build(tmp_path / "news", store=store, embedder=embedder)
    assistant = Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), 0.5)

    def answer(question: str, said: str) -> Answer:
        turns = [Turn("What of it?", said)]
        *_, last = assistant.stream(question, history=turns, scope=Scope(), today=date(2026, 2, 1))
        return last

    return answer


@pytest.mark.parametrize(
    ("said", "who", "quote"),
    [
        (
            "She said that the gates were shut. [1]",
            "Jane Roe",
            "Jane Roe visited the dam. She said that the gates were shut.",
        ),
        ("“The silo is safe,” he said. [1]", "Bo Poe", "Bo Poe spoke on Monday. “The silo is safe,” he said."),
        ("In Kyiv, Ada Sample said barley was sown. [1]", "Ada Sample", "In Kyiv, Ada Sample said barley was sown."),
        ("They were cheap. [1]", "MR. POE", "MR. POE: Oats are dear. They were cheap."),
        ("A: Since school. [1]", "Ines Harrow", "A: Since school."),
    ],
)
def test_the_name_is_told_from_the_sentence_or_one_before_it(ask: Ask, said: str, who: str, quote: str) -> None:
    answer = ask("Who said that?", said)
    assert (answer.lead, answer.short) == ("The last answer quotes:", who)
    assert [cited.quote for cited in answer.citations] == [quote]


def test_where_nobody_is_named_the_article_says_so(ask: Ask) -> None:
    answer = ask("Who said that?", "Rye is good for soils. [1]")
    assert answer.text == "Nobody is named: the article itself says so.\nBy Ann Fox: Rye is good for soils. [1]"
    assert answer.short == ""


def test_where_nothing_is_quoted_nobody_said_it(ask: Ask) -> None:
    assert not ask("Who said that?", "The articles do not say.").answered
