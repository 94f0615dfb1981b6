"""An RSS or Atom feed -> Articles, one an entry: its text as the feed carries it. Nothing is ever fetched.

The day on which an entry was updated is not the day it was published, and is not taken for it. Only RSS 1.0 has no
other date: its dc:date is that of publication, which feedparser calls updated.
"""

import io
import re
from collections.abc import Mapping
from typing import Any

from index.errors import ArticleError
from index.formats.fields import read_fields
from index.formats.html import fragment_paragraphs
from index.formats.keys import Keys
from index.records import Article, Failure

Said = Mapping[str, Any]
"""What feedparser found: a feed, an entry, or one text of theirs with its media type."""

DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_feed(path: str, data: bytes) -> list[Article | Failure]:
    """Read an .rss, .atom or .xml file; entries without text are passed over, and one that is refused is a Failure."""
    try:
        import feedparser
    except ImportError as error:
        raise ArticleError("needs feedparser: run `pip install 'article-qa[documents]'`") from error
    if DECLARATION.search(data.replace(b"\0", b"")):  # without the zeros of UTF-16
        raise ArticleError("it declares a DOCTYPE or entities, which are not read: save it without them")
    try:
        feed = feedparser.parse(io.BytesIO(data))  # a stream: it takes a string, or bytes, for an address or a file
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError) as error:
        raise ArticleError("a damaged feed: fetch it anew") from error
    if not feed.get("version"):
        raise ArticleError("not an RSS or Atom feed, and other XML is not read: save its text as .txt")
    keys = Keys()
    read = (_read_entry(path, keys.name(_own_key(entry)), entry, feed) for entry in feed.entries)
    found = [entry for entry in read if entry]
    if not found:
        raise ArticleError("no entry of the feed has a text")
    return found


def _read_entry(path: str, key: str, entry: Said, feed: Said) -> Article | Failure | None:
    try:
        text = "\n\n".join(_paragraphs(entry))
        fields = read_fields(_said(entry, feed))
    except ArticleError as error:
        return Failure(f"{path}#{key}", str(error))
    return Article(id=f"{path}#{key}", path=path, text=text, **fields) if text else None


def _own_key(entry: Said) -> str | None:
    return entry.get("id") or entry.get("link")


def _said(entry: Said, feed: Said) -> dict[str, object]:
    channel = feed["feed"]
    only_date = entry.get("updated") if feed["version"] == "rss10" else None
    return {
        "title": _plain(entry.get("title_detail")),
        "author": (entry.get("author_detail") or {}).get("name"),
        "published": entry.get("published") or only_date,
        "url": entry.get("link"),
        "source": _plain(channel.get("title_detail")),
        "language": _language(entry) or channel.get("language"),
    }


def _language(entry: Said) -> str | None:
    return next((detail["language"] for detail in _contents(entry) if detail and detail.get("language")), None)


def _contents(entry: Said) -> list[Said | None]:
    """Return the entry's content, then its summary."""
    return [*entry.get("content", ()), entry.get("summary_detail")]


def _paragraphs(entry: Said) -> list[str]:
    return next(filter(None, map(_read, _contents(entry))), [])


def _plain(detail: Said | None) -> str:
    return " ".join(_read(detail))


def _read(detail: Said | None) -> list[str]:
    """Return the paragraphs of a text."""
    if detail is None:
        return []
    value = detail.get("value") or ""
    if detail.get("type") == "text/plain":
        return [line for line in (" ".join(block.split()) for block in re.split(r"\n\s*\n", value)) if line]
    return fragment_paragraphs(value)
