"""What every response says of itself, so that a browser runs only what this server wrote.

A response that brings no Content-Security-Policy gets one that allows nothing. Gradio's page brings scripts that stand
in the page: they, and no others, carry a number drawn for this one response. Scripts of our own, which Gradio puts into
the page later, are known by their digests. What an article or a question might get into the page is neither, so it
does not run. Gradio's own components make functions of strings (its HTML is a template): that must be allowed.
"""

import base64
import hashlib
import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "Content-Security-Policy"
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'{digests}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self' blob:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
KEPT = ("/assets/", "/static/")
"""What a browser may keep: parts of Gradio, the same for everybody."""


class SafeHeaders:
    """An ASGI application around another one, whose responses it completes."""

    def __init__(self, app: ASGIApp, *, head: str) -> None:
        """`head` is what Gradio puts into the head of the page; the scripts in it may run."""
        self._app = app
        self._digests = "".join(f" '{digest_of(script)}'" for script in SCRIPT.findall(head))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers; to the page itself, the number of its scripts too."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/" and scope["method"] == "GET":
            plain = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
            await self._app({**scope, "headers": plain}, receive, _Numbered(send, self._digests).send)
        else:
            kept = scope["path"].startswith(KEPT)
            await self._app(scope, receive, lambda message: send(_completed(message, NOTHING, kept=kept)))


class _Numbered:
    """Holds a page back until it is whole, then sends it with a number in each of its scripts."""

    def __init__(self, send: Send, digests: str) -> None:
        self._send = send
        self._digests = digests
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body") or self._start is None:
            return
        nonce = secrets.token_urlsafe(16)
        body = self._body
        if Headers(raw=self._start["headers"]).get("content-type", "").startswith("text/html"):
            body = body.replace(b"<script", f'<script nonce="{nonce}"'.encode())
        headers = MutableHeaders(raw=self._start["headers"])
        headers["content-length"] = str(len(body))
        await self._send(_completed(self._start, PAGE.format(nonce=nonce, digests=self._digests), kept=False))
        await self._send({"type": "http.response.body", "body": body})


def digest_of(text: str) -> str:
    """Return how a policy names a script or a style that stands in a page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _completed(message: Message, policy: str, *, kept: bool) -> Message:
    if message["type"] == "http.response.start":
        message.setdefault("headers", [])
        headers = MutableHeaders(scope=message)
        headers.setdefault(POLICY, policy)
        for name, value in ALWAYS.items():
            headers[name] = value
        if not kept:
            headers["Cache-Control"] = "no-store"
    return message
