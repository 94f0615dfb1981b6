"""A conversation -> HTML: each question, what was understood of it, its answer with numbered quotes, what to do next.

Pure. What the articles say is set in their own type, what we say in ours; both are escaped by `ui.render`.
"""

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from qa.answer import ASKS_NOTHING, NOTHING_NEAR, SILENCE
from qa.intent import Said
from ui.conversation import DONE, Conversation, Exchange, Quote
from ui.export import answer_markdown
from ui.icons import icon
from ui.render import (
    BLANK_LINES,
    NEAR,
    absent_text,
    count_text,
    day_text,
    escape,
    facts_html,
    folded,
    line_day_text,
    meant_text,
    outlets_html,
    short_html,
    trouble_html,
)

LONG_QUESTION = 400
"""Characters from which a question scrolls by itself, so that its answer is seen."""
ENDED = re.compile(r"[.!?…。？！؟]\W*$")
VERY = 0.8
"""How probable it is that what is called very likely answers (`docs/decisions/0029-what-is-quoted.md`)."""
CHIPS_OF_FILTERS = (("since", "published since"), ("until", "published until"), ("outlet", "only"))


PAST_SHOWN = 20
"""Exchanges before the newest that are shown, unless all are asked for: a long day has hundreds, in a megabyte."""


def past_html(conversation: Conversation, *, whole: bool = False) -> str:
    """Show the exchanges before the newest, the last of them or the `whole` of it."""
    earlier = list(enumerate(conversation.exchanges))[:-1]
    left_out = 0 if whole else max(0, len(earlier) - PAST_SHOWN)
    said = f"Show {count_text(left_out, 'earlier question')}"
    more = f'<button type="button" class="quiet" data-act="earlier">{said}</button>' if left_out else ""
    return more + "".join(exchange_html(exchange, place, running=False) for place, exchange in earlier[left_out:])


def now_html(conversation: Conversation, *, running: bool) -> str:
    """Show the newest exchange, growing or whole, under the name of its conversation; nothing where there is none."""
    here = f'<span id="here" hidden data-conversation="{escape(conversation.id)}"></span>'
    if not conversation.exchanges:
        return here
    place = len(conversation.exchanges) - 1
    newest = conversation.exchanges[place]
    said = "" if running else f'<span id="said" hidden>{escape(heard_text(newest))}</span>'
    return f"{here}{said}{exchange_html(newest, place, running=running)}"


def welcome_html(articles: int, outlets: Sequence[str], examples: Sequence[str]) -> str:
    """Invite a first question."""
    from_ = f" from {outlets_html(outlets)}" if outlets else ""
    if not articles:
        return (
            '<div class="welcome"><h2>No articles yet</h2><p>Open the library and drop some there, or put them into '
            "the folder of articles and press Rebuild the index.</p></div>"
        )
    return (
        f'<div class="welcome"><h2>Ask {count_text(articles, "article")}{from_}</h2>'
        "<p>Every answer is made of sentences that stand in them, and shows where. "
        f"When they do not say, you are told so.</p>{_examples_html(examples)}</div>"
    )


def opening_html(questions: Sequence[str]) -> str:
    """Offer questions below a welcome that had none: they are looked for in the articles, which takes a moment."""
    return f'<div class="opening">{_examples_html(questions)}</div>' if questions else ""


def _examples_html(questions: Sequence[str]) -> str:
    return f'<h3>For example</h3><ul class="suggestions">{_suggested_html(questions)}</ul>' if questions else ""


def _suggested_html(questions: Sequence[str]) -> str:
    return "".join(
        f'<li><button type="button" class="suggestion" data-act="suggested" dir="auto">{escape(question)}</button></li>'
        for question in questions
    )


def exchange_html(exchange: Exchange, place: int, *, running: bool) -> str:
    """Show one question and its answer; `place` names it in its conversation, from 0."""
    state = "running" if running else exchange.state
    acts = _act("edit", "Edit the question", "pencil") + _act("again", "Ask again", "again")
    scrolls = ' tabindex="0"' if len(exchange.asked.question) > LONG_QUESTION else ""
    question = (
        f'<div class="asked"><h2 class="question" dir="auto"{scrolls}>{escape(exchange.asked.question)}</h2>'
        f'<div class="acts">{acts}</div></div>'
    )
    return (
        f'<section class="exchange" id="turn-{place}" data-turn="{place}" data-state="{state}" '
        f'aria-label="Question {place + 1}">{question}{_understood_html(exchange)}{_chips_html(exchange)}'
        f"{_reply_html(exchange, place, state)}</section>"
    )


