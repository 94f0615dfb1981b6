"""A summary that is asked for -> sentences of the article that are most like the whole of it, in its order, cited.

Nothing is rewritten. The article is cut into as many parts as sentences are wanted, and of each part the one is taken
that shares most of its rare words with all the others (the centrality of LexRank: Erkan and Radev, 2004), and least
with those taken before it: so that what an article comes to late is not left out.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.records import Article, Hit, Span
from index.sentences import sentence_spans
from index.store import Scope, Snapshot
from index.terms import WORD, terms
from qa.intent import Understood
from qa.quoted import STANDS_FOR
from qa.read import is_told
from qa.scans.cited import quoted_in
from qa.scans.listing import ABOUT, EVERYTHING, THAT, Kind, Listing, phrases_of, split, without
from qa.scans.scan import Item, Listed, holds, listed, number_of, stories, with_elsewhere
from qa.wording.asking import PLEASE

OF_ONE, OF_EACH = 5, 2
"""Sentences of one article, and of each where several are summed up."""
ONE_OF = 4
"""Sentences of an article of which one is taken, until OF_ONE are."""
MOST = 5
"""Articles that are summed up."""
LOOKED_AT = 5
"""Of the articles that have what is asked about, how many are looked at for one whose title has it."""
FEWEST_WORDS, MOST_WORDS = 6, 60
"""Of a sentence that is taken."""
FIRST = 1.3
"""What more the first sentence counts: who writes news begins with what is new."""
LEANING = 0.5
"""What a sentence counts that begins with a word for something in the one before."""
OFTEN = 2
"""Times that an article has each word of what it is about, on average."""
ALIKE = 0.7
"""What is taken off for what was said already, of how alike they are."""

_PIECE = r"(?:articles?|stor(?:y|ies)|pieces?|reports?|columns?|editorials?|op-eds?|texts?)"
_SUMMARY = (
    r"(?:summari[sz]e|sum up|recap|tl;?dr(?: of)?:?|(?:(?:give|write|make|show|get)(?: me| us)? )?(?:(?:a|the) )?"
    r"(?:(?:short|brief|quick|concise) )?(?:summary|overview|recap|synopsis)(?: of)?)"
)
_POINTS = (
    r"(?:outline|(?:(?:give|show)(?: me| us)? )?(?:(?:a|the) )?(?:outline|gist) of|what(?:['’]s| is) the gist of"
    r"|what(?:['’]s| is| are| were) the (?:main|key|most important|central|chief) "
    r"(?:points?|ideas?|takeaways?|messages?|findings?|claims?|arguments?) (?:of|in|from))"
)
SUM_UP = re.compile(rf"{PLEASE}(?:(?P<summary>{_SUMMARY})|{_POINTS})(?:\s+(?P<what>.+))?$", re.IGNORECASE)
IT_UP = re.compile(rf"{PLEASE}sum (?:it|that|this|them) up$", re.IGNORECASE)
IS_ABOUT = re.compile(
    rf"{PLEASE}what\s+(?:(?:is|are|was|were)\s+(?P<what>(?:the|that|this|those|these)\s+{_PIECE}\b.*?)\s+(?:all )?about"
    rf"|(?:do|does|did)\s+(?P<says>(?:the|that|this|those|these)\s+{_PIECE}\b.*?)\s+(?:say|tell(?: us)?|argue|claim))$",
    re.IGNORECASE,
)
THE_LAST = re.compile(rf"^(?:it|that|this|them|(?:the|this|that|these|those|your)\s+{_PIECE})$", re.IGNORECASE)
PIECES_ABOUT = re.compile(
    rf"^(?:(?:the|this|that|these|those|an?|all|any)\s+)*{_PIECE}{THAT}\s+(?:{ABOUT}|called|titled|entitled)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
ITS_PIECES = re.compile(rf"^(?:(?:the|this|that|these|those|an?)\s+)?(?P<what>.+?)\s+{_PIECE}$", re.IGNORECASE)
SEVERAL = re.compile(
    r"\b(?:articles|stories|pieces|reports|columns|editorials|op-eds|texts|them|these|those)\b", re.IGNORECASE
)
MOST_COMPARED = 500
"""Sentences; of an article with more, every second, third, ..., is passed over."""
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be summed up."""

    what: str = ""
    """What the articles are about; nothing for those that the last answer cites, or that there are."""
    several: bool = False
    """Whether several articles are asked for."""
    by_title: bool = False
    """Whether no article is spoken of: one is meant only where its title says what it is about."""


