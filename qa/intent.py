"""What a question says of time, outlet, author and seat of government -> a scope, a leaning, words to add. Pure.

When something happened is not when an article about it appeared. A time filters where it is one of publication ("what
did CNN report in June 2022"), and where it is counted from today in days, weeks or months: what happened last week is
news of last week. A date of the calendar, a year, or a time in a clause beside the question only leans. An outlet
filters where it is named as the publisher and fits one outlet of the index. `docs/decisions/0007-time-and-outlet.md`.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from index.store import Outlet, Scope
from qa.leaning import MILD, NARROW, NO_LEANING, OPEN, STRONG, WIDE, Leaning
from qa.outlets import NameSaid, authors_said, outlets_said
from qa.spelling import SpeltSo
from qa.wording.capitals import seats_said
from qa.wording.dates import TimeSaid, Unit, times
from qa.wording.speech import QUOTATION

GRACE = timedelta(days=3)
"""An article about something may appear a little later."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the question that were understood, and what they were taken to mean."""

    start: int
    end: int
    words: str
    """`question[start:end]`; give it to `ignore` to have it not understood."""
    meaning: str
    """In plain words: "published from 11 August 2025 to 20 August 2025"."""
    filters: bool
    """Other articles are not found at all; otherwise they only come later."""
    left_out: bool = False
    """It only names a publisher that the search keeps to, and is not searched for itself."""
    added: str = ""
    """What is searched for beside these words."""
    typed: str = ""
    """How they were typed, where that was another way."""

    @property
    def is_sought(self) -> bool:
        """Whether it is a name that is searched for, and no time or outlet."""
        return bool(self.added or self.typed)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for."""

    question: str
    scope: Scope
    leaning: Leaning = NO_LEANING
    said: tuple[Said, ...] = ()
    """In the order of the question."""

    @property
    def sought(self) -> str:
        """What search and reader get: the question without what is left out, and with what is added."""
        left, at = "", 0
        for said in self.said:
            if said.left_out:  # and the commas that set it off
                left += self.question[at : said.start].rstrip(" ,")
                at = said.end
            elif said.added:
                left += f"{self.question[at : said.end]} ({said.added})"
                at = said.end
        left = (left + (self.question[at:] if left else self.question[at:].lstrip(" ,:"))).strip()
        return left if any(character.isalnum() for character in left) else self.question

    def with_spelt(self, spelt: Sequence[SpeltSo]) -> "Understood":
        """Return the same, and which words of the question were typed otherwise."""
        typed = (
            Said(one.start, one.end, one.word, f"for “{one.typed}”", filters=False, typed=one.typed) for one in spelt
        )
        return replace(self, said=tuple(sorted((*self.said, *typed), key=lambda said: said.start)))


def together(understood: Sequence[Understood]) -> Understood:
    """Return several questions that were asked as one, in their order; the scope is that of the first.

    >>> together([Understood("Who won?", Scope()), Understood("When?", Scope())]).question
    'Who won? When?'
    """
    question, said = "", tuple[Said, ...]()
    for one in understood:
        at = len(question) + bool(question)
        said += tuple(replace(words, start=words.start + at, end=words.end + at) for words in one.said)
        question = f"{question} {one.question}".strip()
    return Understood(question, understood[0].scope, understood[0].leaning, said)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index has that a question may name."""

    outlets: Sequence[Outlet] = ()
    authors: Collection[str] = ()
    newest: date | None = None
    """The day of the newest article."""
    is_told_of: Callable[[str], bool] = lambda _: True
    """Whether an article has a surname."""


