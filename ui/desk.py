"""What a person can do at the page, as functions of values: ask, take back, open, judge. Nothing here knows Gradio.

Everything that the page needs comes with each call, and what must last is on disk. So a page that was open while the
server restarted goes on as if nothing had been.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from index.errors import ArticleQAError
from index.records import Article
from index.store import Outlet
from qa.answer import Assistant
from ui.conversation import DONE, Asked, Conversation, Exchange, Quote
from ui.history import History
from ui.judgements import Judgements
from ui.suggest import openings, suggestions


@dataclass(frozen=True, slots=True)
class Opened:
    """An article beside the conversation, at one of the passages that an exchange rests on."""

    article: Article | None
    """None when the index does not hold it any more."""
    exchange: Exchange
    place: int
    """Of the exchange in its conversation."""
    quote: Quote


@dataclass(frozen=True)
class Desk:
    """The assistant, and where what people did with it is kept."""

    assistant: Assistant
    history: History
    judgements: Judgements
    _begun: dict[tuple[int, tuple[Outlet, ...]], list[str]] = field(default_factory=dict, repr=False, compare=False)

    def ask(
        self, owner: str, name: str, asked: Asked, *, place: int | None = None, branch: bool = False
    ) -> Iterator[Conversation]:
        """Yield the conversation as the answer to `asked` grows, at the end or at the place of an earlier question.

        `branch`: where later questions followed on that place, they stay as they are, and a new conversation goes on
        from the changed question. A question whose answer is not waited for is kept as unfinished.
        """
        exchange = Exchange(asked, datetime.now().astimezone().isoformat(timespec="milliseconds"))

        def begun(there: Conversation) -> Conversation:
            at = len(there.exchanges) if place is None else min(place, len(there.exchanges))
            if branch and at + 1 < len(there.exchanges):
                there = replace(self.history.find(owner, ""), exchanges=there.exchanges[:at])
            return there.with_exchange(at, exchange)

        conversation = self.history.put(owner, name, begun)
        at = conversation.exchanges.index(exchange)
        yield conversation
        try:
            for answer in self.assistant.stream(
                asked.question,
                history=conversation.turns(at),
                scope=asked.scope,
                today=date.today(),
                ignore=asked.ignored,
            ):
                exchange = exchange.with_answer(answer)
                yield conversation.with_exchange(at, exchange)
        except ArticleQAError as error:
            exchange = replace(exchange, trouble=str(error))
        whole = replace(exchange, state=DONE)
        kept = self.history.change(owner, conversation.id, at, exchange.at, lambda _: whole)
        yield kept if exchange_at(kept, at) == whole else conversation.with_exchange(at, whole)

    def read(self, conversation: Conversation, place: int, number: int) -> Opened | None:
        """Open the article behind a number of an exchange; None where there is no such number."""
        exchange = exchange_at(conversation, place)
        quote = next((quote for quote in exchange.evidence if quote.number == number), None) if exchange else None
        if exchange is None or quote is None:
            return None
        return Opened(self.article(quote.source.article), exchange, place, quote)

    def article(self, name: str) -> Article | None:
        """Return the article of an id, as the index holds it now."""
        with self.assistant.store.snapshot(self.assistant.embedder.fingerprint) as snapshot:
            return snapshot.article(name)

    def suggest(self, owner: str, name: str, place: int) -> Conversation:
        """Look for questions that may come next, once, and keep them with the exchange."""
        conversation = self.history.find(owner, name)
        exchange = exchange_at(conversation, place)
        if exchange is None or exchange.suggested is not None or not exchange.answered:
            return conversation
        asked_so_far = [each.understood for each in conversation.exchanges]
        found = tuple(suggestions(self.assistant, exchange, asked_so_far, scope=exchange.asked.scope))
        return self.history.change(owner, name, place, exchange.at, lambda now: replace(now, suggested=found))

    def begin(self) -> list[str]:
        """Return questions to begin with, which the articles answer; looked for once, while these are all."""
        articles, outlets = self.outlets()
        there = (articles, tuple(outlets))
        if there not in self._begun:
            self._begun.clear()
            self._begun[there] = openings(self.assistant)
        return self._begun[there]

    def judge(self, owner: str, name: str, place: int, thumb: str, comment: str) -> Conversation:
        """Keep what a person thinks of an answer: "up", "down", or nothing, which takes it back."""
        conversation = self.history.find(owner, name)
        exchange = exchange_at(conversation, place)
        if exchange is None or exchange.trouble or exchange.state != DONE:
            return conversation
        judged = replace(exchange, thumb=thumb, comment=comment.strip() if thumb else "")
        self.judgements.keep(f"{conversation.id}/{exchange.at}", judged)
        return self.history.change(
            owner, name, place, exchange.at, lambda now: replace(now, thumb=judged.thumb, comment=judged.comment)
        )

    def outlets(self) -> tuple[int, list[Outlet]]:
        """Return how many articles there are, and their outlets."""
        return self.assistant.library()


def exchange_at(conversation: Conversation, place: int) -> Exchange | None:
    """Return the exchange of a place, if there is one."""
    return conversation.exchanges[place] if 0 <= place < len(conversation.exchanges) else None
