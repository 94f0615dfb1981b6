"""The usual names of an article's fields, in front matter, headers and rows -> the fields of an Article."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import TypedDict

from dateutil import parser

NAMES = {
    "title": ("title", "headline"),
    "source": ("source", "outlet", "publisher", "publication", "site", "sitename", "newspaper"),
    "author": ("author", "authors", "by", "byline", "creator"),
    "published": (
        *("published", "date", "pubdate", "publishedat", "publishedtime", "publicationdate", "publishdate"),
        *("datepublished", "datepublish", "publisheddate"),
    ),
    "url": ("url", "link", "address", "canonical", "canonicalurl", "sourceurl"),
}
"""The names in plain form, see `by_plain_name`; the first that is there and says something is taken."""

ZONES = dict(UTC=0, GMT=0, Z=0, EST=-5, EDT=-4, CST=-6, CDT=-5, MST=-7, MDT=-6, PST=-8, PDT=-7)  # noqa: C408
"""Hours, of the names that RFC 822 gives. Other names mean several zones, or depend on this machine's own."""


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
    by_name = by_plain_name(said)
    found: Fields = {}
    for field, names in NAMES.items():
        value = next((by_name[name] for name in names if by_name.get(name)), None)
        text = read_published(value) if field == "published" else _one_line(value)
        if text:
            found[field] = text  # type: ignore[literal-required]
    return found


def by_plain_name(said: Mapping[str, object]) -> dict[str, object]:
    """Write each key in lower case, without what parts its words.

    >>> by_plain_name({"publishedAt": 1, "Full_Text": 2})
    {'publishedat': 1, 'fulltext': 2}
    """
    return {re.sub(r"[\s_-]+", "", str(key)).lower(): value for key, value in said.items()}


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
            parser.parse(said, default=default, tzinfos=_zone)
            for default in (datetime(2001, 1, 1), datetime(2004, 2, 29))
        )
    except (ValueError, OverflowError):
        return None
    if first != second:
        return None
    says_time = ":" in said
    return first.isoformat() if says_time else first.date().isoformat()


def _zone(name: str | None, seconds: int | None) -> timezone | None:
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    hours = ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def _one_line(said: object) -> str | None:
    """Write a value as one line: of a list its items, of an object its name."""
    if isinstance(said, list):
        said = ", ".join(filter(None, map(_one_line, said)))
    if isinstance(said, Mapping):
        return _one_line(said.get("name"))
    return " ".join(str(said).split()) or None if said is not None else None
