"""What a person typed -> a question that can be asked, or QuestionRefused."""

import unicodedata

from index.errors import QuestionRefused

MAX_CHARS = 2000
"""Longer than any question; the embedding model reads about the first thousand characters."""


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
