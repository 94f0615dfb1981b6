"""What a question says of time and outlet -> a scope that the search keeps to. Pure.

Only what plainly speaks of when an article appeared, or of who published it, is taken: a year in a question is mostly
about the event. An article about last week may appear a little later, hence the days of grace.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from index.store import Outlet, Scope

GRACE = timedelta(days=2)
RELATIVE = re.compile(
    r"\b(?:(today|yesterday)|(this|last|past) (week|month|year)"
    r"|(?:in|over) the (?:last|past) (\d{1,3}) (day|week|month|year)s?)\b",
    re.IGNORECASE,
)
UNITS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for."""

    question: str
    scope: Scope


def understand(question: str, *, scope: Scope, today: date, outlets: Sequence[Outlet]) -> Understood:
    """Read a time and an outlet from `question`, unless `scope` gives them already.

    >>> understand("What happened last month?", scope=Scope(), today=date(2025, 8, 21), outlets=[]).scope.since
    datetime.date(2025, 7, 1)
    """
    if scope.since is None and scope.until is None:
        since, until = _period(question, today)
        scope = replace(scope, since=since, until=until)
    if scope.source is None:
        scope = replace(scope, source=_outlet(question, outlets))
    return Understood(question, scope)


def _period(question: str, today: date) -> tuple[date | None, date | None]:
    said = RELATIVE.search(question)
    if said is None:
        return None, None
    day, which, unit, number, units = (part.lower() if part else "" for part in said.groups())
    if number:
        return today - UNITS[units] * int(number), today
    if day:
        first = today if day == "today" else today - UNITS["day"]
        return first, min(first + GRACE, today)
    first = _begin(unit, today) if which == "this" else _begin(unit, today) - UNITS[unit]
    return first, min(first + UNITS[unit] + GRACE, today)


def _begin(unit: str, day: date) -> date:
    """Return the first day of the week, month or year that `day` is in."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _outlet(question: str, outlets: Sequence[Outlet]) -> str | None:
    """Return the outlet after "according to", "reported by" or "in", where it is one that the articles have."""
    names = [re.escape(outlet.name) for outlet in outlets if outlet.name]
    if not names:
        return None
    said = re.search(
        rf"\b(?:according to|reported by|published by|in|from|by) (?:the )?({'|'.join(names)})\b",
        question,
        re.IGNORECASE,
    )
    return next(
        (outlet.name for outlet in outlets if said and outlet.name and outlet.name.casefold() == said[1].casefold()),
        None,
    )
