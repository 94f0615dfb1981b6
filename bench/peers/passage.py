"""Passages, which are what a peer is given to find; and Peer, which is what is asked of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.chunk import chunk_spans, embedded_text
from index.embed import Embedder
from index.records import Article

DEPTH = 100
"""Passages that each way of searching is asked for, as in `qa.retrieve`."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article."""

    article: str
    """Its id."""
    text: str
    """What is embedded and searched for words."""
    day: int
    """Of the article: 20220131, or 0 where it names none."""


Search = Callable[[str, int | None], list[str]]
"""A question, and the last day of which articles may be found -> the articles of passages, best first."""


@dataclass(frozen=True)
class Peer:
    """How a library is used, as its own documentation has it."""

    title: str
    build: Callable[[Sequence[Passage], Embedder], Mapping[str, Search]]
    """Index passages; return each way of searching them by what is said of it, empty where there is one only."""
    cut: Callable[[Sequence[Article]], list[Passage]]
    """Cut articles as it does by itself, or as we do where it has no splitter."""
    encoder: Callable[[str], Callable[[Sequence[str]], object]] | None = None
    """Load the model in a folder; return what embeds texts as the library does by itself."""


def our_passages(articles: Sequence[Article]) -> list[Passage]:
    """Cut articles as our own build does; the title stands before each passage."""
    return [
        Passage(article.id, embedded_text(article, span), day_number(article.day))
        for article in articles
        for span in chunk_spans(article.text)
    ]


def whole_text(article: Article) -> str:
    """Return what a splitter without a place for titles is given."""
    return f"{article.title}\n{article.text}" if article.title else article.text


def day_number(day: date | None) -> int:
    """Return a day as a number that sorts as days do.

    >>> day_number(date(2022, 1, 31))
    20220131
    """
    return 10_000 * day.year + 100 * day.month + day.day if day else 0
