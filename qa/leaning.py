"""What a question prefers without insisting on it -> a bonus for each article. Pure.

The bonus is on the scale of the score that search gives: a cosine plus .7 times a share of BM25. It is bounded, so that
it decides between passages that fit about as well, and never between one that answers and one that does not.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from index.records import Article

NARROW, WIDE, OPEN = 0.15, 0.1, 0.05
"""For days counted from today and to within two weeks, for other days to within a year, and for all else."""
STRONG, MILD = 0.15, 0.1
"""For the newest ("latest", "now"), and for newer ones ("recently")."""
NAMED = 0.15
"""For an outlet or an author. These five are chosen by the scale alone: no bench has weighed them yet."""
LATEST_HALF_LIFE = timedelta(days=14)
"""The age at which half of the bonus for being new is left."""
PRIOR, PRIOR_HALF_LIFE = 0.1, timedelta(days=14)
"""A preference for the recent where nothing is said of time. On 147 dated questions about 26,254 news articles, by
words alone, R@5 is .680, .823, .837, .844 and MRR@10 .539, .669, .701, .683 for 0, .1, .15 and .3; what is older than
two months gains nothing to speak of, so that an archive is searched as before."""


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


def bonuses(leaning: Leaning, articles: Iterable[Article]) -> list[float]:
    """Return what each article gains.

    >>> bonuses(Leaning(outlets=frozenset({"Wire"})), [Article("a", "a", "", source="Wire"), Article("b", "b", "")])
    [0.15, 0.0]
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
