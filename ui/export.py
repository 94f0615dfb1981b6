"""A conversation -> a file to keep: Markdown or a page, with the quotes and a bibliography. Pure.

Both escape what the articles and the person say: the page as `ui.render` does, Markdown so that no character of theirs
is read as markup.
"""

import re
from collections.abc import Sequence

from qa.answer import SILENCE
from ui.conversation import Conversation, Exchange, Quote, Source
from ui.render import (
    DECEIVING,
    address_html,
    caution_text,
    day_text,
    escape,
    folded,
    line_day_text,
    meant_text,
    short_html,
)

MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
AT_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)
NAME_CHARS = re.compile(r"[^\w]+")

STYLE = """
body{max-width:42rem;margin:3rem auto;padding:0 1.25rem;font:1.05rem/1.6 Georgia,serif;color:#22252a;background:#fff}
h1{font-size:1.6rem;line-height:1.3}h2{font-size:1.15rem;margin:2.5rem 0 .5rem}
blockquote{margin:0 0 .8rem;padding-inline-start:1rem;border-inline-start:3px solid #f0d873}
.short{font-size:1.3rem;margin:0 0 .5rem;overflow-wrap:anywhere}
.note,.meant,li,footer{font:.9rem/1.5 system-ui,sans-serif;color:#50545b}a{color:#1f5f8b}
@media print{body{margin:0 auto}h2{break-after:avoid}blockquote{break-inside:avoid}}
""".strip()


def file_name(conversation: Conversation, kind: str) -> str:
    """Name the file after the conversation.

    >>> file_name(Conversation("x", "Who holds a veto?"), "md")
    'who-holds-a-veto.md'
    """
    return f"{NAME_CHARS.sub('-', conversation.name.lower()).strip('-')[:60].strip('-') or 'conversation'}.{kind}"


def markdown(conversation: Conversation) -> str:
    """Write the conversation as Markdown."""
    sources = _sources(conversation)
    parts = [f"# {_md(folded(conversation.name))}"]
    for exchange in _answered(conversation):
        parts += [f"## {_md(folded(exchange.asked.question))}", *_reply_md(exchange, sources)]
    if sources:
        parts += ["## Sources", "\n".join(f"{number}. {_entry_md(s)}" for number, s in enumerate(sources, start=1))]
    return "\n\n".join(parts) + "\n"


def answer_markdown(exchange: Exchange) -> str:
    """Write one answer with its citations, to be pasted elsewhere."""
    if not exchange.answered:
        return exchange.text or SILENCE
    sources = list(dict.fromkeys(quote.source for quote in exchange.quotes))
    entries = "\n".join(f"{number}. {_entry_md(source)}" for number, source in enumerate(sources, start=1))
    return "\n\n".join([*_reply_md(exchange, sources), entries])


def page(conversation: Conversation) -> str:
    """Write the conversation as a page that needs nothing but itself."""
    sources = _sources(conversation)
    body = "".join(_exchange_page(exchange, sources) for exchange in _answered(conversation))
    listed = "".join(f'<li id="source-{number}">{_entry_page(s)}</li>' for number, s in enumerate(sources, start=1))
    bibliography = f"<h2>Sources</h2><ol>{listed}</ol>" if listed else ""
    name = escape(conversation.name)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; '
        f'style-src &#39;unsafe-inline&#39;"><title>{name}</title><style>{STYLE}</style></head>'
        f'<body><h1 dir="auto">{name}</h1>{body}{bibliography}</body></html>\n'
    )


def _answered(conversation: Conversation) -> list[Exchange]:
    return [exchange for exchange in conversation.exchanges if not exchange.trouble and exchange.understood]


def _sources(conversation: Conversation) -> list[Source]:
    """Return what is cited, each article once, in the order in which it first is."""
    return list(dict.fromkeys(quote.source for exchange in _answered(conversation) for quote in exchange.quotes))


