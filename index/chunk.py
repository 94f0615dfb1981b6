"""Article text -> chunks: runs of whole sentences, the unit that is embedded and found. Pure."""

from index.records import Article, Span
from index.sentences import sentence_spans

CHUNK_CHARS = 700
"""Of 300, 500, 700, 1,000: our dev questions, dense search, have R@3 .65, .81, .85, .88 and R@1 .50, .62, .62, .58."""


def chunk_spans(text: str, max_chars: int = CHUNK_CHARS) -> list[Span]:
    """Cut `text` into runs of whole sentences of at most `max_chars`; a longer sentence is a chunk of its own.

    Every sentence is in exactly one chunk. The chunks of a text are of about one length: a last one of two words
    would be found by those words alone.
    """
    sentences = sentence_spans(text)
    total = sum(end - start for start, end in sentences)
    even = total / max(1, -(-total // max_chars))
    chunks: list[Span] = []
    for start, end in sentences:
        if chunks and _joins(chunks[-1], end, even, max_chars):
            chunks[-1] = Span(chunks[-1].start, end)
        else:
            chunks.append(Span(start, end))
    return chunks


def _joins(chunk: Span, end: int, even: float, max_chars: int) -> bool:
    """Tell whether a sentence joins: while most of it lies within an even share, and never past the limit."""
    length, longer = chunk.end - chunk.start, end - chunk.start
    return longer <= max_chars and (length + longer) / 2 <= even


def embedded_text(article: Article, span: Span) -> str:
    """Return what is embedded for a chunk: the article's title, then the chunk's own words."""
    words = article.text[span.start : span.end]
    return f"{article.title}\n{words}" if article.title else words
