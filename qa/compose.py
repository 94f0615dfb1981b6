"""Readings -> an answer made of the articles' own sentences, the best one first, each cited.

Where a fact is asked for (who, when, how many), articles that give the same one are cited together, and those that give
another one of the same thing are said to differ. What a later article gives instead is told behind it.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from index.records import Article, Hit, Span
from index.terms import terms
from qa.quoted import is_corrected, quoted
from qa.read import Reading, Sentence
from qa.wording.dates import Unit
from qa.wording.facts import are_different, are_the_same, fact_asked_for, fits, is_denied, is_one_of_several
from qa.wording.names import has_names_of
from qa.wording.reckoned import before_in_paragraph, reckoned

MAX_SENTENCES = 3
WORTH_ADDING, WORTH_ADDING_TO_A_FACT = 0.25, 0.5
"""A further sentence must be at least this fraction as likely to answer as the first. Judged by reading 36 answers to
what, why and how: of the eleven sentences more that a quarter gives instead of a half, seven belong to the answer,
among them three that answer where the first does not."""
SAME = 0.7
"""Two sentences that share this much of their terms (Jaccard) say the same: the second is not added."""
MAX_AGREEING = 3
"""Further articles that are cited for the same sentence."""
ALIKE = 0.6
"""Of two sentences that differ in a fact, this much of the shorter one's other terms is in both: they speak of the same
thing. A guess on the safe side (`docs/decisions/0017-agreeing-and-differing.md`)."""
DIFFER = "The articles differ:"
BY_DATE = "Oldest first:"
SETTLED = re.compile(r"\b(?:when (?:did|was|were|had)|how old)\b", re.IGNORECASE)
"""Asks for what no later article tells anew. How many are missing, or when something will open, changes."""
MOST_LATER = 2
"""Sentences of later articles that are told behind the likeliest."""
ON_IT = 0.3
"""This much of the question's terms is in it, so that it speaks of the same."""
SMALLEST = 1e-6
"""A probability that is no smaller, so that it can be divided by."""
LATER_FROM, LATER_WORDS = 0.25, -1.0
"""So likely must such a sentence be to answer, against "none" alone, and its words, as a logit: beside a sentence that
is nearly certain a later one is a small share of the whole, however well it answers."""
SHORT_FROM = 0.5
"""So likely must a sentence be, together with those that agree, for its words to be an answer by themselves
(`docs/decisions/0027-likeliest-words.md`)."""
LONGEST_SHORT = 80
"""Characters of them: a line."""
BESIDE = 80
"""Characters before and behind them in which it is seen whether others are listed beside."""


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
    agrees_with: int = 0
    """The number of the citation beside which it is set, as it says the same in another article; 0: it stands alone."""
    day: str = ""
    """The day or month that `words` mean and do not name, ISO 8601: "on Tuesday", by the day of the article."""

    @property
    def quote(self) -> str:
        """The article's own characters."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer, whole or still growing."""

    text: str
    citations: tuple[Citation, ...]
    lead: str
    """Words of ours before the quotes, with which the text begins."""
    probability: float
    """How likely it is that one of the sentences of the whole answer is the one that answers, 0 to 1."""
    short: str = ""
    """Where a fact is asked for: the words of the first quote that are it, if they are likelier to be than not."""


def compose(question: str, readings: Sequence[Reading]) -> Iterator[Composed]:
    """Yield the answer as it grows, a sentence at a time."""
    asked = fact_asked_for(question)
    fact = "" if asked == "choice" else asked
    chosen_sentences = _choose(readings, fact)
    differ = any(_contradict(one, two, fact) for one, two in combinations(chosen_sentences, 2)) if fact else False
    said = _each_once(chosen_sentences)
    in_order = fact in {"number", "time"} and not SETTLED.search(question) and bool(said) and not differ
    said, by_date = _by_date(question, said, readings) if in_order else (said, False)
    lead = DIFFER if differ else BY_DATE if by_date else ""
    may_begin = fact or (asked and len(said) == 1)  # of a choice, other sentences may name others
    short = _short(question, said[0]) if may_begin and said and not lead else ""
    probability = sum(one.probability for one in said)
    text, citations = lead, tuple[Citation, ...]()
    chosen = [(hit.article.id, sentence.span) for one in said for hit, sentence in one.cited]
    for one in said:
        numbered = range(len(citations) + 1, len(citations) + 1 + len(one.agreeing) + 1)
        cited = [
            Citation(
                number,
                hit.article,
                *quoted(hit, sentence.span, [span for article, span in chosen if article == hit.article.id]),
                hit.elsewhere,
                _bold(question, hit, sentence),
                agrees_with=0 if number == numbered[0] else numbered[0],
                day=_day_meant(hit, sentence) if fact == "time" else "",
            )
            for number, (hit, sentence) in zip(numbered, one.cited, strict=True)
        ]
        citations = (*citations, *cited)
        marks = "".join(f"[{citation.number}]" for citation in cited)
        text = f"{text} {on_one_line(cited[0].quote)} {marks}".strip()
        yield Composed(text, citations, lead, probability, short)


