"""What a person typed -> a question that can be asked, or QuestionRefused."""

import re
import unicodedata

from index.errors import QuestionRefused
from index.terms import words

MAX_CHARS = 2000
"""Longer than any question; the embedding model reads about the first thousand characters."""

TALK = frozenset(
    """
    hi hello hey there dear all everybody good morning afternoon evening thanks thank you very much so a lot many ok
    okay cool great nice perfect wow bye goodbye please help yes no sure well hmm oh ah sorry that was is helpful useful
    interesting i see got it understood good to know
    """.split()  # noqa: SIM905
)
"""Words that one talks with, and asks nothing."""
BEGIN_ASKING = frozenset({"is", "was"})
"""With one of these in front something is asked, also in such words: "is that good?"."""
ABOUT_THIS = re.compile(
    r"(?:who|what|how) are you|what (?:can|do) you (?:do|know)|what can i (?:ask|do)(?: (?:you|here))?|"
    r"how (?:do|does|can|should) (?:you|i|it|this) (?:work|use (?:it|this|you))"
    r"|(?:(?:hello|hi|hey) )?are you (?:still )?(?:there|real|a bot|human)"
)
"""What is asked of this program."""


def asks_nothing(question: str) -> bool:
    """Tell whether a question only greets, thanks or agrees, or asks what this is: it is put to no article.

    >>> asks_nothing("Hello!"), asks_nothing("thank you very much"), asks_nothing("What can you do?")
    (True, True, True)
    >>> asks_nothing("Thank you, that was helpful."), asks_nothing("Hello, are you still there?"), asks_nothing("ok")
    (True, True, True)
    >>> asks_nothing("Is that so?"), asks_nothing("Is it good?")
    (False, False)
    >>> asks_nothing("Thanks, and Sweden?"), asks_nothing("Why?"), asks_nothing("go on")
    (False, False, False)
    """
    said = words(question)
    talks = TALK.issuperset(said) and BEGIN_ASKING.isdisjoint(said[:1])
    return bool(said) and (talks or ABOUT_THIS.fullmatch(" ".join(said)) is not None)


def clean(question: str) -> str:
    """Return `question` without what cannot be searched for: control characters, lone surrogates, needless space.

    Raises QuestionRefused where nothing is left, or where it is longer than MAX_CHARS.
    """
    if len(question) > MAX_CHARS:
        raise QuestionRefused(f"the question has {len(question):,} characters: ask it in at most {MAX_CHARS:,}")
    kept = "".join(" " if unicodedata.category(character) in {"Cc", "Cs"} else character for character in question)
    asked = " ".join(kept.split())
    if not any(character.isalnum() for character in asked):
        raise QuestionRefused('the question is empty: ask, for example, "what did Lavrov say about veto power?"')
    return asked
