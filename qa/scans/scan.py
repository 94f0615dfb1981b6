"""A list that is asked for -> every article that belongs to it, by a scan of the whole store, counted and cited.

Nothing is inferred: what is counted is articles that hold certain words, of an outlet and a time, and the lead says
so. Near-copies count once and name their other outlets. What is shown is the first few, each by the sentence of it
that holds most of what was looked for.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from index.records import Article, Hit, Span
from index.sentences import sentence_spans
from index.store import Found, Scope, Sighting, Snapshot
from index.terms import stem, words
from qa.compose import Citation
from qa.intent import Understood
from qa.leaning import folded
from qa.quoted import spans_of
from qa.read import is_prose, is_told
from qa.scans.listing import Kind, Listing, Told, in_quotes, listing
from qa.scans.timeline import Dated, dated_sentences, time_line
from qa.wording.dates import MONTHS, TimeSaid, times
from qa.wording.names import whose_words
from qa.wording.speech import QUOTATION, REPORTS, SAYS
from qa.wording.turns import whose_turns

SHOWN = 10
"""Of a list, the articles that are cited."""
DATES_SHOWN = 20
"""Of a time line: a chronology is seldom longer."""
FEWEST_WORDS = 4
"""Of a sentence that tells what happened: "Good morning." does not."""
LONG_ENOUGH = 200
"""Characters of a saying."""
BLOCK = 100
"""Passages that are read at a time."""
MOST_READ = 1000
"""Passages that are read, at the most, for what somebody said, and for a time line."""
OPENING = 4_000
"""Characters of an article in which it is looked for what happened."""
BEGINNING = 1_000
"""Characters of an article in which what it is about is named."""
MOST_OPENED = 60
"""Articles that are looked into for that, the newest."""
LATEST_SHOWN = 5
MOST_MONTHS = 24
FEWEST_DATES, FEWEST_THEN = 3, 2
"""Dates that sentences give: of fewer, a time line is of the days on which articles were published; and what happened
in a time, or its time line, is read for."""
MONTHS_SAID = frozenset(name.lower() for name in MONTHS)
YEAR_DIGITS = 4
DAY_LENGTH = 10
"""Characters of a day in ISO 8601."""
MOST_OF_IT = "that have most of it"
Some = TypeVar("Some")
NOT_TOLD = {Told.DAY: "No date", Told.AUTHOR: "No author given", Told.OUTLET: "No outlet given"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as an answer: what there is, in our words, and the first of it, in the articles' own."""

    lead: str
    text: str
    """Begins with the lead; `[1]` refers to the citation of that number."""
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    """The passages that are cited, in their order."""
    short: str = ""
    """The words of the first quote that answer, where a fact was asked for."""


@dataclass(frozen=True, slots=True)
class Item:
    """What one line of a list shows."""

    hit: Hit
    span: Span
    words: Span | None = None
    """Of it, what tells most: the date, in a time line."""
    day: date | None = None
    """The day that these words mean and do not name."""


def scan(snapshot: Snapshot, understood: Understood) -> Listed | None:
    """Return the list that the question asks for; None where it asks for none, or too little makes none."""
    asked = listing(understood)
    if asked is None:
        return None
    scope = _scope(understood, asked)
    ways = {Kind.SAID: _said, Kind.OUTLETS: _outlets, Kind.LATEST: _latest}
    if asked.kind in ways:
        return ways[asked.kind](snapshot, asked, scope)
    if asked.kind is Kind.TIMELINE and (line := _time_line(snapshot, understood, asked, scope)):
        return line
    found = _articles(snapshot, asked, scope)
    if found or asked.kind is not Kind.HAPPENED:
        return found
    dated = _in_those_days(snapshot, understood, asked)
    nothing_else = not asked.phrases  # is asked about than a time, so that there is nothing to read for
    return dated or (_articles(snapshot, replace(asked, at_least=1), scope) if nothing_else else None)


def time_line_of(snapshot: Snapshot, understood: Understood, hits: Sequence[Hit]) -> Listed | None:
    """Return the time line that is asked for, where a scan gave none: of the dates in what was found for it."""
    asked = listing(understood)
    if asked is None or asked.kind is not Kind.TIMELINE:
        return None
    given = f", given in the passages that are nearest to {asked.in_words}"
    return _of_dates(snapshot, list(dated_sentences(hits, asked.phrases)), fewest=FEWEST_DATES, given=given)


