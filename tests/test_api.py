"""The endpoints /ask, /retrieve and /index, as programs call them; and what comes of questions that are none."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import ArticleQAError, QuestionRefused, TooManyAsking
from index.store import Scope, open_store
from qa.answer import Assistant
from qa.followup import Turn
from qa.read import EvidenceReader
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker
from tests.served import Served, serving
from ui import thread
from ui.answer import answer_page
from ui.conversation import DONE, Asked, Conversation, Exchange
from ui.fields import answer_fields
from ui.line import Line
from ui.serve import Place

NASTY = [
    "",
    "   \n\t",
    "?!",
    "veto" * 250_000,
    '"veto" AND (Odesa OR NOT grain*)',
    "NEAR(veto grain, 5) ^odesa title:veto",
    "veto'; DROP TABLE articles; --",
    '"""',
    "a \ud800 lone surrogate \udfff",
    "nul \x00 and bell \x07 and escape \x1b[2J",
    "\u202egnp.exe\u202c \u200b\ufeff",
    "ما الذي شُحن من أوديسا؟",
    "从敖德萨运出了什么？",
    "🌾🚢 Одеса?",
    "{{ 7*7 }} ${7*7} %s %n {0} \\",
    "<script>alert(1)</script>",
    "e\u0301" * 900,
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("api")
    (place / "articles").mkdir()
    (place / "articles" / "grain.txt").write_text(
        "Title: Grain\nSource: Wire\nPublished: 2024-02-12\n\n"
        "Odesa shipped grain in August. The corridor closed in July."
    )
    (place / "articles" / "veto.txt").write_text("Title: Veto\n\nFive members hold a veto.")
    with serving(place / "articles", place / "store") as server:
        yield server


@pytest.fixture(scope="module")
def client(served: Served) -> Client:
    return Client(served.address, verbose=False, download_files=False, analytics_enabled=False)


@pytest.fixture(scope="module")
def assistant(served: Served) -> Assistant:
    """The same articles in this process."""
    embedder = HashingEmbedder()
    return Assistant(
        open_store(str(served.store)),
        embedder,
        EvidenceReader(WordMarker(), WordCrossEncoder()),
        threshold=0.0,
    )


def test_ask_answers_as_the_command_does(client: Client, assistant: Assistant) -> None:
    said = client.predict("What did Odesa ship?", source="wire", api_name="/ask")
    assert said["citations"][0] == {
        "number": 1,
        "article": "grain.txt",
        "title": "Grain",
        "source": "Wire",
        "published": "2024-02-12",
        "url": None,
        "start": 0,
        "end": 30,
        "quote": "Odesa shipped grain in August.",
    }
    *_, answer = assistant.stream("What did Odesa ship?", history=(), scope=Scope(source="wire"), today=date.today())
    assert said == answer_fields(answer)


def test_a_follow_up_is_understood_from_the_turns_before_it(client: Client, assistant: Assistant) -> None:
    before, then = "Who hold a veto?", "And how many are they?"
    said = client.predict(then, history=[{"question": before, "answer": "Members."}], api_name="/ask")
    *_, answer = assistant.stream(then, history=[Turn(before, "Members.")], scope=Scope(), today=date.today())
    assert said == answer_fields(answer)
    assert said["citations"][0]["quote"] == "Five members hold a veto."


def test_retrieve_gives_so_many_passages_within_the_filters(client: Client) -> None:
    hits = client.predict("grain or veto", k=1, api_name="/retrieve")["hits"]
    assert [set(hit) for hit in hits] == [
        {"article", "title", "source", "published", "url", "start", "end", "score", "text"}
    ]
    assert client.predict("grain", since="2025-01-01", api_name="/retrieve") == {"hits": []}


def test_index_rebuilds_what_is_served_and_tells_what_it_did(client: Client, served: Served) -> None:
    nothing = {"added": 0, "changed": 0, "removed": 0, "unchanged": 2, "failed": []}
    assert client.predict(api_name="/index") == nothing
    added = served.folder / "lighthouse.txt"
    added.write_text("The lighthouse of Varnholm was lit in 1871.")
    assert client.predict(str(served.folder), api_name="/index") == nothing | {"added": 1}
    said = client.predict("When was the lighthouse of Varnholm lit?", api_name="/ask")
    assert said["citations"][0]["quote"] == "The lighthouse of Varnholm was lit in 1871."
    added.unlink()
    assert client.predict(api_name="/index") == nothing | {"removed": 1}


