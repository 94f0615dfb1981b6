"""Readings -> an answer made of the articles' own sentences, the best one first, each cited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import Article, Hit, Span
from index.terms import terms
from qa.read import Reading, Sentence

MAX_SENTENCES = 3
WORTH_ADDING = 0.5
"""A further sentence must be at least this fraction as likely to answer as the first. Judged by reading answers."""
SAME = 0.7
"""Two sentences that share this much of their terms (Jaccard) say the same: the second is not added."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A number in an answer, and the characters of an article behind it."""

    number: int
    article: Article
    start: int
    end: int
    elsewhere: tuple[str, ...] = ()
    """The other outlets that tell the same story."""
    words: Span | None = None
    """The words of the quote that answer, as offsets into the article's text, where the reader can tell them."""

    @property
    def quote(self) -> str:
        """The article's own characters."""
        return self.article.text[self.start : self.end]


def compose(readings: Sequence[Reading]) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    """Yield the answer as it grows, a sentence at a time: its text, and its citations."""
    text, citations = "", tuple[Citation, ...]()
    for number, (hit, sentence) in enumerate(_choose(readings), start=1):
        citation = Citation(number, hit.article, *sentence.span, hit.elsewhere)
        citations = (*citations, citation)
        text = f"{text} {' '.join(citation.quote.split())} [{number}]".strip()
        yield text, citations


def _choose(readings: Sequence[Reading]) -> list[tuple[Hit, Sentence]]:
    """Return the sentences that answer, the likeliest first, none saying what another one said."""
    offered = [(reading.hit, sentence) for reading in readings for sentence in reading.sentences]
    offered.sort(key=lambda offer: -offer[1].probability)
    chosen: list[tuple[Hit, Sentence]] = []
    for hit, sentence in offered:
        if len(chosen) == MAX_SENTENCES or sentence.probability < WORTH_ADDING * offered[0][1].probability:
            break
        if not any(_same(hit.article, sentence, other.article, said) for other, said in chosen):
            chosen.append((hit, sentence))
    return chosen


def _same(article: Article, sentence: Sentence, other_article: Article, other: Sentence) -> bool:
    one, two = (set(terms(a.text[s.span.start : s.span.end])) for a, s in ((article, sentence), (other_article, other)))
    return len(one & two) >= SAME * max(1, len(one | two))
