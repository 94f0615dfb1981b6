"""An article, opened at a passage -> HTML: who wrote it, its text, and the cited sentences marked. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import BETWEEN, Article, Span
from ui.conversation import Exchange, Quote, Source
from ui.desk import Opened
from ui.icons import icon
from ui.render import BLANK_LINES, address_html, escape, facts_html, folded
from ui.thread import elsewhere_text

HEADING = re.compile(r"[^.!?…<]{1,89}[^.!?…<:;,]")
"""A short paragraph without a stop, alone among longer ones, none of it cited: a subheading, which keeps no mark."""
WRAPPED_CHARS = 45
"""A line of at least so many characters was cut where the width ended."""
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

EMPTY_PANE = (
    '<div class="empty"><p>The articles open here.</p>'
    "<p>Choose a number beside a sentence to read it where it stands, or a title in the library.</p></div>"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of an article to be marked, and the words in it that answer."""

    span: Span
    bold: Span | None
    chosen: bool
    near: bool


def pane_html(opened: Opened) -> str:
    """Show the article at the passage that was chosen, and the way to the next one."""
    quote = opened.quote
    if opened.article is None:
        return _frame(
            quote.source, _bar_html(opened), _lost_html(quote, "This article is not in the library any more.")
        )
    marks = [_mark(opened, opened.article, other) for other in _quotes_here(opened)]
    found = [mark for mark in marks if mark is not None]
    note = "" if any(mark.chosen for mark in found) else _lost_html(quote, "The article was changed since.")
    also = elsewhere_text(quote.elsewhere)
    return _frame(
        Source.of(opened.article),
        _bar_html(opened),
        note + (f'<p class="facts">{escape(also)}</p>' if also else ""),
        article_text_html(opened.article, found),
        opened.article.language,
    )


def silent_html(exchange: Exchange) -> str:
    """Say that nothing is cited, beside an exchange that has no answer."""
    near = "<p>The title below a near passage opens it where it stands.</p>" if exchange.near else ""
    return f'<div class="empty"><p>No article is cited here.</p>{near}</div>'


def article_html(article: Article) -> str:
    """Show an article as a whole."""
    bar = f'<div class="bar"><span class="where">From the library</span>{_CLOSE}</div>'
    return _frame(Source.of(article), bar, "", article_text_html(article, ()), article.language)


def _frame(source: Source, bar: str, notes: str, text: str = "", language: str | None = None) -> str:
    facts = facts_html(source, author=True) or "No outlet, author or date is named."
    spoken = f' lang="{language}"' if language and LANGUAGE.fullmatch(language) else ""
    original = address_html(source.url)
    name = f'<h2 dir="auto">{escape(source.name)}</h2>'
    return (
        f'{bar}<article class="reading" tabindex="0" data-article="{escape(source.article)}">{name}'
        f'<p class="facts">{facts}</p>{f"<p class=facts>{original}</p>" if original else ""}{notes}'
        f'<div class="text"{spoken}>{text}</div><p class="facts file"><bdi>{escape(source.article)}</bdi></p></article>'
    )


def _bar_html(opened: Opened) -> str:
    evidence = opened.exchange.evidence
    at, count = evidence.index(opened.quote), len(evidence)
    what = "Citation" if opened.exchange.answered else "Near passage"
    steps = f"{_step(opened, at - 1, 'Previous', 'left')}{_step(opened, at + 1, 'Next', 'right')}" if count > 1 else ""
    return (
        f'<div class="bar" data-turn="{opened.place}" data-number="{opened.quote.number}">'
        f'<span class="where">{what} {opened.quote.number} of {count}</span>{steps}{_CLOSE}</div>'
    )


_CLOSE = (
    '<button type="button" class="act close" data-act="close" aria-label="Close the article" '
    f'title="Close the article (Escape)">{icon("close")}</button>'
)


def _step(opened: Opened, at: int, label: str, picture: str) -> str:
    evidence = opened.exchange.evidence
    there = 0 <= at < len(evidence)
    number = evidence[at].number if there else 0
    what = "citation" if opened.exchange.answered else "near passage"
    key = "←" if picture == "left" else "→"
    return (
        f'<button type="button" class="act step" data-act="read" data-turn="{opened.place}" data-number="{number}" '
        f'data-step="{picture}" aria-label="{label} {what}" title="{label} {what} ({key})"'
        f"{'' if there else ' disabled'}>{icon(picture)}</button>"
    )