@pytest.mark.parametrize("folder", ["/etc", "..", "/", "", 5, ["/etc"]])
def test_index_refuses_every_other_folder(client: Client, folder: object) -> None:
    with pytest.raises(AppError, match=r"keeps another folder|not text"):
        client.predict(folder, api_name="/index")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"question": ""}, "the question is empty"),
        ({"question": 5}, "question is not text"),
        ({"question": None}, "question is not text"),
        ({"question": "veto?", "since": "soon"}, "since is not a day: write 2025-08-21"),
        ({"question": "veto?", "until": 2024}, "until is not text"),
        ({"question": "veto?", "ignore": "last week"}, "ignore is not a list"),
        ({"question": "veto?", "ignore": [5]}, "ignore is not text"),
        ({"question": "veto?", "history": [["a", "b"]]}, "history is not a list of turns"),
        ({"question": "veto?", "history": [{"question": "a"}]}, "an answer is not text"),
        ({"question": "veto?", "history": [{}] * 1000}, "history is not a list of at most 50"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(client: Client, said: dict[str, object], says: str) -> None:
    with pytest.raises(AppError, match=says):
        client.predict(**said, api_name="/ask")


@pytest.mark.parametrize("k", [0, -1, 101, "5", 2.5, True, None])
def test_a_number_of_passages_that_is_none_is_refused(client: Client, k: object) -> None:
    with pytest.raises(AppError, match="k is not a number from 1 to 100"):
        client.predict("veto", k=k, api_name="/retrieve")


def test_programs_see_three_endpoints_with_their_types(client: Client) -> None:
    seen = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(seen) == {"/ask", "/retrieve", "/index"}
    question, *others = seen["/ask"]["parameters"]
    assert (question["parameter_name"], question["type"], question["parameter_has_default"]) == (
        "question",
        {"type": "string"},
        False,
    )
    assert [other["parameter_name"] for other in others] == ["history", "today", "since", "until", "source", "ignore"]
    answer = seen["/ask"]["returns"][0]["type"]["properties"]
    assert set(answer) == {"answered", "text", "citations"}
    assert "quote" in answer["citations"]["items"]["properties"]


def test_the_page_s_own_events_are_no_endpoints(served: Served) -> None:
    for name in ("ask_1", "start", "watch", "arrive", "lambda", "page_0", "v2/page_0"):
        reply = served.post(f"/gradio_api/call/{name}", b'{"data": []}', Content_Type="application/json")
        assert reply.status == 404, name


def call(served: Served, name: str, arguments: Mapping[str, object]) -> tuple[str, str]:
    """Call an endpoint as curl would: post, then fetch what came of it, as JSON."""
    body = json.dumps(arguments).encode()  # lone surrogates too, as \ud800
    event = served.post(f"/gradio_api/call/v2/{name}", body, Content_Type="application/json").json()["event_id"]
    outcome, data = served.get(f"/gradio_api/call/{name}/{event}").body.rstrip().rsplit("\n", 2)[-2:]
    return outcome.removeprefix("event: "), data.removeprefix("data: ")


def test_curl_can_ask(served: Served) -> None:
    outcome, data = call(served, "ask", {"question": "What did Odesa ship?", "source": "wire"})
    [answer] = json.loads(data)
    assert (outcome, answer["citations"][0]["quote"]) == ("complete", "Odesa shipped grain in August.")


@pytest.mark.parametrize("question", NASTY)
def test_no_question_breaks_the_api(served: Served, question: str) -> None:
    for name, arguments in (
        ("ask", {"question": question}),
        ("retrieve", {"question": question}),
        ("ask", {"question": "and then?", "history": [{"question": question, "answer": question}]}),
        ("ask", {"question": "veto", "source": question, "ignore": [question]}),
    ):
        outcome, data = call(served, name, arguments)
        assert outcome == "complete" or "the question" in json.loads(data)["error"], (outcome, data[:200])


QUESTIONS = st.text(max_size=300) | st.lists(
    st.sampled_from(
        ["veto", "Odesa", '"', "'", "(", ")", "*", "^", ":", "NEAR", "AND", "OR", "NOT", "-", "\x00", "\ud83d", "ß"]
    ),
    max_size=30,
).map(" ".join)
ANYTHING = QUESTIONS | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Lo", "So"]), max_size=100)


@given(question=ANYTHING, before=ANYTHING, source=st.none() | ANYTHING)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_question_is_answered_or_refused_in_words(
    assistant: Assistant, question: str, before: str, source: str | None
) -> None:
    try:
        answers = list(
            assistant.stream(question, history=[Turn(before, before)], scope=Scope(source=source), today=date.today())
        )
    except QuestionRefused:  # in words: it says nothing else
        return
    for answer in answers:
        # As it leaves: over the API, on the page of the chat and on a page of its own.
        json.dumps(answer_fields(answer), ensure_ascii=False).encode()
        shown = Conversation("id", "", (Exchange(Asked(question), "2025-08-21", DONE).with_answer(answer),))
        (thread.now_html(shown, running=False) + answer_page(answer)).encode()


def test_a_full_line_tells_when_to_come_again_and_empties() -> None:
    held = threading.Event()

    async def crowd() -> list[bool | BaseException]:
        line = Line(at_once=2, waiting=3)
        asking = [asyncio.create_task(line.through(held.wait)) for _ in range(8)]
        await asyncio.sleep(0.1)
        held.set()
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert await line.through(lambda: "served again") == "served again"
        return outcomes

    outcomes = asyncio.run(crowd())
    assert outcomes[:5] == [True] * 5
    assert [type(outcome) for outcome in outcomes[5:]] == [TooManyAsking] * 3
    assert str(outcomes[5]) == "5 questions are before yours: ask again in 1 second"


def test_who_would_wait_too_long_is_told_so_and_nobody_where_none_is_before_them() -> None:
    async def crowd(within: float) -> int:
        line = Line(at_once=1, waiting=9, within=within)
        held = threading.Event()
        asking = [asyncio.create_task(line.through(held.wait)) for _ in range(8)]
        await asyncio.sleep(0.1)
        held.set()
        return (await asyncio.gather(*asking, return_exceptions=True)).count(True)

    # As long as nothing was measured, an answer is taken to need half a second.
    assert asyncio.run(crowd(within=1.6)) == 3
    assert asyncio.run(crowd(within=0.1)) == 1


def test_what_fails_in_the_line_leaves_its_place() -> None:
    def fail() -> None:
        raise QuestionRefused("no")

    async def crowd() -> None:
        line = Line(at_once=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ArticleQAError, match="no"):
                await line.through(fail)

    asyncio.run(crowd())


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    pytest.importorskip("mcp", reason='the extra "mcp" is absent: pip install "article-qa[mcp]"')
    place = tmp_path_factory.mktemp("mcp")
    (place / "articles").mkdir()
    (place / "articles" / "grain.txt").write_text("Title: Grain\n\nOdesa shipped grain in August.")
    with serving(place / "articles", place / "store", Place(mcp=True)) as server:
        yield server


def test_the_endpoints_are_tools_of_mcp(tools: Served) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client
    from mcp.types import TextContent

    async def use() -> tuple[list[str], str, bool]:
        async with (
            streamable_http_client(f"{tools.address}/gradio_api/mcp/") as (read, write, *_),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            listed = [tool.name for tool in (await session.list_tools()).tools]
            answer = await session.call_tool("ask", {"question": "What did Odesa ship?"})
            refused = await session.call_tool("ask", {"question": ""})
            said = answer.content[0]
            assert isinstance(said, TextContent)
            return listed, said.text, bool(refused.isError)

    listed, answer, refused = asyncio.run(use())
    assert listed == ["ask", "retrieve", "index"]
    assert "Odesa shipped grain in August." in answer
    assert refused


def test_a_tool_s_call_asks_nothing_of_the_address_that_its_caller_names(tools: Served) -> None:
    """Gradio would ask itself at the address in Host or X-Forwarded-Host, wherever that leads."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    call["params"] = {"name": "ask", "arguments": {"question": "What did Odesa ship?"}}
    headers = {"Accept": "application/json, text/event-stream", "Content_Type": "application/json"}
    reply = tools.post("/gradio_api/mcp/", json.dumps(call).encode(), Host="192.0.2.1:1", **headers)
    assert "Odesa shipped grain in August." in reply.body


def test_a_stopped_question_keeps_its_turn_until_its_thread_has_ended() -> None:
    """A thread cannot be stopped: whoever asks and stops again and again would put any number of them to work."""
    go_on, begun = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(30)

    async def stopped() -> None:
        line = Line(at_once=1, waiting=0)
        asking = asyncio.create_task(line.through(work))
        await asyncio.to_thread(begun.wait, 30)
        asking.cancel()
        await asyncio.sleep(0)
        with pytest.raises(TooManyAsking):
            await line.through(work)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await line.through(work)

    asyncio.run(stopped())