def nearest(question: str, readings: Sequence[Reading]) -> tuple[Citation, ...]:
    """Return what an answer would rest on, were it likely enough; no words of it are said to answer."""
    citations = tuple[Citation, ...]()
    for composed in compose(question, readings):
        citations = composed.citations
    return tuple(replace(citation, words=None, day="") for citation in citations)


def left_to_say(readings: list[Reading], answers: Sequence[str]) -> list[Reading]:
    """Return the readings without the sentences that stand in `answers`; all of them where none is left."""
    told = " ".join(answers)

    def is_left(reading: Reading, sentence: Sentence) -> bool:
        return on_one_line(reading.hit.article.text[slice(*sentence.span)]) not in told

    left = [
        replace(reading, sentences=tuple(one for one in reading.sentences if is_left(reading, one)))
        for reading in readings
    ]
    return left if any(reading.sentences for reading in left) else readings


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence of the answer, and those of other articles that say the same."""

    hit: Hit
    sentence: Sentence
    agreeing: tuple[tuple[Hit, Sentence], ...] = ()

    @property
    def cited(self) -> tuple[tuple[Hit, Sentence], ...]:
        """All of them."""
        return ((self.hit, self.sentence), *self.agreeing)

    @property
    def probability(self) -> float:
        """How likely it is that one of them is the one that answers."""
        return sum(sentence.probability for _, sentence in self.cited)


def _each_once(said: Sequence[_Said]) -> list[_Said]:
    """Leave out what one before is quoted with: it would be told again.

    That one keeps the words of it that answer, where it has none that are likelier to than not.
    """
    kept: list[_Said] = []
    for one in said:
        place = next((at for at, other in enumerate(kept) if _is_within(one, other)), None)
        if place is None:
            kept.append(one)
        elif not _sure_words(kept[place]):
            sentence = kept[place].sentence
            told = [words for words in (sentence.words, one.sentence.words) if words]
            surer = max(told, key=lambda words: words.sure, default=None)
            kept[place] = replace(kept[place], sentence=replace(sentence, words=surer))
    return kept


def _is_within(one: _Said, other: _Said) -> bool:
    if one.hit.article.id != other.hit.article.id or one.agreeing:
        return False
    start, end = quoted(other.hit, other.sentence.span)
    return start <= one.sentence.span.start and one.sentence.span.end <= end


def _choose(readings: Sequence[Reading], fact: str) -> list[_Said]:
    """Return the sentences that answer: the likeliest first, then each article's in its own order.

    `fact`: the kind that is asked for (`qa.wording.facts`), or "".
    """
    offered = [(reading.hit, sentence) for reading in readings for sentence in reading.sentences]
    offered.sort(key=lambda offer: -offer[1].probability)
    chosen: list[_Said] = []
    worth = WORTH_ADDING_TO_A_FACT if fact else WORTH_ADDING
    for hit, sentence in offered:
        if sentence.probability < worth * offered[0][1].probability:
            break
        place = next((n for n, one in enumerate(chosen) if _same(one, _Said(hit, sentence), fact)), None)
        if place is not None:
            chosen[place] = _agreed(chosen[place], hit, sentence)
        elif len(chosen) < MAX_SENTENCES:
            chosen.append(_Said(hit, sentence))
    articles = list(dict.fromkeys(one.hit.article.id for one in chosen))
    return chosen[:1] + sorted(
        chosen[1:], key=lambda one: (articles.index(one.hit.article.id), one.sentence.span.start)
    )


def _by_date(question: str, said: list[_Said], readings: Sequence[Reading]) -> tuple[list[_Said], bool]:
    """Return the sentences by the day of their article, with what later ones give instead, and whether any does.

    As they are where the first one, which is the likeliest, would not stay so, or where an article has no day.
    """
    first, days = said[0], [one.hit.article.day for one in said]
    given, since = _sure_words(first), days[0]
    if not given or since is None or any(day is None or day < since for day in days):
        return said, False
    none = max(1.0 - sum(reading.probability for reading in readings), SMALLEST)
    asked, later = set(terms(question)), dict[str, _Said]()
    for one in (_Said(reading.hit, sentence) for reading in readings for sentence in reading.sentences):
        day, instead = one.hit.article.day, _likely_words(one, none)
        if not day or day <= since or not instead or not fits(question, instead) or are_the_same(instead, given):
            continue
        if len(asked & _terms(one.hit.article, one.sentence.span)) >= ON_IT * len(asked):
            later.setdefault(one.hit.article.id, one)
    newest = sorted(later.values(), key=lambda one: str(one.hit.article.day))[-MOST_LATER:]
    beside = [one for one in said if one.hit.article.id not in later]
    return sorted([*beside, *newest], key=lambda one: str(one.hit.article.day)) if newest else said, bool(newest)


def _likely_words(said: _Said, none: float) -> str:
    """Return the words that answer, where they may: against "none", whose probability is given, and nothing else."""
    words, odds = said.sentence.words, said.sentence.probability / none
    likely = words is not None and words.sure >= LATER_WORDS and odds >= LATER_FROM / (1 - LATER_FROM)
    return on_one_line(said.hit.article.text[slice(*words.span)]) if words and likely else ""


def _agreed(said: _Said, hit: Hit, sentence: Sentence) -> _Said:
    """Cite a sentence that says the same too, if it is of an article that is not cited for it yet."""
    cited = {said.hit.article.id, *(other.article.id for other, _ in said.agreeing)}
    if hit.article.id in cited or len(said.agreeing) == MAX_AGREEING:
        return said
    return replace(said, agreeing=(*said.agreeing, (hit, sentence)))


def _same(one: _Said, two: _Said, fact: str) -> bool:
    """Tell whether a sentence says what another did: most of its terms, or where a fact is asked for, that fact."""
    if fact and one.hit.article.id != two.hit.article.id:
        told, other = (_told(said, fact) for said in (one, two))
        if terms(told) and terms(other):
            return are_the_same(told, other)
    said, again = (_terms(of.hit.article, of.sentence.span) for of in (one, two))
    return len(said & again) >= SAME * max(1, len(said | again))


def _contradict(one: _Said, two: _Said, fact: str) -> bool:
    """Tell whether two articles give another number, or name, of the same: most else that they say is in both."""
    if one.hit.article.id == two.hit.article.id:
        return False
    told, other = (_told(said, fact) for said in (one, two))
    if not are_different(told, other):
        return False
    around, beside = (_terms(said.hit.article, said.sentence.span) for said in (one, two))
    around, beside = around - set(terms(told)), beside - set(terms(other))
    return len(around & beside) >= ALIKE * min(len(around), len(beside))


def _short(question: str, said: _Said) -> str:
    """Return the words that answer `question` by themselves; nothing where they do not fit, or may well be wrong."""
    if not _sure_words(said) or said.probability < SHORT_FROM or said.sentence.words is None:
        return ""
    if _bold(question, said.hit, said.sentence) is None:
        return ""
    article, (start, end) = said.hit.article, said.sentence.words.span
    text = article.text
    before, after = text[max(0, start - BESIDE) : start], text[end : end + BESIDE]
    words = on_one_line(text[start:end])
    fit = len(words) <= LONGEST_SHORT and fits(question, words) and not is_one_of_several(before, after)
    return words if fit and has_names_of(question, f"{article.title or ''}\n{text}") else ""


def _bold(question: str, hit: Hit, sentence: Sentence) -> Span | None:
    """Return the words that answer; none where they are taken back, or said not to be so."""
    words = sentence.words
    if words is None or is_corrected(hit, sentence.span):
        return None
    return None if is_denied(question, hit.article.text[sentence.span.start : words.span.start]) else words.span


def _day_meant(hit: Hit, sentence: Sentence) -> str:
    """Return the one day or month that the words that answer mean and do not name, ISO 8601, if there is one."""
    (start, end), words, text = sentence.span, sentence.words, hit.article.text
    if words is None:
        return ""
    asked_for = f"{text[start : words.span.end]},{text[words.span.end : end]}"  # a day may end there
    meant = {
        time.until.isoformat() if time.unit is Unit.DAY else f"{time.until:%Y-%m}"
        for time in reckoned(asked_for, hit.article.day, before_in_paragraph(text, start))
        if time.until and start + time.start < words.span.end and words.span.start < start + time.end
    }
    return meant.pop() if len(meant) == 1 else ""


def _told(said: _Said, fact: str) -> str:
    """Return the words that answer; of a time the day that they mean: "Tuesday" is another day in another article."""
    words = _sure_words(said)
    meant = _day_meant(said.hit, said.sentence) if words and fact == "time" else ""
    if not meant:
        return words
    year, month, *day = map(int, meant.split("-"))
    return " ".join([*map(str, day), calendar.month_name[month], str(year)])


def _sure_words(said: _Said) -> str:
    """Return the words that answer, as they stand in an answer; nothing where they are likelier not to."""
    words = said.sentence.words
    return on_one_line(said.hit.article.text[slice(*words.span)]) if words and words.sure >= 0 else ""


def on_one_line(text: str) -> str:
    """Return a quote as it stands in an answer."""
    return " ".join(text.split())


def _terms(article: Article, span: Span) -> set[str]:
    return set(terms(article.text[span.start : span.end]))
