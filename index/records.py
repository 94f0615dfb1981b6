"""The nouns: what an article says, what is cut from it, what is found, what a build did.

All frozen. Offsets count characters (Unicode code points) of `Article.text`, so `text[start:end]` is always the
article's own words.
"""

import hashlib
import json
from dataclasses import astuple, dataclass
from datetime import date
from typing import NamedTuple

BETWEEN = " | "
"""Between the cells of a table's row, which is a line of the text."""


class Span(NamedTuple):
    """A run of characters: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """What one article says, and what it says of itself. What it does not say is None, never guessed."""

    id: str
    """Its path below the folder, with `/`."""
    path: str
    """The file it stands in, as a path below the folder. The same as `id` where a file is one article."""
    text: str
    title: str | None = None
    source: str | None = None
    """The outlet."""
    author: str | None = None
    published: str | None = None
    """ISO 8601: a day (`2025-08-21`), or a moment with its time zone where the article gives one."""
    url: str | None = None
    language: str | None = None
    """A BCP 47 tag, such as `en` or `pt-BR`."""

    @property
    def digest(self) -> bytes:
        """SHA-256 of all that it says and of where it stands: of two that differ in anything, different."""
        return hashlib.sha256(json.dumps(astuple(self)).encode()).digest()

    @property
    def name(self) -> str:
        """What to call the article in a list: its title, else its id."""
        return self.title or self.id

    @property
    def day(self) -> date | None:
        """The day it was published, if it says so."""
        return date.fromisoformat(self.published[:10]) if self.published else None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found. Scores order the hits of one question and mean nothing across questions."""

    article: Article
    start: int
    end: int
    score: float
    elsewhere: tuple[str, ...] = ()
    """The other outlets that tell the same story: their near-copies are no hits of their own."""

    @property
    def text(self) -> str:
        """The chunk's own characters."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read as an article, and why."""

    path: str
    """The file, as a path below the folder; `path#key` for one of the articles in a file of many."""
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, in articles; what failed, in files, or in the rows and members of files of many."""

    added: int
    changed: int
    removed: int
    unchanged: int
    failed: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is, told as it goes on."""

    files_done: int
    files: int
    bytes_done: int
    bytes: int
    """Of all files, as far as they were there to be measured when the build began."""
    embedded: int
    """Chunks embedded so far; those whose text was known already are not counted."""
    seconds: float
    """Since the build began."""

    @property
    def rate(self) -> float:
        """Chunks embedded in a second."""
        return self.embedded / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes if it goes on as so far; None while there is nothing to judge by."""
        return self.seconds * (self.bytes / self.bytes_done - 1) if self.bytes_done else None


NOTHING_YET = Progress(files_done=0, files=0, bytes_done=0, bytes=0, embedded=0, seconds=0)
