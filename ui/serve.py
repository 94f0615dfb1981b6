"""The server of the chat: the page, the API behind it, and what stands in front of them.

    SafeHeaders  what every response says          (`headers`)
    Guard        which requests are let in         (`guard`)
    Login        who may ask, where that is said   (`login`)
    routes       /health and /answer               (`pages`), and at / the page and its API (`web`, `api`)

Safe by default: it listens on this machine only, shares nothing, reports nothing home, and serves no file of the
machine.
"""

import asyncio
import contextlib
import ipaddress
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import ASGIApp

from index.errors import AddressBusy, ExtraMissing
from index.settings import path_of, read_settings
from qa.answer import Assistant
from qa.assemble import open_assistant
from ui.api import add_endpoints
from ui.auth import Accounts
from ui.guard import MAX_UPLOAD, Guard
from ui.headers import SafeHeaders
from ui.job import Build, RebuildJob
from ui.line import Line
from ui.login import PERSON, Login
from ui.memory import give_back_what_is_freed
from ui.pages import routes
from ui.web import looks, make_page

ASKING_AT_ONCE = 2
BEHIND_THEM = 5
WITHIN_SECONDS = 1.8
"""Whoever asks is answered within about two seconds, or told when to come again."""
WAITING_AT_MOST = 256
"""In Gradio's own queue, of the page's events: its questions stand in our line."""
CLOSING_SECONDS = 1
"""How long open pages keep a server that was told to end."""
CLOSED: dict[str, Any] = {
    "allowed_paths": [],
    "enable_monitoring": False,
    "footer_links": [],
    "max_file_size": MAX_UPLOAD,
    "pwa": False,
    "run_history": False,
    "show_error": False,
    "ssr_mode": False,
}
"""What keeps the page to itself, said aloud: Gradio takes what is not said from the environment."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the chat is served, and to whom."""

    host: str = "127.0.0.1"
    port: int = 7860
    names: tuple[str, ...] = ()
    """By which people reach it, besides localhost, this machine's own name and any number."""
    accounts: Accounts | None = None
    """Who may ask; None: everybody who reaches it."""
    mcp: bool = False
    """Whether the endpoints are tools of the Model Context Protocol too."""

    @property
    def address(self) -> str:
        """What a person types."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_open(self) -> bool:
        """Whether anybody on the network can ask, and rebuild."""
        return self.accounts is None and not _is_loopback(self.host)


def serve(rebuild: Build, place: Place, *, folder: Path, store: str | None, examples: Sequence[str] = ()) -> None:
    """Serve the chat about `store` until interrupted; `rebuild` is what its button does.

    Raises AddressBusy, ExtraMissing, and as `Assistant.stream` does.
    """
    refuse_what_cannot_be(place)
    if place.is_open:
        print(_warning(place.host), file=sys.stderr, flush=True)
    assistant = open_assistant(store)
    give_back_what_is_freed()
    assistant.warm()
    with _private_folder(), _listen(place) as listening:
        place = replace(place, port=listening.getsockname()[1])  # of port 0, the one that was free
        job, kept_in = RebuildJob(rebuild), path_of(store or read_settings().store)
        app = make_app(assistant, job, place, folder=path_of(folder), kept_in=kept_in, examples=examples)
        print(f"Ask at {place.address}  (Ctrl-C ends it)", flush=True)
        try:
            _run(app, listening)
        finally:
            job.end()


def refuse_what_cannot_be(place: Place) -> None:
    """Raise AddressBusy or ExtraMissing for a place that cannot be served: before anything is built for it."""
    if place.mcp and find_spec("mcp") is None:
        raise ExtraMissing('--mcp needs the package mcp: run `pip install "article-qa[mcp]"`')
    _listen(place).close()


def make_app(
    assistant: Assistant, job: RebuildJob, place: Place, *, folder: Path, kept_in: Path, examples: Sequence[str] = ()
) -> ASGIApp:
    """Put the page, its API and what stands in front of them together; conversations are kept in `kept_in`."""
    line = Line(at_once=ASKING_AT_ONCE, waiting=BEHIND_THEM, within=WITHIN_SECONDS)
    page = make_page(assistant, line, job, kept_in=kept_in, folder=folder, examples=examples)
    add_endpoints(page, assistant, line, job, served=folder)
    page.queue(max_size=WAITING_AT_MOST)
    app = FastAPI(routes=routes(assistant, line), openapi_url=None)
    shown = looks()
    known_as = None if place.accounts is None else _person
    gr.mount_gradio_app(app, page, "/", auth_dependency=known_as, mcp_server=place.mcp, **shown, **CLOSED)
    return SafeHeaders(_guarded(app, place), head=shown["head"])


def _person(request: Request) -> str | None:
    """Return who has signed in: whose conversations the page shows."""
    return request.scope.get(PERSON)


def _guarded(app: ASGIApp, place: Place) -> ASGIApp:
    names = {"localhost", place.host, socket.gethostname(), f"{socket.gethostname()}.local", *place.names}
    inside = app if place.accounts is None else Login(app, place.accounts, cookie=f"article-qa-{place.port}")
    return Guard(inside, names)


@contextlib.contextmanager
def _private_folder() -> Iterator[None]:
    """Give Gradio a folder of its own, not the one that every program on the machine shares."""
    with tempfile.TemporaryDirectory(prefix="article-qa-") as private:
        os.environ["GRADIO_TEMP_DIR"] = private
        yield


def _listen(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    try:
        return socket.create_server((place.host, place.port), family=family, backlog=256)
    except OSError as error:
        raise AddressBusy(f"port {place.port} on {place.host} cannot be used: give another with --port") from error


def _run(app: ASGIApp, listening: socket.socket) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it ends as with Ctrl-C: nothing is left behind
    with contextlib.suppress(KeyboardInterrupt):
        make_server(app).run(sockets=[listening])


def make_server(app: ASGIApp) -> uvicorn.Server:
    """Return what serves `app`, and says no more of itself than it must."""
    logging.getLogger("uvicorn.error").addFilter(_is_worth_telling)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=CLOSING_SECONDS,
    )
    return uvicorn.Server(config)


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """Tell errors from what is cut off because the server was told to end: a page that is still open is none."""
    cut_off = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut_off and not record.getMessage().startswith("Cancel ")


def _warning(host: str) -> str:
    return f"article-qa: anybody who reaches {host} can ask, and rebuild: keep to 127.0.0.1, or give --auth FILE"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
