"""The named endpoints /ask, /retrieve and /index: what the commands say, for programs.

They answer with the same JSON as `article-qa ask | retrieve | index --json`. With `--mcp` each is a tool too, described
by its docstring and its types. Nobody has looked at what a program sends before it comes here: what is no question, day
or number is refused in words.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypedDict, TypeVar

import gradio as gr
from gradio.events import api

from index.errors import ArticleQAError
from index.settings import path_of
from index.store import Scope
from qa.answer import Answer, Assistant
from qa.followup import Turn
from ui.fields import AnswerFields, HitsFields, ReportFields, answer_fields, hits_fields, report_fields
from ui.job import Cancelled, Done, Failed, RebuildJob, Running
from ui.line import Line

MOST_TURNS = 50
MOST_PASSAGES = 100
POLL_SECONDS = 0.1
T = TypeVar("T")


class TurnFields(TypedDict):
    """A question that was asked before, and what was answered."""

    question: str
    answer: str


def add_endpoints(page: gr.Blocks, assistant: Assistant, line: Line, job: RebuildJob, *, served: Path) -> None:
    """Give `page` its endpoints: questions go through `line`, and `job` makes the index hold what `served` holds."""

    async def ask(
        question: str,
        history: list[TurnFields] | None = None,
        today: str | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        ignore: list[str] | None = None,
    ) -> AnswerFields:
        """Answer a question from the articles, in their own sentences, each cited to the character.

        Args:
            question: What is asked, in words.
            history: The turns before it, oldest first: a follow-up is understood from them.
            today: The day that "last week" is counted from, as 2025-08-21. Default: today.
            since: Only articles published on this day or later, as 2025-08-21.
            until: Only articles published on this day or before, as 2025-08-21.
            source: Only articles of this outlet.
            ignore: Words of the question that are to mean no time, outlet or author, as "last week".
        """
        said = _said(question, today, since, until, source, ignore)
        return answer_fields(await _in_words(line.through(partial(_answer, assistant, _turns(history), said))))

    async def retrieve(
        question: str,
        k: int = 5,
        today: str | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        ignore: list[str] | None = None,
    ) -> HitsFields:
        """Find the passages of the articles that are most likely to answer a question, best first.

        Args:
            question: What is asked, in words.
            k: How many passages, 1 to 100.
            today: The day that "last week" is counted from, as 2025-08-21. Default: today.
            since: Only articles published on this day or later, as 2025-08-21.
            until: Only articles published on this day or before, as 2025-08-21.
            source: Only articles of this outlet.
            ignore: Words of the question that are to mean no time, outlet or author, as "last week".
        """
        said = _said(question, today, since, until, source, ignore)
        return hits_fields(await _in_words(line.through(partial(assistant.retrieve, k=_count(k), **said))))

    async def index(folder: str | None = None) -> ReportFields:
        """Make the index hold what the folder of articles holds now; only what changed is read. May take long.

        Args:
            folder: The folder of articles, to be sure which it is: any but the one that is served is refused.
        """
        _refuse_other(folder, served)
        while isinstance(job.state, Running):  # it may have passed by what has changed since
            await asyncio.sleep(POLL_SECONDS)
        job.start()
        while isinstance(job.state, Running):
            await asyncio.sleep(POLL_SECONDS)
        match job.state:
            case Done(report):
                return report_fields(report)
            case Failed(reason):
                raise _refused(reason)
            case Cancelled():
                raise _refused("the rebuild was stopped on the page, and what it had finished is kept: ask again")
        raise AssertionError(job.state)

    _keep_private(page)
    with page:
        for endpoint in (ask, retrieve, index):
            # Not queued by Gradio: a tool's call would then go through a request to the address that its caller named.
            api(endpoint, queue=False, concurrency_limit=None)


def _keep_private(page: gr.Blocks) -> None:
    """Let programs call none of the page's own events, and let none of these hold a name that an endpoint needs."""
    for number, event in page.fns.items():
        event.api_visibility, event.api_name = "private", f"page_{number}"
    for component in page.blocks.values():
        if isinstance(component, gr.components.Component):
            component.load_event_to_attach = None  # it is attached: leaving `page` again would attach it once more


class Said(TypedDict):
    """What a program asked, looked at."""

    question: str
    scope: Scope
    today: date
    ignore: list[str]


def _said(question: object, today: object, since: object, until: object, source: object, ignore: object) -> Said:
    return {
        "question": _text("question", question),
        "scope": Scope(_day("since", since), _day("until", until), None if source is None else _text("source", source)),
        "today": _day("today", today) or date.today(),
        "ignore": [_text("ignore", words) for words in _list("ignore", ignore)],
    }


def _answer(assistant: Assistant, history: Sequence[Turn], said: Said) -> Answer:
    *_, answer = assistant.stream(history=history, **said)
    return answer


def _text(name: str, said: object) -> str:
    if not isinstance(said, str):
        raise _refused(f"{name} is not text: give it in quotes")
    return said


def _day(name: str, said: object) -> date | None:
    if said is None:
        return None
    day = _text(name, said)
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise _refused(f"{name} is not a day: write 2025-08-21") from None


def _count(said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 1 <= said <= MOST_PASSAGES:
        raise _refused(f"k is not a number from 1 to {MOST_PASSAGES}")
    return said


def _list(name: str, said: object) -> Sequence[object]:
    if said is None:
        return ()
    if not isinstance(said, list) or len(said) > MOST_TURNS:
        raise _refused(f"{name} is not a list of at most {MOST_TURNS}")
    return said


def _turns(said: object) -> list[Turn]:
    turns = []
    for turn in _list("history", said):
        if not isinstance(turn, dict):
            raise _refused("history is not a list of turns: give each as its question and its answer")
        turns.append(Turn(_text("a question in history", turn.get("question")), _text("an answer", turn.get("answer"))))
    return turns


def _refuse_other(folder: object, served: Path) -> None:
    if folder is not None and path_of(_text("folder", folder)).absolute() != path_of(served).absolute():
        raise _refused("this server keeps another folder: leave out its name, or run `article-qa chat` on that one")


async def _in_words(answering: Awaitable[T]) -> T:
    try:
        return await answering
    except ArticleQAError as error:
        raise _refused(str(error)) from error


def _refused(says: str) -> gr.Error:
    return gr.Error(says, print_exception=False)
