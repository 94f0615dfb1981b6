"""Who holds an office -> those whom articles name as its holder, counted, by a scan of the whole store.

The newer an article is, the more it counts. How many articles name each, and of what day the newest is, is said.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.records import Article, Span
from index.sentences import sentence_spans
from index.store import Scope, Snapshot
from qa.intent import Understood, within
from qa.read import is_told
from qa.scans.listing import Told, is_timed, split, without
from qa.scans.scan import Item, Listed, day_text, listed, number_of, with_elsewhere
from qa.wording.offices import Office, holders_in, is_of_before, office_asked_for, people

MOST_LOOKED_AT, BLOCK = 10_000, 1000
"""Passages of which it is looked how new they are, those that were indexed last, and how many at a time."""
MOST_READ = 300
"""Passages that are read, the newest first."""
HALF_LIFE = 30.0
"""Days after which an article counts half as much as the newest one that names a holder."""
MOST_NAMED = 4
"""Holders that are named, at the most."""
FEWEST = 0.25
"""Of the articles that name the likeliest holder, so many must name another one who is told of beside."""
SURE = 1.5
"""So many times what counts for the next one must count for the likeliest, to be the short answer."""
OF_ONE = 3
"""Articles that are cited where they name one holder only."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that names somebody as the holder."""

    name: str
    item: Item

    @property
    def day(self) -> date | None:
        """When it was published."""
        return self.item.hit.article.day


def holders(snapshot: Snapshot, understood: Understood) -> Listed | None:
    """Return who holds the office that is asked for; None where none is asked for, or no article names anyone."""
    asked = split(understood.question)[0]
    office = office_asked_for(without(asked, [said for said in understood.said if not said.is_sought]))
    timed = is_timed(understood)
    if office is None or (office.was and not timed):
        return None
    leaning = understood.leaning
    since, until = (leaning.since, leaning.until) if timed and leaning.days else (None, None)
    scope = within(understood.scope, since=since, until=until)
    if scope is None:
        return None
    by_name = _by_name(snapshot, list(_mentions(snapshot, office, scope)))
    if not office.has_one_name:  # else a single word is no name
        by_name = {name: mentions for name, mentions in by_name.items() if " " in name}
    if not by_name:
        return None
    counts = _counts(by_name)
    likeliest, *others = sorted(by_name, key=lambda name: -counts[name])
    beside = [name for name in others if len(by_name[name]) >= FEWEST * len(by_name[likeliest])]
    named = {name: by_name[name] for name in [likeliest, *beside][:MOST_NAMED]}
    shown = [mentions[0].item for mentions in named.values()] if beside else [one.item for one in by_name[likeliest]]
    is_sure = counts[likeliest] >= SURE * sum(counts[name] for name in others[:1])
    short = shown[0].hit.article.text[slice(*shown[0].words)] if is_sure and shown[0].words else ""
    items = with_elsewhere(snapshot, shown[: MOST_NAMED if beside else OF_ONE])
    return listed(_lead(named), items, Told.DAY, short)


def _lead(named: Mapping[str, Sequence[Mention]]) -> str:
    """Say how many articles name each."""
    articles = sum(map(len, named.values()))
    names = "names" if articles == 1 else "name"
    if len(named) == 1:
        return f"{number_of(articles, 'article')} {names} {next(iter(named))}:"
    told = (f"{name} in {len(mentions):,}{_newest(mentions)}" for name, mentions in named.items())
    return f"{number_of(articles, 'article')} name one: {'; '.join(told)}."


def _mentions(snapshot: Snapshot, office: Office, scope: Scope) -> Iterator[Mention]:
    """Yield the sentences that name a holder, the newest first."""
    found = {one.key: one for phrase in dict.fromkeys(office.phrases) for one in snapshot.passages([phrase], scope)}
    last = [found[key] for key in sorted(found, reverse=True)[:MOST_LOOKED_AT]]
    heads: dict[int, Article] = {}
    for begin in range(0, len(last), BLOCK):
        heads |= snapshot.heads(last[begin : begin + BLOCK])
    newest = sorted(heads, key=lambda key: (heads[key].published or "", -key), reverse=True)[:MOST_READ]
    for hit in snapshot.hits([found[key] for key in newest]):
        day = hit.article.day
        for start, end in sentence_spans(hit.text):
            sentence = hit.text[start:end]
            if not is_told(sentence) or (day and is_of_before(sentence, day.year)):
                continue
            shift = hit.start + start
            for holder in holders_in(sentence, office):
                words = Span(shift + holder.span.start, shift + holder.span.end)
                yield Mention(holder.name, Item(hit, Span(shift, hit.start + end), words))


def _by_name(snapshot: Snapshot, mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    """Return the mentions of each person, one of each story: those with the whole name first, then the newest."""
    known = people(one.name for one in mentions)
    stories = snapshot.stories({one.item.hit.article.id for one in mentions})
    found: dict[str, dict[int, Mention]] = defaultdict(dict)
    for one in mentions:
        of_person, story = found[known[one.name]], stories[one.item.hit.article.id]
        if story not in of_person or (" " in one.name and " " not in of_person[story].name):
            of_person[story] = one
    return {name: sorted(of.values(), key=lambda one: " " not in one.name) for name, of in found.items()}


def _counts(by_name: Mapping[str, Sequence[Mention]]) -> dict[str, float]:
    """Return what the articles that name each count together: the newest one 1, older ones less."""
    days = [one.day for mentions in by_name.values() for one in mentions if one.day]
    newest = max(days, default=date.min)

    def weight(day: date | None) -> float:
        return 2 ** (-(newest - (day or min(days))).days / HALF_LIFE) if days else 1.0

    return {name: sum(weight(one.day) for one in mentions) for name, mentions in by_name.items()}


def _newest(mentions: Sequence[Mention]) -> str:
    """Say of what day the newest article is."""
    days = [one.day for one in mentions if one.day]
    return f" ({'the newest ' * (len(mentions) > 1)}of {day_text(max(days))})" if days else ""