def few_that_tell(snapshot: Snapshot, understood: Understood) -> Listed | None:
    """Return what happened in a time, or somewhere, or what a writer says, by as few articles as there are.

    For where reading told nothing.
    """
    asked = listing(understood)
    if asked is None or not (asked.kind is Kind.HAPPENED or asked.author):
        return None
    return _articles(snapshot, replace(asked, at_least=1), _scope(understood, asked))


def _scope(understood: Understood, asked: Listing) -> Scope:
    """Return the scope of the question; for what happened in a time, also where that is otherwise only preferred."""
    scope, leaning = understood.scope, understood.leaning
    if asked.kind in {Kind.ARTICLES, Kind.OUTLETS} or scope.since or scope.until or not leaning.days:
        return scope
    return replace(scope, since=leaning.since, until=leaning.until)


def stories(snapshot: Snapshot, asked: Listing, scope: Scope) -> tuple[list[Sighting], int]:
    """Return the best sighting of each story, in the order of the list, and how many articles they are."""
    best: dict[int, Sighting] = {}
    articles = 0
    author = folded(asked.author)
    for seen in _sightings(snapshot, asked, scope):
        if author not in folded(seen.author or "") or (asked.is_by_date and seen.published is None):
            continue
        articles += 1
        kept = best.get(seen.story)
        if kept is None or _first_told(seen) < _first_told(kept):
            best[seen.story] = seen
    return sorted(best.values(), key=_order(asked)), articles


def _sightings(snapshot: Snapshot, asked: Listing, scope: Scope) -> list[Sighting]:
    """Return the best sighting of each article that holds what is asked for, and not what it is not to."""
    best: dict[str, Sighting] = {}
    for phrases in (asked.phrases, *asked.or_else):
        for seen in snapshot.sightings(phrases, scope):
            if seen.article not in best or best[seen.article].score < seen.score:
                best[seen.article] = seen
    for seen in snapshot.sightings(asked.without, scope) if asked.without else ():
        best.pop(seen.article, None)
    return list(best.values())


def _first_told(seen: Sighting) -> tuple[float, str, str]:
    return -seen.score, seen.published or "9", seen.article


def _order(asked: Listing) -> Callable[[Sighting], tuple[float, float, str]]:
    def order(seen: Sighting) -> tuple[float, float, str]:
        day = date.fromisoformat(seen.published[:DAY_LENGTH]).toordinal() if seen.published else 0
        if asked.is_by_date:
            return float(day), 0.0, seen.article
        if asked.newest_first or not asked.phrases:
            return float(-day), 0.0, seen.article
        return -seen.score, float(-day), seen.article

    return order


def _articles(snapshot: Snapshot, asked: Listing, scope: Scope) -> Listed | None:
    """List the articles that hold what was looked for, each story once."""
    found, articles = stories(snapshot, asked, scope)
    if asked.in_titles:
        found = _titled(snapshot, asked, found)
        articles = len(found)
    if len(found) < asked.at_least:
        return None
    shown, which = _shown(asked, found)
    copies = f" ({articles:,} with near-copies)" if articles > len(found) else ""
    counted = f"{number_of(len(found), 'article')}{_limits(asked, scope)}{_contain(asked, len(found))}{copies}"
    counted += _in_each(asked, found)
    lead = f"{counted}. {which}:" if which else f"{counted}{':' if found else '.'}"
    by_day = not asked.told and (asked.is_by_date or asked.newest_first)
    items = _items(snapshot, asked.held, shown, openings=asked.kind is Kind.HAPPENED)
    return listed(lead, items, Told.DAY if by_day else asked.told)


def _in_each(asked: Listing, found: Sequence[Sighting]) -> str:
    """Tell how many there are in each month or year, if that is asked: of many months, in each year."""
    if not asked.by or not found:
        return ""
    days = sorted(date.fromisoformat(seen.published[:DAY_LENGTH]) for seen in found if seen.published)
    months = Counter(f"{day:%B} {day.year}" for day in days)
    by_year = asked.by == "year" or len(months) > MOST_MONTHS
    counts = Counter(str(day.year) for day in days) if by_year else months
    in_order = counts.most_common() if asked.most_first else counts.items()
    told = [f"{when} ({count:,})" for when, count in in_order]
    told += [f"without a date ({len(found) - len(days):,})"] if len(found) > len(days) else []
    return f". By {'year' if by_year else 'month'}: {', '.join(told)}"


