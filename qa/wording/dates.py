"""Words of time in an English question -> the days that they mean. Pure.

A grammar of its own: a search for dates that guesses takes "May" and "march" for months wherever they stand, and makes
a day of "June 2022" (`docs/decisions/0007-time-and-outlet.md`). What could be part of a name is left out.
"""

import calendar
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from dateutil.relativedelta import relativedelta


class Unit(Enum):
    """How wide the words are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class TimeSaid:
    """The days that `question[start:end]` means, both ends included; None where it is open."""

    start: int
    end: int
    since: date | None
    until: date | None
    unit: Unit
    counted: bool = False
    """From today, as in "last week", and surely so; not a date of the calendar."""
    dated: bool = True
    """It names its year, or is counted from today; otherwise the latest such days were taken."""
    alone: bool = True
    """It is of time also where no preposition says so."""
    preposition: str = ""
    """What stands before it, of the prepositions that are of time."""


DAY = timedelta(days=1)
WEEK_SAID = timedelta(days=7)
"""Who says "this week" means the last seven days: `docs/decisions/0007-time-and-outlet.md` counts it."""
MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
SHORT_MONTHS = {name[:3]: number for name, number in MONTHS.items() if name != "May"} | {"Sept": 9}
WEEKDAYS = {name: number for number, name in enumerate(calendar.day_name)}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""Their first months, north of the equator. The winter of a year is the one that begins in it."""
STILL_WRITTEN = timedelta(days=31)
"""Articles of which none is newer than this are over: who asks them about June means their last one."""
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: number for number, word in enumerate(WORDS, start=1)} | {"a": 1, "an": 1}
VAGUE = {"a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "several": 4}

MONTH = "|".join(MONTHS)
ANY_MONTH = "|".join([*MONTHS, *sorted(SHORT_MONTHS, key=len, reverse=True)])
WEEKDAY = "|".join(WEEKDAYS)
SEASON = "|".join(SEASONS)
NUMBER = rf"\d{{1,3}}|{'|'.join(VAGUE)}|{'|'.join(NUMBERS)}"
NTH = r"(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d\b(?![.,]\d|[-–/]\d|\s*%)"
COUNTS = (
    r"(?!\s+(?:BC|AD|percent|people|million)\b)(?!\s+(?!(?:was|is|has|does|as|this|across|versus|says)\b)[a-z]+s\b)"
)
"""A number of things is no year: in 2000 homes."""
NO_NAME_AFTER = r"(?!\s+(?:for\s+)?(?-i:[A-Z]))"
PREPOSITION = re.compile(
    r"\b(?P<said>in|on|during|over|within|throughout|of|from|dated|since|after|before|until|till|up to|between|for)\s+"
    r"(?P<article>the\s+)?"
    r"(?P<part>(?:(?:very\s+)?(?:early|mid|late)[\s-]+"
    r"|(?:start|beginning|middle|end|rest|(?:first|second|third|fourth|last) (?:half|quarter|months|weeks|days)) of\s+"
    r"(?:the\s+)?)?)$",
    re.IGNORECASE,
)
EVENT_BOUND = re.compile(
    r"\b(?P<said>since|after|before|until|till)\s+(?:the|an?|his|her|its|their|this)\s+"
    r"[\w’'-]+(?:\s+(?!(?:and|or|did|who|that|which)\b)[\w’'-]+){0,3}\s+(?:(?:in|on|of|from)\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
"""A bound that is an event, dated by the days after it: "before the summit in March"."""
MOST = 8
"""Times that are read; a question that names more of them is none."""
WINDOW = 80
"""Characters before a time that may say how it is meant."""
JOINT = re.compile(
    r"\s*(?:(?P<and>and)|to|until|till|through|[-–—])\s*(?:the\s+)?(?:(?:early|mid|late)[\s-]+)?", re.IGNORECASE
)
ONWARDS = re.compile(r"\s+onwards?\b", re.IGNORECASE)
OPEN_TO_THE_FUTURE, OPEN_TO_THE_PAST = frozenset({"since", "after"}), frozenset({"before", "until", "till", "up to"})
OF_TIME = frozenset({"in", "during", "throughout", "from", "dated", "between"}) | OPEN_TO_THE_FUTURE | OPEN_TO_THE_PAST
"""What makes a time of a month or a year that stands alone. Not "of": the Minsk Protocol of 2014. Not "over" 2000."""
PERHAPS_A_PERSON = re.compile(r"(?:before|after|from|until) May", re.IGNORECASE)
Reader = Callable[[re.Match[str], date], TimeSaid | None]


def times(question: str, today: date, newest: date | None = None) -> list[TimeSaid]:
    """Return the times that `question` names and that have begun by `today`, in order.

    `newest` is the day of the newest article: where that is long ago, what has no year is the latest by then.

    >>> [(said.since, said.until) for said in times("Who resigned in June 2022?", date(2025, 8, 21))]
    [(datetime.date(2022, 6, 1), datetime.date(2022, 6, 30))]
    """
    over = newest if newest and today - newest > STILL_WRITTEN else today
    points = _without_overlaps(
        [point for pattern, read in PATTERNS for point in _points(pattern, read, question, today, over)]
    )
    said: list[TimeSaid] = []
    while points:
        point = points.pop(0)
        whole = _joined(question, point, points[0]) if points else None
        if whole is not None:
            points.pop(0)
        said.append(whole or _bound(question, point))
    return [time for time in said if _is_time(question, time) and (time.since is None or time.since <= today)][:MOST]


def _before(start: int) -> tuple[int, int]:
    return max(0, start - WINDOW), start


def _points(pattern: re.Pattern[str], read: Reader, question: str, today: date, over: date) -> Iterator[TimeSaid]:
    for match in pattern.finditer(question):
        try:
            point = read(match, today)
            if point and read in OF_A_YEAR and not point.dated:
                point = read(match, over)
        except (ValueError, OverflowError):  # the 31st of February, or a day before the first of all
            continue
        if point is not None:
            yield point


def _without_overlaps(points: list[TimeSaid]) -> list[TimeSaid]:
    kept: list[TimeSaid] = []
    for point in sorted(points, key=lambda point: (point.start, -point.end)):
        if not kept or point.start >= kept[-1].end:
            kept.append(point)
    return kept


def _joined(question: str, first: TimeSaid, second: TimeSaid) -> TimeSaid | None:
    """Return the stretch from `first` to `second`, where the words between and before them say that it is one."""
    joint = JOINT.fullmatch(question, first.end, second.start)
    if joint is None or first.since is None or second.since is None or second.until is None:
        return None
    before = PREPOSITION.search(question, *_before(first.start))
    said = before["said"].lower() if before else ""
    if said not in ({"between"} if joint["and"] else {"from", "in", ""}):
        return None
    since = first.since
    if not first.dated:  # the latest before the second: "between November and February 2022"
        earlier = (since.month, since.day) > (second.since.month, second.since.day)
        since = since + relativedelta(year=max(1, second.since.year - earlier))
    if since > second.until:
        return None
    start = before.start() if before else first.start
    counted = first.counted and second.counted
    return replace(second, start=start, since=since, preposition=said, counted=counted, alone=True)


def _bound(question: str, point: TimeSaid) -> TimeSaid:
    """Return `point` with the preposition before it, and open at the end that a bound leaves open."""
    before = PREPOSITION.search(question, *_before(point.start))
    if before is None or (before["article"] and not before["part"] and not point.alone):
        event = EVENT_BOUND.search(question, *_before(point.start))  # the 2018 World Cup is no time, "in the" or not
        return point if event is None else _bound_by_event(point, event)
    said = before["said"].lower()
    event = (
        None if said in OPEN_TO_THE_FUTURE | OPEN_TO_THE_PAST else EVENT_BOUND.search(question, *_before(point.start))
    )
    if event is not None:
        return _bound_by_event(point, event)
    onwards = ONWARDS.match(question, point.end)
    if said == "from" and onwards is not None:
        return replace(point, start=before.start(), end=onwards.end(), preposition="since", until=None)
    return _opened(replace(point, start=before.start(), preposition=said))


def _bound_by_event(point: TimeSaid, event: re.Match[str]) -> TimeSaid:
    """Return `point` open at one end: the event lies somewhere in it, so that all of it may come before, or after."""
    said = event["said"].lower()
    point = replace(point, start=event.start(), preposition=said)
    return replace(point, until=None) if said in OPEN_TO_THE_FUTURE else replace(point, since=None)


def _opened(point: TimeSaid) -> TimeSaid:
    if point.preposition == "after":
        return replace(point, since=_moved(point.until or date.max, DAY), until=None)
    if point.preposition == "before":
        return replace(point, since=None, until=_moved(point.since or date.min, -DAY))
    if point.preposition in OPEN_TO_THE_FUTURE:
        return replace(point, until=None)
    return replace(point, since=None) if point.preposition in OPEN_TO_THE_PAST else point


def _is_time(question: str, said: TimeSaid) -> bool:
    if PERHAPS_A_PERSON.fullmatch(question, said.start, said.end):
        return False
    return said.alone or said.preposition in OF_TIME or (said.preposition == "on" and said.unit is Unit.DAY)


def _moved(day: date, by: timedelta | relativedelta) -> date:
    """Return `day` moved, or the first or last day of all where it would leave them."""
    try:
        return day + by
    except (OverflowError, ValueError):
        return date.max if day.year > date.max.year // 2 else date.min


def _units(number: int, unit: str) -> relativedelta:
    steps = {
        "hour": relativedelta(days=math.ceil(number / 24)),
        "day": relativedelta(days=number),
        "week": relativedelta(weeks=number),
        "month": relativedelta(months=number),
        "year": relativedelta(years=number),
    }
    return steps[unit]


def _number(words: str) -> int:
    return int(words) if words.isdigit() else (NUMBERS | VAGUE)[words.lower()]


CAPITAL = re.compile(r"\b[A-Z]")


def _is_title(match: re.Match[str]) -> bool:
    """Tell whether words that a sentence writes small are capitals here, as in a title: Last Week Tonight."""
    words, question = match[0], match.string
    if question.isupper():
        return False
    at_start = question[: match.start()].rstrip()[-1:] in ".?!:"
    if not at_start:
        return CAPITAL.search(words) is not None
    alone = " " not in words and words[0].isupper() and question[match.end() : match.end() + 1] != ","
    return alone or CAPITAL.search(words, 1) is not None


def _past_span(match: re.Match[str], today: date) -> TimeSaid | None:
    if _is_title(match):
        return None
    unit = match["unit"].lower()
    since = _moved(today, -_units(_number(match["number"] or "one"), unit))
    return TimeSaid(*match.span(), since, today, Unit("day" if unit == "hour" else unit), counted=True)


def _ago(match: re.Match[str], today: date) -> TimeSaid:
    unit, said = match["unit"].lower(), match["number"].lower()
    day = _moved(today, -_units(_number(said), unit))
    if unit == "year":
        since, until = date(day.year, 1, 1), date(day.year, 12, 31)
    elif said in VAGUE:
        since, until = _moved(today, -_units(2 * _number(said), unit)), today
    else:
        slack = timedelta(days={"day": 0, "week": 3, "month": 15}[unit])
        since, until = _moved(day, -slack), min(_moved(day, slack), today)
    return TimeSaid(*match.span(), since, until, Unit(unit), counted=True)


def _this_or_last(match: re.Match[str], today: date) -> TimeSaid | None:
    if _is_title(match):
        return None
    unit, this = match["unit"].lower(), match["which"].lower() == "this"
    if unit == "week":
        monday = today - timedelta(days=today.weekday())
        since, until = (today - WEEK_SAID, today) if this else (monday - WEEK_SAID, monday - DAY)
    else:
        first = today.replace(day=1) if unit == "month" else date(today.year, 1, 1)
        since, until = (first, today) if this else (first - _units(1, unit), first - DAY)
    return TimeSaid(*match.span(), since, until, Unit(unit), counted=True)


def _weekend(match: re.Match[str], today: date) -> TimeSaid | None:
    if _is_title(match):
        return None
    which, at_weekend = match["which"].lower(), today.weekday() >= WEEKDAYS["Saturday"]
    if which == "this" and not at_weekend:  # the coming one is as likely meant
        return TimeSaid(*match.span(), today - WEEK_SAID, today, Unit.WEEK)
    saturday = today - timedelta(days=(today.weekday() - WEEKDAYS["Saturday"]) % 7)
    if which == "last" and at_weekend:
        saturday -= timedelta(days=7)
    return TimeSaid(*match.span(), saturday, min(saturday + DAY, today), Unit.DAY, counted=True)


def _named_day(match: re.Match[str], today: date) -> TimeSaid | None:
    if _is_title(match):
        return None
    said = " ".join(match[0].lower().split())
    day = today - timedelta(days={"yesterday": 1, "last night": 1, "the day before yesterday": 2}.get(said, 0))
    until = today if said == "last night" else day
    return TimeSaid(*match.span(), day, until, Unit.DAY, counted=said != "tonight")  # which may be still to come


NO_NAME_BEFORE = re.compile(r"(?:^|(?<!\S)[^A-Z\s]\S*\s+|[,;:(]\s*)$")
NO_DAY_BEFORE = re.compile(
    r"\b(?:by|is|was|are|were|be|been|called|named|a|an|the|of|every|each|any)\s+$", re.IGNORECASE
)
DAY_ENDS = re.compile(
    r"['’]s\b|(?!['’])\s*(?:$|[?!.,;:)\"”]|(?:due|after|before|when|while|in|at|by|to|that|as|amid|over|because|with|and|"
    r"about|from|against|morning|afternoon|evening|night|until|till|through|the|an?|he|she|it|they)\b)",
)
"""What may follow the name of a day. Another noun makes it part of a name, or a habit: Sunday Times, Friday prayers."""


def _weekday(match: re.Match[str], today: date) -> TimeSaid | None:
    question, which = match.string, " ".join((match["which"] or "").lower().split())
    if which == "next" or not DAY_ENDS.match(question, match.end()):
        return None
    before = _before(match.start())
    no_day = NO_DAY_BEFORE.search(question, *before) is not None
    placed = bool(which) or (PREPOSITION.search(question, *before) is not None and not no_day)
    if not placed and (match["day"].islower() or no_day or not NO_NAME_BEFORE.search(question, *before)):
        return None
    if "Last" in match[0] and match.start() > 0:  # Last Friday, a title
        return None
    back = (today.weekday() - WEEKDAYS[match["day"].title()]) % 7
    if back == 0 and "last" in which:
        back = 7
    day = today - timedelta(days=back)
    since = day - WEEK_SAID if back == 0 else day  # asked on a Friday, "on Friday" is today or a week ago
    return TimeSaid(*match.span(), since, day, Unit.DAY, counted=placed and which != "this", dated=False)


def _month_number(said: str) -> int:
    return (MONTHS | SHORT_MONTHS)[said.title()]


def _calendar_day(match: re.Match[str], today: date) -> TimeSaid | None:
    month, last = _month_number(match["month"]), int(match["day"])
    if not match["year"] and match["month"].title() in SHORT_MONTHS:
        return None
    year = int(match["year"] or today.year - ((month, last) > (today.month, today.day)))
    since, until = date(year, month, int(match["first"] or last)), date(year, month, last)
    dated = bool(match["year"])
    return TimeSaid(*match.span(), min(since, until), until, Unit.DAY, dated=dated, alone=dated)


def _iso_day(match: re.Match[str], today: date) -> TimeSaid:  # noqa: ARG001
    day = date.fromisoformat(match[0])
    return TimeSaid(*match.span(), day, day, Unit.DAY)


MONTH_ENDS = re.compile(
    r"\s*(?:$|[?!.,;:)\]\"”–—-]|(?:in|on|at|and|or|to|until|till|through|by|with|about|when|that|what|who|which|how|did|does|"
    r"was|were|of|as|for|from|if|onwards?|according|(?:mention|contain|discuss|cover)(?:s|ed)?)\b)",
    re.IGNORECASE,
)
"""What may follow a month without its year. Anything else may make a name or a verb of it: since May took office."""


def _dated_month(match: re.Match[str], today: date) -> TimeSaid:  # noqa: ARG001
    first = date(int(match["year"]), _month_number(match["month"]), 1)
    return TimeSaid(*match.span(), first, _month_end(first), Unit.MONTH)


def _month(match: re.Match[str], today: date) -> TimeSaid | None:
    if not MONTH_ENDS.match(match.string, match.end()):
        return None
    month, which = _month_number(match["month"]), (match["which"] or "").lower()
    begun = which == "this" or month <= today.month - (which == "last")
    first = date(today.year - (not begun), month, 1)
    return TimeSaid(*match.span(), first, _month_end(first), Unit.MONTH, dated=bool(which), alone=bool(which))


def _month_end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _season(match: re.Match[str], today: date) -> TimeSaid | None:
    if match["season"][0].isupper() and not NO_NAME_BEFORE.search(match.string, *_before(match.start())):
        return None  # the Prague Spring of 1968
    month, which = SEASONS[match["season"].lower()], (match["which"] or "").lower()
    first = date(int(match["year"] or today.year), month, 1)
    if not match["year"]:
        ended = _month_end(_moved(first, relativedelta(months=2))) < today
        first = date(today.year - (first > today if which == "this" else not ended), month, 1)
    return TimeSaid(*match.span(), first, _month_end(first + relativedelta(months=2)), Unit.MONTH)


def _year(match: re.Match[str], today: date) -> TimeSaid:  # noqa: ARG001
    year = int(match[0])
    return TimeSaid(*match.span(), date(year, 1, 1), date(year, 12, 31), Unit.YEAR, alone=False)


OF_A_YEAR: tuple[Reader, ...] = (_calendar_day, _month)
"""Those that may be said without their year."""


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


NOT_OF = r"(?!\s+of\b|-)"
DAYS = rf"(?:(?P<first>\d{{1,2}}){NTH}\s*(?:and|to|[-–])\s*)?(?P<day>\d{{1,2}}){NTH}\b"
MAYBE_YEAR = rf"(?:,?\s+(?P<year>{YEAR}))?"
PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (
        _pattern(
            rf"\b(?:the\s+)?(?:last|past|previous)\s+(?P<number>{NUMBER})\s+(?P<unit>hour|day|week|month|year)s?\b{NOT_OF}"
        ),
        _past_span,
    ),
    (
        _pattern(rf"\b(?:(?:the|this)\s+past|past|the\s+last)(?P<number>)\s+(?P<unit>day|week|month|year)\b{NOT_OF}"),
        _past_span,
    ),
    (_pattern(rf"\b(?<![\d,.])(?P<number>{NUMBER})\s+(?P<unit>day|week|month|year)s?\s+ago\b"), _ago),
    (_pattern(rf"\b(?P<which>this|last)\s+(?P<unit>week|month|year)\b{NOT_OF}"), _this_or_last),
    (
        _pattern(rf"\b(?P<which>this|last|(?:this|over|at|on|during)\s+(?:the\s+)?(?:past\s+)?)\s*weekend\b{NOT_OF}"),
        _weekend,
    ),
    (
        _pattern(
            r"\b(?:the day before yesterday|today|yesterday|tonight|last night|this (?:morning|afternoon|evening))\b"
        ),
        _named_day,
    ),
    (
        _pattern(
            rf"\b(?:(?P<which>on\s+last|this\s+past|last|this|on|next)\s+)?(?P<day>{WEEKDAY})\b"
            rf"(?!,?\s+(?:the\s+)?(?:\d|(?:{ANY_MONTH})\b\.?\s+(?:the\s+)?\d))"
        ),
        _weekday,
    ),
    (
        _pattern(
            rf"\b(?:(?:{WEEKDAY}),?\s+(?:the\s+)?)?{DAYS}\s+(?:of\s+)?(?P<month>{ANY_MONTH})\b\.?{MAYBE_YEAR}{NO_NAME_AFTER}"
        ),
        _calendar_day,
    ),
    (
        _pattern(rf"\b(?:(?:{WEEKDAY}),?\s+)?(?P<month>{ANY_MONTH})\.?\s+(?:the\s+)?{DAYS}{MAYBE_YEAR}{NO_NAME_AFTER}"),
        _calendar_day,
    ),
    (re.compile(r"\b\d{4}-\d{2}-\d{2}\b"), _iso_day),
    (_pattern(rf"\b(?P<month>{ANY_MONTH})\.?,?\s+(?:of\s+)?(?P<year>{YEAR})"), _dated_month),
    (_pattern(rf"\b(?:(?P<which>last|this)\s+)?(?P<month>{MONTH})\b{NO_NAME_AFTER}"), _month),
    (_pattern(rf"\b(?P<which>)(?P<season>{SEASON})\s+(?:of\s+)?(?P<year>{YEAR})"), _season),
    (_pattern(rf"\b(?P<which>last|this)\s+(?P<season>{SEASON})\b(?P<year>){NOT_OF}"), _season),
    (re.compile(rf"\b{YEAR}{COUNTS}"), _year),
)
