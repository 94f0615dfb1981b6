"""An answer -> questions that may come next, from other sentences of the articles that it cites. No language model.

A sentence of a plain pattern, "X was signed", "X said", "X is a", gives the question that it answers. Each question is
put to the index before it is offered: one that the articles do not answer, by a sentence that names X, is not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from index.records import Article
from index.sentences import sentence_spans
from index.store import EVERYTHING, Order, Scope
from index.terms import terms
from qa.answer import Answer, Assistant
from qa.wording.speech import SPEECH
from ui.conversation import Exchange

ENOUGH = 3
TRIES = 5
"""Questions that are put to the index for it: each costs what a question costs."""
SURE = 0.6
NEWEST = 10
"""Articles that a first question may come from."""
SENTENCES = 400
"""Of an article: a book is not looked through."""

CAPITALISED = r"[A-Z][\w’'-]*[\w]"
NAME = rf"{CAPITALISED}(?: (?:(?:of|on|for|the) )*(?:{CAPITALISED}|II|III|IV|V|\d+))*"
PAPERS = (
    "Treaty|Act|Protocol|Memorandum|Agreements?|Initiative|Resolution|Convention|Charter|Accords?|Pact|Doctrine|"
    "Declaration|Amendment|Mission|Format|Council|Court|Commission|Committee|Agency|Union|Alliance|Front|Plan|Deal"
)
PAPER = f"{PAPERS}|Bill|II|III|IV"
"""What a name ends with that is not a person's; the last ones may be a person's too ("Elizabeth II")."""
PERSON = rf"(?:(?!(?:{PAPER})\b){CAPITALISED} ){{1,3}}(?!(?:{PAPER})\b){CAPITALISED}"
PATTERNS = (
    (re.compile(rf"\b[Tt]he (?P<name>{NAME}) (?:was|were) signed\b"), "When was the {name} signed?"),
    (re.compile(rf"\bsigned the (?P<name>{NAME})"), "Who signed the {name}?"),
    (re.compile(rf"^(?P<the>[Tt]he )(?P<name>{NAME}) (?:is|was) (?:an?|the)\b"), "What is {the}{name}?"),
    (
        re.compile(rf"^(?P<name>(?:{CAPITALISED} )+(?:{PAPERS})|[A-Z]{{3,}}) (?:is|was) (?:an?|the)\b"),
        "What is {name}?",
    ),
    (
        re.compile(rf"\b[Tt]he (?P<name>{NAME}) (?:was|were) (?P<how>created|founded|established|launched)\b"),
        "When was the {name} {how}?",
    ),
    (
        re.compile(rf"\b[Tt]he (?P<name>{NAME}) (?P<how>expire|collapse|end|fail)(?:d|ed|s)\b"),
        "Why did the {name} {how}?",
    ),
    (re.compile(rf"\b(?P<the>[Tt]he )?(?P<name>{PERSON}) (?:{SPEECH})\b"), "What did {the}{name} say?"),
    (re.compile(rf"\bthe (?P<name>(?:{CAPITALISED} )+(?:{PAPER}))\b"), "What is the {name}?"),
)
"""From the most telling question to the least."""
NO_NAMES = frozenset(
    """
    he she they it we you i who that this these those the a an in on at but and or if as when while after before
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december officials critics experts analysts people others many some most
    """.split()  # noqa: SIM905 - a hundred words read better as words
)


def suggestions(assistant: Assistant, exchange: Exchange, asked: Sequence[str], *, scope: Scope) -> list[str]:
    """Return the few questions that may come after `exchange`, none of them `asked` before; often none."""
    quoted = {" ".join(quote.text.split()) for quote in exchange.quotes}
    names = dict.fromkeys(quote.source.article for quote in exchange.quotes)
    return _offered(assistant, _articles(assistant, names), quoted, asked, scope=scope)


def openings(assistant: Assistant) -> list[str]:
    """Return the few questions with which to begin, from the newest articles; often none."""
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        newest = snapshot.listing(words="", scope=EVERYTHING, order=Order.NEWEST, limit=NEWEST, offset=0)
    return _offered(
        assistant, _articles(assistant, [entry.id for entry in newest.entries]), set(), [], scope=EVERYTHING
    )


def _offered(
    assistant: Assistant, articles: Sequence[Article], quoted: set[str], asked: Sequence[str], *, scope: Scope
) -> list[str]:
    """Return the questions that the index answers, each from another sentence, by one that names what it is about."""
    found: list[str] = []
    sentences = set(quoted)
    for name, question in _untried(candidates(articles, quoted), asked):
        answer = _answered(assistant, question, scope)
        first = " ".join(answer.citations[0].quote.split()) if answer else ""
        if answer and first not in sentences and set(terms(name)) <= set(terms(first)):
            sentences.add(first)
            found.append(question)
        if len(found) == ENOUGH:
            break
    return found


def candidates(articles: Iterable[Article], quoted: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return names and a question about each, the most telling first.

    >>> candidates([Article("a", "a", "The Minsk Protocol was signed in 2014. It was signed by three.")])
    [('Minsk Protocol', 'When was the Minsk Protocol signed?')]
    >>> candidates([Article("a", "a", "The United States said no. Jane Roe said yes.")])
    [('United States', 'What did the United States say?'), ('Jane Roe', 'What did Jane Roe say?')]
    """
    ranked: list[tuple[int, str, str]] = []
    for article in articles:
        for start, end in sentence_spans(article.text)[:SENTENCES]:
            sentence = " ".join(article.text[start:end].split())
            if sentence not in quoted:
                ranked += _questions(sentence)
    ranked.sort(key=lambda one: one[0])
    return [(name, question) for _, name, question in ranked]


def _questions(sentence: str) -> Iterator[tuple[int, str, str]]:
    for rank, (pattern, template) in enumerate(PATTERNS):
        for match in pattern.finditer(sentence):
            said = {"the": "", "how": ""} | {key: value or "" for key, value in match.groupdict().items()}
            name = said["name"].removesuffix("’s").removesuffix("'s")
            if name.split()[0].lower() not in NO_NAMES and len(name) > 3:
                yield rank, name, template.format(**said | {"name": name, "the": said["the"].lower()})


def _untried(found: Sequence[tuple[str, str]], asked: Sequence[str]) -> list[tuple[str, str]]:
    """Return the candidates to try: about different things, and none about what was asked already."""
    known = [set(terms(question)) for question in asked]
    kept: list[tuple[str, str]] = []
    for name, question in found:
        about = set(terms(name))
        if about and not any(about <= other for other in known):
            known.append(about)
            kept.append((name, question))
    return kept[:TRIES]


def _answered(assistant: Assistant, question: str, scope: Scope) -> Answer | None:
    *_, answer = assistant.stream(question, history=(), scope=scope, today=date.today())
    return answer if answer.answered and answer.probability >= SURE else None


def _articles(assistant: Assistant, names: Iterable[str]) -> list[Article]:
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        found = [snapshot.article(name) for name in names]
    return [article for article in found if article is not None]