def _latest(snapshot: Snapshot, asked: Listing, scope: Scope) -> Listed | None:
    """List the newest articles on something: that have it in their titles, or where few do, in their openings."""
    found, _ = stories(snapshot, asked, scope)
    dated = [seen for seen in found if seen.published]
    shown = _titled(snapshot, asked, dated)[:LATEST_SHOWN]
    if len(shown) < LATEST_SHOWN:
        hits = snapshot.hits([Found(seen.key, seen.score) for seen in dated[:MOST_OPENED]])
        begins = [f"{hit.article.title or ''}\n{hit.article.text[:BEGINNING]}" for hit in hits]
        about = [seen for seen, text in zip(dated, begins, strict=False) if _holds_all(text, asked)]
        shown = about[:LATEST_SHOWN]
    if len(shown) < asked.at_least:
        return None
    lead = f"The newest {number_of(len(shown), 'article')}{_limits(asked, scope)} on {asked.in_words}:"
    return listed(lead, _items(snapshot, asked.held, shown, openings=True), Told.DAY)


def _titled(snapshot: Snapshot, asked: Listing, found: Sequence[Sighting]) -> list[Sighting]:
    """Return those whose title holds all that is asked for."""
    titles: dict[int, str] = {}
    for start in range(0, len(found), MOST_READ):
        block = [Found(seen.key, seen.score) for seen in found[start : start + MOST_READ]]
        titles |= {key: head.title or "" for key, head in snapshot.heads(block).items()}
    return [seen for seen in found if _holds_all(titles.get(seen.key, ""), asked)]


def _holds_all(text: str, asked: Listing) -> bool:
    return all(holds(text, phrase) for phrase in asked.phrases)


def _shown(asked: Listing, stories: Sequence[Sighting]) -> tuple[Sequence[Sighting], str]:
    """Return which of the stories are shown, and what to say of the choice."""
    if asked.first_only and len(stories) > 1 and stories[0].published:
        day = stories[0].published[:DAY_LENGTH]
        of_that_day = [seen for seen in stories if (seen.published or "")[:DAY_LENGTH] == day]
        return of_that_day[:SHOWN], f"The {'oldest' if asked.oldest_first else 'newest'}"
    if len(stories) <= SHOWN:
        return stories, ""
    if asked.kind is Kind.TIMELINE:
        return sorted(sorted(stories, key=_first_told)[:SHOWN], key=_order(asked)), f"The {SHOWN} {MOST_OF_IT}, by date"
    if asked.kind is Kind.HAPPENED:
        whose = "their" if asked.in_titles else "that"
        return _spread(stories, _first_told), f"{SHOWN} of them, spread over {whose} time"
    if asked.oldest_first:
        return stories[:SHOWN], f"The oldest {SHOWN}"
    newest = asked.newest_first or not asked.phrases
    return stories[:SHOWN], f"The newest {SHOWN}" if newest else f"The {SHOWN} {MOST_OF_IT}"


