"""A question + the turns before it -> a question that stands alone. No language model.

A question leans on the turn before when it points back (he, that, there) without naming anybody itself, when it
begins in the middle (and, why), or when hardly a word of it says what it is about. Then the question before is put in
front of it; a question that stands alone is left as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.terms import terms

POINTS_BACK = re.compile(r"\b(?:he|she|they|him|her|them|his|hers|their|theirs|it|its|that|this|these|those|there|then)\b", re.IGNORECASE)
BEGINS_IN_THE_MIDDLE = re.compile(r"^(?:and|but|so|why|how come|what about|how about|what else|tell me more|more)\b", re.IGNORECASE)
NAMES = re.compile(r"(?<!^)\b[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, as it stood alone, and the text of its answer."""

    question: str
    answer: str


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return `question` with what it leaves out taken from the turns before it.

    >>> stand_alone("When did he say that?", [Turn("What did Lavrov say about veto power?", "...")])
    'What did Lavrov say about veto power? When did he say that?'
    """
    if not history or not _leans(question):
        return question
    return f"{history[-1].question} {question}"


def _leans(question: str) -> bool:
    about = terms(question)
    if BEGINS_IN_THE_MIDDLE.search(question):
        return len(about) <= 3
    return not about or bool(POINTS_BACK.search(question) and not NAMES.search(question))
