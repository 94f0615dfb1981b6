"""A sentence that answers -> the characters that are quoted: with what it cannot be understood without. Pure.

A sentence that begins with "he" or "it" is quoted with the one before it, one that the next corrects with that; a line
of a list with the words that lead to it, and with all of the list, if it is short; an answer that begins with "No." or
"A:" with its question; a row of a table with those before it, of which the first names the columns. A list is told by
its lines: each is a paragraph, and ends in a comma, a semicolon or without a stop, up to the last one.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from index.records import BETWEEN, Hit, Span
from index.sentences import sentence_spans
from qa.wording.asking import asks

STANDS_FOR = re.compile(r"[\"'“‘(]*(?:He|She|They|It|His|Her|Their|Its|This|These|Those|That|Such)\b")
"""How a sentence begins whose subject is in the one before."""
TAKES_BACK = re.compile(
    r"(?:The (?:correct|right|actual) \w+ (?:is|are|was|were)\b|"
    r"(?:This|That|It) (?:is|was) (?:wrong|incorrect|not (?:so|true|correct))(?=[.,;!]))"
)
"""How a sentence begins that corrects the one before."""
WITHDRAWS = re.compile(
    r"\b(?:(?:earlier|previous|original|first) versions? of (?:this|the) "
    r"(?:article|column|page|piece|post|report|story)"
    r"|misstated|misspell?ed|misspelt|(?:wrongly|incorrectly|mistakenly) (?:gave|named|put|said|stated))\b",
    re.IGNORECASE,
)
"""Of a sentence that tells what an article said and no longer does."""
CORRECTION = re.compile(r"\W*(?:corrections?|clarifications?)\b", re.IGNORECASE)
"""How a paragraph begins that tells what an article got wrong."""
SHORT_ANSWER = re.compile(
    r"(?:[A-Z]{1,3}|[A-Z]\w+(?: [A-Z]\w+)?): (?:\S+ ){0,2}\S+[.!]"
    r"|(?:Yes|No|Maybe|Never|None|Nobody|Nothing|Not (?:at all|any ?more|necessarily|yet)|Sometimes|Usually)[.!]"
)
"""A few words of somebody who is interviewed, "A: No.", say less than what follows."""
ANSWERS = re.compile(r"(?:A|Answer):|(?:Yes|No|Not|Only|Never|None|Nobody|Nothing)\b(?! (?:one|other|matter)\b)")
"""How a sentence begins that answers the one before it, if that is a question."""
LONGEST_BEFORE = 300
"""Characters of a sentence that is quoted with the one behind it."""
LONGEST_LIST = 600
"""Characters of a list, with what leads to it, that is quoted whole: some ten lines of an answer."""
LEADS = re.compile(r":[\"'”’»)\]]*$")
"""How a sentence ends that leads to a list, or to what somebody said."""
GOES_ON = re.compile(r"[;,](?:\s+(?:and|or))?$", re.IGNORECASE)
"""How a line of a list ends behind which another one comes."""
PROSE = re.compile(r"[.!?…][\"'”’»)\]]*$")
"""How a sentence ends that is prose."""
FEW_WORDS = 4
NO_STOP = re.compile(r"[^.!?…:;,]$")
"""How a line of a list may end, too; and a heading, so that the last one cannot be told."""


def spans_of(hit: Hit) -> list[Span]:
    """Return the spans, in the article's text, of the sentences of `hit`; at least one."""
    return [Span(hit.start + start, hit.start + end) for start, end in sentence_spans(hit.text)]


def quoted(hit: Hit, span: Span, elsewhere: Collection[Span] = ()) -> Span:
    """Return the span that is quoted for the sentence at `span`; not with what is quoted `elsewhere` in the answer."""
    text, spans = hit.article.text, spans_of(hit)
    behind = _next_in_paragraph(text, spans, span)
    if behind and _takes_back(text, span, behind):
        return Span(span.start, behind.end)
    whole = _as_a_table(text, spans, span) or _as_a_list(text, spans, span)
    whole = whole or _from_its_subject(text, spans, span, elsewhere)
    says_little = whole == span and SHORT_ANSWER.fullmatch(text, span.start, span.end)
    return _from_its_question(text, spans, Span(span.start, behind.end) if behind and says_little else whole)