def _spread(items: Sequence[Some], key: Callable[[Some], Any]) -> Sequence[Some]:
    """Return SHOWN of many items, in their order: of as many parts, the one that `key` puts first."""
    if len(items) <= SHOWN:
        return items
    parts = [items[place * len(items) // SHOWN : (place + 1) * len(items) // SHOWN] for place in range(SHOWN)]
    return [min(part, key=key) for part in parts]


def _outlets(snapshot: Snapshot, asked: Listing, scope: Scope) -> Listed:
    """List the outlets that have what was looked for, the most articles first, each with its best article."""
    best: dict[str, Sighting] = {}
    articles: Counter[str] = Counter()
    for seen in _sightings(snapshot, asked, scope):
        if seen.source:
            articles[seen.source] += 1
            if seen.source not in best or _first_told(seen) < _first_told(best[seen.source]):
                best[seen.source] = seen
    named = [source for source, _ in articles.most_common(SHOWN)]
    have = f" {'has' if len(best) == 1 else 'have'} articles that contain {asked.in_words}" if asked.phrases else ""
    most = f", the {SHOWN} with the most articles" if len(best) > SHOWN else ""
    counts = f": {', '.join(f'{source} ({articles[source]:,})' for source in named)}" if named else ""
    lead = f"{number_of(len(best), 'outlet')}{_limits(asked, scope)}{have}{most}{counts}."
    return listed(lead, _items(snapshot, asked.held, [best[source] for source in named]))


def _time_line(snapshot: Snapshot, understood: Understood, asked: Listing, scope: Scope) -> Listed | None:
    """List what sentences date, by date; None where they give too few dates to make a line of.

    Of a time that is asked about all articles tell, or where too many hold what is asked for, those of that time.
    """
    said = _time_said(snapshot, understood)
    among = understood.scope if said else scope
    hits = _passages(snapshot, asked.phrases, among)
    if said and len(hits) == MOST_READ:
        among = scope
        hits = _passages(snapshot, asked.phrases, among)
    found = [one for one in dated_sentences(hits, asked.phrases) if said is None or _is_within(one, said)]
    articles = len({one.hit.article.id for one in found})
    limits = _limits(replace(asked, kind=Kind.ARTICLES), among)
    within = f" {_in_words(understood, said)}" if said else ""
    given = f"{within}, given in {number_of(articles, 'article')}{limits} that{_contain(asked, articles)}"
    return _of_dates(snapshot, found, fewest=FEWEST_THEN if said else FEWEST_DATES, given=given)


def _in_those_days(snapshot: Snapshot, understood: Understood, asked: Listing) -> Listed | None:
    """List what sentences date to the days of a question, by date; None where there are too few."""
    said = _time_said(snapshot, understood)
    if said is None or said.since is None or said.until is None:
        return None
    day = _in_words(understood, said).removeprefix(f"{said.preposition} ")
    sought = [word for word in words(day) if word in MONTHS_SAID or (word.isdigit() and len(word) == YEAR_DIGITS)]
    if not sought:
        return None
    phrases = [*sought, *asked.phrases]
    hits = _passages(snapshot, phrases, understood.scope)
    found = [one for one in dated_sentences(hits, phrases) if _is_within(one, said)]
    articles = len({one.hit.article.id for one in found})
    return _of_dates(snapshot, found, fewest=FEWEST_THEN, given=f" in {day}, given in {number_of(articles, 'article')}")


def _time_said(snapshot: Snapshot, understood: Understood) -> TimeSaid | None:
    """Return the one time of the calendar that a question names, if it names one and is meant to."""
    named = times(understood.question, understood.leaning.today, snapshot.newest())
    meant = {said.start for said in understood.said}
    of_the_calendar = [time for time in named if not time.counted and time.start in meant]
    return of_the_calendar[0] if len(of_the_calendar) == 1 else None


def _in_words(understood: Understood, said: TimeSaid) -> str:
    return understood.question[said.start : said.end]


def _is_within(dated: Dated, said: TimeSaid) -> bool:
    return (said.since or date.min) <= dated.since and dated.until <= (said.until or date.max)


def _passages(snapshot: Snapshot, phrases: Sequence[str], scope: Scope) -> list[Hit]:
    """Return the passages that hold each phrase, as many as are read at the most."""
    return snapshot.hits(list(islice(snapshot.passages(phrases, scope), MOST_READ)))


def _of_dates(snapshot: Snapshot, found: Sequence[Dated], *, fewest: int, given: str) -> Listed | None:
    """List sentences by their dates; None where they give fewer than `fewest`."""
    shown, dates = time_line(found, DATES_SHOWN)
    if dates < fewest:
        return None
    which = f"; the {DATES_SHOWN} most to the point" if dates > DATES_SHOWN else ""
    items = [Item(one.hit, one.span, one.said, one.until if one.reckoned else None) for one in shown]
    return listed(f"{number_of(dates, 'date')}{given}{which}:", with_elsewhere(snapshot, items))


def _said(snapshot: Snapshot, asked: Listing, scope: Scope) -> Listed | None:
    """List the sentences that name the speaker with a word of speech, in passages that hold what it is about.

    Where any speaker will do: those that quote or report something, and hold what it is about themselves.
    """
    items, read = _sayings(snapshot, asked, scope)
    near = not items and not asked.speaker
    if near:
        items, read = _sayings(snapshot, asked, scope, near=True)
    articles = {item.hit.article.id for item in items}
    if len(articles) < asked.at_least:  # what somebody said in other words, the reader may still find
        return None
    about = f", in passages that contain {in_quotes(asked.phrases)}" if asked.phrases else ""
    one = len(items) == 1
    tell = f"{'tells' if one else 'tell'} what somebody says or thinks"
    if asked.speaker:
        all_named = all(holds(item.hit.article.text[slice(*item.span)], asked.speaker) for item in items)
        where = "with a word of speech" if all_named else "with a word of speech, or stand in a turn of that name"
        do = f"{'names' if one else 'name'} {in_quotes([asked.speaker])} {where}{about}"
    elif near:
        do = f"{tell}{about}"
    else:
        do = f"{'contains' if one else 'contain'} {in_quotes(asked.phrases)} and {tell}"
    of_articles = f"{number_of(len(articles), 'article')}{_limits(asked, scope)}"
    counted = f"{number_of(len(items), 'sentence')} of {of_articles} {do}"
    if read >= MOST_READ:
        counted += f" (the first {MOST_READ:,} passages were read)"
    shown = sorted(items, key=lambda item: (item.hit.article.published or "9", item.hit.article.id, item.span.start))
    some = f". {SHOWN} of them, spread over their time" if len(items) > SHOWN else ""
    return listed(f"{counted}{some}:", _spread(shown, _said_best), Told.DAY)


def _said_best(item: Item) -> tuple[bool, int]:
    """Put what is quoted first, and then what is long."""
    sentence = item.hit.article.text[slice(*item.span)]
    return QUOTATION.search(sentence) is None, -min(len(sentence), LONG_ENOUGH)


def _sayings(snapshot: Snapshot, asked: Listing, scope: Scope, *, near: bool = False) -> tuple[list[Item], int]:
    """Return what somebody said, each story once, and how many passages were read for it.

    Where `near` to what it is about is enough, only the passage has to hold that.
    """
    about = replace(asked, phrases=()) if near else asked
    items: list[Item] = []
    found = islice(_that_may_tell(snapshot, asked, scope), MOST_READ)
    teller: dict[int, str] = {}
    read = 0
    while block := list(islice(found, BLOCK)):
        read += len(block)
        hits = snapshot.hits(block)
        stories = snapshot.stories({hit.article.id for hit in hits})
        for hit in hits:
            if teller.setdefault(stories[hit.article.id], hit.article.id) == hit.article.id:
                items += [Item(hit, span) for span in _said_in(hit, about)]
    return with_elsewhere(snapshot, items), read


def _that_may_tell(snapshot: Snapshot, asked: Listing, scope: Scope) -> Iterator[Found]:
    """Yield the passages that hold the speaker's name and what it is about; then those that only have the surname.

    So the record of a debate calls them, of which the sentences in their turns count.
    """
    seen = set[int]()
    for one in snapshot.passages([phrase for phrase in (asked.speaker, *asked.phrases) if phrase], scope):
        seen.add(one.key)
        yield one
    *first, surname = asked.speaker.split() or [""]
    again = snapshot.passages([surname, *asked.phrases], scope) if first else ()
    yield from (one for one in again if one.key not in seen)


def _said_in(hit: Hit, asked: Listing) -> Iterator[Span]:
    """Yield the sentences of a passage that are what somebody said."""
    spans, before = spans_of(hit), ""
    turns = whose_turns(f"What did {asked.speaker} say?", hit.article.text, spans)
    for (start, end), turn in zip(spans, turns, strict=True):
        sentence = hit.article.text[start:end]
        if is_prose(sentence) and (turn > 0 or (not turn and _is_said(asked, sentence, before, hit.text))):
            yield Span(start, end)
        before = sentence


def _is_said(asked: Listing, sentence: str, before: str, text: str) -> bool:
    """Tell whether a sentence reports what is asked for; `before` is the one before it, in the passage `text`."""
    if asked.speaker:
        named = holds(sentence, asked.speaker) and REPORTS.search(sentence) is not None
        whose = whose_words(f"What did {asked.speaker} say?", sentence, before, text) if named else -1.0
        return whose > 0 or (whose == 0 and asked.speaker[:1].islower())  # of "the captain" nobody can tell
    reported = QUOTATION.search(sentence) or SAYS.search(sentence)
    return reported is not None and _holds_all(sentence, asked)


def _items(
    snapshot: Snapshot, phrases: Sequence[str], shown: Sequence[Sighting], *, openings: bool = False
) -> list[Item]:
    """Return what to show of each sighting: the sentence that holds most of `phrases`, the first one among equals.

    A heading or a question that holds as many tells less. With `openings` sentences of the article's opening come
    before those of the passage: what happened stands where news begin.
    """

    def told(sentence: str) -> tuple[int, bool]:
        tells = is_told(sentence) and len(sentence.split()) >= FEWEST_WORDS
        return sum(holds(sentence, phrase) for phrase in phrases), tells

    hits = snapshot.hits([Found(seen.key, seen.score) for seen in shown])
    items = []
    for hit in hits:
        opening = _opening(hit.article.text) if openings else []
        spans = opening + [Span(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]
        span = max(spans, key=lambda span: told(hit.article.text[span.start : span.end]))
        items.append(Item(hit, span))
    return with_elsewhere(snapshot, items)


def _opening(text: str) -> list[Span]:
    """Return the spans of the sentences with which a text opens, without one that is cut off."""
    spans = sentence_spans(text[:OPENING])
    return spans if len(text) <= OPENING else spans[:-1]


def with_elsewhere(snapshot: Snapshot, items: Sequence[Item]) -> list[Item]:
    """Return items that know in which other outlets their articles stand."""
    elsewhere = snapshot.elsewhere({item.hit.article.id for item in items})
    return [replace(item, hit=replace(item.hit, elsewhere=elsewhere[item.hit.article.id])) for item in items]


def holds(text: str, phrase: str) -> bool:
    """Tell whether the words of `phrase`, cut to their stems, follow each other in `text`.

    >>> holds("The Minsk protocols failed.", "Minsk Protocol"), holds("The protocol of Minsk", "Minsk Protocol")
    (True, False)
    """
    said, wanted = ([stem(word) for word in words(one)] for one in (text, phrase))
    return any(said[place : place + len(wanted)] == wanted for place in range(len(said) - len(wanted) + 1))


def listed(lead: str, items: Sequence[Item], told: Told | None = None, short: str = "") -> Listed:
    """Make an answer of a list; what is `told` of each article stands before what it says."""
    citations = tuple(
        Citation(
            number,
            item.hit.article,
            *item.span,
            item.hit.elsewhere,
            item.words,
            day=item.day.isoformat() if item.day else "",
        )
        for number, item in enumerate(items, start=1)
    )
    lines = (f"{_told(cited, told)}{' '.join(cited.quote.split())} [{cited.number}]" for cited in citations)
    return Listed(lead, "\n".join([lead, *lines]), citations, tuple(item.hit for item in items), short)


def _told(cited: Citation, told: Told | None) -> str:
    """Say what is to be told of an article before it is quoted."""
    if cited.day:
        return f"{day_text(date.fromisoformat(cited.day))}: "
    return f"{told_of(cited.article, told) or NOT_TOLD[told]}: " if told else ""


def told_of(article: Article, told: Told) -> str:
    """Say who wrote an article, when it was published, or where; nothing where it does not say."""
    match told:
        case Told.DAY:
            return f"Published on {day_text(article.day)}" if article.day else ""
        case Told.AUTHOR:
            return f"By {' '.join(article.author.split())}" if article.author else ""
        case Told.OUTLET:
            return f"In {' '.join(article.source.split())}" if article.source else ""


def number_of(count: int, what: str) -> str:
    """Say how many there are.

    >>> number_of(0, "article"), number_of(1, "article"), number_of(1200, "article")
    ('No article', '1 article', '1,200 articles')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}" if count else f"No {what}"


def _limits(asked: Listing, scope: Scope) -> str:
    """Say which articles were looked at, where not all were."""
    dated = " with a date" if asked.kind is Kind.TIMELINE else ""
    source = f" of {scope.source}" if scope.source else ""
    author = f" by {asked.author}" if asked.author else ""
    since, until = (day_text(day) if day else "" for day in (scope.since, scope.until))
    if scope.since and scope.since == scope.until:
        time = f" published on {since}"
    elif since and until:
        time = f" published from {since} to {until}"
    else:
        time = f" published since {since}" if since else f" published until {until}" if until else ""
    return f"{source}{author}{dated}{time}"


def _contain(asked: Listing, count: int) -> str:
    if not asked.phrases:
        return ""
    if asked.in_titles:
        return f" {'have' if count > 1 else 'has'} {asked.in_words} in the title"
    return f" {'contain' if count > 1 else 'contains'} {asked.in_words}"


def day_text(day: date) -> str:
    """Say a day.

    >>> day_text(date(2022, 12, 3))
    '3 December 2022'
    """
    return f"{day.day} {day:%B} {day.year}"
