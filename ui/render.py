"""Answers, articles and builds -> HTML. Pure; every character that comes from an article or a person is escaped.

The page renders messages as Markdown, so what could be Markdown, or an address that it would link, is escaped too, as
numeric references.
"""

import re
from collections.abc import Iterator, Sequence

from index.records import Article, BuildReport, Progress
from index.store import Outlet
from qa import Answer, Citation
from ui.job import Done, Failed, Idle, Running, State

HTML_OR_MARKDOWN = re.compile(r"[\x00-\x08\x0b-\x1f!\"#$&()*/:<>@\[\\\]^_`{|}~\x7f]")
HEADING = re.compile(r"[^.!?…<]{2,90}")
"""A short paragraph without a stop, none of it cited: the articles' subheadings, which keep no mark of their own."""
# Characters that turn the direction of what follows, or that cannot be seen: they could make a quote read otherwise.
# Halves of a surrogate pair are no characters: nothing that holds one can be sent.
DECEIVING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ud800-\udfff\ufeff]")


def escape(text: str) -> str:
    """Return `text` as HTML that shows just its characters, in Markdown too.

    >>> escape("<b>*5*")
    '&#60;b&#62;&#42;5&#42;'
    """
    return HTML_OR_MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", DECEIVING.sub("", text))


def question_html(question: str) -> str:
    """Show a question as it was typed."""
    return escape(question)


def answer_html(answer: Answer, turn: int) -> str:
    """Show an answer, its citations as links to the reading pane; `turn` numbers the answer on the page."""
    if not answer.answered:
        return _silence_html(answer)
    sentences = "".join(
        f"<p>{escape(_folded(cited.quote))}&#160;{_mark_html(cited, turn)}</p>" for cited in answer.citations
    )
    return f'<div class="answer">{sentences}{_basis_html(answer)}</div>'


def _mark_html(citation: Citation, turn: int) -> str:
    title = escape(f"{citation.article.name}, {citation.article.source or 'no outlet named'}")
    return f'<a class="cite" href="#cite-{turn}-{citation.number}" title="{title}">{citation.number}</a>'


def _basis_html(answer: Answer) -> str:
    articles = list(dict.fromkeys(citation.article.id for citation in answer.citations))
    first = answer.citations[0].article
    from_ = escape(
        " · ".join(part for part in (first.source, first.published and first.published[:10]) if part) or first.name
    )
    more = f" and {len(articles) - 1} more" if len(articles) > 1 else ""
    return f'<p class="basis">In the articles’ own words. From {from_}{more}.{_scope_html(answer)}</p>'


def _silence_html(answer: Answer) -> str:
    parts = ['<div class="answer silent"><p>The articles do not say.</p>']
    if answer.near:
        nearest = answer.near[0]
        excerpt = _folded(nearest.text)
        shown = excerpt if len(excerpt) <= 280 else excerpt[:280].rsplit(" ", 1)[0] + " …"
        name = escape(nearest.article.name)
        parts.append(f'<p class="basis">The nearest passage, which may be about something else, is in {name}:</p>')
        parts.append(f'<blockquote class="near">{escape(shown)}</blockquote>')
    parts.append(f'<p class="basis">Try other words, or add articles that might say.{_scope_html(answer)}</p></div>')
    return "".join(parts)


def _scope_html(answer: Answer) -> str:
    """Say what was understood beyond the words that were typed."""
    scope = answer.understood.scope
    said = []
    if answer.understood.question != _folded(answer.question):
        said.append(f"understood as: {escape(answer.understood.question)}")
    if scope.since:
        said.append(f"published since {scope.since.isoformat()}")
    if scope.until:
        said.append(f"published until {scope.until.isoformat()}")
    if scope.source:
        said.append(f"only {escape(scope.source)}")
    return f' <span class="scope">({"; ".join(said)})</span>' if said else ""


def reading_pane_html(answers: Sequence[Answer]) -> str:
    """Show the articles that the answers cite; the page brings forward the one whose citation was chosen.

    The first citation of the newest answer that has any is in front.
    """
    newest = max((turn for turn, answer in enumerate(answers) if answer.citations), default=None)
    panes = [pane for turn, answer in enumerate(answers) for pane in _panes(answer, turn, newest=turn == newest)]
    return "".join(panes) or EMPTY_PANE


WELCOME = (
    '<div class="welcome"><h2>Ask the articles</h2>'
    "<p>Every answer is made of sentences that stand in them, and shows where. "
    "When they do not say, you are told so.</p></div>"
)
EMPTY_PANE = (
    '<div class="empty"><p>Each answer is made of the articles’ own sentences.</p>'
    "<p>Choose a number beside one, and the article opens here at that sentence.</p></div>"
)


def _panes(answer: Answer, turn: int, *, newest: bool) -> Iterator[str]:
    by_article: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    for place, citations in enumerate(by_article.values()):
        in_front = newest and place == 0
        yield _article_html(citations[0].article, citations, turn, in_front=in_front)


