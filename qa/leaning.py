"""What a question prefers without insisting on it -> a bonus for each article. Pure.

The bonus is on the scale of the score that search gives, where the best passage usually has 1 to 1.5. It is bounded, so
that it decides between passages that fit about as well, and never between one that answers and one that does not.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.records import Article
from index.store import Scope

NARROW, WIDE, OPEN = 0.4, 0.25, 0.1
"""For days counted from today and to within two weeks, for other days to within a year, and for all else."""
STRONG, MILD = 0.4, 0.25
"""For the newest ("latest", "now"), and for newer ones ("recently")."""
NAMED = 0.4
"""For an outlet or an author. These five are chosen by the scale alone: no bench has weighed them yet."""
LATEST_HALF_LIFE = timedelta(days=14)
"""The age at which half of the bonus for being new is left."""
PRIOR, PRIOR_HALF_LIFE = 0.5, timedelta(days=14)
"""A preference for the recent. What is older than two months gains nothing to speak of, so that an archive is searched
as before. Chosen on dated questions about the news of 2022: `docs/decisions/0010-retrieval-on-news.md`."""
RECENT = timedelta(days=30)
"""What is searched by itself where the recent is preferred."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """What is preferred. An article without a date, an outlet or an author gains nothing for it, and is not hidden."""

    since: date | None = None
    until: date | None = None
    days: float = 0.0
    """What an article published from `since` to `until` gains."""
    latest: float = 0.0
    """What the newest article found gains; an older one gains less by half for each LATEST_HALF_LIFE."""
    prior: float = 0.0
    """What an article of `today` gains; an older one less by half for each PRIOR_HALF_LIFE."""
    today: date = date.max
    """What is published later gains nothing for being new."""
    outlets: frozenset[str] = frozenset()
    """As the index spells them."""
    authors: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether anything is preferred."""
        return bool(self.days or self.latest or self.prior or self.outlets or self.authors)


NO_LEANING = Leaning()


def preferred_days(leaning: Leaning, scope: Scope) -> list[Scope]:
    """Return the part of `scope` that lies in the days which are preferred, if any are and it has such days.

    >>> preferred_days(Leaning(prior=0.4, today=date(2022, 3, 31)), Scope())[0].since
    datetime.date(2022, 3, 1)
    """
    if leaning.days:
        since, until = leaning.since, leaning.until
    elif leaning.prior or leaning.latest:
        since, until = leaning.today - RECENT, leaning.today
    else:
        return []
    since = max(since or date.min, scope.since or date.min)
    until = min(until or date.max, scope.until or date.max)
    return [replace(scope, since=since, until=until)] if since <= until else []


def bonuses(leaning: Leaning, articles: Iterable[Article]) -> list[float]:
    """Return what each article gains.

    >>> bonuses(Leaning(outlets=frozenset({"Wire"})), [Article("a", "a", "", source="Wire"), Article("b", "b", "")])
    [0.4, 0.0]
    """
    found = list(articles)
    # New is what is new here: in an archive that ends years before `today`, the newest is still the latest.
    newest = max((article.day for article in found if article.day and article.day <= leaning.today), default=date.min)
    authors = {folded(author) for author in leaning.authors}
    return [_bonus(leaning, article, newest, authors) for article in found]


def _bonus(leaning: Leaning, article: Article, newest: date, authors: set[str]) -> float:
    bonus = 0.0
    if article.day:
        inside = (leaning.since or date.min) <= article.day <= (leaning.until or date.max)
        bonus += leaning.days * inside
        if article.day <= leaning.today:
            bonus += leaning.latest * _left(newest - article.day, LATEST_HALF_LIFE)
            bonus += leaning.prior * _left(leaning.today - article.day, PRIOR_HALF_LIFE)
    named = article.source in leaning.outlets or any(author in folded(article.author or "") for author in authors)
    return bonus + NAMED * named


def _left(age: timedelta, half_life: timedelta) -> float:
    return float(0.5 ** (age / half_life))


def folded(name: str) -> str:
    """Return the letters and digits of a name, without accents or case, so that its spellings are equal.

    >>> folded("Kottasová, I."), folded("The New-York Times")
    ('kottasovai', 'thenewyorktimes')
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", "and"))
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", plain)
