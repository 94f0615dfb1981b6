"""What tests share: an embedder that behaves like one, and the sample articles, indexed once by the real model."""

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import settings

from index import build
from index.embed import Vectors
from index.load import list_files, open_file, read_articles
from index.records import Article
from qa.spans import Marked
from tests.site import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("any machine", deadline=None)  # no test asserts a time: the machine may be busy
settings.load_profile("any machine")
ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"


def articles_in(folder: Path) -> list[Article]:
    """Return the articles in a folder of which all files are articles."""
    found: list[Article] = []
    for path in list_files(folder):
        with open_file(folder, path) as file:
            found += [article for article in read_articles(path, file) if isinstance(article, Article)]
    return found


@dataclass(frozen=True)
class HashingEmbedder:
    """Hashes words into buckets, so that texts that share words are close; counts what it embeds."""

    fingerprint: str = "hashing:1"
    dimension: int = 64
    spread: float = 0.07
    embedded: list[str] | None = None

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self.embedded is not None:
            self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, self.dimension), np.float32)

    def question(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[hashlib.md5(word.encode()).digest()[0] % self.dimension] += 1
        return vector / np.linalg.norm(vector)


class WordMarker:
    """Marks words that the question does not have, the surer the more words of the question stand in the passage."""

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        asked = set(re.findall(r"\w+", question.lower()))
        for passage in passages:
            words = list(re.finditer(r"\w+", passage)) or list(re.finditer("", ""))
            new = np.array([0.0 if word[0].lower() in asked else 1.0 for word in words], np.float32)
            shared = len(asked & set(re.findall(r"\w+", passage.lower())))
            yield Marked(float(shared), new, new, np.array([word.span() for word in words], np.int64))


class WordCrossEncoder:
    """Says that a text answers as well as it has words of the question."""

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        asked = set(re.findall(r"\w+", question.lower()))
        for passage in passages:
            yield Marked.unmarked(float(len(asked & set(re.findall(r"\w+", passage.lower())))))


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder(embedded=[])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "articles"
    place.mkdir()
    (place / "grain.txt").write_text("Title: Grain\n\nOdesa shipped grain in August. The corridor closed in July.")
    (place / "veto.md").write_text(
        "---\ntitle: Veto\nsource: Wire\npublished: 2024-02-12\n---\nFive members hold a veto."
    )
    (place / "treaty.html").write_text("<title>Treaty</title><body><p>The treaty was signed in Prague.</p></body>")
    return place


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(scope="session")
def seed_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles, indexed by the packaged model."""
    place = tmp_path_factory.mktemp("seeds") / "store"
    build(SEEDS, store=place)
    return place


def copy_seeds(place: Path, seed_store: Path) -> Path:
    """Copy the sample articles to `place`, and their index beside it, so that a server has nothing to embed."""
    shutil.copytree(SEEDS, place)
    shutil.copytree(seed_store, place.parent / "store")
    return place


@pytest.fixture(scope="session")
def real_article() -> Path:
    """The folder of a real article, which may not enter the repository."""
    place = SHARED / "seeds"
    if not place.is_dir():
        assert not os.environ.get("CI"), f"{place} is absent, and CI must have it"
        pytest.skip(f"{place} is absent: it holds a real article, which may not be published with the code")
    return place


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, for one file: while it is driven, its event loop lets no other run in this thread."""
    from tests.browsing import chromium

    with chromium() as opened:
        yield opened