def summary_asked_for(question: str) -> Wanted | None:
    """Return what a question wants summed up; None where it asks for something else.

    >>> summary_asked_for("Summarize the article about the grain deal").what, summary_asked_for("sum it up").what
    ('the grain deal', '')
    >>> summary_asked_for("What are the main points of these articles?").several
    True
    >>> summary_asked_for("What are the main points of the Charter?")
    """
    asked = " ".join(question.split()).rstrip("?!. ")
    if IT_UP.match(asked):
        return Wanted()
    found = SUM_UP.match(asked) or IS_ABOUT.match(asked)
    if found is None:
        return None
    said = found.groupdict()
    what = said["what"] or said.get("says") or ""
    several = SEVERAL.search(what) is not None
    if THE_LAST.match(what) or (not what and said.get("summary")):
        return Wanted("", several)
    of_pieces = PIECES_ABOUT.match(what) or ITS_PIECES.match(what)
    if of_pieces:
        return Wanted(of_pieces["what"], several)
    return Wanted(what, by_title=True) if said.get("summary") and what else None


def summary(snapshot: Snapshot, understood: Understood, last_answer: str) -> Listed | None:
    """Return the summary that is asked for; None where none is, or no article has what it is to be of."""
    wanted, taken_along = _wanted(understood)
    if wanted is None:
        return None
    if wanted.what:
        found, count = _about(snapshot, understood, wanted, taken_along)
    else:
        found, count = _cited(snapshot, last_answer)
        listed_by_openings = EVERYTHING.match(understood.question.rstrip("?!. "))
        if not found and not listed_by_openings:
            found, count = _there(snapshot, understood.scope, several=wanted.several)
    shown = found[: MOST if wanted.several else 1]
    items = [
        Item(Hit(article, *span, score=1.0), span)
        for article in shown
        for span in most_telling(snapshot, article, OF_ONE if len(shown) == 1 else OF_EACH)
    ]
    return listed(_lead(shown, count, len(items)), with_elsewhere(snapshot, items)) if items else None


def summary_of_the_nearest(snapshot: Snapshot, understood: Understood, hits: Sequence[Hit]) -> Listed | None:
    """Return the summary that is asked for, of the article of the best passage, where that has its words often.

    For what no title says: "summarize the merger", of the one that is called "Two groups join".
    """
    wanted, _ = _wanted(understood)
    if wanted is None or not wanted.by_title or not hits:
        return None
    article, words = hits[0].article, set(terms(wanted.what))
    told = Counter(term for term in terms(f"{article.title or ''}\n{article.text}") if term in words)
    if len(told) < len(words) or told.total() < OFTEN * len(words):
        return None
    items = [Item(Hit(article, *span, score=1.0), span) for span in most_telling(snapshot, article, OF_ONE)]
    return listed(_lead([article], 1, len(items)), with_elsewhere(snapshot, items)) if items else None


def _wanted(understood: Understood) -> tuple[Wanted | None, str]:
    """Return what is to be summed up, and what "it" is."""
    asked, taken_along = split(understood.question)
    return summary_asked_for(without(asked, [said for said in understood.said if not said.is_sought])), taken_along


