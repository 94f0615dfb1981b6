"""Text -> the spans of its sentences; offsets into the text, never copies.

A paragraph ends a sentence. Whether one newline ends a paragraph depends on the file: in text that was wrapped at a
width it does not, elsewhere it does.
"""

import re
from collections.abc import Iterator
from statistics import median

import sentencex

from index.records import Span

MAX_CHARS = 1000
"""A longer run without a sentence end (a table, a list) is cut at a space: the model reads about as much."""
MAX_PARAGRAPH = 1_000_000
"""A longer one is looked at in parts: for each sentence that is found in it, a thousand bytes are held meanwhile."""

LINE = re.compile(r"[^\n]+")
WRAPPED_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*")
ENDED = re.compile(r"[.!?…:;][\"'”’»)\]]*[ \t]*$")
NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,5})[.)]")
HOUR = re.compile(r"\b[ap]\.m\.$")
ZONE = re.compile(r"(?:(?:[ECMP][SD]?|GM|BS|CES?|IS|JS)T|UTC|local|on)\b")
"""What goes on behind "10 p.m." and begins no sentence."""
FOLLOWED_LINE = re.compile(r"^([^\n]*\S)[ \t]*\n(?=[ \t]*[^\s])", re.MULTILINE)


def sentence_spans(text: str) -> list[Span]:
    """Return the span of each sentence of `text`, in order, without the white space around it.

    >>> [f"{start}-{end}" for start, end in sentence_spans("Mr. Smith left. He was late.")]
    ['0-15', '16-28']
    >>> [f"{start}-{end}" for start, end in sentence_spans("2. Flood damage was great. It was.")]
    ['0-26', '27-34']
    >>> [f"{start}-{end}" for start, end in sentence_spans("It met at 9 p.m. ET on May 2. It left.")]
    ['0-29', '30-38']
    """
    return [
        piece
        for paragraph in _paragraphs(text)
        for part in _parts(text, paragraph)
        for sentence in _sentences(text, part)
        for piece in _pieces(text, sentence)
    ]


def paragraph_starts(text: str) -> set[int]:
    """Return the offset at which the first sentence of each paragraph begins."""
    return {_trim(text, paragraph).start for paragraph in _paragraphs(text)}


def _paragraphs(text: str) -> Iterator[Span]:
    pattern = WRAPPED_PARAGRAPH if _is_wrapped(text) else LINE
    return (Span(*match.span()) for match in pattern.finditer(text) if match[0].strip())


def _parts(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    while paragraph.end - start > MAX_PARAGRAPH:
        end = start + MAX_PARAGRAPH
        cut = text.rfind(". ", start, end) + 1 or text.rfind(" ", start + 1, end)
        yield Span(start, cut := cut if cut > 0 else end)
        start = cut
    yield Span(start, paragraph.end)


def _is_wrapped(text: str) -> bool:
    """Tell whether lines were broken at a width: most end in the middle of a sentence, and are about as long."""
    lines = [match[1] for match in FOLLOWED_LINE.finditer(text)]
    if len(lines) < 3:
        return False
    in_the_middle = sum(not ENDED.search(line) for line in lines)
    return in_the_middle > len(lines) / 2 and 40 <= median(map(len, lines)) <= 120


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    """Yield the spans of sentences; the number of a heading, and an hour with its zone, end none."""
    held: Span | None = None
    first = _trim(text, paragraph).start
    for found in sentencex.get_sentence_boundaries("en", text[paragraph.start : paragraph.end]):
        span = _trim(text, Span(paragraph.start + found["start_index"], paragraph.start + found["end_index"]))
        if span.start == span.end:
            continue
        opens = held is not None and held.start == first and NUMBER.fullmatch(text, *held) is not None
        if held and (opens or (HOUR.search(text, *held) and ZONE.match(text, span.start))):
            held = Span(held.start, span.end)
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


def _trim(text: str, span: Span) -> Span:
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip()))


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > MAX_CHARS:
        space = text.rfind(" ", start + 1, start + MAX_CHARS)
        cut = space if space > 0 else start + MAX_CHARS
        piece = _trim(text, Span(start, cut))
        if piece.start < piece.end:
            yield piece
        start = cut
    rest = _trim(text, Span(start, sentence.end))
    if rest.start < rest.end:
        yield rest
