"""Whom a question names -> whether the words that a sentence reports are theirs, or another's. Pure.

Names are told by their capitals in the passage, so that a question may be typed without any.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from index.records import Span
from index.terms import FUNCTION_WORDS, WORD, unaccented, words
from qa.wording.dates import MONTHS
from qa.wording.speech import ALSO_ASKED_BY, QUOTATION, REPORTS, SAYS, SPEECH

SPEAKER = re.compile(
    rf"\b(?:did|does|do|has|have|had|is|was|were|are)\s+(?P<who>[^?,;]{{2,60}}?)\s+(?:{SPEECH}|{ALSO_ASKED_BY})\b",
    re.IGNORECASE,
)
BESIDE = frozenset("in on at from of to with by for about against after before during since until near".split())  # noqa: SIM905
"""Before a name, they say that it is no subject."""
_CAPITALS = r"\b[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*"
CAPITALS = re.compile(_CAPITALS)
_HEAD = "|".join(word.title() for word in sorted(BESIDE))
NAME = re.compile(rf"(?P<before>\b(?:(?![A-Z])\w+|{_HEAD})\s+)?(?P<name>{_CAPITALS})")
TITLES = frozenset(
    "president prime foreign minister secretary general chancellor ambassador king queen mr mrs ms dr sir".split()  # noqa: SIM905
)
DAYS = frozenset(name.lower() for name in (*calendar.day_name, *MONTHS)) - {"may"}
BESIDE_OR_DAY = BESIDE | DAYS
NO_NAMES = FUNCTION_WORDS | TITLES | DAYS | {"s"}
"""Words with a capital that name nobody by themselves."""
PRONOUN = re.compile(r"\b(?:he|she|they|it)\b", re.IGNORECASE)
QUOTED = re.compile(r"[\"'”’],?\s*$")
"""Behind a quotation, whose speaker comes after the verb."""
FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e)\b(?=[^\"“”]*$)")
"""The writer, not one who is quoted."""
THINKS = re.compile(r"\b(?:hopes|thinks|wants)\b", re.IGNORECASE)
CLAUSE = re.compile(r";\s+|,\s+(?:and|but|while|whereas)\s+")
"""Between what two may have said."""
GAP = 9
"""Characters before a word in which it is looked for the end of the sentence before."""
LAST_WORD = re.compile(r".*\w", re.DOTALL)
Names = frozenset[tuple[str, ...]]


def whose_words(question: str, sentence: str, before: str, passage: str) -> float:
    """Tell whose words `sentence` reports, where `question` asks what somebody said: theirs 1, another's -1, else 0.

    `before` is the sentence before it, whose subject a pronoun may stand for; `passage` is where both stand.

    >>> told = "There Putin had said he agreed with Trump. Trump ruled it out. He suggested another way."
    >>> [whose_words("What did trump say?", one, "Trump ruled it out.", told) for one in told.split(". ")]
    [-1.0, 0.0, 1.0]
    >>> whose_words("What did Putin say?", "Kyiv rejected it; Putin suggested another.", "", "Kyiv asked Putin.")
    1.0
    """
    asked = SPEAKER.search(question)
    if asked is None:
        return 0.0
    names = names_in(passage)
    named = _named(asked["who"], _words(names))
    reported = ((clause, REPORTS.search(clause)) for clause in CLAUSE.split(sentence))
    told = {
        _of(named, clause[slice(*_speakers_part(clause, verb))], before, names) for clause, verb in reported if verb
    }
    return 1.0 if 1.0 in told else min(told, default=0.0)


def are_the_writers(question: str, author: str) -> bool:
    """Tell whether `question` asks what somebody said who is the `author`, or one of those who are.

    >>> are_the_writers("What does Jane Roe say about it?", "By Jane Roe and John Smith")
    True
    >>> are_the_writers("What does Jane Smith say about it?", "By Jane Roe and John Smith")
    False
    """
    asked = SPEAKER.search(question)
    who = " ".join(words(asked["who"])) if asked else ""
    return bool(who) and f" {who} " in f" {' '.join(words(author))} "


def are_the_writers_own(sentence: str) -> bool:
    """Tell whether nobody but the writer says what a sentence of an article says.

    >>> are_the_writers_own("I say it was late."), are_the_writers_own("Crowe says that it was late.")
    (True, False)
    """
    others = (SAYS, THINKS, QUOTATION)
    return FIRST_PERSON.search(sentence) is not None or not any(pattern.search(sentence) for pattern in others)


def _named(who: str, known: frozenset[str]) -> set[str]:
    """Return the words of the name that `who` is; none where somebody is described, as by "the Russian minister"."""
    if BESIDE.intersection(words(who)):
        return set()
    said = [word for word in words(who) if word in TITLES or word not in NO_NAMES]
    if not said or said[-1] not in known or any(word not in known | TITLES for word in said):
        return set()
    return set(said)


def speaker_in(sentence: str) -> Span | None:
    """Return where in a sentence the name stands of who says something; None where it is only "he", or nobody.

    >>> told = "In Kyiv, Prime Minister Jane Roe, who met Poe, said no."
    >>> told[slice(*(speaker_in(told) or (0, 0)))]
    'Prime Minister Jane Roe'
    >>> speaker_in("He said no."), speaker_in("Jane Roe left.")
    (None, None)
    """
    parts = (_speakers_part(sentence, verb) for verb in SAYS.finditer(sentence))
    return next((name for part in parts if (name := subject_in(sentence, part))), None)


def subject_in(sentence: str, part: Span | None = None) -> Span | None:
    """Return where the first name stands in a sentence, or a part of it, that may be the subject; None without one.

    >>> subject_in("On Monday Jane Roe left Kyiv."), subject_in("It rained in Kyiv.")
    (Span(start=10, end=18), None)
    """
    for match in CAPITALS.finditer(sentence, *(part or (0, len(sentence)))):
        start = match.start()
        before = sentence[:start].split()[-1:]
        while BESIDE_OR_DAY.intersection(words(sentence[start : match.end()])[:1]):
            before = sentence[start : match.end()].split(maxsplit=1)[:1]
            start += len(before[0]) + 1
        if set(words(sentence[start : match.end()])) - NO_NAMES and BESIDE.isdisjoint(map(str.casefold, before)):
            return Span(start, match.end())
    return None


def _speakers_part(sentence: str, verb: re.Match[str]) -> Span:
    """Return the part of a sentence in which the one stands whose words it reports."""
    if verb[0].casefold().startswith("in "):  # In Lavrov's view
        return Span(verb.start() + 3, verb.end())
    if verb[0].casefold().startswith("according to") or QUOTED.search(sentence[: verb.start()]):  # "...", said Lavrov
        begin = verb.end() + len(sentence[verb.end() :]) - len(sentence[verb.end() :].lstrip())
        return Span(begin, begin + len(re.split("[,;.]", sentence[begin:], maxsplit=1)[0]))
    return Span(0, verb.start())


def _of(asked: set[str], subject: str, before: str, names: Names) -> float:
    known = _words(names)
    own = (asked - NO_NAMES) & known
    if not own:
        return 0.0
    called = _words(name for name in names if own & set(name))
    there = _words(_subjects(subject, known))
    if own & there:
        return 1.0
    if there:
        return 0.0 if there & called else -1.0
    if not PRONOUN.search(subject):
        return 0.0
    meant = _words(_subjects(before, known))
    if own & meant:
        return 1.0
    return -1.0 if meant - called else 0.0


@lru_cache(maxsize=64)
def names_in(passage: str) -> Names:
    """Return the names in a passage, each as its words. A single word at the head of a sentence may be none.

    >>> sorted(names_in("Then Sergey Lavrov spoke. Nobody in Kyiv did."))
    [('kyiv',), ('sergey', 'lavrov')]
    """
    named = (words(passage[start:end]) for start, end in names_said(passage))
    return frozenset(tuple(word for word in name if word not in NO_NAMES) for name in named)


def names_said(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the names in `text` start and end, without what is before or behind them that names nobody.

    >>> text = "Did President Macron's party win? Berlin waits. Then Sergey Lavrov came."
    >>> [text[start:end] for start, end in names_said(text)]
    ['Macron', 'Sergey Lavrov']
    """
    for match in NAME.finditer(text):
        said = [word for word in WORD.finditer(text, *match.span("name")) if NO_NAMES.isdisjoint(words(word[0]))]
        if said and (len(said) > 1 or not _is_at_the_head(text, said[0].start())):
            yield said[0].start(), said[-1].end()


def has_names_of(question: str, text: str) -> bool:
    """Tell whether `text` has each name of a question, by its last word: without it, it tells of somebody else.

    >>> has_names_of("When did Volodymyr Zelensky win?", "Zelensky won."), has_names_of("Did Biden win?", "He won.")
    (True, False)
    """
    named = [words(question[start:end])[-1] for start, end in names_said(question)]
    told = unaccented(text.lower()) if named else ""
    return all(name in told for name in named)


def _is_at_the_head(text: str, start: int) -> bool:
    """Tell whether the word at `start` is the first one of a sentence."""
    before = LAST_WORD.sub("", text[max(0, start - GAP) : start])
    return len(before) == min(start, GAP) or any(mark in before for mark in ".!?\n")


def _subjects(text: str, known: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """Yield the names in `text` that are `known` and may be a subject."""
    for match in NAME.finditer(text):
        if (match["before"] or "").strip().casefold() not in BESIDE:
            name = tuple(word for word in words(match["name"]) if word not in NO_NAMES)
            if known.intersection(name):
                yield name


def _words(names: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(word for name in names for word in name)
