"""What is asked of the articles that the last answer cites is told from what they say of themselves."""

from datetime import date
from pathlib import Path

import pytest

from index import build
from index.store import Scope, open_store
from qa import Turn
from qa.answer import Answer, Assistant
from qa.read import EvidenceReader
from qa.scans.cited import asked_of_cited
from qa.scans.scan import SHOWN
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker

BARLEY = "The barley ship  left\nOdesa at noon."
CLOUDS = "Clouds (grey ones): they came up at noon."


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who wrote that?", "AUTHOR"),
        ("And who wrote this article?", "AUTHOR"),
        ("who is the author", "AUTHOR"),
        ("Who are their authors?", "AUTHOR"),
        ("By whom was that story written?", "AUTHOR"),
        ("When was that published?", "DAY"),
        ("When did the article appear?", "DAY"),
        ("What date is that article?", "DAY"),
        ("How old is that article?", "DAY"),
        ("Which newspaper published that?", "OUTLET"),
        ("Which outlet is it from?", "OUTLET"),
        ("Where was this published?", "OUTLET"),
        ("What is the source?", "OUTLET"),
        ("What's your source for that?", "OUTLET"),
        ("In which article?", "OUTLET"),
        ("which article is that from", "OUTLET"),
        ("Show me the sources", "OUTLET"),
        # These ask what stands in the articles.
        ("Who wrote it?", ""),
        ("Who wrote that treaty?", ""),
        ("When was that reported?", ""),
        ("When was the treaty published?", ""),
        ("When was that written?", ""),
        ("What is the source of the Danube?", ""),
        ("Where was that signed?", ""),
        ("Which article of the treaty?", ""),
        ("Sources of gas?", ""),
        ("Who is the author of the Annals?", ""),
    ],
)
def test_a_question_asks_something_of_the_cited_articles(question: str, asked: str) -> None:
    told = asked_of_cited(question)
    assert (told.name if told else "") == asked


@pytest.fixture
def assistant(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    (tmp_path / "news").mkdir()
    heading = "Title: Barley\nAuthor: Jane Roe\nSource: Harbour Post\nPublished: 2022-06-01"
    (tmp_path / "news" / "a.txt").write_text(f"{heading}\n\n{BARLEY} Rye stayed.\n")
    (tmp_path / "news" / "b.md").write_text(f"{CLOUDS} It rained on the quay.\n")
    build(tmp_path / "news", store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5)


def told(assistant: Assistant, question: str, answer: str) -> Answer:
    history = [Turn("What left Odesa at noon?", answer)]
    *_, said = assistant.stream(question, history=history, scope=Scope(), today=date(2025, 8, 21))
    return said


SAID = f"{' '.join(BARLEY.split())} [1][2] {CLOUDS} [3]"


def test_who_wrote_it_when_and_where_is_told_of_each_article_once_with_the_quote(assistant: Assistant) -> None:
    answer = told(assistant, "Who wrote that?", f"{SAID} Rye stayed. [4]")
    assert answer.text.split("\n") == [
        "The last answer quotes 2 articles:",
        "By Jane Roe: The barley ship left Odesa at noon. [1]",
        f"No author given: {CLOUDS} [2]",
    ]
    assert [cited.quote for cited in answer.citations] == [BARLEY, CLOUDS]
    assert "\nPublished on 1 June 2022: The barley" in told(assistant, "When was that published?", SAID).text
    assert "\nIn Harbour Post: The barley" in told(assistant, "Which paper published that?", SAID).text
    assert "\nNo outlet given: Clouds" in told(assistant, "What is the source?", SAID).text


def test_what_all_cited_articles_say_alike_is_told_first(assistant: Assistant) -> None:
    one = f"{' '.join(BARLEY.split())} [1]"
    assert told(assistant, "Who wrote that?", one).lead == "The last answer quotes 1 article, by Jane Roe:"
    day = "The last answer quotes 1 article, published on 1 June 2022:"
    assert told(assistant, "When was that published?", one).lead == day
    assert told(assistant, "What is the source?", one).lead == "The last answer quotes 1 article, in Harbour Post:"
    assert told(assistant, "Who wrote that?", f"{CLOUDS} [1]").lead == "The last answer quotes 1 article:"


def test_words_of_ours_before_a_quote_are_none_of_it(assistant: Assistant) -> None:
    for ours in ("The articles differ:", "2 articles contain “noon”:\nPublished on 1 June 2022:"):
        answer = told(assistant, "Who wrote that?", f"{ours} {SAID}")
        assert [cited.quote for cited in answer.citations] == [BARLEY, CLOUDS]


def test_of_a_text_with_more_quotes_than_any_answer_has_no_more_are_looked_for(assistant: Assistant) -> None:
    assert "The last answer" not in told(assistant, "Who wrote that?", f"{'grain [1] ' * SHOWN}{SAID}").text


@pytest.mark.parametrize("answer", ["", "The articles do not say.", "[1]", "A quote of another index. [1]", "." * 4000])
def test_where_no_article_is_cited_the_question_is_asked_as_any_other(assistant: Assistant, answer: str) -> None:
    assert "The last answer" not in told(assistant, "Who wrote that?", answer).text


@pytest.mark.parametrize("answer", ["", "The articles do not say."])
def test_where_no_article_is_cited_and_there_is_only_one_that_is_meant(
    assistant: Assistant, tmp_path: Path, store: Path, answer: str
) -> None:
    (tmp_path / "news" / "b.md").unlink()
    build(tmp_path / "news", store=store, embedder=assistant.embedder)
    assert told(assistant, "Who wrote the article?", answer).text.split("\n") == [
        "There is one article, by Jane Roe:",
        "By Jane Roe: The barley ship left [1]",
    ]
