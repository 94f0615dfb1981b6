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
from typing import Protocol

from index.embed import Vectors
from index.records import Article, Hit, Span

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


class Snapshot(Protocol):
    """What one query sees of a store."""

    def nearest(self, vector: Vectors, k: int, scope: Scope = EVERYTHING) -> list[Found]:
        """Return the `k` chunks of the highest cosine to `vector`, best first."""

    def matching(self, question: str, k: int, scope: Scope = EVERYTHING) -> list[Found]:
        """Return the `k` chunks that best match the words of `question`, best first. Never raises for its text.

        The score is BM25 (k1 1.2, b .75) as a share of the most that a chunk could score: 0 to 1.
        """

    def hits(self, found: Sequence[Found]) -> list[Hit]:
        """Return what stands behind each key, in the same order."""

    def document_frequency(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return in how many chunks each term occurs (0 where it does not)."""

    def count_chunks(self) -> int:
        """Return how many chunks there are."""

    def articles(self) -> Iterator[Article]:
        """Yield every article, by id."""

    def outlets(self) -> list[Outlet]:
        """Return the outlets, the most articles first."""


class Writer(Protocol):
    """What one build does to a store. Everything is durable when the context ends."""

    def manifest(self) -> dict[str, str]:
        """Return the digest of each file in the store by its path."""

    def transaction(self) -> AbstractContextManager[None]:
        """All of what is done inside, or nothing."""

    def unknown(self, digests: Collection[Digest]) -> set[Digest]:
        """Return those whose vector is not in the store."""

    def remember(self, digests: Sequence[Digest], vectors: Vectors) -> None:
        """Keep the vector of each text, shape (len(digests), dimension)."""

    def replace(
        self, path: str, digest: str, articles: Sequence[tuple[Article, Sequence[tuple[Span, Digest]]]]
    ) -> None:
        """Put the articles of a file, and their chunks, in place of what the file held before."""

    def remove(self, path: str) -> None:
        """Take a file's articles out of the store."""

    def clear(self, fingerprint: str) -> None:
        """Take every article out, and let the vectors of the model `fingerprint` in."""

    def publish(self) -> None:
        """Derive what searching needs from what was written, and let readers see it."""


class Store(Protocol):
    """Articles, chunks, vectors and the lexical index, at an address."""

    def exists(self) -> bool:
        """Tell whether anything was built here."""

    def snapshot(self, fingerprint: str) -> AbstractContextManager[Snapshot]:
        """See the store as it is now. Raises StoreMissing, StoreCorrupt, StoreMismatch."""

    def writer(self, fingerprint: str, *, rebuild: bool = False) -> AbstractContextManager[Writer]:
        """Hold the store for writing. `rebuild` lets another model or format in.

        Raises StoreBusy, StoreCorrupt, StoreMismatch, and StoreError where the place cannot be written.
        """

    def problems(self) -> list[str]:
        """Verify everything against everything; return one line for each thing that is wrong."""


def open_store(address: str) -> Store:
    """Return the store at `address`: a folder, which need not be there yet."""
    from index.local import LocalStore

    return LocalStore(address)
