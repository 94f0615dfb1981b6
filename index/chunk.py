"""Article text -> chunks: runs of whole sentences, the unit that is embedded and found. Pure.

Where a chunk ends depends on the sentences near that place and on nothing else, as in content-defined chunking: after
an edit the cuts fall where they fell before, a chunk or two further on, and all but those keep their text and vector.
"""

import hashlib
import zlib
from itertools import count, takewhile

from index.records import Article, Span
from index.sentences import paragraph_starts, sentence_spans

CHUNK_CHARS = 850
"""The longest; the usual one is some three quarters of it."""
SHORTEST = 0.55
"""Of the longest. A closer limit leaves too little choice for the cuts to fall where they fell before an edit."""
SHORTEST_REST = 0.3
"""Of the longest: a last chunk of two words would be found by those words alone."""


def chunk_spans(text: str, max_chars: int = CHUNK_CHARS) -> list[Span]:
    """Cut `text` into runs of whole sentences of at most `max_chars`; a longer sentence is a chunk of its own.

    Every sentence is in exactly one chunk.
    """
    sentences, paragraphs = sentence_spans(text), paragraph_starts(text)
    chunks: list[Span] = []
    first = 0
    while first < len(sentences):
        after = _cut(text, sentences, first, max_chars, paragraphs)
        chunks.append(Span(sentences[first].start, sentences[after - 1].end))
        first = after
    return chunks


def _cut(text: str, sentences: list[Span], first: int, max_chars: int, paragraphs: set[int]) -> int:
    """Return the number of the sentence before which the chunk that begins with `first` ends.

    Of the places that leave a chunk of a good length, those where a paragraph ends are taken first; among equals the
    choice is as good as random, but always the same for the same next sentence.
    """
    start, end = sentences[first].start, sentences[-1].end
    if end - start <= max_chars or first + 1 == len(sentences):
        return len(sentences)
    within = takewhile(lambda number: sentences[number - 1].end - start <= max_chars, count(first + 1))
    places = list(within) or [first + 1]
    good = [
        place
        for place in places
        if sentences[place - 1].end - start >= SHORTEST * max_chars
        and end - sentences[place].start >= SHORTEST_REST * max_chars
    ]
    return min(good, key=lambda place: _order(text, sentences[place], paragraphs)) if good else places[-1]


def _order(text: str, sentence: Span, paragraphs: set[int]) -> tuple[bool, int]:
    said = text[sentence.start : sentence.end].encode("utf-8", "surrogatepass")
    return sentence.start not in paragraphs, zlib.crc32(said)


def embedded_text(article: Article, span: Span) -> str:
    """Return what is embedded for a chunk: the article's title, then the chunk's own words."""
    words = article.text[span.start : span.end]
    return f"{article.title}\n{words}" if article.title else words


def model_name(fingerprint: str, dimension: int) -> str:
    """Name a model and the length of its vectors."""
    return f"{fingerprint} ({dimension} numbers)"


def text_digest(model: str, text: str) -> bytes:
    """Name a text and the model that embeds it: vectors of another model are never taken for it. SHA-256."""
    return hashlib.sha256(f"{model}\n{text}".encode()).digest()