def _lost_html(quote: Quote, why: str) -> str:
    return (
        f'<div class="lost"><p>{why} This is what was quoted from it:</p>'
        f'<blockquote dir="auto">{escape(folded(quote.text))}</blockquote></div>'
    )


def _quotes_here(opened: Opened) -> list[Quote]:
    """Return what the exchange shows of this article."""
    return [quote for quote in opened.exchange.evidence if quote.source.article == opened.quote.source.article]


def _mark(opened: Opened, article: Article, quote: Quote) -> Mark | None:
    """Find a quote in the article as it is now: where it was, or where it has moved to; None where it is gone."""
    text = article.text
    start = quote.start if text[quote.start : quote.end] == quote.text else text.find(quote.text)
    if start < 0 or not quote.text:
        return None
    moved = start - quote.start
    bold = Span(quote.words[0] + moved, quote.words[1] + moved) if quote.words else None
    span = Span(start, start + len(quote.text))
    return Mark(span, bold, chosen=quote is opened.quote, near=not opened.exchange.answered)


def article_text_html(article: Article, marks: Sequence[Mark]) -> str:
    """Show the text as paragraphs, the marks in it. The first piece of the chosen one has the id `chosen`."""
    spans = list(_paragraphs(article.text))
    said = [article.text[start:end].strip() for start, end in spans]
    short = [HEADING.fullmatch(paragraph) is not None and BETWEEN not in paragraph for paragraph in said]
    alone = [
        is_short and not before and not after
        for before, is_short, after in zip([False, *short], short, [*short[1:], True], strict=False)
    ]
    return "".join(
        _paragraph_html(article.text, span, marks, heads=heads) for span, heads in zip(spans, alone, strict=True)
    )


def _paragraphs(text: str) -> Iterator[Span]:
    """Yield the paragraphs: a blank line ends one; a single line end is kept, for verse and lists."""
    at = 0
    for blank in [*BLANK_LINES.finditer(text), None]:
        end = blank.start() if blank else len(text)
        if text[at:end].strip():
            yield Span(at, end)
        at = blank.end() if blank else end


def _paragraph_html(text: str, span: Span, marks: Sequence[Mark], *, heads: bool) -> str:
    inside = [mark for mark in marks if mark.span.start < span.end and mark.span.end > span.start]
    if heads and not inside:
        return f'<h3 dir="auto">{escape(text[span.start : span.end].strip())}</h3>'
    parts, at = [], span.start
    for mark in sorted(inside, key=lambda mark: mark.span):
        start, end = max(at, mark.span.start), min(span.end, mark.span.end)
        if start < end:
            first = ' id="chosen"' if mark.chosen and start == mark.span.start else ""
            classes = f"{'near' if mark.near else 'quote'}{' chosen' if mark.chosen else ''}"
            marked = _bolded_html(text, Span(start, end), mark.bold)
            parts += [escape(text[at:start]), f'<mark{first} class="{classes}" tabindex="-1">{marked}</mark>']
            at = end
    parts.append(escape(text[at : span.end]))
    paragraph = text[span.start : span.end]
    kind = ' class="row"' if BETWEEN in paragraph else "" if _is_wrapped(paragraph) else ' class="lines"'
    return f'<p{kind} dir="auto">{"".join(parts)}</p>'


def _is_wrapped(paragraph: str) -> bool:
    r"""Tell prose whose lines were cut at a width from verse, lists and addresses, whose line ends mean something.

    >>> _is_wrapped("Roses are red,\nviolets are blue")
    False
    >>> _is_wrapped("It was a long time before anybody came to see\nher.")
    True
    """
    *lines, _ = paragraph.strip().split("\n")
    return all(len(line) >= WRAPPED_CHARS for line in lines)


def _bolded_html(text: str, span: Span, bold: Span | None) -> str:
    if bold is None or bold.start >= span.end or bold.end <= span.start:
        return escape(text[span.start : span.end])
    first, last = max(span.start, bold.start), min(span.end, bold.end)
    return (
        f"{escape(text[span.start : first])}<strong>{escape(text[first:last])}</strong>{escape(text[last : span.end])}"
    )
