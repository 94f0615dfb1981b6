"""A question -> what it names that no article has: a person, a place, a year.

The answer to it says so: what was found may be near, and about somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.records import Hit
from index.store import Scope, Snapshot
from index.terms import stem, words
from qa.followup import TAKEN_ALONG
from qa.intent import Understood
from qa.wording.defining import what_is_asked
from qa.wording.facts import YEAR
from qa.wording.names import NO_NAMES, SPEAKER, names_said
from qa.wording.speech import asks_for_words

LONGEST = 3
"""Words of a name, or of what is no question but a few words."""


@dataclass(frozen=True, slots=True)
class Absent:
    """What a question names, and no article has."""

    words: tuple[str, ...] = ()
    """As they were typed, in order."""
    decides: bool = False
    """Whether all that is asked is about them: it is what they said."""


def absent(snapshot: Snapshot, understood: Understood, hits: Sequence[Hit]) -> Absent:
    """Return which names and years of a question stand in no article. A name is absent where its last word is.

    What something is, or who somebody is, of whom no word stands there, they do not say.

    Nothing is, where `hits`, which were found for it, are written in other letters: there every name is another word.
    """
    question = TAKEN_ALONG.sub("", understood.question)
    if hits and _is_latin(hits[0].text) != _is_latin(question):
        return Absent()

    def is_there(typed: str) -> bool:
        last = stem(words(typed)[-1])
        return snapshot.document_frequency({last})[last] > 0

    speaker, small = _speaker(question), question == question.lower()
    is_a_writer = speaker and any(speaker in said.words for said in understood.said)
    if speaker and not is_a_writer and (small or speaker[0].isupper()) and not any(map(is_there, speaker.split())):
        return Absent((speaker,), decides=not small)  # typed small, it may be no name: "what did onlookers say"
    defined = what_is_asked(question)
    is_named = any(question[start:end] == defined for start, end in names_said(question))
    is_short_for_more = defined.isupper()  # which the articles may spell out
    if words(defined) and not is_short_for_more and not any(map(is_there, [defined] if is_named else words(defined))):
        return Absent((defined,), decides=True)
    named = [
        question[start:end]
        for start, end in names_said(question)
        if not any(said.start < end and start < said.end for said in understood.said)
    ]
    if len(words(question)) <= LONGEST and not any(map(is_there, words(question))):
        return Absent((question.strip(" ?!.,"),))
    missing = [name for name in named if not is_there(name)]
    missing += [
        year for year in YEAR.findall(question) if not (is_there(year) or _is_published_in(snapshot, int(year)))
    ]
    return Absent(tuple(dict.fromkeys(missing)))


def _speaker(question: str) -> str:
    """Return whose words are asked for, where that is a name; it may be typed small."""
    found = SPEAKER.search(question) if asks_for_words(question) else None
    said = [word for word in found["who"].split() if NO_NAMES.isdisjoint(words(word))] if found else []
    return " ".join(said) if len(said) <= LONGEST and all(any(map(str.isalnum, word)) for word in said) else ""


def _is_latin(text: str) -> bool:
    """Tell whether most letters of a text are of the Latin alphabet, near enough."""
    letters = [character.isascii() for character in text if character.isalpha()]
    return 2 * sum(letters) >= len(letters)


def _is_published_in(snapshot: Snapshot, year: int) -> bool:
    scope = Scope(since=date(year, 1, 1), until=date(year, 12, 31))
    return snapshot.listing(scope=scope, limit=1).total > 0