def _from_its_question(text: str, spans: Sequence[Span], whole: Span) -> Span:
    """Return a span from the question before it, where it begins as an answer to one: "No. ...", "A: ..."."""
    before = next((one for one in reversed(spans) if one.end <= whole.start), None)
    if before is None or before.end - before.start > LONGEST_BEFORE or not ANSWERS.match(text, whole.start):
        return whole
    return Span(before.start, whole.end) if asks(text[slice(*before)]) else whole


def is_corrected(hit: Hit, span: Span) -> bool:
    """Tell whether the sentence at `span` tells what is no longer said, or the one behind it takes back what it says.

    All of a paragraph that begins as a correction may.
    """
    text = hit.article.text
    if CORRECTION.match(text, text.rfind("\n", 0, span.start) + 1):
        return True
    behind = _next_in_paragraph(text, spans_of(hit), span)
    return _takes_back(text, span, behind or Span(span.end, span.end))


def _takes_back(text: str, span: Span, behind: Span) -> bool:
    return bool(WITHDRAWS.search(text, span.start, span.end) or TAKES_BACK.match(text, behind.start, behind.end))


def _next_in_paragraph(text: str, spans: Sequence[Span], span: Span) -> Span | None:
    behind = next((one for one in spans if one.start >= span.end), None)
    return None if behind is None or "\n" in text[span.end : behind.start] else behind


def _from_its_subject(text: str, spans: Sequence[Span], span: Span, elsewhere: Collection[Span]) -> Span:
    """Return the span of a sentence, and of the one before where it begins with a word that stands for something there.

    So it is where that one is only "No." or "Yes.", which it explains. Not where that is quoted anyway, stands in
    another paragraph, or is a question.
    """
    before = next((one for one in reversed(spans) if one.end <= span.start), None)
    leans = before and (STANDS_FOR.match(text, span.start) or SHORT_ANSWER.fullmatch(text, *before))
    if before is None or before in elsewhere or not leans:
        return span
    too_far = before.end - before.start > LONGEST_BEFORE or "\n" in text[before.end : span.start]
    return span if too_far or asks(text[before.start : before.end]) else Span(before.start, span.end)


def _as_a_table(text: str, spans: Sequence[Span], span: Span) -> Span | None:
    """Return the span of a row and those before it, the first of which names the columns; of a long table the row."""
    if BETWEEN not in text[span.start : span.end]:
        return None
    first = span
    for one in reversed([before for before in spans if before.end <= span.start]):
        if BETWEEN not in text[one.start : one.end]:
            break
        first = one
    return Span(first.start, span.end) if span.end - first.start <= LONGEST_LIST else span


def _as_a_list(text: str, spans: Sequence[Span], span: Span) -> Span | None:
    """Return the span of the list that a sentence is a line of, or leads to; of a long one as far as this line."""
    at = next((place for place, one in enumerate(spans) if one.start <= span.start < one.end), None)
    if at is None:
        return None
    said = [text[one.start : one.end] for one in spans]
    if _is_heading(said, at):
        return None
    alone = [False] + ["\n" in text[one.end : two.start] for one, two in pairwise(spans)]  # whether each is a paragraph
    lead = at
    while alone[lead] and not LEADS.search(said[lead]) and _leads_to(said[lead - 1], said[lead]):
        lead -= 1
    last = max(at, min(lead + 1, len(spans) - 1))
    if not LEADS.search(said[lead]) or not alone[last] or (at == lead and not GOES_ON.search(said[last])):
        return None
    shown = last
    while GOES_ON.search(said[last]) and last + 1 < len(spans) and alone[last + 1]:
        last += 1
    whole = (Span(spans[lead].start, spans[end].end) for end in (last, shown))
    return next((one for one in whole if one.end - one.start <= LONGEST_LIST), None)


def _is_heading(said: Sequence[str], at: int) -> bool:
    """Tell whether a line without a stop may be a heading, not the last line of a list: prose stands behind it."""
    behind = said[at + 1] if at + 1 < len(said) else ""
    return bool(NO_STOP.search(said[at]) and PROSE.search(behind) and len(behind.split()) > FEW_WORDS)


def _leads_to(before: str, line: str) -> bool:
    """Tell whether one paragraph leads to the next, or both are lines of a list."""
    goes_on = LEADS.search(before) or GOES_ON.search(before)
    return bool(goes_on or (NO_STOP.search(before) and NO_STOP.search(line)))
