"""The web chat: wires the Assistant to Gradio; no logic. `ui.serve` serves it.

It renders no character of an article or a question unescaped (`ui.render`).
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: it reports home otherwise

import gradio as gr

from index.errors import ArticleQAError
from index.store import Scope
from qa.answer import Answer, Assistant
from qa.followup import Turn
from qa.question import MAX_CHARS
from ui import render
from ui.job import Idle, RebuildJob, Running

Message = dict[str, str]
Outputs = tuple[Any, ...]

ASKING_AT_ONCE = 4
POLL_SECONDS = 0.5
PAGE = Path(__file__).parent
NARROW_ENOUGH: dict[str, Any] = {"min_width": 320}


@dataclass(frozen=True)
class Conversation:
    """What one page has asked, kept by the server for that page only."""

    messages: tuple[Message, ...] = ()
    answers: tuple[Answer, ...] = ()

    def turns(self) -> list[Turn]:
        """Return the turns so far, each question as it was understood."""
        return [Turn(answer.understood.question, answer.text) for answer in self.answers]


def _looks() -> dict[str, Any]:
    system = ["system-ui", "sans-serif"]
    theme = gr.themes.Base(
        font=system, font_mono=["ui-monospace", "monospace"], primary_hue="slate", neutral_hue="stone"
    )
    return {
        "theme": theme,
        "css_paths": [PAGE / "style.css"],
        "head": f"<script>{(PAGE / 'page.js').read_text()}</script>",
    }


def make_page(assistant: Assistant, job: RebuildJob, *, examples: Sequence[str]) -> gr.Blocks:
    """Lay the page out and say what happens on it."""
    page: gr.Blocks
    with gr.Blocks(title="article-qa", fill_width=True, analytics_enabled=False) as page:
        conversation = gr.State(Conversation())
        with gr.Row(elem_id="masthead"):
            gr.HTML("<h1>article-qa</h1>")
            library = gr.HTML(lambda: _library(assistant), elem_id="library")
            rebuild = gr.Button("Rebuild the index", size="sm", scale=0, elem_id="rebuild")
        status = gr.HTML("", elem_id="status")
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=5, elem_id="talk", **NARROW_ENOUGH):
                chat = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    height="100%",
                    layout="panel",
                    latex_delimiters=[],
                    buttons=["copy"],
                    feedback_options=None,
                    group_consecutive_messages=False,
                    placeholder=render.WELCOME,
                    examples=[{"text": example} for example in examples],
                    elem_id="chat",
                )
                question = gr.Textbox(
                    label="Question",
                    show_label=False,
                    placeholder="Ask the articles",
                    submit_btn=True,
                    autofocus=True,
                    max_length=MAX_CHARS,
                    elem_id="question",
                )
            with gr.Column(scale=4, elem_id="evidence", **NARROW_ENOUGH):
                pane = gr.HTML(render.EMPTY_PANE, elem_id="pane")
        timer = gr.Timer(POLL_SECONDS, active=False)

        def ask(asked: str, so_far: Conversation) -> Iterator[Outputs]:
            for conversation_now in _answer(assistant, asked, so_far):
                shown = list(conversation_now.messages)
                yield "", shown, render.reading_pane_html(conversation_now.answers), conversation_now

        def ask_example(so_far: Conversation, chosen: gr.SelectData) -> Iterator[Outputs]:
            yield from ask(chosen.value["text"], so_far)

        def start() -> Outputs:
            job.start()
            return render.job_html(job.state), gr.Timer(active=True), gr.Button(interactive=False)

        def watch() -> Outputs:
            state = job.state
            running = isinstance(state, Running)
            return (
                render.job_html(state),
                gr.Timer(active=running),
                gr.Button(interactive=not running),
                _library(assistant),
            )

        def arrive() -> Outputs:
            return (
                watch() if not isinstance(job.state, Idle) else (gr.skip(), gr.skip(), gr.skip(), _library(assistant))
            )

        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        question.submit(
            ask,
            [question, conversation],
            [question, chat, pane, conversation],
            concurrency_limit=ASKING_AT_ONCE,
            **private,
        )
        chat.example_select(
            ask_example,
            [conversation],
            [question, chat, pane, conversation],
            concurrency_limit=ASKING_AT_ONCE,
            **private,
        )
        chat.clear(lambda: (render.EMPTY_PANE, Conversation()), None, [pane, conversation], **private)
        rebuild.click(start, None, [status, timer, rebuild], **private)
        timer.tick(watch, None, [status, timer, rebuild, library], **private)
        page.load(arrive, None, [status, timer, rebuild, library], **private)
    return page


def _answer(assistant: Assistant, asked: str, so_far: Conversation) -> Iterator[Conversation]:
    """Yield the conversation as the answer to `asked` grows."""
    messages = (*so_far.messages, {"role": "user", "content": render.question_html(asked)})
    turn = len(so_far.answers)
    yield Conversation(messages, so_far.answers)
    try:
        for answer in assistant.stream(asked, history=so_far.turns(), scope=Scope(), today=date.today()):
            reply = {"role": "assistant", "content": render.answer_html(answer, turn)}
            yield Conversation((*messages, reply), (*so_far.answers, answer))
    except ArticleQAError as error:
        yield Conversation(
            (*messages, {"role": "assistant", "content": render.trouble_html(str(error))}), so_far.answers
        )


def _library(assistant: Assistant) -> str:
    try:
        articles, outlets = assistant.library()
    except ArticleQAError as error:
        return render.trouble_html(str(error))
    return render.library_html(articles, outlets)