def _note(exchange: Exchange) -> str:
    asked = exchange.asked
    said = [f"{said.words}: {said.meaning}" for said in exchange.said]
    said += [f"published since {asked.since}"] if asked.since else []
    said += [f"published until {asked.until}"] if asked.until else []
    said += [f"only {asked.outlet}"] if asked.outlet else []
    if exchange.understood != folded(asked.question):
        said.insert(0, f"understood as: {exchange.understood}")
    return f"Asked on {exchange.at[:16].replace('T', ' at ')}{''.join(f'; {one}' for one in said)}."


def _reply_md(exchange: Exchange, sources: Sequence[Source]) -> list[str]:
    note = [f"*{_md(_note(exchange))}*"] if exchange.at else []
    if not exchange.answered:
        return [_md(exchange.text or SILENCE), *note]
    if exchange.parts:
        asked = [[f"### {_md(folded(part.asked.question))}", *_reply_md(part, sources)] for part in exchange.parts]
        return [line for lines in asked for line in lines] + note
    caution = caution_text(exchange.absent, doubtful=exchange.doubtful)
    short = f"**{_md(exchange.short)}** {_md(meant_text(exchange.day))}".rstrip() if exchange.short else ""
    return [
        *(said for said in (_md(caution), short, _md(exchange.lead)) if said),
        *(_line_md(quote, sources.index(quote.source) + 1, exchange.lead) for quote in exchange.quotes),
        *note,
    ]


def _line_md(quote: Quote, number: int, lead: str) -> str:
    said = line_day_text(quote.day, lead)
    quoted = f"> {_quote_md(quote)} \\[{number}\\]"
    return f"{said}\n\n{quoted}" if said else quoted


def _quote_md(quote: Quote) -> str:
    return AT_LINE_START.sub(r"\1\\\2", _md(folded(quote.text)))


def _md(text: str) -> str:
    """Return `text` so that Markdown shows just its characters, and links no address in it."""
    return MARKUP.sub(r"\\\1", DECEIVING.sub("", text)).replace("://", ":\u2060//")


def _entry_md(source: Source) -> str:
    facts = [part for part in (source.outlet, source.author, day_text(source.published)) if part]
    address = f" `{folded(source.url).replace('`', '')}`" if source.url else ""
    return f"*{_md(folded(source.name))}*{''.join(f', {_md(folded(fact))}' for fact in facts)}.{address}"


def _exchange_page(exchange: Exchange, sources: Sequence[Source]) -> str:
    parts = "".join(
        f'<h3 dir="auto">{escape(folded(part.asked.question))}</h3>{_reply_page(part, sources)}'
        for part in exchange.parts
    )
    return (
        f'<h2 dir="auto">{escape(folded(exchange.asked.question))}</h2>{parts or _reply_page(exchange, sources)}'
        f'<p class="note" dir="auto">{escape(_note(exchange))}</p>'
    )


def _reply_page(exchange: Exchange, sources: Sequence[Source]) -> str:
    caution = caution_text(exchange.absent, doubtful=exchange.doubtful)
    care, lead = (f"<p>{escape(said)}</p>" if said else "" for said in (caution, exchange.lead))
    lead = f"{care}{short_html(exchange.short, exchange.day)}{lead}"
    quotes = "".join(_line_page(quote, sources.index(quote.source) + 1, exchange.lead) for quote in exchange.quotes)
    silence = f"<p>{escape(exchange.text or SILENCE)}</p>"
    return f"{lead}{quotes or silence}"


def _line_page(quote: Quote, number: int, lead: str) -> str:
    said = line_day_text(quote.day, lead)
    ours = f'<p class="meant">{escape(said)}</p>' if said else ""
    link = f'<a href="#source-{number}">[{number}]</a>'
    return f'{ours}<blockquote dir="auto">{escape(folded(quote.text))} {link}</blockquote>'


def _entry_page(source: Source) -> str:
    facts = [part for part in (source.outlet, source.author, day_text(source.published)) if part]
    address = address_html(source.url)
    return (
        f'<cite dir="auto">{escape(source.name)}</cite>{"".join(f", <bdi>{escape(fact)}</bdi>" for fact in facts)}.'
        f"{f'<br>{address}' if address else ''}"
    )