def heard_text(exchange: Exchange) -> str:
    """Say an answer as a screen reader tells it when it comes."""
    if exchange.trouble:
        return f"No answer: {exchange.trouble}"
    if exchange.parts:
        return " ".join(f"{part.asked.question} {heard_text(part)}" for part in exchange.parts)
    if not exchange.answered:
        near = f" {count_text(len(exchange.near), 'near passage')} offered." if exchange.near else ""
        return f"{exchange.text or SILENCE}{near}"
    quotes = " ".join(folded(quote.text) for quote in exchange.quotes if not quote.agrees_with)
    first = f"{short_text(exchange.short)} {meant_text(exchange.day)}".strip() or exchange.lead
    return f"{first} {quotes} {count_text(len(exchange.quotes), 'citation')}.".strip()


def _reply_html(exchange: Exchange, place: int, state: str) -> str:
    if exchange.trouble:
        return f'<div class="answer">{trouble_html(exchange.trouble)}</div>'
    if state == "running" and not exchange.understood:
        return '<p class="waiting">Reading the articles<span class="dots" aria-hidden="true"></span></p>'
    if state not in {"running", DONE}:
        return (
            '<p class="waiting">The answer is not whole: it was stopped, or nobody waited for it. '
            '<button type="button" class="linkish" data-act="again">Ask again</button></p>'
        )
    body = _answer_html(exchange, place) if exchange.answered else _silence_html(exchange, place)
    if state == "running":
        return body
    return f"{body}{_acts_html(exchange)}"


def _part_html(part: Exchange, place: int) -> str:
    """Show one of the things that were asked, and what is answered."""
    missing = absent_text(part.absent)
    silent = f'<p class="none">{SILENCE}</p>{f"<p class=sure>{escape(missing)}</p>" if missing else ""}'
    body = _answer_html(part, place) if part.answered else f'<div class="answer silent">{silent}</div>'
    return f'<h3 class="part" dir="auto">{escape(part.asked.question)}</h3>{_understood_html(part)}{body}'


def _answer_html(exchange: Exchange, place: int) -> str:
    if exchange.parts:
        return "".join(_part_html(part, place) for part in exchange.parts)
    lead = f'<p class="lead">{escape(exchange.lead)}</p>' if exchange.lead else ""
    if exchange.lead:
        entries = _entries_html(exchange.lead, exchange.quotes, place)
        return f'<div class="answer list">{short_html(exchange.short, exchange.day)}{lead}{entries}</div>'
    quotes = "".join(
        _said_html(quote, place, [one for one in exchange.quotes if one.agrees_with == quote.number])
        for quote in exchange.quotes
        if not quote.agrees_with
    )
    sources = "".join(_source_html(quotes) for quotes in _by_article(exchange.quotes))
    return (
        f'<div class="answer">{short_html(exchange.short, exchange.day)}{quotes}'
        f'<ul class="sources" aria-label="Where this stands">{sources}</ul>'
        f'<p class="sure">{escape(sure_text(exchange))}</p></div>'
    )


def short_text(short: str) -> str:
    """Return the words that answer as a sentence by themselves, if there are any.

    >>> short_text("Odesa"), short_text("7 p.m."), short_text("“Yes.”"), short_text("")
    ('Odesa.', '7 p.m.', '“Yes.”', '')
    """
    return f"{short}." if short and not ENDED.search(short) else short


def _said_html(quote: Quote, place: int, agreeing: Sequence[Quote] = (), before: str = "") -> str:
    """Show a quote, its number, and those that say the same, on the line of its last word by no-break spaces."""
    numbers = "&#160;".join(_cite_html(one, place) for one in (quote, *agreeing))
    ours = f'<span class="meant">{escape(before)}</span> ' if before else ""
    return f'<p class="said" dir="auto">{ours}{quote_html(quote)}&#160;{numbers}</p>'


def _entries_html(lead: str, quotes: Sequence[Quote], place: int) -> str:
    """Show a list: above what stands in an article, once, which one it is."""
    shown, above = [], None
    for quote in quotes:
        if quote.source.article != above:
            shown.append(_entry_html(quote))
        shown.append(_said_html(quote, place, before=line_day_text(quote.day, lead)))
        above = quote.source.article
    return "".join(shown)


def _entry_html(quote: Quote) -> str:
    facts, also = facts_html(quote.source, author=True), elsewhere_text(quote.elsewhere)
    said = [f'<cite dir="auto">{escape(quote.source.name)}</cite>', facts, escape(also)]
    return f'<p class="when">{" · ".join(part for part in said if part)}</p>'


def quote_html(quote: Quote) -> str:
    """Show the characters of a quote, those that answer in bold; the lines of a list each on its own."""
    if quote.words is None or not quote.start <= quote.words[0] < quote.words[1] <= quote.end:
        return _lines_html(quote.text.strip())
    first, last = quote.words[0] - quote.start, quote.words[1] - quote.start
    before, words, after = quote.text[:first], quote.text[first:last], quote.text[last:]
    return f"{_lines_html(before.lstrip())}<strong>{_lines_html(words)}</strong>{_lines_html(after.rstrip())}"


