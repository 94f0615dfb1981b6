"""A question about who said what the last answer quotes -> the quote, with the name of who says it.

The name stands before the turn of a record, beside a word of speech in the sentence, or where the sentence has none or
only "he", in one before it; where nobody is named, it is the article that says so.
"""

import re
from collections.abc import Iterator
from itertools import chain, product

from index.records import Span
from index.sentences import sentence_spans
from index.store import Snapshot
from qa.compose import on_one_line
from qa.scans.cited import quoted_in
from qa.scans.listing import Told
from qa.scans.scan import Item, Listed, listed, with_elsewhere
from qa.wording.asking import PLEASE
from qa.wording.names import speaker_in, subject_in
from qa.wording.speech import QUOTATION, SAYS
from qa.wording.turns import ANSWERS, record

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
    named = [(item, name) for item, name in items if name]
    if not items:
        return None
    if not named:
        said = with_elsewhere(snapshot, [item for item, _ in items])
        return listed("Nobody is named: the article itself says so.", said, Told.AUTHOR)
    said = with_elsewhere(snapshot, [item for item, _ in named])
    return listed("The last answer quotes:", said, Told.OUTLET, named[0][1])


def _with_speaker(item: Item) -> tuple[Item, str]:
    """Return the quote from where its speaker is named, with the name as its words, and the name; "" without one."""
    text, quote = item.hit.article.text, item.span
    told = record(text)
    for turn, who in told.turns if told else ():
        if turn.start <= quote.start < turn.end:
            if told and told.interviewed and who == ANSWERS:
                return item, on_one_line(text[slice(*told.interviewed)])
            label = Span(turn.start, text.index(":", turn.start))
            return Item(item.hit, Span(turn.start, quote.end), label), on_one_line(text[slice(*label)])
    for begin, name in _names_beside(text, quote):
        return Item(item.hit, Span(min(begin, quote.start), quote.end), name), on_one_line(text[slice(*name)])
    return item, ""


def _names_beside(text: str, quote: Span) -> Iterator[tuple[int, Span]]:
    """Yield where a sentence begins that names who says what is quoted, and the name, the likeliest first."""
    spans = sentence_spans(text[: quote.end])
    inside = [span for span in spans if span.end > quote.start]
    before = [span for span in spans if span.end <= quote.start][-BACK:]
    if not any(SAYS.search(text, *span) or QUOTATION.search(text, *span) for span in inside):
        return
    for find, (start, end) in chain(product((speaker_in,), inside), product((speaker_in, subject_in), before[::-1])):
        if name := find(text[start:end]):
            yield start, Span(start + name.start, start + name.end)
