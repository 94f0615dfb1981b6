"""Store, and the contract that each store keeps; open_store() chooses one by its address.

* A reader sees one snapshot: what it finds, and the text behind it, are of one moment, whatever a build does meanwhile.
* An article is wholly old or wholly new. What was removed is never found again.
* Opening and reading never write and never wait for a build.
* One writer at a time; a second one is told StoreBusy.
* A vector is stored once for each text, and found again by the digest of that text: what did not change is not
  embedded again, wherever it moved to.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Protocol

from index.embed import Vectors
from index.records import Article, Failure, Hit, Span

Digest = bytes
"""SHA-256 of an embedded text."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles may be found. A day is compared with the day of publication; an undated article has none."""

    since: date | None = None
    until: date | None = None
    source: str | None = None
    """An outlet, in any case of letters."""


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Found:
    """The key of a chunk, and how well it was found by one way of searching."""

    key: int
    score: float


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet, and how many articles of it there are. The name is None for articles that name none."""

    name: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article in which something was looked for and found, and the chunk that has most of it."""

    article: str
    """Its id."""
    key: int
    score: float
    """Higher where the chunk has more of it; 0 where nothing was looked for."""
    story: int
    """Near-copies have the same."""
    source: str | None
    author: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An article in a list: what it says of itself, without its text."""

    id: str
    path: str
    title: str | None
    source: str | None
    published: str | None


class Order(Enum):
    """How a list is ordered. What says nothing of it comes last; articles that say the same are ordered by id."""

    NEWEST = "newest"
    OLDEST = "oldest"
    OUTLET = "outlet"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a list of articles, and what is known of all of it."""

    entries: tuple[Entry, ...]
    total: int
    months: tuple[tuple[str, int], ...]
    """How many there are of each month, `2025-08`, in order; undated ones are under the empty text."""


class Snapshot(Protocol):
    """What one query sees of a store."""

    def nearest(self, vector: Vectors, k: int, *scopes: Scope) -> list[Found]:
        """Return the `k` chunks of the highest cosine to `vector` in each scope, best first; without one, in all."""

    def matching(self, question: str, k: int, *scopes: Scope) -> list[Found]:
        """Return the `k` chunks that best match the words of `question` in each scope, best first; without one, in all.

        Never raises for its text. The score is BM25 (k1 1.2, b .75) as a share of the most that a chunk could score:
        0 to 1.
        """

    def sightings(self, phrases: Collection[str], scope: Scope = EVERYTHING) -> Iterator[Sighting]:
        """Yield every article that holds each of `phrases` in its title or a chunk, by id; with no phrases, every one.

        A phrase holds where its words, cut to their stems, follow each other. Never raises for its text; a phrase
        without a word is passed over.
        """

    def passages(self, phrases: Collection[str], scope: Scope = EVERYTHING) -> Iterator[Found]:
        """Yield every chunk that, its article's title included, holds each of `phrases`, in order of its key."""

    def heads(self, found: Sequence[Found]) -> Mapping[int, Article]:
        """Return what the article of each key says of itself, without its text: enough to prefer one to another."""

    def hits(self, found: Sequence[Found]) -> list[Hit]:
        """Return what stands behind each key, in the same order."""

    def document_frequency(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return in how many chunks each term occurs (0 where it does not)."""

    def article(self, name: str) -> Article | None:
        """Return the article of the id `name`, if there is one."""

    def count_chunks(self) -> int:
        """Return how many chunks there are."""

    def articles(self) -> Iterator[Article]:
        """Yield every article, by id."""

    def outlets(self) -> list[Outlet]:
        """Return the outlets, the most articles first."""

    def newest(self) -> date | None:
        """Return the day of the newest article; None where none has one."""

    def authors(self) -> list[str]:
        """Return the bylines, each once, in the order of the alphabet; it takes longer the more articles there are."""

    def stories(self, names: Collection[str]) -> Mapping[str, int]:
        """Return a number for the story that each article of these ids tells: that of its near-copies is the same."""

    def elsewhere(self, names: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Return, for the articles of these ids, the other outlets that tell the same story, by name."""

    def listing(
        self,
        *,
        words: str = "",
        scope: Scope = EVERYTHING,
        order: Order = Order.NEWEST,
        limit: int = 50,
        offset: int = 0,
    ) -> Listing:
        """Return the entries from `offset` on of those that hold each of `words` in title, outlet or id, in any case.

        No text is read for it, and nothing is verified: it is a list to choose from, not to quote.
        """

    def failures(self) -> list[Failure]:
        """Return what the last build could not read, and why."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the store knows of a file."""

    digest: str
    """Of its bytes; empty when it is to be read again: it was not read to its end, or may be read with more luck."""
    articles: int
    failures: tuple[Failure, ...] = ()
    """What could not be read in it, where it is not to be tried again."""


CutArticle = tuple[Article, Sequence[tuple[Span, Digest]]]
"""An article, its chunks, and the digest of each chunk's embedded text."""


class Writer(Protocol):
    """What one build does to a store. Everything is durable when the context ends."""

    def files(self) -> dict[str, KnownFile]:
        """Return the files in the store by their paths."""

    def articles_of(self, path: str) -> dict[str, Digest]:
        """Return the digest of each article of a file by its id."""

    def transaction(self) -> AbstractContextManager[None]:
        """All of what is done inside, or nothing."""

    def unknown(self, digests: Collection[Digest]) -> set[Digest]:
        """Return those whose vector is not in the store."""

    def remember(self, digests: Sequence[Digest], vectors: Vectors) -> None:
        """Keep the vector of each text, shape (len(digests), dimension)."""

    def put(self, article: Article, chunks: Sequence[tuple[Span, Digest]]) -> None:
        """Put an article in place of the one of its id, if there is one; its file counts as not read to its end."""

    def finish(self, path: str, digest: str, failures: Sequence[Failure], gone: Collection[str]) -> None:
        """Note that a file was read to its end: what failed in it, and the ids that it does not hold any more."""

    def remove(self, path: str) -> None:
        """Take a file and its articles out of the store."""

    def clear(self, fingerprint: str, dimension: int) -> None:
        """Take everything out, and let the vectors of the model `fingerprint` in."""

    def publish(self, *, ended: bool) -> None:
        """Let readers find quickly what was written. Before the build has `ended`, only where much was."""


class Store(Protocol):
    """Articles, chunks, vectors and the lexical index, at an address."""

    def exists(self) -> bool:
        """Tell whether anything was built here."""

    def snapshot(self, fingerprint: str) -> AbstractContextManager[Snapshot]:
        """See the store as it is now. Raises StoreMissing, StoreCorrupt, StoreMismatch."""

    def writer(self, fingerprint: str, dimension: int, *, rebuild: bool = False) -> AbstractContextManager[Writer]:
        """Hold the store for writing. `rebuild` lets another model or format in.

        Raises StoreBusy, StoreCorrupt, StoreMismatch, and StoreError where the place cannot be written.
        """

    def problems(self) -> list[str]:
        """Verify everything against everything; return one line for each thing that is wrong."""


def open_store(address: str) -> Store:
    """Return the store at `address`: a folder, which need not be there yet."""
    from index.local import LocalStore

    return LocalStore(address)
