"""What an abbreviation stands for is told by the sentences that spell it out, if the words begin with its letters."""

from datetime import date
from pathlib import Path

import pytest

from index import build
from index.store import Scope, open_store
from qa.answer import Assistant
from qa.read import EvidenceReader
from qa.scans.acronyms import letters_asked_about, meanings_in, stands_for
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker


@pytest.mark.parametrize(
    ("question", "letters"),
    [
        ("What does OSCE stand for?", "OSCE"),
        ("what does the osce mean", "OSCE"),
        ("What does the abbreviation “U.N.” stand for?", "UN"),
        ("What is NATO short for?", "NATO"),
        ("What is the full form of the IAEA?", "IAEA"),
        ("What does NATO stand for in the treaty?", ""),
        ("What is NATO?", ""),
        ("What does a pocket veto mean?", ""),
    ],
)
def test_a_question_asks_what_letters_stand_for(question: str, letters: str) -> None:
    assert letters_asked_about(question) == letters


@pytest.mark.parametrize(
    ("sentence", "letters", "meanings"),
    [
        ("The World Grain Organisation (WGO) met.", "WGO", ["World Grain Organisation"]),
        ("The old World Grain Organisation, or WGO, met.", "WGO", ["World Grain Organisation"]),
        ("The WGO (World Grain Organisation) met.", "WGO", ["World Grain Organisation"]),
        ("WGO stands for World Grain Organisation, he said.", "WGO", ["World Grain Organisation"]),
        ("The Body of Ports for Co-operation (BPC) met.", "BPC", ["Body of Ports for Co-operation"]),
        ("Centers for Grain Control and Prevention (CGC) met.", "CGC", ["Centers for Grain Control and Prevention"]),
        ("The Conference of the Parties to the Convention on Grain (COP) met.", "COP", []),
        ("Ana told the paper (WGO) so.", "WGO", []),
        ("The WGO (in Geneva) met.", "WGO", []),
    ],
)
def test_a_sentence_spells_letters_out(sentence: str, letters: str, meanings: list[str]) -> None:
    assert [sentence[slice(*span)] for span in meanings_in(sentence, letters)] == meanings


def test_small_words_may_have_a_letter_or_none() -> None:
    assert stands_for("UNOG", "United Nations Office at Geneva")
    assert stands_for("COP", "Conference of Parties")
    assert stands_for("BPCP", "Body for Peace and Co Ports")
    assert not stands_for("UNO", "United States Office")


def test_the_articles_that_spell_it_out_are_cited(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> None:
    articles = tmp_path / "news"
    articles.mkdir()
    (articles / "a.md").write_text("Last year the World Grain Organisation (WGO) met in a town by the sea.\n")
    (articles / "b.md").write_text("The WGO (World Grain Organisation) has ninety members and a house in Alba.\n")
    (articles / "c.md").write_text("Nobody at the WGO knew of the ship.\n")
    build(articles, store=store, embedder=embedder)
    assistant = Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), 0.5)

    def ask(question: str) -> tuple[str, str, list[str]]:
        *_, answer = assistant.stream(question, history=(), scope=Scope(), today=date(2026, 2, 1))
        return answer.short, answer.lead, [cited.article.id for cited in answer.citations]

    assert ask("what does wgo stand for?") == (
        "World Grain Organisation",
        "2 articles spell it out:",
        ["a.md", "b.md"],
    )
    assert not ask("what does ninety mean?")[1]
    assert ask("What does Alba stand for?") == ("", "", [])
