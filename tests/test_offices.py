"""Who holds an office is told by those whom articles name as its holder, and the newest of these count most."""

from datetime import date
from pathlib import Path

import pytest

from index import build
from index.records import Article, Hit
from index.store import Scope, open_store
from qa.answer import Answer, Assistant
from qa.followup import Turn, stand_alone
from qa.read import EvidenceReader
from qa.wording.offices import Office, holders_in, of_another_place, office_asked_for
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker

TODAY = date(2026, 2, 1)
LATVIA = Office("prime minister", "Latvia")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who is the prime minister of Sweden?", ("prime minister", "Sweden")),
        ("who's currently the prime minister of sweden", ("prime minister", "sweden")),
        ("Who is the current Swedish prime minister?", ("prime minister", "Swedish")),
        ("And who is Ukraine’s foreign minister?", ("foreign minister", "Ukraine")),
        ("Who is the US secretary of state?", ("secretary of state", "US")),
        ("who is the CEO of Twitter", ("CEO", "Twitter")),
        ("Name the mayor of Riga", ("mayor", "Riga")),
        ("Who was the president of Estonia?", ("president", "Estonia")),
        ("Who is the pope?", ("pope", "")),
        ("Who is the head of the WHO?", ("head", "WHO")),
        ("Who was secretary general of NATO when Sweden joined?", None),
        ("Who is the president?", None),
        ("Who is the president of the club that won?", None),
        ("Who is the first president of Latvia?", None),
        ("Who is the president of a bank?", None),
        ("Who is Emmanuel Macron?", None),
        ("Who shot the prime minister of Sweden?", None),
        ("What is the prime minister of Sweden paid?", None),
    ],
)
def test_a_question_asks_who_holds_an_office(question: str, asked: tuple[str, str] | None) -> None:
    office = office_asked_for(question)
    assert (office and (office.name, office.place)) == asked


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Latvian Prime Minister Ilze Krauja left.", ["Ilze Krauja"]),
        ("Latvia's new premier, Dr. Ilze Krauja, left.", ["Ilze Krauja"]),
        ("Ilze Krauja, the prime minister of Latvia rival Estonia, left.", []),
        ("The former interim Latvian Prime Minister Ilze Krauja left.", []),
        ("The prime minister of Latvia, Ilze van der Krauja, left.", ["Ilze van der Krauja"]),
        ("Ilze Krauja, the prime minister of Latvia, left.", ["Ilze Krauja"]),
        ("Ilze Krauja became Latvia’s prime minister.", ["Ilze Krauja"]),
        ("It was said by Latvian PM Ilze Krauja.", ["Ilze Krauja"]),
        ("Latvian Prime Minister Ilze Krauja’s cabinet left.", ["Ilze Krauja"]),
        ("Latvian Prime Minister Ilze Krauja Tuesday left.", ["Ilze Krauja"]),
        ("Latvian Prime Minister Andre\u0301 Krauja left.", ["Andre\u0301 Krauja"]),
        ("Estonian President Mart Kask, Latvian Prime Minister Ilze Krauja and others met.", ["Ilze Krauja"]),
        ("In Riga, Latvia's prime minister Ilze Krauja spoke.", ["Ilze Krauja"]),
        ("Former Latvian Prime Minister Ilze Krauja left.", []),
        ("Then-Latvian Prime Minister Ilze Krauja left.", []),
        ("The deputy prime minister of Latvia, Ilze Krauja, left.", []),
        ("The next prime minister of Latvia, Ilze Krauja, won.", []),
        ("Lithuanian Prime Minister Ilze Krauja left.", []),
        ("The Latvian prime minister left.", []),
        ("She asked the prime minister of Latvia. The harbour closed.", []),
    ],
)
def test_a_sentence_names_the_holder(sentence: str, names: list[str]) -> None:
    found = list(holders_in(sentence, LATVIA))
    assert [one.name for one in found] == names
    assert [sentence[slice(*one.span)] for one in found] == names


@pytest.mark.parametrize(
    ("before", "question", "asked"),
    [
        ("Who is the president of France?", "And of Germany?", "Who is the president of Germany?"),
        ("Who is the president of France?", "what about germany", "Who is the president of germany?"),
        ("Who is the French president?", "and the prime minister?", "Who is the French prime minister?"),
        ("Who is the CEO of Twitter?", "And Tesla?", "Who is the CEO of Tesla?"),
        ("Who is the president of France?", "And Putin?", None),
        ("Who is the president of France?", "And why?", None),
        ("Who shot the president of France?", "And of Germany?", None),
    ],
)
def test_a_fragment_asks_for_the_holder_of_another_office(before: str, question: str, asked: str | None) -> None:
    assert of_another_place(question, before) == asked
    if asked:
        assert stand_alone(question, [Turn(before, "Nobody knows. [1]")]) == asked


def test_the_crown_of_england_is_that_of_the_united_kingdom() -> None:
    said = "Britain's King Charles III spoke."
    assert [one.name for one in holders_in(said, Office("king", "England"))] == ["Charles III"]
    assert list(holders_in("British coach Eddie Jones spoke.", Office("coach", "England"))) == []


