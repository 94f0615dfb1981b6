"""The web page: wires what people do to what is done about it; no logic. `ui.serve` serves it.

The page is our own HTML (`ui.thread`, `ui.pane`, `ui.rail`, `ui.shelf`), of which no character of an article or a
question is unescaped (`ui.render`). `page.js` sends what a person does as one of EVENTS, with all that it is about; so
the server holds nothing for a page, and a page that was open before a restart goes on.
"""

import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: it reports home otherwise

import gradio as gr

from index.errors import ArticleQAError, TooManyAsking
from qa.answer import Assistant
from ui import masthead
from ui.desk import Desk
from ui.files import Files
from ui.history import History
from ui.job import RebuildJob
from ui.judgements import Judgements
from ui.library import Library
from ui.line import Line, to_its_end
from ui.message import Message, message_of
from ui.page import JOB, TALK, Happenings, Shown
from ui.pane import EMPTY_PANE
from ui.shelf import drop_html

EVENTS = (
    *("arrive", "ask", "stop", "talk", "suggest", "judge", "read", "article", "save"),
    *("shelf", "put", "remove", "rebuild"),
)
POLL_SECONDS = 0.5
SUGGESTING = 8
"""People for whom questions that may come next are looked for in their turn; beyond that they get none."""
UPLOADING = 100
"""Uploads that wait while two are put into the folder."""
PAGES_HELD = 100
"""Pages of which Gradio holds what they show, the last ones; 10,000 if it is not told, closed or not."""
PAGE = Path(__file__).parent


PASSING = frozenset({"notice", "parcel"})
"""Parts that the page takes away when they have been seen: the same may come again."""
Parts = dict[str, Any]
"""The components by name."""
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
AT_ONCE: dict[str, Any] = {"queue": False, "trigger_mode": "multiple"}
"""Taken up at once, as often as it comes, and not in Gradio's queue."""


def looks() -> dict[str, Any]:
    """Return what shows the page as it is meant."""
    system = ["system-ui", "sans-serif"]
    theme = gr.themes.Base(
        font=system, font_mono=["ui-monospace", "monospace"], primary_hue="slate", neutral_hue="stone"
    )
    style, script = ((PAGE / name).read_text() for name in ("style.css", "page.js"))
    # Not as `css_paths`: what gradio puts before each selector breaks those with a comma inside `:is()`.
    return {"theme": theme, "head": f"<style>{style}</style><script>{script}</script>"}


def make_page(
    assistant: Assistant, line: Line, job: RebuildJob, *, kept_in: Path, folder: Path | None, examples: Sequence[str]
) -> gr.Blocks:
    """Lay the page out and say what happens on it. Questions go through `line`.

    Conversations and judgements are kept in `kept_in`. `folder` is where files are put and taken out; None forbids it.
    """
    desk = Desk(assistant, History(kept_in / "conversations.db"), Judgements(kept_in / "judgements.jsonl"))
    library = Library(assistant, job, Files(folder, store=kept_in) if folder else None)
    with gr.Blocks(title="article-qa", fill_width=True, analytics_enabled=False) as page:
        parts = _lay_out(may_change=folder is not None)
        uploads = Path(os.environ.get("GRADIO_TEMP_DIR", tempfile.gettempdir()))
        _listen(_Wiring(page, parts), Happenings(desk, library, uploads, tuple(examples)), line)
    page.state_session_capacity = PAGES_HELD
    return page  # type: ignore[no-any-return]


def _lay_out(*, may_change: bool) -> Parts:
    parts: Parts = {}

    def html(name: str, value: str = "") -> None:
        parts[name] = gr.HTML(value, elem_id=name, js_on_load=None, apply_default_css=False)

    with gr.Row(elem_id="masthead"):
        html("brand", masthead.BRAND_HTML)
        html("count")
        html("views", masthead.VIEWS_HTML)
    with gr.Row(elem_id="news"):
        html("status")
        html("notice")
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="side", min_width=0):
            html("rail")
        with gr.Column(elem_id="talk", min_width=0):
            with gr.Column(elem_id="chat", min_width=0):
                html("past")
                html("now")
                html("next")
            html("question", masthead.QUESTION_HTML)
            html("filters")
        with gr.Column(elem_id="books", min_width=0):
            html("controls")
            html("dropping", drop_html() if may_change else "")
            html("failed")
            html("shelf")
        with gr.Column(elem_id="evidence", min_width=0):
            html("pane", EMPTY_PANE)
    html("parcel")
    parts["timer"] = gr.Timer(POLL_SECONDS, active=False)
    connect = f"articleqa.connect(trigger, upload, {list(EVENTS)!r});"
    parts["wire"] = gr.HTML("", elem_id="wire", js_on_load=connect, apply_default_css=False)
    return parts


