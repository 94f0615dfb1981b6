"""The usual names of an article's fields, in front matter, headers and rows -> the fields of an Article."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
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
    "language": ("language", "lang", "inlanguage", "locale", "contentlanguage"),
}
"""The names in plain form, see `by_plain_name`; the first that is there and says something is taken."""

ZONES: Mapping[str, float] = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "WET": 0,
    "WEST": 1,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "SAST": 2,
    "EAT": 3,
    "WAT": 1,
    "PKT": 5,
    "WIB": 7,
    "HKT": 8,
    "JST": 9,
    "KST": 9,
    "AWST": 8,
    "ACST": 9.5,
    "ACDT": 10.5,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
}
"""Hours. First the names that RFC 822 gives; then those that the IANA database gives to one offset only, today. Others
mean several zones, as IST does: Indian, Irish and Israel time."""

ISO_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
"""Read at once: what most files of rows say, and the parser takes a third of a millisecond."""
FULL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:(?!\d)|(?=\d{4}(?!\d)))")
"""Of four digits, alone or at the head of eight: 21/08/25 may be a day of 2021 or of 2025."""
NUMBERS = re.compile(r"(?<![\d:])(\d\d?)[./\- ](\d\d?)[./\- ]\d{4}(?![\d:])")
AHEAD = re.compile(r"\b(?:GMT|UTC) ?(?=[+-]\d)")
"""A time said as GMT+3 is three hours ahead; the parser would take it for three behind, as POSIX does."""
REMARK = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")
TIME = re.compile(r":|\dT\d|\d ?[ap]\.?m\b", re.IGNORECASE)
LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)(?:\.[\w-]+)?")
NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


class Fields(TypedDict, total=False):
    """What an article says of itself; a key that it does not say is not there."""

    title: str
    source: str
    author: str
    published: str
    url: str
    language: str


def read_fields(said: Mapping[str, object]) -> Fields:
    """Pick the fields of an Article from what a file says, whatever the case of its keys.

    >>> read_fields({"Headline": "Grain", "Date": "21 August 2025", "tags": ["x"]})
    {'title': 'Grain', 'published': '2025-08-21'}
    """
    by_name = by_plain_name(said)
    found: Fields = {}
    for field, names in NAMES.items():
        value = next((by_name[name] for name in names if by_name.get(name)), None)
        text = SPECIAL.get(field, _one_line)(value)
        if text:
            found[field] = text  # type: ignore[literal-required]
    return found


def by_plain_name(said: Mapping[str, object]) -> dict[str, object]:
    """Write each key in lower case, without what parts its words.

    >>> by_plain_name({"publishedAt": 1, "Full_Text": 2})
    {'publishedat': 1, 'fulltext': 2}
    """
    return {_plain(str(key)): value for key, value in said.items()}


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).lower()


def read_published(said: object) -> str | None:
    """Return the day or moment that `said` names as ISO 8601, or None where it does not name one whole day.

    >>> read_published("August 2025") is None  # no day
    True
    >>> read_published("03/04/2025") is None  # in March, or in April
    True
    >>> read_published("2025-08-21T07:30:00+02:00")
    '2025-08-21T07:30:00+02:00'
    """
    if isinstance(said, date):  # YAML has parsed it; a datetime is a date too
        return said.isoformat()
    if isinstance(said, str) and ISO_DAY.fullmatch(said):
        return _day(said)
    if not isinstance(said, str) or not FULL_YEAR.search(said) or _may_swap(said):
        return None
    plain = AHEAD.sub("", REMARK.sub("", said))
    try:
        # What the text leaves out is taken from the default: only what both defaults agree on was really said.
        first, second = (
            parser.parse(plain, default=default, tzinfos=_zone)
            for default in (datetime(2001, 1, 1), datetime(2004, 2, 29))
        )
    except (ValueError, OverflowError):
        return None
    if first != second:
        return None
    return first.isoformat() if TIME.search(plain) else first.date().isoformat()


def _day(said: str) -> str | None:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        return None  # the 31st of February


def read_language(said: object) -> str | None:
    """Return the BCP 47 tag that `said` names, or None where it names none.

    >>> read_language("pt_br.UTF-8"), read_language("zh-hant-TW"), read_language("English")
    ('pt-BR', 'zh-Hant-TW', None)
    """
    text = _one_line(said)
    found = LANGUAGE.fullmatch(text) if text else None
    if not found or found[1].lower() in NO_LANGUAGE:
        return None
    return "-".join([found[1].lower(), *map(_subtag, re.findall(r"[A-Za-z0-9]+", found[2]))])


def _subtag(part: str) -> str:
    """Write a script as Hant, a region as TW, all else small: as RFC 5646 advises."""
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


SPECIAL: Mapping[str, Callable[[object], str | None]] = {"published": read_published, "language": read_language}


def _may_swap(said: str) -> bool:
    """Tell whether day and month may be either: both are numbers, both no more than twelve, and not the same."""
    found = NUMBERS.search(said)
    return found is not None and found[1] != found[2] and max(int(found[1]), int(found[2])) <= 12


def _zone(name: str | None, seconds: int | None) -> timezone | None:
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    hours = ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def _one_line(said: object) -> str | None:
    """Write a value as one line: of a list its items, of an object its name. What is nested deeper is no field."""
    items = said if isinstance(said, list) else [said]
    return ", ".join(filter(None, map(_name, items))) or None


def _name(said: object) -> str | None:
    name = said.get("name") if isinstance(said, Mapping) else said
    return None if name is None or isinstance(name, list | Mapping) else " ".join(str(name).split())
