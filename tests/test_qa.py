"""The steps of a question, each by itself, with an embedder that knows words only."""

from datetime import date
from pathlib import Path

import pytest

from index import build
from index.embed import Vectors
from index.errors import QuestionRefused, SettingRefused
from index.settings import read_settings
from index.store import Found, Outlet, Scope, open_store
from qa import Turn
from qa.answer import SILENCE, Assistant
from qa.followup import stand_alone
from qa.intent import understand
from qa.question import MAX_CHARS, clean
from qa.read import EvidenceReader
from qa.retrieve import fuse, search
from tests.conftest import HashingEmbedder

TODAY = date(2025, 8, 21)  # a Thursday
BEFORE = [Turn("What did Lavrov say about veto power?", "Lavrov said that ...")]


@pytest.mark.parametrize(
    ("question", "stands_alone"),
    [
        ("When did he say that?", "When did he say that? (Lavrov veto power)"),
        ("Which newspaper reported it?", "Which newspaper reported it? (Lavrov)"),
        ("and Germany?", "What did Lavrov say about veto power? and Germany?"),
        ("why?", "What did Lavrov say about veto power? why?"),
        ("tell me more", "What did Lavrov say about veto power? tell me more"),
    ],
)
def test_a_question_that_leans_on_the_one_before_takes_along_what_it_needs(question: str, stands_alone: str) -> None:
    assert stand_alone(question, BEFORE) == stands_alone


@pytest.mark.parametrize(
    "question", ["What is Article 5?", "Who signed the Minsk agreements?", "Did Putin say that Russia agreed?"]
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert stand_alone(question, BEFORE) == question


def test_the_first_question_is_left_alone() -> None:
    assert stand_alone("why?", []) == "why?"


@pytest.mark.parametrize(
    ("phrase", "since", "until"),
    [
        ("today", "2025-08-21", "2025-08-21"),
        ("yesterday", "2025-08-20", "2025-08-21"),
        ("this week", "2025-08-18", "2025-08-21"),
        ("last week", "2025-08-11", "2025-08-20"),
        ("last month", "2025-07-01", "2025-08-03"),
        ("last year", "2024-01-01", "2025-01-03"),
        ("in the last 3 days", "2025-08-18", "2025-08-21"),
        ("over the past 2 months", "2025-06-21", "2025-08-21"),
    ],
)
def test_relative_times_are_counted_from_today(phrase: str, since: str, until: str) -> None:
    scope = understand(f"What did Lavrov say {phrase}?", scope=Scope(), today=TODAY, outlets=[]).scope
    assert (scope.since, scope.until) == (date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize(
    "question", ["What happened in 1994?", "Who won in March 2022?", "What may come next?", "Why did it last?"]
)
def test_a_date_of_an_event_is_no_date_of_publication(question: str) -> None:
    assert understand(question, scope=Scope(), today=TODAY, outlets=[]).scope == Scope()


def test_an_outlet_is_understood_where_the_articles_have_it() -> None:
    outlets = [Outlet("The Wire", 3), Outlet(None, 2)]
    asked = "According to the wire, who won?"
    assert understand(asked, scope=Scope(), today=TODAY, outlets=[Outlet("Wire", 1)]).scope.source == "Wire"
    assert understand(asked, scope=Scope(source="Post"), today=TODAY, outlets=outlets).scope.source == "Post"
    assert (
        understand("According to Reuters, who won?", scope=Scope(), today=TODAY, outlets=outlets).scope.source is None
    )


def test_what_both_ways_find_comes_first_and_a_sure_one_outweighs_an_unsure_one() -> None:
    dense, lexical = [Found(1, 0.60), Found(2, 0.55), Found(3, 0.20)], [Found(2, 0.5), Found(4, 0.9)]
    assert [found.key for found in fuse(dense, lexical)] == [2, 4, 1, 3]
    assert [found.key for found in fuse(dense, [])] == [1, 2, 3]
    assert [found.key for found in fuse([], lexical)] == [4, 2]


@pytest.mark.parametrize("question", ["", " \n", "?!", "\ud800", "\0"])
def test_an_empty_question_is_refused_with_an_example(question: str) -> None:
    with pytest.raises(QuestionRefused, match="ask, for example"):
        clean(question)


def test_a_question_too_long_to_be_one_is_refused() -> None:
    with pytest.raises(QuestionRefused, match="100,000 characters"):
        clean("a" * 100_000)
    assert clean("a" * MAX_CHARS) == "a" * MAX_CHARS


def test_a_question_loses_what_cannot_be_searched() -> None:
    assert clean("who\0 won\ud800\nthe  cup\x1b?") == "who won the cup ?"


@pytest.mark.parametrize("said", ["two", "1.5", "-0.1", "nan"])
def test_a_setting_that_means_nothing_is_refused(said: str) -> None:
    with pytest.raises(SettingRefused, match="0 to 1"):
        read_settings({"ARTICLE_QA_SILENCE": said})


class CertainReader(EvidenceReader):
    """Takes a sentence that holds every word of the question for the answer."""

    def features(self, snapshot, question, vector: Vectors, hits, spans):  # type: ignore[no-untyped-def]
        found = super().features(snapshot, question, vector, hits, spans)
        texts = [hit.article.text[start:end] for hit, inside in zip(hits, spans, strict=True) for start, end in inside]
        for row, text in zip(found, texts, strict=True):
            row[:] = 2.0 if all(word in text.lower() for word in question.lower().split()) else -1.0
        return found


@pytest.fixture
def assistant(folder: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    build(folder, store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, CertainReader(embedder), threshold=0.5)


def ask(assistant: Assistant, question: str, scope: Scope = Scope()):  # type: ignore[no-untyped-def]  # noqa: B008
    return list(assistant.stream(question, history=(), scope=scope, today=TODAY))


def test_an_answer_grows_and_each_stage_is_whole(assistant: Assistant, folder: Path) -> None:
    stages = ask(assistant, "corridor closed")
    assert stages[-1].text == "The corridor closed in July. [1]"
    (citation,) = stages[-1].citations
    assert (citation.number, citation.article.id, citation.quote) == (1, "grain.txt", "The corridor closed in July.")
    assert citation.article.text[citation.start : citation.end] == citation.quote
    assert all(stage.answered and len(stage.citations) == place for place, stage in enumerate(stages, start=1))


def test_silence_is_an_answer_that_cites_nothing(assistant: Assistant) -> None:
    (answer,) = ask(assistant, "football cup")
    assert (answer.answered, answer.text, answer.citations) == (False, SILENCE, ())
    assert answer.near


def test_a_scope_that_holds_nothing_is_silence(assistant: Assistant) -> None:
    (answer,) = ask(assistant, "corridor closed", Scope(source="Nobody"))
    assert (answer.answered, answer.near, answer.probability) == (False, (), 0.0)


def test_retrieval_returns_at_most_k_and_the_best_first(assistant: Assistant) -> None:
    hits = assistant.retrieve("grain corridor", k=2, scope=Scope(), today=TODAY)
    assert hits[0].article.id == "grain.txt"
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


def test_chunks_removed_since_the_vectors_were_read_cost_no_hit(assistant: Assistant) -> None:
    with assistant.store.snapshot("hashing:1") as snapshot:
        vector = assistant.embedder.question("grain")
        assert len(search(snapshot, "grain", vector, k=3)) == 3
