"""One answer as a page that can be linked to, printed and kept -> HTML, everything escaped; pure."""

from collections.abc import Iterable, Sequence

from index.records import Article
from qa.answer import Answer
from qa.compose import Citation
from ui.conversation import Quote
from ui.plain import page_html
from ui.render import NEAR, caution_text, escape, line_day_text, short_html
from ui.thread import quote_html

FORM = (
    '<form method="get" action="/answer"><label>Another question <input name="q" required></label>'
    "<button>Ask</button></form>"
)
FOOT = '<footer><p><a href="/">Go on asking in the chat</a></p></footer>'


def answer_page(answer: Answer) -> str:
    """Show the question, the answer, and for each citation its quote and where it stands."""
    said = "".join(f"<h2>{escape(part.question)}</h2>{_said(part)}" for part in answer.parts) or _said(answer)
    said += _sources("Where it stands", answer.citations) + _sources(NEAR, answer.nearest)
    return page_html(answer.question, f"<h1>{escape(answer.question)}</h1>{said}{_scope(answer)}{FORM}{FOOT}")


def empty_page() -> str:
    """Offer to ask."""
    return page_html("Ask the articles", f"<h1>Ask the articles</h1>{FORM}{FOOT}")


def trouble_page(question: str, says: str) -> str:
    """Say why there is no answer, and what to do."""
    shown = question[:200]
    trouble = f'<p role="alert">{escape(says[:1].upper() + says[1:])}</p>'
    return page_html("No answer", f"<h1>{escape(shown)}</h1>{trouble}{FORM}{FOOT}")


def _said(answer: Answer) -> str:
    caution = caution_text(answer.absent, doubtful=answer.doubtful)
    said = _sentences(answer) if answer.answered else f"<p>{escape(answer.text)}</p>"
    return f'<p class="facts">{escape(caution)}</p>{said}' if caution else said


def _sentences(answer: Answer) -> str:
    lead = f"<p>{escape(answer.lead)}</p>" if answer.lead else ""
    quotes = "".join(
        f"<p>{_line_day(cited, answer.lead)}{quote_html(Quote.cited(cited))} "
        f'<a href="#cite-{cited.number}">[{cited.number}]</a></p>'
        for cited in answer.citations
    )
    return f"{short_html(answer.short, answer.day)}{lead}{quotes}"


def _sources(heading: str, citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    sources = "".join(
        f'<li id="cite-{cited.number}" value="{cited.number}"><blockquote>{escape(cited.quote)}</blockquote>'
        f"{_bibliography(cited.article, cited.elsewhere)}</li>"
        for cited in citations
    )
    return f"<h2>{heading}</h2><ol>{sources}</ol>"


def _line_day(cited: Citation, lead: str) -> str:
    said = line_day_text(cited.day, lead)
    return f'<span class="meant">{escape(said)}</span> ' if said else ""


def _bibliography(article: Article, elsewhere: Iterable[str]) -> str:
    """Name the article as text: a link from its own metadata could lead anywhere."""
    day = article.published and article.published[:10]
    said = (article.author, article.title, article.source, day, article.id, article.url)
    also = f" The same story: {escape(', '.join(elsewhere))}." if elsewhere else ""
    return f'<p class="facts">{" · ".join(escape(part) for part in said if part)}{also}</p>'


def _scope(answer: Answer) -> str:
    scope = answer.understood.scope
    kept = (
        (f"published since {scope.since}" if scope.since else ""),
        (f"published until {scope.until}" if scope.until else ""),
        (f"of {scope.source}" if scope.source else ""),
    )
    said = ", ".join(part for part in kept if part)
    return f'<p class="facts">Only articles {escape(said)} were asked.</p>' if said else ""
