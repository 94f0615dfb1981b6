"""The whole server in this process, on a port of 127.0.0.1, about articles that a fake embedder has read."""

import contextlib
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path
from typing import Any

from index import build
from index.store import open_store
from qa.answer import Assistant
from qa.read import EvidenceReader
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker
from ui.job import RebuildJob
from ui.serve import Place, _listen, _private_folder, make_app, make_server


@dataclass(frozen=True)
class Reply:
    """What came of a request."""

    status: int
    headers: dict[str, str]
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A server that runs, and the folder that it is about."""

    address: str
    folder: Path
    store: Path

    @property
    def host(self) -> str:
        return self.address.removeprefix("http://")

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: bytes, **headers: str) -> Reply:
        return self.send("POST", path, body, **headers)

    def send(self, method: str, path: str, body: bytes | None, **headers: str) -> Reply:
        """Send just this: the path is not tidied up, and no redirect is followed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, body, named, method=method)
        try:
            with OPENER.open(request, timeout=60) as reply:
                return Reply(reply.status, _lower(reply.headers), reply.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return Reply(refused.code, _lower(refused.headers), refused.read().decode())


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@contextlib.contextmanager
def serving(folder: Path, store: Path, place: Place = Place()) -> Iterator[Served]:  # noqa: B008
    """Index the folder and serve it until the context ends."""
    embedder = HashingEmbedder()
    build(folder, store=store, embedder=embedder)
    assistant = Assistant(
        open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.0
    )
    job = RebuildJob(lambda tell: build(folder, store=store, embedder=embedder, progress=tell))
    with running(assistant, job, folder, store, place) as address:
        yield Served(address, folder, store)


@contextlib.contextmanager
def running(
    assistant: Assistant,
    job: RebuildJob,
    folder: Path,
    store: Path,
    place: Place = Place(),  # noqa: B008
    examples: Sequence[str] = (),
) -> Iterator[str]:
    """Serve the page, its API and what stands in front of them, until the context ends; yield the address."""
    with _private_folder(), _listen(replace(place, port=0)) as listening:
        place = replace(place, port=listening.getsockname()[1])
        server = make_server(make_app(assistant, job, place, folder=folder, kept_in=store, examples=examples))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                thread.join(0.02)
            yield f"http://127.0.0.1:{place.port}"
        finally:
            server.should_exit = True
            thread.join()
