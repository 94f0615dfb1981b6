"""An article whose fields do not say when it was published -> the day or moment that its text, address or name states.

In that order: a line of its own near the top, such as "By Ada Sample, 21 August 2025" or "Published 21 August 2025,
07:30 GMT"; the path of its URL; the name of its file; and last a line that says when it was updated. When a file was
made, changed or read is never taken, nor is a date that can be read in two ways.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from index.formats.fields import read_published
from index.records import Article

OF_LINES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx"})
"""Formats whose text may open with lines about the article. Rows, feeds and mails have fields for that."""
OF_MANY = re.compile(r"\.(?:json|jsonl|csv|rss|atom|xml)#", re.IGNORECASE)
TOP_LINES = 12
LONGEST_LINE = 160

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEAR = r"(?:19|20)\d\d"
MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = r"(?i:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
DATE = (
    rf"{WEEKDAY}(?:\d\d?(?i:st|nd|rd|th)? (?:of )?{MONTH}\.?,? {YEAR}|{MONTH}\.? \d\d?(?i:st|nd|rd|th)?,? {YEAR}"
    rf"|{YEAR}(?:-\d\d?-|/\d\d?/|\.\d\d?\.)\d\d?|\d\d?/\d\d?/{YEAR})"
)
ZONE = r"(?: ?(?:[A-Z]{1,5}|(?:GMT|UTC)? ?[+-]\d\d?(?::?\d\d)?)\b)"
TIME = rf"(?:\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?i:[ap]\.?m\b\.?))?|\d\d? ?(?i:[ap]\.?m\b\.?)){ZONE}?"
MOMENT = rf"(?P<moment>{TIME},? (?:on )?{DATE}|{DATE}(?:(?:T|,? (?:at |[|–—-] )?){TIME})?)"
REST = r"(?: ?[|·•].*|[,;]? ?[(|·•]? ?(?i:last )?(?i:updated|modified)\b.*|,? (?i:by) .*)?\.?"

PUBLISHED = re.compile(
    r"(?i:(?:first )?(?:published|posted|issued|released)(?: on| at| online)?|publication date|date(?: published)?)"
    rf":? {MOMENT}{REST}"
)
BYLINE = re.compile(
    rf"(?:By|BY|by) [^|·•]{{2,80}}?(?:,| ?[|·•–—]| -) ?(?i:(?:published|posted)(?: on)?:? )?{MOMENT}{REST}"
)
BARE = re.compile(rf"(?:[^|·•.!?]{{2,60}} ?[|·•] ?)?{MOMENT}{REST}")
UPDATED = re.compile(rf"(?i:(?:last )?(?:updated|modified)(?: on| at)?):? {MOMENT}{REST}")

SLASHED = re.compile(rf"/({YEAR})/(\d\d?|{MONTH})/(\d\d?)(?![0-9A-Za-z])")
JOINED = re.compile(rf"(?<![0-9A-Za-z])({YEAR})([-_.]?)(\d\d)\2(\d\d)(?=T\d|[^0-9A-Za-z]|$)")


def published_of(article: Article) -> str | None:
    r"""Return when an article was published as ISO 8601, from what is not its fields; None where that says nothing.

    >>> published_of(Article(id="a.txt", path="a.txt", text="By Ada Sample, 21 August 2025\n\nIt rained."))
    '2025-08-21'
    """
    name, url = _file_name(article), _address(article)
    top = _top(article.text) if name.suffix.lower() in OF_LINES else []
    return (
        _first(PUBLISHED, top)
        or _first(BYLINE, top)
        or (_first(BARE, top) if top and _only_day(article.text) else None)
        or _in_address(url)
        or _in_name(name.stem)
        or _first(UPDATED, top)
    )


def _file_name(article: Article) -> PurePosixPath:
    """Return the name of the file that is this article alone, on disk or in an archive; an empty one where none is."""
    key = _key(article)
    is_row = bool(OF_MANY.search(f"{article.id}#")) and bool(key)
    is_member = article.path.lower().endswith(".zip")
    return PurePosixPath("" if is_row or (key and not is_member) else PurePosixPath(key or article.path).name)


def _key(article: Article) -> str:
    return article.id.removeprefix(article.path).removeprefix("#")


def _address(article: Article) -> str:
    """Return the article's URL; the key of a row or an entry may be one."""
    key = re.search(r"(?:^|#)(https?://.*)", _key(article))
    return article.url or (key[1] if key else "")


def _lines(text: str) -> Iterator[str]:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return (line for line in lines if line)


def _top(text: str) -> list[str]:
    return [line for line in islice(_lines(text), TOP_LINES) if len(line) <= LONGEST_LINE]


def _first(pattern: re.Pattern[str], lines: list[str]) -> str | None:
    return next(filter(None, (_stated(pattern, line) for line in lines)), None)


def _stated(pattern: re.Pattern[str], line: str) -> str | None:
    found = pattern.fullmatch(line)
    return read_published(found["moment"]) if found else None


def _only_day(text: str) -> bool:
    """Tell whether the lines that are nothing but a date name one day: in a chronicle they are headings."""
    dated = (line for line in _lines(text) if len(line) <= LONGEST_LINE and re.search(YEAR, line))
    days = {stated[:10] for line in dated if (stated := _stated(BARE, line))}
    return len(days) == 1


def _in_address(url: str) -> str | None:
    try:
        path = urlsplit(url).path
    except ValueError:
        return None  # not an address
    return _one_day([(year, month, day) for year, month, day in SLASHED.findall(path)]) or _in_name(path)


def _in_name(name: str) -> str | None:
    return _one_day([(year, month, day) for year, _, month, day in JOINED.findall(name)])


def _one_day(dates: list[tuple[str, str, str]]) -> str | None:
    """Return the day that all `dates` name, if they name one."""
    days = set(filter(None, (_day(*said) for said in dates)))
    return days.pop() if len(days) == 1 else None


def _day(year: str, month: str, day: str) -> str | None:
    number = int(month) if month.isdecimal() else MONTHS.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None
