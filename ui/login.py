"""Who is asking: a page to sign in, and in front of everything else a check that somebody has.

A browser signs in once, and is known by a cookie from then on, until the server ends or a week has passed. A program
gives its name and password with each request (HTTP Basic), or posts them to /login as `gradio_client` does. What a
password costs to check is paid once: afterwards the request is known by a digest that nobody else can make.

On plain HTTP a password can be read on its way: beyond a network that you trust, put a server with TLS in front.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import TooManyAsking
from ui.auth import LONGEST, Accounts, opens
from ui.line import Line
from ui.plain import STYLE_POLICY, page_html
from ui.render import escape

WEEK = 7 * 24 * 3600
MOST_SESSIONS = 10_000
LONGEST_FORM = 8 * LONGEST
OPEN_TO_ALL = frozenset({"/health", "/robots.txt", "/favicon.ico"})
WRONG = "This name and password do not go together."
PERSON = "article_qa.person"
"""In the scope of each request behind a Login: who asks, or None where nobody has signed in."""


class Login:
    """An ASGI application in front of another one: it lets in whoever has signed in."""

    def __init__(self, app: ASGIApp, accounts: Accounts, *, cookie: str) -> None:
        self._app = app
        self._accounts = accounts
        self._cookie = cookie
        self._secret = secrets.token_bytes(32)
        self._sessions: dict[str, tuple[str, float]] = {}
        self._line = Line(at_once=1, waiting=16)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sign in, sign out, pass on, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._response(request)
        except TooManyAsking as error:
            response = PlainTextResponse(f"{error}\n", 429)
        if response is None:
            await self._app(scope, receive, send)
        else:
            await response(scope, receive, send)

    async def _response(self, request: Request) -> Response | None:
        path = request.url.path.rstrip("/")
        if path == "/login":
            if request.method == "POST":
                return await self._sign_in(request)
            return _form(_local(request.query_params.get("then", "/")))
        if path == "/logout":
            return self._sign_out(request)
        person = await self._person(request.headers)
        request.scope[PERSON] = person
        if person is None and path not in OPEN_TO_ALL:
            return _unknown(request)
        return None

    async def _person(self, headers: Headers) -> str | None:
        session = self._sessions.get(_cookie(headers, self._cookie))
        if session and session[1] > time.monotonic():
            return session[0]
        if not headers.get("authorization", "").lower().startswith("basic "):
            return None
        known_by = hmac.digest(self._secret, headers["authorization"].encode(), hashlib.sha256).hex()
        if known_by in self._sessions:
            return self._sessions[known_by][0]
        name, _, password = _decoded(headers["authorization"][6:]).partition(":")
        if not await self._opens(name, password):
            return None
        self._remember(known_by, name)
        return name

    async def _sign_in(self, request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LONGEST_FORM:
            return PlainTextResponse("too long\n", 413)
        said = parse_qs((await request.body()).decode(errors="replace"))
        name, password, then = (said.get(field, [""])[0] for field in ("username", "password", "then"))
        reads = "text/html" in request.headers.get("accept", "")
        if not await self._opens(name.strip(), password):
            return _form(_local(then), refused=True) if reads else JSONResponse({"detail": WRONG}, 401)
        response = RedirectResponse(_local(then), 303) if reads else JSONResponse({"success": True})
        token = secrets.token_urlsafe(32)
        self._remember(token, name.strip())
        response.set_cookie(self._cookie, token, max_age=WEEK, httponly=True, samesite="lax")
        return response

    def _sign_out(self, request: Request) -> Response:
        self._sessions.pop(_cookie(request.headers, self._cookie), None)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(self._cookie, httponly=True, samesite="lax")
        return response

    async def _opens(self, name: str, password: str) -> bool:
        if len(password) > LONGEST:
            return False
        return await self._line.through(lambda: opens(self._accounts, name, password))

    def _remember(self, known_by: str, name: str) -> None:
        while len(self._sessions) >= MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]  # the oldest
        self._sessions[known_by] = (name, time.monotonic() + WEEK)


def _cookie(headers: Headers, name: str) -> str:
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def _decoded(said: str) -> str:
    try:
        return base64.b64decode(said, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _local(then: str) -> str:
    """Return where to go on, if that is on this server: what begins with two slashes, of either kind, is not."""
    return then if then.startswith("/") and then[1:2] not in {"/", "\\"} and then.isprintable() else "/"


def _unknown(request: Request) -> Response:
    in_browser = "sec-fetch-mode" in request.headers
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?then={quote(asked, safe='')}", 303)
    # A browser's own window for passwords would open over the page: that is for those who have no page.
    challenge = {} if in_browser else {"WWW-Authenticate": 'Basic realm="article-qa", charset="UTF-8"'}
    return JSONResponse({"detail": "sign in at /login, or give a name and password"}, 401, headers=challenge)


def _form(then: str, *, refused: bool = False) -> Response:
    trouble = f'<p role="alert">{WRONG}</p>' if refused else ""
    body = (
        f'<h1>Sign in</h1>{trouble}<form method="post" action="/login">'
        f'<input type="hidden" name="then" value="{escape(then)}">'
        '<label>Name <input name="username" autocomplete="username" required autofocus></label>'
        '<label>Password <input name="password" type="password" autocomplete="current-password" required></label>'
        "<button>Sign in</button></form>"
    )
    return HTMLResponse(page_html("Sign in", body), 401 if refused else 200, headers=STYLE_POLICY)