def test_the_words_of_a_list_are_not_taken_along() -> None:
    listed = "2 articles name one: Ana.\nPublished on 2 May 2025: Ana left. [1]\nPublished on 1 May 2025: Ana came. [2]"
    said = stand_alone("What did she say about it?", [Turn("Who is the mayor of Riga?", listed)])
    assert "Published" not in said
    assert "Ana" in said


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Of a year three name Krauja and one a guest, of the next one two name Ozols; one is a near-copy."""
    told = {
        "a": ("2025-01-10", "Latvian Prime Minister Ilze Krauja opened a bridge in the north."),
        "b": ("2025-02-10", "“The tax stays,” the prime minister of Latvia, Ilze Krauja, told farmers."),
        "c": ("2025-03-10", "In spring Latvia’s prime minister Krauja met the mayor of Liepaja, Juris Berzs."),
        "d": ("2025-12-10", "Valdis Ozols became Latvia's prime minister on Monday, after long talks."),
        "e": ("2026-01-10", "Latvian Prime Minister Valdis Ozols flew to Oslo for a day of talks on fish."),
        "f": ("2026-01-11", "Latvian Prime Minister Aina Balode, who resigned in 2019, has written a book."),
        "g": ("2026-01-12", "Former Latvian Prime Minister Ilze Krauja will teach law in Tartu from autumn."),
    }
    (tmp_path / "news").mkdir()
    for name, (day, text) in told.items():
        (tmp_path / "news" / f"{name}.md").write_text(f"---\nsource: {name}.example\npublished: {day}\n---\n{text}\n")
    return tmp_path / "news"


@pytest.fixture
def assistant(articles: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    build(articles, store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5)


def ask(assistant: Assistant, question: str, scope: Scope = Scope()) -> Answer:  # noqa: B008 - it does not change
    *_, answer = assistant.stream(question, history=(), scope=scope, today=TODAY)
    for cited in answer.citations:
        assert f"{' '.join(cited.quote.split())} [{cited.number}]" in answer.text
    return answer


def test_the_newest_holder_is_the_answer_and_who_held_it_before_stands_beside(assistant: Assistant) -> None:
    answer = ask(assistant, "Who is the prime minister of Latvia?")
    assert answer.short == "Valdis Ozols"
    assert answer.lead == (
        "5 articles name one: Valdis Ozols in 2 (the newest of 10 January 2026); "
        "Ilze Krauja in 3 (the newest of 10 March 2025)."
    )
    assert [cited.article.id for cited in answer.citations] == ["e.md", "b.md"]
    assert [cited.article.text[slice(*cited.words)] for cited in answer.citations if cited.words] == [
        "Valdis Ozols",
        "Ilze Krauja",
    ]


def test_of_a_time_those_count_whom_articles_of_it_name(assistant: Assistant) -> None:
    answer = ask(assistant, "Who was the Latvian prime minister in February 2025?")
    assert (answer.short, answer.lead) == ("Ilze Krauja", "1 article names Ilze Krauja:")


def test_a_filter_from_outside_holds_whatever_time_is_asked_about(assistant: Assistant) -> None:
    spring = Scope(until=date(2025, 4, 1))
    assert ask(assistant, "Who is the prime minister of Latvia?", spring).short == "Ilze Krauja"
    assert not ask(assistant, "Who was the Latvian prime minister in January 2026?", spring).lead


def test_who_held_it_once_is_read_for(assistant: Assistant) -> None:
    assert not ask(assistant, "Who was the prime minister of Latvia?").lead


def test_where_no_article_names_a_holder_it_is_read_for(assistant: Assistant) -> None:
    assert not ask(assistant, "Who is the president of Latvia?").lead


def test_an_article_without_a_date_counts(articles: Path, store: Path, embedder: HashingEmbedder) -> None:
    for file in articles.iterdir():
        file.unlink()
    (articles / "undated.md").write_text("Latvian Prime Minister Valdis Ozols flew to Oslo for a day of talks.\n")
    build(articles, store=store, embedder=embedder)
    assistant = Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), 0.5)
    assert ask(assistant, "Who is Latvia's prime minister?").short == "Valdis Ozols"


def test_near_copies_count_once(articles: Path, store: Path, embedder: HashingEmbedder) -> None:
    story = " ".join(["Latvian Prime Minister Maris Zals spoke of harbours, forests and a tax on both of them."] * 12)
    for name in ("x", "y", "z"):
        (articles / f"{name}.md").write_text(f"---\nsource: {name}.example\npublished: 2026-01-09\n---\n{story}\n")
    build(articles, store=store, embedder=embedder)
    assistant = Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), 0.5)
    answer = ask(assistant, "Who is the prime minister of Latvia?")
    assert "Maris Zals in 1 (" in answer.lead


@pytest.mark.parametrize(("place", "is_told"), [("Lindmar", True), ("Kolm", False)])
def test_the_holder_of_an_office_elsewhere_is_read_for_no_other_place(place: str, *, is_told: bool) -> None:
    text = "Lindmar is quiet. The mayor, Paula Reuss, is asleep."
    hit = Hit(Article("a", "a", text), 0, len(text), 1.0)
    (reading,) = EvidenceReader(WordMarker(), WordCrossEncoder()).read(f"Who is the mayor of {place}?", [hit])
    assert (reading.sentences[0].probability > 0) is is_told
