"""What is not in English is answered with the sentences nearest in meaning, as the nearest that the articles say."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from index import build
from index.records import Hit
from index.store import Scope, open_store
from qa.answer import Answer, Assistant
from qa.meaning import SHARES
from qa.read import EvidenceReader, Reading
from qa.wording.tongues import is_foreign
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker


@pytest.mark.parametrize(
    "text",
    [
        "Was kostet der neue Kai?",
        "wer hat das getreideabkommen unterschrieben",
        "Qui a signé l’accord ?",
        "¿Quién firmó el acuerdo?",
        "Chi ha firmato il trattato?",
        "Quem assinou o tratado?",
        "Wie heeft het verdrag ondertekend?",
        "Kto podpisał umowę?",
        "Vem skrev under avtalet?",
        "Antlaşmayı kim imzaladı ve neden?",
        "Кто подписал договор?",
        "谁签署了条约？",
        "من وقع المعاهدة؟",
    ],
)
def test_a_text_is_in_another_language(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1994?",
        "Who was Charles de Gaulle?",
        "Was Crimea annexed?",
        "grain deal",
        "Lavrov veto",
        "La Liga results",
        "When does El Niño come?",
        "What is the coup d’état of Napoléon?",
        "who wrote Les Misérables",
        "Was Angela Merkel in Paris?",
        "Die Hard release date",
        "Does Путин mean the way?",
        "Rosselkhozbank swift reconnection",
    ],
)
def test_a_text_is_in_english_where_that_is_in_doubt(text: str) -> None:
    assert not is_foreign(text)


@pytest.fixture
def assistant(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    articles = tmp_path / "news"
    articles.mkdir()
    (articles / "kai.md").write_text(
        "Der Hafen von Alba bekommt einen neuen Kai. Der neue Kai kostet vierzig Millionen Euro. "
        "Kritiker fürchten um die Bucht, in der die Robben leben. Wer zahlt den Kai? Im Herbst kommen die Bagger.\n"
    )
    (articles / "market.md").write_text("The market moves to the station in spring. Rents stay as they are for now.\n")
    build(articles, store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.3)


def ask(assistant: Assistant, question: str) -> Answer:
    *_, answer = assistant.stream(question, history=(), scope=Scope(), today=date(2026, 2, 1))
    return answer


def test_a_question_in_another_language_is_answered_with_the_nearest_sentences(assistant: Assistant) -> None:
    answer = ask(assistant, "Was kostet der neue Kai?")
    assert answer.citations[0].quote == "Der neue Kai kostet vierzig Millionen Euro."
    assert all("?" not in cited.quote for cited in answer.citations)
    assert answer.doubtful
    assert answer.probability == pytest.approx(sum(SHARES))
    assert not answer.short
    assert not answer.absent


def test_so_is_one_in_english_where_the_reader_finds_nothing_in_an_article_in_another_language(
    assistant: Assistant,
) -> None:
    class Reads:
        def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
            del question
            return [Reading(hit, ()) for hit in hits]

    reading = Assistant(assistant.store, assistant.embedder, Reads(), threshold=0.3)
    answer = ask(reading, "Alba Robben Bucht")
    assert answer.citations[0].quote.startswith("Kritiker fürchten")
    assert answer.doubtful
    assert {cited.article.id for cited in ask(reading, "Where does the market go in spring?").citations} == {"kai.md"}


def test_who_wants_to_be_surer_is_told_that_the_articles_do_not_say(assistant: Assistant) -> None:
    surer = Assistant(assistant.store, assistant.embedder, assistant.reader, threshold=0.5)
    answer = ask(surer, "Was kostet der neue Kai?")
    assert not answer.answered
    assert answer.near[0].article.id == "kai.md"
