"""Conversations are kept for who held them, whole, through restarts; deleted ones are gone from the file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.followup import Turn
from qa.intent import Said
from qa.questions import read_questions
from ui.conversation import DONE, UNFINISHED, Asked, Conversation, Exchange, Quote, Source, from_json, to_json
from ui.history import History, HistoryUnusable
from ui.judgements import Judgements

TEXT = st.text(max_size=20)
QUOTES = st.builds(
    Quote,
    st.integers(1, 9),
    st.builds(Source, TEXT, TEXT, TEXT, TEXT, TEXT, st.none()),
    st.integers(0, 9),
    st.integers(0, 9),
    TEXT,
    st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)),
    st.lists(TEXT, max_size=2).map(tuple),
)
EXCHANGES = st.builds(
    Exchange,
    st.builds(Asked, TEXT, TEXT, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple)),
    TEXT,
    said=st.lists(st.builds(Said, st.just(0), st.just(1), TEXT, TEXT, st.booleans(), st.booleans()), max_size=2).map(
        tuple
    ),
    answered=st.booleans(),
    quotes=st.lists(QUOTES, max_size=2).map(tuple),
    near=st.lists(QUOTES, max_size=2).map(tuple),
    probability=st.floats(0, 1),
    suggested=st.none() | st.lists(TEXT, max_size=2).map(tuple),
)


def exchange(question: str = "Who?", *, state: str = DONE, text: str = "Ada.") -> Exchange:
    quote = Quote(1, Source("a.txt", "A"), 0, 4, text)
    return Exchange(Asked(question), "2025-08-21T10:00:00", state, question, (), True, "", text, (quote,))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "store" / "conversations.db")


@given(st.lists(EXCHANGES, max_size=3))
def test_what_is_written_is_read_again(exchanges: list[Exchange]) -> None:
    conversation = Conversation("id", "title", tuple(exchanges))
    assert from_json(json.loads(json.dumps(to_json(conversation)))) == conversation.exchanges


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EXCHANGES, min_size=1, max_size=2), TEXT)
def test_a_conversation_is_kept_through_a_restart(history: History, exchanges: list[Exchange], title: str) -> None:
    kept = Conversation("id", title, tuple(exchanges))
    history.keep("ada", kept)
    assert History(history.file).find("ada", "id") == kept


def test_nobody_sees_reads_changes_or_deletes_what_another_one_asked(history: History) -> None:
    history.keep("ada", Conversation("x", "", (exchange("Ada's?"),)))
    assert history.headings("bo") == []
    assert history.find("bo", "x").exchanges == ()
    history.keep("bo", Conversation("x", "Bo's", ()))
    history.rename("bo", "x", "Bo's")
    history.delete("bo", "x")
    assert [heading.name for heading in history.headings("ada")] == ["Ada's?"]
    assert b"ada" not in history.file.read_bytes().replace(b"Ada", b"")


def test_the_newest_comes_first_and_a_title_can_be_given_and_taken_back(history: History) -> None:
    for name in ("one", "two"):
        history.keep("ada", Conversation(name, "", (exchange(f"{name}?"),)))
    history.rename("ada", "one", "  Of  veto ")
    assert [heading.name for heading in history.headings("ada")] == ["Of veto", "two?"]
    history.rename("ada", "one", " ")
    assert history.find("ada", "one").name == "one?"
    history.rename("ada", "nowhere", "x")
    assert len(history.headings("ada")) == 2


def test_what_comes_later_to_an_answer_leaves_its_conversation_where_it_is_listed(history: History) -> None:
    older = Conversation("older", "", (exchange(),))
    history.keep("me", older)
    history.keep("me", Conversation("newer", "", (exchange(),)))
    history.change("me", "older", 0, older.exchanges[0].at, lambda now: replace(now, suggested=("Why?",)))
    assert history.find("me", "older").exchanges[0].suggested == ("Why?",)
    assert [heading.id for heading in history.headings("me")] == ["newer", "older"]


def test_what_is_deleted_is_gone_from_the_file(history: History) -> None:
    history.keep("ada", Conversation("x", "", (exchange("What of the xylophone?"),)))
    assert b"xylophone" in history.file.read_bytes()
    history.delete("ada", "x")
    assert b"xylophone" not in history.file.read_bytes()


def test_a_damaged_file_is_named_with_what_to_do(history: History) -> None:
    history.file.parent.mkdir()
    history.file.write_bytes(b"no database" * 100)
    with pytest.raises(HistoryUnusable, match=r"conversations\.db cannot be used .* move that file away"):
        history.headings("ada")


def test_a_follow_up_is_read_after_what_was_answered_before_it() -> None:
    asked = (
        exchange("One?"),
        exchange("Two?", state=UNFINISHED),
        replace(exchange("Three?"), trouble="no"),
        exchange("4?"),
    )
    assert Conversation("x", "", asked).turns(4) == [Turn("One?", "Ada."), Turn("4?", "Ada.")]
    assert Conversation("x", "", asked).turns(1) == [Turn("One?", "Ada.")]


def test_a_judgement_replaces_the_one_before_and_leaves_other_lines(tmp_path: Path) -> None:
    judgements = Judgements(tmp_path / "judgements.jsonl")
    judgements.file.write_text('{"question": "By hand?", "none": true}\n')
    judgements.keep("c/1", replace(exchange("Who?"), thumb="up"))
    judgements.keep("c/2", replace(exchange("When?"), thumb="up"))
    judgements.keep("c/1", replace(exchange("Who?"), thumb="down", comment="Bo.\nNot Ada."))
    judgements.keep("c/2", exchange("When?"))
    rows = [json.loads(line) for line in judgements.file.read_text().splitlines()]
    assert [(row["question"], row.get("thumb")) for row in rows] == [("By hand?", None), ("Who?", "down")]
    assert rows[1]["comment"] == "Bo.\nNot Ada."
    assert [question.text for question in read_questions(judgements.file)] == ["By hand?", "Who?"]


def test_what_is_changed_at_once_is_all_kept_and_what_is_gone_does_not_come_back(history: History) -> None:
    history.keep("ada", Conversation("x", "", (exchange("One?"), exchange("Two?"))))
    at = exchange().at
    history.change("ada", "x", 0, at, lambda now: replace(now, thumb="up"))
    history.change("ada", "x", 1, at, lambda now: replace(now, suggested=("Three?",)))
    one, two = history.find("ada", "x").exchanges
    assert (one.thumb, two.suggested) == ("up", ("Three?",))
    history.change("ada", "x", 0, "another time", lambda now: replace(now, thumb="down"))
    assert history.find("ada", "x").exchanges == (one, two)
    history.delete("ada", "x")
    history.change("ada", "x", 0, at, lambda now: replace(now, thumb="down"))
    assert history.headings("ada") == []