def understand(
    question: str,
    *,
    scope: Scope,
    today: date,
    indexed: Indexed = Indexed(),
    ignore: Collection[str] = (),
    prior: float = 0.0,
) -> Understood:
    """Read times, outlets and authors from `question`; all of `scope` holds as well.

    `ignore` holds words of an earlier result that are not to be understood; `prior` is what an article of `today`
    gains, whatever is said of time.

    >>> understand("What happened last month?", scope=Scope(), today=date(2025, 8, 21)).scope.since
    datetime.date(2025, 7, 1)
    """
    read, ignored = question.translate(ALIKE), {words.casefold() for words in ignore}
    said = outlets_said(read, [outlet.name for outlet in indexed.outlets if outlet.name])
    published = {place for one in said if one.sure for place in range(one.start, one.end)}
    named = authors_said(read, indexed.authors, is_told_of=indexed.is_told_of)
    wrote = [one for one in named if published.isdisjoint(range(one.start, one.end))]
    found = _Found(
        tuple(_kept(read, ignored, said)),
        tuple(_kept(read, ignored, wrote)),
        tuple(_kept(read, ignored, _unquoted(read, times(read, today, indexed.newest)))),
        indexed.newest,
    )
    understood = Understood(question, scope)
    if scope.source is None:
        understood = _with_outlets(understood, found.outlets)
    understood = _with_authors(understood, found.authors)
    understood = _with_times(understood, found, today)
    understood = _with_recency(understood, read, ignored, today, prior)
    understood = _with_countries(understood, read, ignored)
    return replace(understood, said=tuple(sorted(understood.said, key=lambda said: said.start)))


ALIKE = str.maketrans("ſKİı", "sKIi")
"""What a pattern that ignores case takes for a letter, but no table of words does. Offsets stay."""


@dataclass(frozen=True, slots=True)
class _Found:
    outlets: tuple[NameSaid, ...]
    authors: tuple[NameSaid, ...]
    times: tuple[TimeSaid, ...]
    newest: date | None


Spanned = TypeVar("Spanned", NameSaid, TimeSaid)


def _kept(question: str, ignored: Collection[str], found: Sequence[Spanned]) -> list[Spanned]:
    return [one for one in found if question[one.start : one.end].casefold() not in ignored]


def _unquoted(question: str, found: Sequence[TimeSaid]) -> list[TimeSaid]:
    """Leave out what stands in a quotation: it is whose words they are that is asked."""
    quotations = [match.span() for match in QUOTATION.finditer(question)]
    return [one for one in found if not any(start < one.start < end for start, end in quotations)]


def _said(question: str, span: NameSaid | TimeSaid, meaning: str, *, filters: bool) -> Said:
    return Said(span.start, span.end, question[span.start : span.end], meaning, filters)


def _with_outlets(understood: Understood, named: Sequence[NameSaid]) -> Understood:
    """Keep to an outlet that is named for sure, or lean to those that may be meant."""
    question = understood.question
    sure = [name for name in named if name.sure]
    sources = frozenset[str]().union(*(name.names for name in sure))
    if len(sources) == 1:
        (source,) = sources
        keeping = tuple(_said(question, name, f"only {source}", filters=True) for name in sure)
        said = tuple(replace(one, left_out=name.creditor) for one, name in zip(keeping, sure, strict=True))
        return replace(understood, scope=replace(understood.scope, source=source), said=said)
    said = tuple(_said(question, name, f"rather {_either(name.names)}", filters=False) for name in named)
    outlets = frozenset[str]().union(*(name.names for name in named))
    return replace(understood, leaning=replace(understood.leaning, outlets=outlets), said=said)


def _with_authors(understood: Understood, named: Sequence[NameSaid]) -> Understood:
    said = tuple(
        _said(understood.question, name, f"rather articles by {_either(name.names)}", filters=False) for name in named
    )
    authors = frozenset[str]().union(*(name.names for name in named))
    return replace(understood, leaning=replace(understood.leaning, authors=authors), said=understood.said + said)


def _either(names: Collection[str]) -> str:
    *others, last = sorted(names)
    return f"{', '.join(others)} or {last}" if others else last


