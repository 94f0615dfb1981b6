"""What is kept of a conversation: questions as they were asked, answers as they were given. Frozen, and JSON.

An answer is kept with its quotes, not with its articles: these are the index's, which may change or lose them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Self

from index.errors import QuestionRefused
from index.records import Article
from index.store import Scope
from qa.answer import Answer
from qa.compose import Citation
from qa.followup import Turn
from qa.intent import Said

UNFINISHED, DONE = "unfinished", "done"
TITLE_CHARS = 120


@dataclass(frozen=True, slots=True)
class Source:
    """What an article said of itself when it was quoted."""

    article: str
    """Its id."""
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, article: Article) -> Self:
        """Take it from the article."""
        return cls(article.id, article.title, article.source, article.author, article.published, article.url)

    @property
    def name(self) -> str:
        """What to call the article: its title, else its id."""
        return self.title or self.article

    @property
    def day(self) -> str:
        """The day it was published, or nothing."""
        return (self.published or "")[:10]


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters of an article, and where they stand in it: the evidence of an answer, or what is nearest to one."""

    number: int
    source: Source
    start: int
    end: int
    text: str
    words: tuple[int, int] | None = None
    """Those that answer, as offsets into the article's text, where the reader can tell them."""
    elsewhere: tuple[str, ...] = ()
    """The other outlets that tell the same story."""
    agrees_with: int = 0
    """The number of the quote beside which it is set, as it says the same; 0: it stands alone."""
    day: str = ""
    """As in `Citation`."""

    @classmethod
    def cited(cls, citation: Citation) -> Self:
        """Keep a citation."""
        words = None if citation.words is None else (citation.words.start, citation.words.end)
        source = Source.of(citation.article)
        return cls(
            citation.number,
            source,
            citation.start,
            citation.end,
            citation.quote,
            words,
            tuple(citation.elsewhere),
            citation.agrees_with,
            citation.day,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a person asked it, with the filters beside it and what is not to be understood in it."""

    question: str
    since: str = ""
    """A day, ISO 8601, or nothing."""
    until: str = ""
    outlet: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """The filters as the search takes them. Raises QuestionRefused for a day that is none."""
        return Scope(_day(self.since), _day(self.until), self.outlet or None)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, whole or still growing."""

    asked: Asked
    at: str
    """When it was asked, ISO 8601."""
    state: str = UNFINISHED
    understood: str = ""
    said: tuple[Said, ...] = ()
    answered: bool = False
    lead: str = ""
    text: str = ""
    quotes: tuple[Quote, ...] = ()
    near: tuple[Quote, ...] = ()
    """What comes nearest to an answer, where there is none."""
    probability: float = 0.0
    quoted: float = 0.0
    """As in `Answer`."""
    absent: tuple[str, ...] = ()
    """As in `Answer`."""
    doubtful: bool = False
    """Whether the answer is only the nearest that the articles say."""
    short: str = ""
    """As in `Answer`."""
    parts: tuple["Exchange", ...] = ()
    """What is asked, one by one, where it is several things; the numbers of their quotes are those that it has here."""
    trouble: str = ""
    """Why there is no answer, and what to do; nothing where there is one."""
    suggested: tuple[str, ...] | None = None
    """Questions that may come next; None while nobody looked for any."""
    thumb: str = ""
    """"up", "down", or nothing."""
    comment: str = ""

    def with_answer(self, answer: Answer) -> "Exchange":
        """Put what is known of the answer in place of what was."""
        return replace(
            self,
            understood=answer.understood.question,
            said=answer.understood.said,
            answered=answer.answered,
            lead=answer.lead,
            short=answer.short,
            text=answer.text,
            quotes=tuple(Quote.cited(citation) for citation in answer.citations),
            near=tuple(Quote.cited(citation) for citation in answer.nearest),
            probability=answer.probability,
            quoted=answer.quoted,
            absent=answer.absent,
            doubtful=answer.doubtful,
            parts=tuple(
                Exchange(Asked(one.question), "").with_answer(replace(one, nearest=())) for one in answer.parts
            ),
        )

    @property
    def day(self) -> str:
        """The day or month that `short` means and does not name, ISO 8601: that of the first quote."""
        return self.quotes[0].day if self.short and self.quotes else ""

    @property
    def evidence(self) -> tuple[Quote, ...]:
        """What can be opened beside the answer."""
        return self.quotes if self.answered else self.near


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges in their order, under a title."""

    id: str
    title: str = ""
    """Given by a person; else it is called by its first question."""
    exchanges: tuple[Exchange, ...] = ()

    @property
    def name(self) -> str:
        """What to call it in a list."""
        asked = self.exchanges[0].asked.question.strip() if self.exchanges else ""
        return self.title or asked[:TITLE_CHARS] or "New conversation"

    def turns(self, before: int) -> list[Turn]:
        """Return what was asked and answered before the exchange of that place, as a follow-up is read."""
        return [
            Turn(exchange.understood or exchange.asked.question, exchange.text)
            for exchange in self.exchanges[:before]
            if not exchange.trouble and exchange.state == DONE
        ]

    def with_exchange(self, place: int, exchange: Exchange) -> "Conversation":
        """Put an exchange in its place, or at the end."""
        return replace(self, exchanges=(*self.exchanges[:place], exchange, *self.exchanges[place + 1 :]))


def to_json(conversation: Conversation) -> list[dict[str, Any]]:
    """Write the exchanges as JSON takes them."""
    return [asdict(exchange) for exchange in conversation.exchanges]


def from_json(rows: Sequence[Mapping[str, Any]]) -> tuple[Exchange, ...]:
    """Read exchanges that `to_json` wrote; what a later version added is passed over. Raises TypeError, KeyError."""
    return tuple(_exchange(row) for row in rows)


def _exchange(row: Mapping[str, Any]) -> Exchange:
    known = _known(Exchange, row)
    asked = _known(Asked, known["asked"])
    suggested = known.get("suggested")
    return Exchange(
        **known
        | {
            "asked": Asked(**asked | {"ignored": tuple(asked.get("ignored", ()))}),
            "said": tuple(Said(**_known(Said, said)) for said in known.get("said", ())),
            "quotes": tuple(_quote(quote) for quote in known.get("quotes", ())),
            "near": tuple(_quote(quote) for quote in known.get("near", ())),
            "absent": tuple(known.get("absent", ())),
            "parts": tuple(_exchange(part) for part in known.get("parts", ())),
            "suggested": None if suggested is None else tuple(suggested),
        }
    )


def _quote(row: Mapping[str, Any]) -> Quote:
    known = _known(Quote, row)
    words = known.get("words")
    read = {
        "source": Source(**_known(Source, known["source"])),
        "words": None if words is None else tuple(words),
        "elsewhere": tuple(known.get("elsewhere", ())),
    }
    return Quote(**known | read)


def _known(noun: type, row: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(noun)}
    return {name: value for name, value in row.items() if name in names}


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise QuestionRefused(f"{said[:20]!r} is not a day: write it as 2025-08-21, or leave it empty") from error
