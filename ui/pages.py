"""Beside the chat: /answer, a page that can be linked to, /health, for what watches over servers, the tab's picture."""

import asyncio
from collections.abc import Mapping
from datetime import date

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from index.errors import ArticleQAError, QuestionRefused, TooManyAsking
from index.store import Scope
from qa.answer import Answer, Assistant
from ui.answer import answer_page, empty_page, trouble_page
from ui.line import Line
from ui.login import PERSON
from ui.plain import STYLE_POLICY

FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#185a86"/>'
    '<rect x="6" y="13" width="20" height="6" fill="#fae391"/><path d="M8 9.5h16M8 22.5h11" stroke="#fff" '
    'stroke-width="2.4" stroke-linecap="round"/><path d="M8 16h13" stroke="#185a86" stroke-width="2.4" '
    'stroke-linecap="round"/></svg>'
)
"""A page, one line of it marked."""


def routes(assistant: Assistant, line: Line) -> list[BaseRoute]:
    """Return what answers at /answer and /health."""

    async def answer(request: Request) -> Response:
        asked = request.query_params
        if "q" not in asked:
            return _page(empty_page())
        try:
            scope, today = _scope(asked), _day(asked, "today") or date.today()
        except ValueError as error:
            return _page(trouble_page(asked["q"], str(error)), 400)
        try:
            return _page(answer_page(await line.through(lambda: _answered(assistant, asked["q"], scope, today))))
        except TooManyAsking as error:
            return _page(trouble_page(asked["q"], str(error)), 429)
        except ArticleQAError as error:
            status = 400 if isinstance(error, QuestionRefused) else 503
            return _page(trouble_page(asked["q"], str(error)), status)

    async def health(request: Request) -> Response:
        try:
            articles, chunks = await asyncio.to_thread(_count, assistant)
        except ArticleQAError as error:
            trouble = {"status": "failing"} | ({} if _is_stranger(request) else {"reason": str(error)})
            return JSONResponse(trouble, 503)
        counted = {} if _is_stranger(request) else {"articles": articles, "chunks": chunks}
        return JSONResponse({"status": "ok"} | counted)

    async def picture(_: Request) -> Response:
        return Response(FAVICON, media_type="image/svg+xml")

    return [Route("/answer", answer), Route("/health", health), Route("/favicon.ico", picture)]


def _answered(assistant: Assistant, question: str, scope: Scope, today: date) -> Answer:
    *_, answer = assistant.stream(question, history=(), scope=scope, today=today)
    return answer


def _scope(asked: Mapping[str, str]) -> Scope:
    return Scope(since=_day(asked, "since"), until=_day(asked, "until"), source=asked.get("source") or None)


def _day(asked: Mapping[str, str], name: str) -> date | None:
    said = asked.get(name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise ValueError(f"{name} is not a day: write 2025-08-21") from None


def _count(assistant: Assistant) -> tuple[int, int]:
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        return sum(outlet.articles for outlet in snapshot.outlets()), snapshot.count_chunks()


def _is_stranger(request: Request) -> bool:
    """Tell whether people sign in here, and this one has not: who is none is told nothing about the articles."""
    return request.scope.get(PERSON, "anybody") is None


def _page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers=STYLE_POLICY)