def _lines_html(text: str) -> str:
    return "<br>".join(escape(_inner(line)) for line in BLANK_LINES.split(text))


def _inner(text: str) -> str:
    """Fold the white space of a piece, and keep that it begins or ends with some."""
    if not text.strip():
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{folded(text)}{' ' if text[-1].isspace() else ''}"


def _cite_html(quote: Quote, place: int) -> str:
    """Show a number that opens the article; focused or pointed at, it shows the card that describes it."""
    name = f"cite-{place}-{quote.number}"
    facts = facts_html(quote.source)
    return (
        f'<a class="cite" href="#{name}" data-number="{quote.number}" aria-describedby="card-{place}-{quote.number}" '
        f'aria-label="Citation {quote.number}">{quote.number}</a>'
        f'<span class="card" role="tooltip" id="card-{place}-{quote.number}" hidden>'
        f'<span class="card-quote" dir="auto">“{escape(folded(quote.text))}”</span>'
        f'<span class="card-source"><b dir="auto">{escape(quote.source.name)}</b>{f"<br>{facts}" if facts else ""}'
        "</span></span>"
    )


def _by_article(quotes: Sequence[Quote]) -> list[list[Quote]]:
    grouped: dict[str, list[Quote]] = {}
    for quote in quotes:
        grouped.setdefault(quote.source.article, []).append(quote)
    return list(grouped.values())


def _source_html(quotes: Sequence[Quote]) -> str:
    source = quotes[0].source
    numbers = ", ".join(str(quote.number) for quote in quotes)
    facts = facts_html(source)
    also = elsewhere_text(quotes[0].elsewhere)
    return (
        f'<li><span class="number">{numbers}</span> <cite dir="auto">{escape(source.name)}</cite>'
        f"{f'<span class=facts>{facts}</span>' if facts else ''}"
        f"{f'<span class=facts>{escape(also)}</span>' if also else ''}</li>"
    )


OUTLETS_NAMED = 4


def elsewhere_text(outlets: Sequence[str]) -> str:
    """Name the other outlets of a story, each once.

    >>> elsewhere_text(["CNN", "CNN", "Reuters"])
    'The same story: CNN, Reuters'
    """
    named = list(dict.fromkeys(outlets))
    if not named:
        return ""
    more = f" and {len(named) - OUTLETS_NAMED} more" if len(named) > OUTLETS_NAMED else ""
    return f"The same story: {', '.join(named[:OUTLETS_NAMED])}{more}"


def sure_text(exchange: Exchange) -> str:
    """Say how likely it is that the sentences answer, as far as the reader can tell.

    >>> from ui.conversation import Asked
    >>> sure_text(Exchange(Asked("Why?"), "", quoted=0.97)), sure_text(Exchange(Asked("Why?"), "", doubtful=True))
    ('These sentences very likely answer.', 'This is the nearest that the articles say: read it where it stands.')
    """
    missing = absent_text(exchange.absent)
    if exchange.doubtful:
        return f"{missing}This is the nearest that the articles say: read it where it stands."
    one = sum(not quote.agrees_with for quote in exchange.quotes) == 1
    these, answer = ("This sentence", "answers") if one else ("These sentences", "answer")
    return f"{missing}{these} {'very likely' if exchange.quoted >= VERY else 'probably'} {answer}."


def _silence_html(exchange: Exchange, place: int) -> str:
    if exchange.text == ASKS_NOTHING:
        return f'<div class="answer silent"><p class="none" dir="auto">{ASKS_NOTHING}</p></div>'
    near = "".join(_near_html(quote, place) for quote in exchange.near)
    offered = f'<h3>{NEAR}</h3><ol class="nearest">{near}</ol>' if near else ""
    doubt = (
        "Nothing that was found comes near an answer."
        if exchange.probability < NOTHING_NEAR
        else "Something near was found, but it probably does not answer."
    )
    lead = f'<p class="lead">{escape(exchange.lead)}</p>' if exchange.lead else ""
    remedy = "Take a filter off, try other words," if _is_filtered(exchange) else "Try other words,"
    return (
        f'<div class="answer silent"><p class="none" dir="auto">{escape(exchange.text or SILENCE)}</p>{lead}'
        f'<p class="sure">{escape(absent_text(exchange.absent))}{doubt} {remedy} or add articles that might say.</p>'
        f"{offered}</div>"
    )


def _is_filtered(exchange: Exchange) -> bool:
    """Tell whether only some of the articles were asked."""
    asked = exchange.asked
    return any((asked.since, asked.until, asked.outlet, *(said.filters for said in exchange.said)))


