"""A question about who said what the last answer quotes -> the quote, with the name of who says it.

The name stands before the turn of a record, beside a word of speech in the sentence, or where the sentence has none or
only "he", in one before it; where nobody is named, it is the article that says so.
"""

import re
from itertools import chain, product

from index.records import Span
from index.sentences import sentence_spans
from index.store import Snapshot
from qa.scans.cited import quoted_in
from qa.scans.listing import Told
from qa.scans.scan import Item, Listed, listed, with_elsewhere
from qa.wording.asking import PLEASE
from qa.wording.names import speaker_in, subject_in
from qa.wording.speech import QUOTATION, SAYS
from qa.wording.turns import record

ASKED = re.compile(
    rf"{PLEASE}(?:who (?:said|says|claimed|claims|thinks|stated|told (?:us|them|you)) (?:it|so|that|this|those|these)"
    r"(?: (?:words|thing))?|whose (?:words|opinion|view|quote|claim) (?:is|was|are|were) (?:it|that|this|those|these)"
    r"|who (?:is|was) (?:that|it|this) (?:said|quoted)(?: by)?|according to whom|says who)$",
    re.IGNORECASE,
)
BACK = 3
"""Sentences before the quote in which a name is looked for."""


def asks_who_said_it(question: str) -> bool:
    """Tell whether a question asks who said what was quoted last.

    >>> asks_who_said_it("And who said that?"), asks_who_said_it("Who said that the dam was unsafe?")
    (True, False)
    """
    return ASKED.match(" ".join(question.split()).rstrip("?!. ")) is not None


def who_said_it(snapshot: Snapshot, answer: str) -> Listed | None:
    """Return what `answer` quotes of each article, with who says it, or where nobody is named, who wrote it.

    None where it quotes nothing.
    """
    items = [_with_speaker(item) for item in quoted_in(snapshot, answer)]
    named = [item for item in items if item.words]
    if not items:
        return None
    if not named:
        return listed("Nobody is named: the article itself says so.", with_elsewhere(snapshot, items), Told.AUTHOR)
    first = named[0].hit.article.text[slice(*named[0].words)] if named[0].words else ""
    return listed("The last answer quotes:", with_elsewhere(snapshot, named), Told.OUTLET, " ".join(first.split()))


def _with_speaker(item: Item) -> Item:
    """Return the quote from where its speaker is named, with the name as its words."""
    text, quote = item.hit.article.text, item.span
    told = record(text)
    turn = next((one for one, _ in told.turns if one.start <= quote.start < one.end), None) if told else None
    if turn:
        label = Span(turn.start, text.index(":", turn.start))
        return Item(item.hit, Span(turn.start, quote.end), label)
    spans = sentence_spans(text[: quote.end])
    inside = [span for span in spans if span.end > quote.start]
    before = [span for span in spans if span.end <= quote.start][-BACK:]
    if not any(SAYS.search(text, *span) or QUOTATION.search(text, *span) for span in inside):
        return item
    ways = chain(product((speaker_in,), inside), product((speaker_in, subject_in), reversed(before)))
    for find, (start, end) in ways:
        if name := find(text[start:end]):
            return Item(item.hit, Span(min(start, quote.start), quote.end), Span(start + name.start, start + name.end))
    return item
