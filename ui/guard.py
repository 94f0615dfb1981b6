"""Which requests are let in. Everything that is not named here is refused, before any of it is read.

    another name in Host       403: a page elsewhere has pointed a name of its own at this machine (DNS rebinding)
    asked by another site      403: a page elsewhere sends a browser's requests here; following a link is no such thing
    a path of no use here      404: files, proxies and whatever else Gradio serves that this page does not need
    a body of unknown length   411, or 413 where it is longer than any conversation

A request without Origin and Sec-Fetch-Site comes from a program, not from a page in a browser, and is let in.
"""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_BODY = 4 * 2**20
"""Bytes of one request: a question of a million characters is still refused in words, by what answers."""
MAX_UPLOAD = 32 * 2**20
"""Bytes of one file that is put into the library."""
FRAME = 64 * 2**10
"""Bytes that an upload may say beside its file."""
UPLOAD = "/gradio_api/upload"
PATHS = frozenset(
    {
        *("/", "/answer", "/health", "/login", "/logout"),
        *("/config", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt"),
        *("/gradio_api/info", "/gradio_api/startup-events", "/gradio_api/app_id", "/gradio_api/theme.css"),
        *("/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/cancel", "/gradio_api/reset"),
        "/gradio_api/run/predict",  # the page's events that are not queued
        *(UPLOAD, "/gradio_api/upload_progress"),
    }
)
FOLDERS = (
    *("/assets/", "/static/", "/gradio_api/heartbeat/", "/gradio_api/mcp/"),
    *(f"/gradio_api/call/{way}{name}/" for way in ("", "v2/") for name in ("ask", "retrieve", "index")),
)
HOST = re.compile(r"([a-zA-Z0-9._-]+|\[[0-9a-fA-F:.]+\])(:\d+)?")
STRAY = re.compile(r"(^|/)\.\.(/|$)|[\\\x00-\x1f]")
FORWARDED = re.compile(rb"forwarded|x-forwarded-.*|x-gradio-.*")
"""Headers by which a request would say where it was sent: Gradio believes them, and would build addresses of them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in."""

    status: int
    says: str


class Guard:
    """An ASGI application in front of another one: it lets in what `refusal` has nothing against."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on without the headers that would be believed."""
        if scope["type"] == "http":
            refused = refusal(scope["method"], scope["path"], Headers(scope=scope), self._names)
            if refused:
                await PlainTextResponse(refused.says + "\n", refused.status)(scope, receive, send)
                return
            believed = [(name, value) for name, value in scope["headers"] if not FORWARDED.fullmatch(name)]
            await self._app({**scope, "headers": believed}, receive, send)
        elif scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        # There is no websocket: a server that does not answer one closes it with 403.


def refusal(method: str, path: str, headers: Headers, names: Collection[str]) -> Refusal | None:
    """Return why a request is refused, or None. `names` are those by which this server is reached."""
    if not _is_ours(headers.getlist("host"), names):
        return Refusal(403, "this server does not go by that name: start it with --name to let one in")
    if _is_of_another_site(method, headers):
        return Refusal(403, "asked by a page of another site")
    if STRAY.search(path) or not _is_of_use(path):
        return Refusal(404, "not found")
    if "transfer-encoding" in headers:
        return Refusal(411, "say how long the body is: Content-Length is missing")
    length = headers.get("content-length", "0")
    most = MAX_UPLOAD + FRAME if path == UPLOAD else MAX_BODY
    if not length.isdecimal() or int(length) > most:
        return Refusal(413, f"too long: at most {most:,} bytes")
    return None


def _is_of_use(path: str) -> bool:
    return (path.rstrip("/") or "/") in PATHS or f"{path}/".startswith(FOLDERS)


def _is_ours(hosts: list[str], names: Collection[str]) -> bool:
    if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
        return False
    name = hosts[0].lower().rpartition("]")[0].lstrip("[") or hosts[0].lower().partition(":")[0]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in names
    return True  # a number belongs to nobody else: only names can be pointed here


def _is_of_another_site(method: str, headers: Headers) -> bool:
    if "origin" in headers and headers["origin"].lower().partition("://")[2] != headers["host"].lower():
        return True
    if headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
        return False
    follows_a_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return not (method == "GET" and follows_a_link)
