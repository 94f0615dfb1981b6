"""A summary is sentences of the article that tell most of it, in its order, each quoted and cited."""

from datetime import date
from pathlib import Path

import pytest

from index import build
from index.store import Scope, open_store
from qa import Turn
from qa.answer import Answer, Assistant
from qa.read import EvidenceReader
from qa.scans.summary import MOST, OF_EACH, OF_ONE, most_telling, summary_asked_for
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker

TODAY = date(2026, 2, 1)
BRIDGE = (
    "The old bridge at Alba will be closed for a year, the town council decided on Monday.",
    "It has carried trams since the spring of a year that nobody in Alba remembers.",
    "Rust has eaten the bridge, the engineers of the council wrote in their report.",
    "A baker told us that he likes apples and his grandmother’s old radio.",
    "Trams of the town will go by the north road while the bridge at Alba is closed.",
    "Will the council pay for it?",
    "Shops near the bridge fear for their trade while it is closed to trams.",
    "Nobody knows what the weather of the coming summer may bring to anybody.",
    "The council expects the bridge at Alba to be open to trams again next year.",
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Summarize the article about the grain deal.", ("the grain deal", False, False)),
        ("Can you please summarise the Minsk agreements article?", ("Minsk agreements", False, False)),
        ("Give me a short summary of the stories on Odesa", ("Odesa", True, False)),
        ("What are the main points of the article about landmines?", ("landmines", False, False)),
        ("What is the article about landmines about?", ("landmines", False, False)),
        ("What does the article on landmines say?", ("landmines", False, False)),
        ("tl;dr the article called Uniting for Peace", ("Uniting for Peace", False, False)),
        ("Summarize the Budapest Memorandum", ("the Budapest Memorandum", False, True)),
        ("Summarize it", ("", False, False)),
        ("sum that up", ("", False, False)),
        ("TL;DR", ("", False, False)),
        ("What are these articles about?", ("", True, False)),
        ("What are the main points of the Charter?", None),
        ("What does the article on landmines say about Canada?", None),
        ("What is the summary procedure?", None),
        ("What is Article 5 about?", None),
        ("Who wrote the article about landmines?", None),
    ],
)
def test_a_question_asks_for_a_summary(question: str, wanted: tuple[str, bool, bool] | None) -> None:
    found = summary_asked_for(question)
    assert (found and (found.what, found.several, found.by_title)) == wanted


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """One article about a bridge, seven about ships, one without prose."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bridge.md").write_text(f"---\ntitle: A Bridge in Alba\n---\n{chr(10).join(BRIDGE)}\n")
    for number in range(7):
        said = [f"Ship {number}{line} left port{number} with corn and wheat on a {line}th day." for line in range(9)]
        (folder / f"ship{number}.md").write_text(f"---\ntitle: Ship {number}\n---\n{' '.join(said)}\n")
    (folder / "list.md").write_text("---\ntitle: Prices of Cloth\n---\nCloth\n\nLinen 4\n\nWool 7\n")
    return folder


@pytest.fixture
def assistant(articles: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    build(articles, store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5)


def ask(assistant: Assistant, question: str, *history: Turn) -> Answer:
    *_, answer = assistant.stream(question, history=history, scope=Scope(), today=TODAY)
    for cited in answer.citations:
        assert cited.quote == cited.article.text[cited.start : cited.end]
        assert f"{' '.join(cited.quote.split())} [{cited.number}]" in answer.text
    return answer


def test_it_is_of_the_article_in_its_order_and_passes_over_what_stands_by_itself(assistant: Assistant) -> None:
    answer = ask(assistant, "Summarize the article about the bridge")
    assert answer.lead == "2 of the 9 sentences of “A Bridge in Alba”:"
    assert [cited.quote for cited in answer.citations] == [BRIDGE[0], BRIDGE[8]]


def test_of_several_articles_each_is_told_in_short(assistant: Assistant) -> None:
    answer = ask(assistant, "Summarize the articles about corn")
    assert answer.lead == f"{MOST} of 7 articles, each by what tells most of it:"
    told = [cited.article.id for cited in answer.citations]
    assert len(told) == MOST * OF_EACH
    assert len(set(told)) == MOST


def test_after_an_answer_it_is_of_what_that_cites(assistant: Assistant) -> None:
    last = Turn("Who wrote of rust?", f"{BRIDGE[2]} [1]")
    assert "“A Bridge in Alba”" in ask(assistant, "Summarize it", last).lead


def test_where_nothing_was_answered_before_it_is_of_the_only_article_or_of_the_newest(
    assistant: Assistant, articles: Path, store: Path
) -> None:
    assert ask(assistant, "Summarize the articles").lead == f"{MOST} of 9 articles, each by what tells most of it:"
    for file in articles.glob("[!b]*.md"):
        file.unlink()
    build(articles, store=store, embedder=assistant.embedder)
    for question in ("Summarize the article", "What is this article about?", "tl;dr"):
        assert ask(assistant, question).lead == "2 of the 9 sentences of “A Bridge in Alba”:"


def test_what_no_title_says_is_of_the_article_that_speaks_of_it_again_and_again(assistant: Assistant) -> None:
    assert ask(assistant, "Summarize trams and shops").lead == "2 of the 9 sentences of “A Bridge in Alba”:"
    assert not ask(assistant, "Summarize trams and landmines").lead


def test_what_no_article_is_about_is_read_for(assistant: Assistant) -> None:
    assert not ask(assistant, "Summarize it").lead
    assert not ask(assistant, "Summarize the article about landmines").lead
    assert not ask(assistant, "Summarize rust").lead
    assert not ask(assistant, "Summarize the article about cloth").lead


def test_an_article_of_ten_thousand_sentences_is_summed_up(articles: Path, store: Path) -> None:
    lines = [f"Line {number} of harbour{number % 97} says that ship{number % 13} left." for number in range(10_000)]
    (articles / "long.txt").write_text(" ".join(lines))
    embedder = HashingEmbedder()
    build(articles, store=store, embedder=embedder)
    with open_store(str(store)).snapshot(embedder.fingerprint) as snapshot:
        long = snapshot.article("long.txt")
        assert long is not None
        spans = most_telling(snapshot, long, OF_ONE)
    assert len(spans) == OF_ONE
    assert spans == sorted(spans)