def _near_html(quote: Quote, place: int) -> str:
    facts = facts_html(quote.source)
    return (
        f'<li><blockquote class="near" dir="auto">{quote_html(quote)}</blockquote>'
        f'<a class="near-open" href="#cite-{place}-{quote.number}" data-number="{quote.number}">'
        f"<bdi>{escape(quote.source.name)}</bdi></a>{f'<span class=facts>{facts}</span>' if facts else ''}</li>"
    )


def _understood_html(exchange: Exchange) -> str:
    if exchange.parts or not exchange.understood or exchange.understood == folded(exchange.asked.question):
        return ""
    return f'<p class="scope">Understood as: <span dir="auto">{escape(exchange.understood)}</span></p>'


def _chips_html(exchange: Exchange) -> str:
    """Show what was understood of time, outlet and author, each to be taken back by a click, and what was."""
    chips = [_understood_chip_html(said) for said in exchange.said]
    for name, meaning in CHIPS_OF_FILTERS:
        if value := getattr(exchange.asked, name):
            shown = value if name == "outlet" else _said_day(value)
            chips.append(_chip_html("unfilter", name, f"{meaning} {shown}", "Take this filter off"))
    chips += [
        f'<li><button type="button" class="chip off" data-act="restore" data-words="{escape(words)}" '
        f'title="Understand it again"><s dir="auto">{escape(words)}</s> <span aria-hidden="true">+</span></button></li>'
        for words in exchange.asked.ignored
    ]
    return f'<ul class="chips" aria-label="What was understood">{"".join(chips)}</ul>' if chips else ""


def _understood_chip_html(said: Said) -> str:
    meant = said.meaning if said.words.casefold() in said.meaning.casefold() else f"{said.words}: {said.meaning}"
    return _chip_html("ignore", said.words, meant, "Take this back and ask again")


def _chip_html(act: str, words: str, shown: str, title: str) -> str:
    return (
        f'<li><button type="button" class="chip" data-act="{act}" data-words="{escape(words)}" title="{title}">'
        f'<span dir="auto">{escape(shown)}</span> <span aria-hidden="true">×</span></button></li>'
    )


def _said_day(value: str) -> str:
    try:
        return day_text(date.fromisoformat(value).isoformat())
    except ValueError:
        return value


def _acts_html(exchange: Exchange) -> str:
    thumbs = "".join(
        f'<button type="button" class="act" data-act="{name}" aria-pressed="{str(exchange.thumb == name).lower()}" '
        f'aria-label="{label}" title="{label}">{icon(f"thumb-{name}")}</button>'
        for name, label in (("up", "A good answer"), ("down", "Not a good answer"))
    )
    copied = f'<pre class="copied" hidden>{escape(answer_markdown(exchange))}</pre>'
    acts = f"{_act('copy', 'Copy with citations', 'copy')}{_link_html(exchange)}{thumbs}{copied}"
    return f'<div class="acts after">{acts}</div>{_comment_html(exchange)}'


def _comment_html(exchange: Exchange) -> str:
    if not exchange.thumb:
        return ""
    asked = "What is good about it?" if exchange.thumb == "up" else "What should it have said?"
    kept = '<span class="kept">Kept.</span>' if exchange.comment else ""
    return (
        f'<form class="comment" data-act="comment"><label>{asked} Kept on this machine only.'
        f'<textarea name="comment" rows="2" maxlength="2000" dir="auto">{escape(exchange.comment)}</textarea></label>'
        f'<button type="submit" class="quiet">Keep the comment</button>{kept}</form>'
    )


def _link_html(exchange: Exchange) -> str:
    """Link to the page of this one answer; what a click took back cannot be said in an address."""
    asked = exchange.asked
    if asked.ignored:
        return ""
    said = {"q": exchange.understood or asked.question, "since": asked.since, "until": asked.until}
    said |= {"source": asked.outlet, "today": exchange.at[:10]}
    address = urlencode({name: value for name, value in said.items() if value}, errors="replace")
    label = "A page of this answer, to link to or to print"
    return (
        f'<a class="act" href="/answer?{escape(address)}" target="_blank" rel="noopener" aria-label="{label}" '
        f'title="{label}">{icon("link")}</a>'
    )


def _act(act: str, label: str, picture: str) -> str:
    named = f'aria-label="{label}" title="{label}"'
    return f'<button type="button" class="act" data-act="{act}" {named}>{icon(picture)}</button>'


def next_html(conversation: Conversation) -> str:
    """Offer what may be asked after the newest exchange. It comes later than the answer, and so stands by itself."""
    suggested = conversation.exchanges[-1].suggested if conversation.exchanges else None
    if not suggested:
        return ""
    here = f'data-conversation="{escape(conversation.id)}" data-turn="{len(conversation.exchanges) - 1}"'
    return f'<ul class="suggestions" aria-label="You may ask next" {here}>{_suggested_html(suggested)}</ul>'
