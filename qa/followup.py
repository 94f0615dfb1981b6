"""A question + the turns before it -> a question that stands alone. No language model.

A question that begins in the middle (and, why, tell me more) goes on with the question before, which is put in front of
it. One that points back (he, that, there) without naming anybody gets in brackets whom or what the question before
named; where it has no words of its own, all that the question before was about. Any other question stands alone and is
left as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.terms import terms

POINTS_BACK = re.compile(
    r"\b(?:he|she|they|him|her|them|his|hers|their|theirs|it|its|that|this|these|those|there|then)\b", re.IGNORECASE
)
BEGINS_IN_THE_MIDDLE = re.compile(
    r"^(?:and|but|so|why|how come|what about|how about|what else|tell me more|more)\b", re.IGNORECASE
)
NAMES = re.compile(r"(?<!^)\b[A-Z][\w’'-]*")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, as it stood alone, and the text of its answer."""

    question: str
    answer: str


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return `question` with what it leaves out taken from the turn before it.

    >>> stand_alone("When did it enter into force?", [Turn("Who signed New START?", "...")])
    'When did it enter into force? (New START)'
    """
    if not history:
        return question
    before = history[-1].question
    about = terms(question)
    if BEGINS_IN_THE_MIDDLE.search(question) and len(about) <= 3:
        return f"{before} {question}"
    if about and (NAMES.search(question) or not POINTS_BACK.search(question)):
        return question
    named = NAMES.findall(before) if about else []
    return f"{question} ({' '.join(named or _content(before))})"


def _content(question: str) -> list[str]:
    return [word for word in question.strip("?!. ").split() if terms(word)]
