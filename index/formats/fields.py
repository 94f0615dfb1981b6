"""The usual names of an article's fields, in front matter and headers -> the fields of an Article."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from dateutil import parser

NAMES = {
    "title": ("title", "headline"),
    "source": ("source", "outlet", "publisher", "publication", "site", "newspaper"),
    "author": ("author", "authors", "by", "byline"),
    "published": ("published", "date", "pubdate", "published_at", "published_time", "publication_date"),
    "url": ("url", "link", "address", "canonical"),
}


class Fields(TypedDict, total=False):
    """What an article says of itself; a key that it does not say is not there."""

    title: str
    source: str
    author: str
    published: str
    url: str


def read_fields(said: Mapping[str, object]) -> Fields:
    """Pick the fields of an Article from what a file says, whatever the case of its keys.

    >>> read_fields({"Headline": "Grain", "Date": "21 August 2025", "tags": ["x"]})
    {'title': 'Grain', 'published': '2025-08-21'}
    """
    by_name = {key.strip().lower(): value for key, value in said.items()}
    found: Fields = {}
    for field, names in NAMES.items():
        value = next((by_name[name] for name in names if by_name.get(name)), None)
        text = read_published(value) if field == "published" else _one_line(value)
        if text:
            found[field] = text  # type: ignore[literal-required]
    return found


def read_published(said: object) -> str | None:
    """Return the day or moment that `said` names as ISO 8601, or None where it does not name a whole day.

    >>> read_published("August 2025") is None
    True
    >>> read_published("2025-08-21T07:30:00+02:00")
    '2025-08-21T07:30:00+02:00'
    """
    if isinstance(said, date):  # YAML has parsed it; a datetime is a date too
        return said.isoformat()
    if not isinstance(said, str) or not said.strip():
        return None
    try:
        # What the text leaves out is taken from the default: only what both defaults agree on was really said.
        first, second = (
            parser.parse(said, default=default) for default in (datetime(2001, 1, 1), datetime(2004, 2, 29))
        )
    except (ValueError, OverflowError):
        return None
    if first != second:
        return None
    says_time = ":" in said
    return first.isoformat() if says_time else first.date().isoformat()


def _one_line(said: object) -> str | None:
    if isinstance(said, list):
        said = ", ".join(str(item) for item in said)
    return " ".join(str(said).split()) or None if said is not None else None