def _with_times(understood: Understood, found: _Found, today: date) -> Understood:
    """Keep to the times that are of publication, all of them together; else lean to the one that is said closest."""
    question = understood.question
    named = [*found.outlets, *found.authors]
    read = [
        _meant(question, time, named, today, found.newest)
        for time in found.times
        if not _is_no_time(question, time) and not _is_a_habit(question, time, named)
    ]
    meant = [days for days in read if days.filters or not _is_attribute(days.time)]
    filtering = [days for days in meant if days.filters]
    if filtering:
        since = min((days.since for days in filtering if days.since), default=None)
        until = max((days.until for days in filtering if days.until), default=None)
        scope = within(
            understood.scope,
            since=since if all(days.since for days in filtering) else None,
            until=until if all(days.until for days in filtering) else None,
        )
        if scope is None:
            return understood
        said = tuple(_said(question, days.time, f"published {days}", filters=True) for days in filtering)
        return replace(understood, scope=scope, said=understood.said + said)
    if not meant:
        return understood
    closest = max(meant, key=lambda days: days.weight)
    leaning = replace(understood.leaning, since=closest.since, until=closest.until, days=closest.weight)
    said = (_said(question, closest.time, f"rather published {closest}", filters=False),)
    return replace(understood, leaning=leaning, said=understood.said + said)