def _article_html(article: Article, citations: Sequence[Citation], turn: int, *, in_front: bool) -> str:
    facts = " · ".join(
        part for part in (article.source, article.author, article.published and article.published[:10]) if part
    )
    elsewhere = escape(", ".join(citations[0].elsewhere))
    also = f'<p class="facts">The same story: {elsewhere}</p>' if elsewhere else ""
    return (
        f'<article class="reading{" front" if in_front else ""}">'
        f"<h2>{escape(article.name)}</h2>"
        f'<p class="facts">{escape(facts) or "No outlet, author or date is named."}</p>{also}'
        f'<div class="text">{_marked_text(article.text, citations, turn, chosen=in_front)}</div>'
        f'<p class="facts">{escape(article.id)}{_address_html(article)}</p></article>'
    )


def _address_html(article: Article) -> str:
    """Name the original as text: a link from an article's own metadata could lead anywhere."""
    return f"<br>{escape(article.url)}" if article.url else ""


def _marked_text(text: str, citations: Sequence[Citation], turn: int, *, chosen: bool) -> str:
    """Return the text as paragraphs, with each cited sentence marked."""
    parts, at = [], 0
    for citation in sorted(citations, key=lambda citation: citation.start):
        front = " chosen" if chosen and citation is citations[0] else ""
        name = f"cite-{turn}-{citation.number}"
        mark = f'<mark id="{name}" class="quote{front}" tabindex="-1">{escape(citation.quote)}</mark>'
        parts += [escape(text[at : citation.start]), mark]
        at = citation.end
    parts.append(escape(text[at:]))
    # A blank line ends a paragraph; a single line end is kept, for verse, lists and wrapped lines alike.
    paragraphs = (paragraph for paragraph in re.split(r"\n[ \t]*\n", "".join(parts)) if paragraph.strip())
    return "".join(
        f"<h3>{paragraph}</h3>" if HEADING.fullmatch(paragraph.strip()) else f"<p>{paragraph}</p>"
        for paragraph in paragraphs
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def trouble_html(message: str) -> str:
    """Say what went wrong, and what to do."""
    return f'<div class="answer trouble"><p>{escape(message[:1].upper() + message[1:])}</p></div>'


def library_html(articles: int, outlets: Sequence[Outlet]) -> str:
    """Say what there is to ask about."""
    named = [escape(outlet.name) for outlet in outlets if outlet.name]
    shown = ", ".join(named[:4]) + (f" and {len(named) - 4} more" if len(named) > 4 else "")
    count = f"{articles:,} article{'' if articles == 1 else 's'}"
    return f'<p class="library">{count}{f" from {shown}" if shown else ""}</p>'


def progress_text(progress: Progress) -> str:
    """Say how far a build is, and how long it still takes.

    >>> progress_text(Progress(files_done=0, files=1, bytes_done=100, bytes=400, embedded=900, seconds=10))
    '0 of 1 files, 900 passages embedded, 90 a second, 30 seconds left'
    """
    if not progress.files:
        return "looking for changes"
    parts = [f"{progress.files_done:,} of {progress.files:,} files"]
    if progress.embedded:
        parts.append(f"{progress.embedded:,} passages embedded")
    if progress.rate >= 2:
        parts.append(f"{progress.rate:,.0f} a second")
    if progress.seconds_left:
        parts.append(f"{duration_text(progress.seconds_left)} left")
    return ", ".join(parts)


def duration_text(seconds: float) -> str:
    """Say a time in the unit that fits it.

    >>> duration_text(3), duration_text(59), duration_text(100), duration_text(9000)
    ('3 seconds', '59 seconds', '2 minutes', '2.5 hours')
    """
    if seconds < 60:
        count, unit = f"{max(1, round(seconds))}", "second"
    elif seconds < 5400:
        count, unit = f"{round(seconds / 60)}", "minute"
    else:
        count, unit = f"{seconds / 3600:.1f}", "hour"
    return f"{count} {unit}{'' if count == '1' else 's'}"


def job_html(state: State) -> str:
    """Say what the rebuild is doing, or what it did."""
    match state:
        case Idle():
            return ""
        case Running(progress):
            return f'<p class="job" role="status">Rebuilding: {progress_text(progress)}. You can go on asking.</p>'
        case Done(report):
            return f'<div class="job" role="status"><p>{_report_text(report)}</p>{_failures_html(report)}</div>'
        case Failed(reason):
            return f'<p class="job failed" role="alert">The index was not rebuilt: {escape(reason)}</p>'


def _report_text(report: BuildReport) -> str:
    if not (report.added or report.changed or report.removed):
        return f"Nothing changed: {report.unchanged} articles."
    parts = (
        (report.added, "added"),
        (report.changed, "changed"),
        (report.removed, "removed"),
        (report.unchanged, "unchanged"),
    )
    return f"The index is up to date: {', '.join(f'{count} {what}' for count, what in parts if count)}."


def _failures_html(report: BuildReport) -> str:
    if not report.failed:
        return ""
    lines = "".join(f"<li>{escape(failure.path)}: {escape(failure.reason)}</li>" for failure in report.failed)
    return f"<details><summary>{len(report.failed)} not read</summary><ul>{lines}</ul></details>"
