"""A web site on this machine whose answers a test gives, by path."""

import contextlib
import http.server
from collections.abc import Callable

PAGE = b"<!doctype html>\n<title>Grain</title><body><p>The ship left Odesa.</p>"

Answer = Callable[["Site"], None]


class Site(http.server.BaseHTTPRequestHandler):
    """Gives the answers of its server, which keeps what it was asked."""

    server: "Server"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
            self.server.answers[self.path](self)

    def reply(self, body: bytes, media_type: str | None = "text/html", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        if media_type is not None:
            self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Site)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def at(self, path: str, answer: Answer, host: str = "127.0.0.1") -> str:
        self.answers[path.partition("#")[0]] = answer
        return f"http://{host}:{self.server_port}{path}"


def page(body: bytes, media_type: str | None = "text/html", status: int = 200, **headers: str) -> Answer:
    return lambda site: site.reply(body, media_type, status, **headers)


def leads_to(location: str) -> Answer:
    return page(b"", None, 302, Location=location)