def _lead(shown: Sequence[Article], count: int, sentences: int) -> str:
    """Say what the sentences that follow are of."""
    if len(shown) == 1:
        (article,) = shown
        whole = number_of(len(sentence_spans(article.text)), "sentence")
        most = f", the one of {count:,} articles that has most of it" if count > 1 else ""
        return f"{sentences} of the {whole} of “{' '.join((article.title or article.id).split())}”{most}:"
    some = f"{len(shown)} of {count:,} articles" if count > len(shown) else number_of(count, "article")
    return f"{some}, each by what tells most of it:"


def _about(snapshot: Snapshot, understood: Understood, wanted: Wanted, taken_along: str) -> tuple[list[Article], int]:
    """Return the articles about something, those first whose title has it, and how many there are."""
    for phrases in (phrases_of(wanted.what, taken_along), [word for word in WORD.findall(wanted.what) if terms(word)]):
        found, _ = stories(snapshot, Listing(Kind.ARTICLES, tuple(phrases)), understood.scope) if phrases else ([], 0)
        articles = [article for seen in found[:LOOKED_AT] if (article := snapshot.article(seen.article))]
        titled = [article for article in articles if _is_titled(article, phrases)]
        if titled or (articles and not wanted.by_title):
            return [*titled, *(one for one in articles if one not in titled)], len(found)
    return [], 0


def _is_titled(article: Article, phrases: Sequence[str]) -> bool:
    return all(holds(article.title or "", phrase) for phrase in phrases)


def _cited(snapshot: Snapshot, answer: str) -> tuple[list[Article], int]:
    """Return the articles that an answer quotes, in its order."""
    found = [item.hit.article for item in quoted_in(snapshot, answer)]
    return found, len(found)


def _there(snapshot: Snapshot, scope: Scope, *, several: bool) -> tuple[list[Article], int]:
    """Return the newest articles there are, and how many; none where one is asked for, and there are more."""
    there = snapshot.listing(scope=scope, limit=MOST)
    meant = there.entries if several or there.total == 1 else ()
    return [article for entry in meant if (article := snapshot.article(entry.id))], there.total


def most_telling(snapshot: Snapshot, article: Article, count: int) -> list[Span]:
    """Return the sentences that tell most of an article, at most `count`, in its order; none where it has no prose."""
    spans = [span for span in sentence_spans(article.text) if _tells(article.text[slice(*span)])]
    spans = spans[:: 1 + len(spans) // MOST_COMPARED]
    sentences = [article.text[slice(*span)] for span in spans]
    count = min(count, -(-len(spans) // ONE_OF))
    alike = _likeness(snapshot, [*sentences, article.title or ""])
    worth = alike[:-1, :-1].sum(axis=1) + alike[:-1, -1] * len(spans) / ONE_OF
    worth *= [LEANING if STANDS_FOR.match(sentence) else 1.0 for sentence in sentences]
    worth[:1] *= FIRST
    taken: list[int] = []
    for part in np.array_split(np.arange(len(spans)), count) if count else ():
        again = alike[part][:, taken].max(axis=1, initial=0.0)
        taken.append(int(part[(worth[part] * (1 - ALIKE * again)).argmax()]))
    return [spans[place] for place in taken]


def _tells(sentence: str) -> bool:
    return FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS and is_told(sentence)


def _likeness(snapshot: Snapshot, texts: Sequence[str]) -> Matrix:
    """Return how alike texts are: the cosines of their words, weighed by how rare these are; shape (texts, texts)."""
    words = [terms(text) for text in texts]
    number = {term: place for place, term in enumerate(dict.fromkeys(term for said in words for term in said))}
    chunks = snapshot.count_chunks()
    counts = snapshot.document_frequency(list(number))
    rarity = np.array([math.log((chunks + 1) / (counts.get(term, 0) + 1)) for term in number])
    vectors = np.zeros((len(texts), len(number)))
    for row, said in enumerate(words):
        for term in said:
            vectors[row, number[term]] = 1.0
    vectors *= rarity
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors @ vectors.T, np.float64)