@dataclass(frozen=True)
class _Wiring:
    """Leads from an event to what is done about it, and back to the parts that it changes."""

    page: gr.Blocks
    parts: Parts
    count: Iterator[int] = field(default_factory=itertools.count)

    def shown(self, changes: Shown) -> dict[Any, Any]:
        """Return what the components show now."""
        return {self.parts[name]: self._value(name, value) for name, value in changes.items()}

    def _value(self, name: str, value: str) -> Any:  # noqa: ANN401 - gradio's own
        if name == "timer":
            return gr.Timer(active=bool(value))
        # Gradio passes over what a part shows already, also where the page has taken it away: a number makes it new.
        return f'{value}<i hidden data-number="{next(self.count)}"></i>' if value and name in PASSING else value

    def told(self, error: ArticleQAError) -> dict[Any, Any]:
        """Return what tells an error."""
        return self.shown({"notice": masthead.notice_html(str(error))})

    def on(self, event: str, handle: Callable[[Message], Shown], outputs: Sequence[str], **how: Any) -> None:  # noqa: ANN401
        """Let `handle` do what is to be done about `event`."""

        def heard(request: gr.Request, sent: gr.EventData) -> dict[Any, Any]:
            try:
                return self.shown(handle(_message(request, sent)))
            except ArticleQAError as error:
                return self.told(error)

        getattr(self.parts["wire"], event)(heard, None, self.named(outputs), **PRIVATE, **how)

    def in_turn(
        self, event: str, handle: Callable[[Message], Shown], outputs: Sequence[str], line: Line, *, told: bool = True
    ) -> None:
        """Let `handle` do what is to be done in its turn in `line`; where the line is full, that is `told`, or nothing.

        Not in Gradio's queue: where one event in it ends just as another begins, the page may hear no more of that one.
        """

        async def heard(request: gr.Request, sent: gr.EventData) -> dict[Any, Any]:
            try:
                async with line.turn():
                    return self.shown(await to_its_end(partial(handle, _message(request, sent))))
            except ArticleQAError as error:
                return self.told(error) if told or not isinstance(error, TooManyAsking) else {}

        getattr(self.parts["wire"], event)(heard, None, self.named(outputs), **PRIVATE, **AT_ONCE)

    def on_asking(self, handle: Callable[[Message], Iterator[Shown]], line: Line) -> Any:  # noqa: ANN401 - gradio's own
        """Let `handle` answer as the answer grows, when it is its turn; return what a stop cancels.

        The page is told when all has come: Gradio closes its stream then, and a question asked just before that would
        get no answer.
        """

        async def heard(request: gr.Request, sent: gr.EventData) -> AsyncIterator[dict[Any, Any]]:
            self._forget(request)
            try:
                async with line.turn():
                    growing = handle(_message(request, sent))
                    while changes := await to_its_end(partial(next, growing, None)):
                        yield self.shown(changes)
            except ArticleQAError as error:
                yield self.told(error)

        asking = self.parts["wire"].ask(heard, None, self.named(TALK), concurrency_limit=None, **PRIVATE)
        asking.then(None, None, None, js="() => articleqa.over()", **PRIVATE)
        return asking

    def on_tick(self, handle: Callable[[], Shown]) -> None:
        """Let `handle` say how far the rebuild is."""

        def ticked() -> dict[Any, Any]:
            try:
                return self.shown(handle())
            except ArticleQAError as error:
                return self.told(error)

        self.parts["timer"].tick(ticked, None, self.named(JOB), queue=False, **PRIVATE)

    def _forget(self, request: gr.Request) -> None:
        """Drop what Gradio holds of the page that asks: nothing here reads it.

        It keeps what a part showed anew whenever another event left that part as it was (6.31), until the page is
        closed and longer: .4 MB with each question of a long conversation.
        """
        self.page.state_holder.session_data.pop(request.session_hash or "", None)

    def named(self, names: Sequence[str]) -> list[Any]:
        """Return the components of these names."""
        return [self.parts[name] for name in names]


def _listen(wiring: _Wiring, happenings: Happenings, line: Line) -> None:
    """Say which event leads to what."""
    asking = wiring.on_asking(happenings.ask, line)
    wiring.on("stop", happenings.talk, TALK, cancels=[asking], queue=False)
    wiring.on("arrive", happenings.arrive, (*TALK[:-1], *JOB), **AT_ONCE)
    wiring.on("talk", happenings.talk, TALK, **AT_ONCE)
    wiring.in_turn("suggest", happenings.suggest, ("next", "notice"), Line(at_once=1, waiting=SUGGESTING), told=False)
    wiring.on("judge", happenings.judge, ("past", "now", "next", "notice"), **AT_ONCE)
    wiring.on("read", happenings.read, ("pane", "notice"), **AT_ONCE)
    wiring.on("article", happenings.article, ("pane", "notice"), **AT_ONCE)
    wiring.on("save", happenings.save, ("parcel", "notice"), **AT_ONCE)
    wiring.on("shelf", happenings.shelf, ("shelf", "failed", "notice"), queue=False, trigger_mode="always_last")
    wiring.in_turn("put", happenings.put, JOB, Line(at_once=2, waiting=UPLOADING))
    wiring.on("remove", happenings.remove, JOB, **AT_ONCE)
    wiring.on("rebuild", happenings.rebuild, JOB, **AT_ONCE)
    wiring.on_tick(happenings.watch)


def _message(request: gr.Request, sent: gr.EventData) -> Message:
    return message_of(sent._data, request.username)  # noqa: SLF001 - what a custom event brings has no other name
