"""A question about the articles that the last answer cites: who wrote that, when was it published, and by whom.

It is answered with what these say of themselves. They are found by the quotes in the answer's text, word for word. If
it cites none, and there is only one article to ask about, that one is meant.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from index.records import Hit, Span
from index.sentences import sentence_spans
from index.store import Scope, Snapshot
from qa.scans.listing import Told
from qa.scans.scan import SHOWN, Item, Listed, listed, told_of, with_elsewhere
from qa.wording.asking import PLEASE

_PIECE = r"(?:articles?|stories|story|pieces?|reports?|texts?|columns?|editorials?|op-eds?)"
_THAT = rf"(?:that|this|(?:that|this|the|these|those) {_PIECE})"
_OUTLET = r"(?:outlets?|(?:news)?papers?|magazines?|(?:web ?)?sites?|publications?|publishers?|sources?)"
ASKED = {
    Told.AUTHOR: rf"who (?:wrote|authored|penned) {_THAT}"
    rf"|who(?:['’]s| is| was| are| were) (?:the |its |their )?(?:authors?|writers?)(?: of (?:it|{_THAT}))?"
    rf"|by whom (?:is|was|were|are) {_THAT}(?: written)?",
    Told.DAY: rf"when (?:is|was|were|did) (?:it|{_THAT}) (?:published|printed|posted|come out)"
    rf"|when (?:was|were|did) (?:that|this|the|these|those) {_PIECE} (?:written|appear)"
    rf"|(?:what|which) (?:day|date) (?:is|was|are|were) (?:that|this|the|these|those) {_PIECE}(?: of| from| published)?"
    rf"|how old (?:is|are) (?:that|this|the|these|those) {_PIECE}",
    Told.OUTLET: rf"(?:which|what) {_OUTLET} (?:published|printed|carried|ran) (?:it|{_THAT})"
    rf"|(?:which|what) {_OUTLET} (?:is|was|are|were) (?:it|{_THAT}) (?:from|of|in)"
    rf"|where (?:is|was|were|are) (?:it|{_THAT}) (?:published|printed)"
    rf"|(?:what|which)(?:['’]s| is| was| are| were) (?:the|your) sources?(?: (?:of|for) (?:it|{_THAT}))?"
    rf"|where did you (?:get|find|read) (?:it|{_THAT})(?: from)?"
    rf"|(?:(?:in|from) )?(?:which|what) {_PIECE}(?: (?:is|was|are|were) (?:it|that|this) (?:in|from))?"
    r"|(?:(?:show|give|tell|name)(?: me| us)? )?(?:the |your )?(?:sources?|references|citations)",
}
PATTERNS = {told: re.compile(rf"{PLEASE}(?:{said})$", re.IGNORECASE) for told, said in ASKED.items()}
WHO_WROTE_IT = re.compile(rf"{PLEASE}who (?:wrote|authored|penned) it$", re.IGNORECASE)
OF_AN_ARTICLE = re.compile(rf"\b(?:{_PIECE}|summari[sz]e|summary)\b", re.IGNORECASE)
MOST_READ = 10
"""Passages that hold the words of a quote, in which it is looked for as it stands."""
NUMBERS = re.compile(r"\s*(?:\[\d+\])+\s*")


def asked_of_cited(question: str, before: str = "") -> Told | None:
    """Return what is asked of the articles that were cited last; None where something else is asked.

    "It" is an article where the question `before` speaks of one.

    >>> [asked and asked.name for asked in map(asked_of_cited, ("Who wrote that?", "And when was it published?"))]
    ['AUTHOR', 'DAY']
    >>> asked_of_cited("Who wrote the treaty?"), asked_of_cited("Who wrote that treaty?")
    (None, None)
    >>> asked_of_cited("Who wrote it?", "Who is Poe?"), str(asked_of_cited("Who wrote it?", "In which article?"))
    (None, 'Told.AUTHOR')
    """
    asked = " ".join(question.split()).rstrip("?!. ")
    told = next((told for told, pattern in PATTERNS.items() if pattern.match(asked)), None)
    return told or (Told.AUTHOR if WHO_WROTE_IT.match(asked) and OF_AN_ARTICLE.search(before) else None)


def cited_again(snapshot: Snapshot, answer: str, told: Told) -> Listed | None:
    """Return the articles that `answer` quotes, each once, with what is asked of them; None where there is none."""
    items = quoted_in(snapshot, answer)
    if not items:
        return None
    lead = f"The last answer quotes {len(items)} article{'s' * (len(items) > 1)}{_in_short(items, told)}:"
    return listed(lead, with_elsewhere(snapshot, items), told)


def the_only_one(snapshot: Snapshot, scope: Scope, told: Told) -> Listed | None:
    """Return the only article of `scope`, its first sentence, with what is asked of it; None where there are more."""
    there = snapshot.listing(scope=scope, limit=1)
    article = snapshot.article(there.entries[0].id) if there.total == 1 else None
    if article is None:
        return None
    span = sentence_spans(article.text)[0]
    items = [Item(Hit(article, *span, score=1.0), span)]
    return listed(f"There is one article{_in_short(items, told)}:", with_elsewhere(snapshot, items), told)


def quoted_in(snapshot: Snapshot, answer: str) -> list[Item]:
    """Return the first quote of each article that an answer quotes, in its order."""
    first: dict[str, Item] = {}
    for said in NUMBERS.split(answer)[:SHOWN]:
        for item in _where_it_stands(snapshot, said):
            first.setdefault(item.hit.article.id, item)
    return list(first.values())


def _in_short(items: Sequence[Item], told: Told) -> str:
    """Say what is asked of all of them, where it is one thing and each article tells it."""
    said = {told_of(item.hit.article, told) for item in items}
    (one,) = said if len(said) == 1 else ("",)
    return f", {one[0].lower()}{one[1:]}" if one else ""


def _where_it_stands(snapshot: Snapshot, said: str) -> Iterator[Item]:
    """Yield where a quote stands, whose white space was folded; before it there may be words of ours, with a colon."""
    quotes = [said.strip(), said.rpartition("\n")[2].strip(), said.partition(": ")[2].strip()]
    for quote in filter(None, dict.fromkeys(quotes)):
        pattern = re.compile(r"\s+".join(map(re.escape, quote.split())))
        for hit in snapshot.hits(list(islice(snapshot.passages([quote]), MOST_READ))):
            if found := pattern.search(hit.article.text):
                yield Item(hit, Span(*found.span()))
                return
