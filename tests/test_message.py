"""Whatever a browser sends is read as what it should be, or as nothing."""

import json
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import build
from index.errors import QuestionRefused
from index.records import Article
from index.store import Order, Scope, open_store
from qa.answer import Assistant
from qa.read import EvidenceReader
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker
from ui.conversation import DONE, Asked, Exchange
from ui.desk import Desk
from ui.files import Files
from ui.history import History
from ui.job import RebuildJob
from ui.judgements import Judgements
from ui.library import Library
from ui.message import Message, message_of
from ui.page import Happenings
from ui.shelf import Sought
from ui.suggest import candidates

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
NAMES = ("key", "conversation", "place", "number", "question", "since", "until", "outlet", "ignore", "restore", "act")
MORE = ("title", "thumb", "comment", "kind", "article", "words", "month", "order", "offset", "files", "path", "branch")


@pytest.fixture(scope="module")
def happenings(tmp_path_factory: pytest.TempPathFactory) -> Happenings:
    place = tmp_path_factory.mktemp("message")
    (place / "articles").mkdir()
    (place / "articles" / "grain.txt").write_text("Title: Grain\n\nOdesa shipped grain in August.")
    build(place / "articles", store=place / "store", embedder=HashingEmbedder())
    assistant = Assistant(
        open_store(str(place / "store")),
        HashingEmbedder(),
        EvidenceReader(WordMarker(), WordCrossEncoder()),
        0.0,
    )
    desk = Desk(assistant, History(place / "store" / "c.db"), Judgements(place / "store" / "j.jsonl"))
    job = RebuildJob(lambda tell: build(place / "articles", store=place / "store", embedder=HashingEmbedder()))
    return Happenings(desk, Library(assistant, job, None), place / "uploads")


@given(st.dictionaries(st.sampled_from(NAMES + MORE), JSON, max_size=9))
def test_no_message_is_an_exception_to_the_person(happenings: Happenings, values: dict[str, object]) -> None:
    sent = message_of(values | {"key": "k" * 30})
    for happen in (happenings.talk, happenings.read, happenings.judge, happenings.save, happenings.article):
        happen(sent)
    happenings.suggest(sent)
    happenings.shelf(sent)
    for _ in happenings.ask(sent):
        pass


def test_a_question_that_is_asked_while_an_earlier_exchange_is_changed_is_kept(happenings: Happenings) -> None:
    desk, owner = happenings.desk, "ada"
    *_, one = desk.ask(owner, "", Asked("Where did grain go from?"))
    asking = threading.Thread(target=lambda: list(desk.ask(owner, one.id, Asked("When was grain shipped?"))))

    def suggested(now: Exchange) -> Exchange:
        asking.start()
        asking.join(1)  # in vain: it waits until what is changed is kept
        return replace(now, suggested=("Who?",))

    desk.history.change(owner, one.id, 0, one.exchanges[0].at, suggested)
    asking.join()
    first, second = desk.history.find(owner, one.id).exchanges
    assert first.suggested == ("Who?",)
    assert (second.asked.question, second.state) == ("When was grain shipped?", DONE)


@given(JSON)
def test_a_message_that_is_none_is_empty(data: object) -> None:
    assert isinstance(message_of(data).values, dict)
    assert message_of(json.dumps({"key": "k"})).text("key") == "k"


def test_a_page_without_a_key_is_told_to_reload() -> None:
    with pytest.raises(QuestionRefused, match="reload it"):
        _ = Message({"key": "short"}).owner
    assert Message({"key": "k" * 30}, "ada").owner == "person ada"


def test_what_is_not_said_anew_is_as_it_was_asked() -> None:
    before = Exchange(Asked("Who?", "2024-01-01", "", "Wire", ("last week",)), "")
    assert Message({}).asked(before) == before.asked
    assert Message({"ignore": "Reuters"}).asked(before).ignored == ("last week", "Reuters")
    assert Message({"restore": "last week"}).asked(before).ignored == ()
    assert Message({"outlet": ""}).asked(before) == Asked("Who?", "2024-01-01", "", "", ("last week",))
    assert Message({"question": "When?"}).asked(before) == Asked("When?", "2024-01-01", "", "Wire")


