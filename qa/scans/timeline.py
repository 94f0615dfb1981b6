"""Passages -> the sentences that date something, one for each date. Pure.

A sentence dates what it tells by a day, a month or a year that it names; or by a day that is reckoned from the one on
which its article was published: "on Tuesday", "yesterday", "on 5 May". That day is told with it, for whoever reads the
line could not see which it is. "Today" is none, which often means nowadays, nor is a day that may have been to come.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.records import Hit, Span
from index.sentences import sentence_spans
from index.terms import terms
from qa.read import is_told
from qa.wording.dates import TimeSaid, Unit, times
from qa.wording.reckoned import BEFORE_A_NAME, before_in_paragraph, reckoned

MONTH = 31
"""Days."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A sentence, and the date that it gives to what it tells."""

    hit: Hit
    span: Span
    """Of the sentence, in the article's text."""
    said: Span
    """Of the words of time in it."""
    since: date
    until: date
    about: int
    """How many terms it has of what the time line is of."""
    reckoned: bool = False
    """Whether the day is reckoned from the one on which the article was published."""
    told: int = 1
    """In how many articles the date stands with such a sentence."""

    @property
    def width(self) -> int:
        """0 for a day, 1 for up to a month, 2 for more: an event has a day, and what has a year is often background."""
        days = (self.until - self.since).days
        return 0 if not days else 1 if days < MONTH else 2


def dated_sentences(hits: Iterable[Hit], phrases: Collection[str]) -> Iterator[Dated]:
    """Yield the sentences of prose that have a date and a term of `phrases`, once for each of their dates.

    In an article whose title has them all, a sentence needs none. One with a day has no date by a month or a year as
    well: "on Tuesday the exchange, founded in 2019, closed" tells of Tuesday.
    """
    sought = {term for phrase in phrases for term in terms(phrase)}
    for hit in hits:
        is_about = sought <= set(terms(hit.article.title or ""))
        for start, end in sentence_spans(hit.text):
            sentence, at = hit.text[start:end], hit.start + start
            about = len(sought.intersection(terms(sentence)))
            if (about or is_about) and is_told(sentence):
                dated = list(_dated(hit, Span(at, hit.start + end), about))
                has_a_day = any(not one.width for one in dated)
                yield from (one for one in dated if not has_a_day or not one.width)


def _dated(hit: Hit, span: Span, about: int) -> Iterator[Dated]:
    """Yield a sentence for each of its dates."""
    sentence = hit.article.text[slice(*span)]
    for time, since, until in _dates(sentence):
        yield Dated(hit, span, Span(span.start + time.start, span.start + time.end), since, until, about)
    for time in reckoned(sentence, hit.article.day, before_in_paragraph(hit.article.text, span.start)):
        if time.unit is Unit.DAY and time.until:
            said = Span(span.start + time.start, span.start + time.end)
            yield Dated(hit, span, said, time.until, time.until, about, reckoned=True)


def time_line(found: Iterable[Dated], most: int) -> tuple[list[Dated], int]:
    """Return one sentence for each date, by date, and how many dates there are; a sentence only for its first.

    Of the same words in two articles the last date counts: a page that is written on keeps the day of its first words,
    and "on Friday" would be a Friday too early. By date is by its end: what happened in July comes after what happened
    on the 17th.

    Of a date that is shown which has most of what is sought, and the article that is first by day and id. Of more dates
    than `most` those are shown whose sentences have most of it, of these the days before the months and the years, and
    of these those that stand in most articles.
    """
    by_date: dict[tuple[date, date], list[Dated]] = {}
    for one in found:
        by_date.setdefault((one.since, one.until), []).append(one)
    best: dict[tuple[str, Span], Dated] = {}
    for _, alike in sorted(by_date.items()):
        one = _best(alike)
        best.setdefault((one.hit.article.id, one.span), one)
    once = {_words(one): one for one in best.values()}
    likeliest = sorted(once.values(), key=lambda one: (-one.about, one.width, -one.told, one.since))
    return sorted(likeliest[:most], key=lambda one: (one.until, one.since)), len(once)


def _words(dated: Dated) -> str:
    return " ".join(dated.hit.article.text[slice(*dated.span)].split())


def _best(alike: Sequence[Dated]) -> Dated:
    first = min(alike, key=lambda one: (-one.about, one.hit.article.published or "9", one.hit.article.id, one.span))
    return replace(first, told=len({one.hit.article.id for one in alike}))


def _dates(sentence: str) -> Iterator[tuple[TimeSaid, date, date]]:
    # A question may have a name behind a year, as of a law; in a sentence it is mostly who did something then.
    for time in times(BEFORE_A_NAME.sub(",", sentence), date.max):
        if time.since and time.until and time.dated and not time.counted:
            yield time, time.since, time.until