def within(scope: Scope, *, since: date | None, until: date | None) -> Scope | None:
    """Return the part of `scope` that lies within some days; None where there is none: what was given decides."""
    since = max(filter(None, (scope.since, since)), default=None)
    until = min(filter(None, (scope.until, until)), default=None)
    return None if since and until and since > until else replace(scope, since=since, until=until)


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of publication that a time was taken to mean."""

    time: TimeSaid
    since: date | None
    until: date | None
    filters: bool
    weight: float

    def __str__(self) -> str:
        since, until = (f"{day.day} {day:%B} {day.year}" if day else "" for day in (self.since, self.until))
        if self.since == self.until:
            return f"on {since}"
        return f"from {since} to {until}" if since and until else f"since {since}" if since else f"until {until}"


def _meant(question: str, time: TimeSaid, named: Sequence[NameSaid], today: date, newest: date | None) -> _Days:
    """Return the days in which an article that answers was published."""
    published = _is_publication(question, time, named) or _is_of_articles(question, time, newest)
    grace = timedelta() if published or time.since is None else GRACE
    until = time.until and min(time.until + min(grace, date.max - time.until), today)
    near = time.counted and time.unit is not Unit.YEAR and time.since is not None
    beside = _is_beside(question, time) or FUTURE.search(question) is not None or question[time.end :][:1] in {"'", "’"}
    length = (until or today) - time.since if time.since else timedelta.max
    weight = NARROW if length.days <= 14 and time.counted else WIDE if length.days <= 370 else OPEN
    return _Days(time, time.since, until, filters=published or (near and not beside), weight=weight)


FUTURE = re.compile(r"\b(?:will|shall|going to|upcoming|scheduled|expected to|about to|next)\b|['’]ll\b", re.IGNORECASE)
PAST = re.compile(
    r"\b(?:did|was|were|had|happened|said|won|lost|died|made|took|gave|went|told|met|left|held|\w{2,}ed)\b",
    re.IGNORECASE,
)


def _is_no_time(question: str, time: TimeSaid) -> bool:
    """Tell whether the time is of what is still to come, or "today" only means nowadays."""
    to_come = FUTURE.search(question) is not None and ((time.unit is Unit.DAY and not time.counted) or not time.dated)
    return to_come or _is_nowadays(question, time.start, time.end)


def _is_a_habit(question: str, time: TimeSaid, named: Sequence[NameSaid]) -> bool:
    """Tell whether a day of the week is that of every week: "is the library open on Saturday?"."""
    of_the_week = A_WEEKDAY.fullmatch(question, time.start, time.end) is not None
    return of_the_week and _is_of_the_present(question, time.start) and not _is_publication(question, time, named)


def _is_attribute(time: TimeSaid) -> bool:
    """Tell whether the time dates a thing: a card from 1952."""
    return time.preposition == "from" and not time.alone


def _is_nowadays(question: str, start: int, end: int) -> bool:
    return (
        question[start:end].casefold().endswith("today")
        and (_is_of_the_present(question, start) or not PAST.search(question))
        and not PAPER_OF.match(question, end)
    )


def _is_of_the_present(question: str, start: int) -> bool:
    """Tell whether a question is of the present, also where a participle follows: "is the veto still used today?"."""
    return PRESENT.match(question) is not None and not APPEARED.search(question, 0, start)


A_WEEKDAY = re.compile(r"(?:on\s+)?\w+day", re.IGNORECASE)
PRESENT = re.compile(
    r"(?:(?:and|but|so)\s+)?(?:(?:who|what|when|where|how|why|which)\s+(?:\w+\s+){0,2}?)?(?:is|are|do|does|can|may|must)\b",
    re.IGNORECASE,
)
APPEARED = re.compile(r"\b(?:published|written|printed|reported|posted|said)\s+$", re.IGNORECASE)
PIECE = (
    r"(?:articles?|stories|headlines?|editorials?|op-eds?|(?<!fake )(?-i:news)|"
    r"(?:press|news|media) (?:coverage|reports?))"
)
PIECE_BEFORE = re.compile(
    rf"\b{PIECE}(?:\s+(?:that\s+)?(?:was |were )?(?:published|written|printed|appeared|appearing))?\s*$", re.IGNORECASE
)
PIECE_ANYWHERE = re.compile(rf"\b{PIECE}\b(?!\s+(?:\d|of\b))", re.IGNORECASE)
WHAT_APPEARED = re.compile(
    r"\bwhat (?:was|were|is|has been) (?:published|printed|written|reported|in the (?:news|papers?|press|headlines))\b"
    r"|\b(?:made|making) (?:the )?(?:news|headlines)\b",
    re.IGNORECASE,
)
PAPER_OF = re.compile(
    r"(?:['’]s?)?\s+(?:articles?|headlines?|stories|(?:news)?papers?|(?:news |press |media )?coverage|editorials?|"
    r"news(?! conference| agency| anchor))\b",
    re.IGNORECASE,
)


def _is_publication(question: str, time: TimeSaid, named: Sequence[NameSaid]) -> bool:
    """Tell whether the words around a time say that it is when something was published."""
    before = _sentence_before(question, time)
    if PIECE_BEFORE.search(before) or WHAT_APPEARED.search(before) or PAPER_OF.match(question, time.end):
        return True
    if time.preposition in {"from", "dated"} and PIECE_ANYWHERE.search(before):
        return True
    if re.search(r"\b(?:published|written|printed)\s*$", before) and PIECE_ANYWHERE.search(before):
        return True
    return any(name.publishes and _is_when(question, time, name) for name in named)


def _is_of_articles(question: str, time: TimeSaid, newest: date | None) -> bool:
    """Tell whether the time is that of articles which are listed or counted: "which articles mention Musk in May?".

    Not a year, nor what is long over for all articles there are: of these they tell.
    """
    last = NOTHING_MORE.match(question, time.end) is not None and ARTICLES_ASKED.match(question) is not None
    recent = time.since is not None and newest is not None and newest - time.since <= A_YEAR
    return last and recent and time.unit is not Unit.YEAR and time.preposition != "of"


NOTHING_MORE = re.compile(r"\s*(?:[?!.]*\s*$|according to\b)", re.IGNORECASE)
A_YEAR = timedelta(days=366)
ARTICLES_ASKED = re.compile(
    r"(?:how many|which|what|list|show|find|give|count|all)\b[\w ]{0,30}?\b(?:articles?|stories|story|pieces?)\b",
    re.IGNORECASE,
)


def _is_when(question: str, time: TimeSaid, name: NameSaid) -> bool:
    """Tell whether the time is that of the publishing, not of what it is about: "write about the crisis in 2008"."""
    between = question[name.end : time.start] if name.end <= time.start else question[time.end : name.start]
    about = time.unit is Unit.YEAR and re.search(r"\b(?:about|on|of)\b", between)
    return not about and not _is_beside(question, time) and not re.search(r"[.?!]\s", between)


ASKED_THEN_BESIDE = re.compile(
    r"\b(?:what|which|who|whose|whom|where|when|why|how|did|does|do|is|are|was|were|has|have|had|can)\b.*\s"
    r"(?:who|whom|whose|which|that|where|when|because|while)\s[^,]*$",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<![A-Z])[.!?](?=\s|$)")


def _is_beside(question: str, time: TimeSaid) -> bool:
    """Tell whether the time is in a clause or a sentence that is not the one which asks."""
    end = SENTENCE_END.search(question, time.end)
    told_before = end is not None and end[0] != "?" and "?" in question[end.end() :]
    return told_before or ASKED_THEN_BESIDE.search(_sentence_before(question, time)) is not None


def _sentence_before(question: str, time: TimeSaid) -> str:
    return SENTENCE_END.split(question[: time.start])[-1]


NEWEST = re.compile(
    r"\b(?:(?P<strong>(?<!at the )(?<!at its )(?:latest|newest)|most recent(?:ly)?|right now|currently|nowadays|today|"
    r"these days|at (?:the moment|present)(?! of\b)|(?<!until )(?<!till )(?<!by )(?<!for )(?<!from )now(?!-)|"
    r"(?:(?<=the )|(?<=['’]s )|(?<=its )|(?<=his )|(?<=her )|(?<=their ))current(?= \w)(?! (?:in|of|and|at|flows?)\b))"
    r"|(?:recent(?:ly)?|lately)(?! (?:years|decades|history|memory)))\b",
    re.IGNORECASE,
)


def _with_recency(understood: Understood, read: str, ignored: Collection[str], today: date, prior: float) -> Understood:
    """Lean to the recent as much as `prior`, and to the newest where it is asked for."""
    leaning = replace(understood.leaning, prior=prior, today=today) if prior else understood.leaning
    understood = replace(understood, leaning=leaning)
    for match in NEWEST.finditer(read):
        if match[0].casefold() in ignored or _is_another_word(read, match):
            continue
        strong = match["strong"] is not None
        said = Said(*match.span(), understood.question[slice(*match.span())], "rather the newest", filters=False)
        leaning = replace(leaning, latest=STRONG if strong else MILD, today=today)
        return replace(understood, leaning=leaning, said=(*understood.said, said))
    return understood


def _with_countries(understood: Understood, read: str, ignored: Collection[str]) -> Understood:
    """Search for the country beside the capital that stands for it."""
    taken = [(said.start, said.end) for said in understood.said]
    said = tuple(
        Said(
            seat.start,
            seat.end,
            understood.question[seat.start : seat.end],
            f"also {seat.country}",
            filters=False,
            added=seat.country,
        )
        for seat in seats_said(read)
        if read[seat.start : seat.end].casefold() not in ignored
        and not any(start < seat.end and seat.start < end for start, end in taken)
    )
    return replace(understood, said=understood.said + said)


def _is_another_word(question: str, match: re.Match[str]) -> bool:
    """Tell whether the word is part of a name (Apocalypse Now), opens a sentence (Now, who won?), or is a past day."""
    word, at_start = match[0], not question[: match.start()].strip() or question[: match.start()].rstrip()[-1] in ".?!"
    if word.casefold() == "today":
        return not _is_nowadays(question, *match.span()) or (word[0].isupper() and not question.isupper())
    if word.casefold() == "now" and at_start:
        return True
    return word[0].isupper() and not at_start and not question.isupper()