def test_a_day_that_is_none_is_refused_in_words() -> None:
    assert Asked("x", "2024-01-31", "", "Wire").scope == Scope(date(2024, 1, 31), None, "Wire")
    with pytest.raises(QuestionRefused, match="write it as 2025-08-21"):
        _ = Asked("x", "soon").scope


def test_what_is_sought_in_the_library_is_read_from_the_controls() -> None:
    sent = {"words": "veto", "outlet": "Wire", "month": "2025-08", "order": "title", "offset": "50"}
    assert Message(sent).sought() == Sought("veto", "Wire", "2025-08", Order.TITLE, 50)
    assert Message({"order": "x", "offset": -1}).sought() == Sought()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 1994 the Budapest Memorandum was signed by four.", "When was the Budapest Memorandum signed?"),
        ("Medvedev and Obama signed the New START Treaty in Prague.", "Who signed the New START Treaty?"),
        ("The Security Council is a body of the United Nations.", "What is the Security Council?"),
        ("NATO is an alliance.", "What is NATO?"),
        ("Lublin Council was a court.", "What is Lublin Council?"),
        ("The European Union was founded in Maastricht.", "When was the European Union founded?"),
        ("Emmanuel Macron said that it was late.", "What did Emmanuel Macron say?"),
    ],
)
def test_a_plain_sentence_gives_the_question_that_it_answers(text: str, expected: str) -> None:
    assert expected in [question for _, question in candidates([Article("a", "a", text)])]


@pytest.mark.parametrize(
    "text", ["He said no.", "Officials said no.", "North Atlantic Treaty says no.", "On Monday it ended."]
)
def test_what_names_nobody_gives_no_question(text: str) -> None:
    assert [question for _, question in candidates([Article("a", "a", text)]) if "say" in question] == []


@pytest.mark.parametrize(
    "text",
    [
        "China was the largest buyer.",
        "Sergey Lavrov is the minister.",
        "Elizabeth II was the queen.",
        "Court was a last resort.",
    ],
)
def test_nobody_is_asked_what_a_country_or_a_person_is(text: str) -> None:
    assert candidates([Article("a", "a", text)]) == []


def test_only_what_was_uploaded_is_put_into_the_folder(happenings: Happenings, tmp_path: Path) -> None:
    for name in ("secret", "uploads", "articles"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("x")
    (tmp_path / "articles" / "x.txt").unlink()
    library = Library(happenings.library.assistant, happenings.library.job, Files(tmp_path / "articles"))
    putting = Happenings(happenings.desk, library, tmp_path / "uploads")
    aside = str(tmp_path / "uploads" / ".." / "secret" / "x.txt")
    shown = putting.put(message_of({"files": [{"name": "taken.txt", "path": aside}]}))
    assert (list((tmp_path / "articles").iterdir()), (tmp_path / "secret" / "x.txt").exists()) == ([], True)
    shown = putting.put(message_of({"files": [{"name": "kept.txt", "path": str(tmp_path / "uploads" / "x.txt")}]}))
    assert "1 file put into the folder" in shown["notice"]
    assert (tmp_path / "articles" / "kept.txt").read_text() == "x"
    assert not (tmp_path / "uploads" / "x.txt").exists()


def test_what_did_not_arrive_is_named(happenings: Happenings, tmp_path: Path) -> None:
    for name in ("uploads", "articles"):
        (tmp_path / name).mkdir()
    library = Library(happenings.library.assistant, happenings.library.job, Files(tmp_path / "articles"))
    putting = Happenings(happenings.desk, library, tmp_path / "uploads")
    gone = str(tmp_path / "uploads" / "gone.txt")
    sent = [{"name": "large.txt", "path": ""}, {"name": "gone.txt", "path": gone}]
    shown = putting.put(message_of({"files": sent}))
    assert "large.txt did not arrive" in shown["notice"]
    assert "gone.txt is gone before it was read" in shown["notice"]
