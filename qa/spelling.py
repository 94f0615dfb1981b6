"""Words of a question that no article has -> the word, one letter away, that articles have.

Names are typed as they are heard: "Zelensky", where articles say "Zelenskyy". Neither word search nor, where the name
is rare, the vectors bridge that.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.store import Snapshot
from index.terms import stem, words
from qa.wording.asking import only_asks

SHORTEST, LONG_ENOUGH, LONGEST = 4, 6, 24
"""Letters: of a word that is not long enough, some other one is nearly always a letter away, so that only a letter
that is doubled, or is not, is taken for a slip; a longer one than LONGEST is no name."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORD = re.compile(rf"(?<![\w’'-])[^\W\d_]{{{SHORTEST},{LONGEST}}}(?![\w-]|[’'](?!s\b))")
LETTERS_ONLY = re.compile(r"[^\W\d_]+")
INSIDE = re.compile(r"(?:[\w,;’'”\")-]|\b(?:Dr|Mr|Mrs|Ms|Prof)\.)\s$", re.IGNORECASE)
"""What stands before a word that does not begin a sentence."""
BEFORE = 6
"""Characters before a word in which that is looked for."""
LOOKED_AT = 3
"""Passages in which the articles' spelling is looked for."""


@dataclass(frozen=True, slots=True)
class SpeltSo:
    """A word of a question, from `start` to `end`, as the articles spell it, and as it was typed."""

    start: int
    end: int
    word: str
    typed: str


def respelt(
    snapshot: Snapshot, question: str, *, understood: Sequence[tuple[int, int]] = (), ignore: Collection[str] = ()
) -> tuple[str, list[SpeltSo]]:
    """Return `question` with its names as the articles spell them, and which these are.

    That is a name that no article has, or only in questions, where articles have a name that is a letter away. It
    begins with a capital letter, or any word may be one where the question has none. Its first letter is taken to be
    right. Of several, that is meant which most chunks have. What is `understood`, from one place to another, is no such
    name, and words in `ignore` are put in the place of none.
    """
    small, ignored = question == question.lower(), {word.casefold() for word in ignore}
    typed = {
        at: word
        for at in WORD.finditer(question)
        if (small or at[0][0].isupper()) and not any(start < at.end() and at.start() < end for start, end in understood)
        for word in words(at[0])
    }
    there = snapshot.document_frequency({stem(word) for word in typed.values()})
    spelt: list[SpeltSo] = []
    said, at = "", 0
    for found, word in typed.items():
        if not word.isascii() or _is_told(snapshot, word, there[stem(word)], question):
            continue
        other = _in_articles(snapshot, word)
        if other and other.casefold() not in ignored:
            said += question[at : found.start()] + other
            spelt.append(SpeltSo(len(said) - len(other), len(said), other, found[0]))
            at = found.end()
    return said + question[at:], spelt


def _is_told(snapshot: Snapshot, word: str, chunks: int, question: str) -> bool:
    """Tell whether articles have a word that so many chunks hold; one that only asks, as `question` does, has not."""
    if not 0 < chunks <= LOOKED_AT:
        return chunks > 0
    hits = snapshot.hits(list(islice(snapshot.passages([word]), LOOKED_AT)))
    return not all(only_asks(hit.text, question) for hit in hits)


def _in_articles(snapshot: Snapshot, word: str) -> str:
    """Return the articles' name that is a letter away from `word`; nothing where there is none.

    A name has a capital letter wherever it stands, and not only where a sentence begins.
    """
    near = set(a_letter_away(word) if len(word) >= LONG_ENOUGH else doubled_otherwise(word))
    counts = snapshot.document_frequency({stem(other) for other in near})
    most = max(counts.values(), default=0)
    if not most:
        return ""
    terms = {term for term, count in counts.items() if count == most}
    for other in sorted(one for one in near if stem(one) in terms):
        hits = snapshot.hits(list(islice(snapshot.passages([other]), LOOKED_AT)))
        written = [at for hit in hits for at in LETTERS_ONLY.finditer(hit.text) if near.intersection(words(at[0]))]
        inside = [at[0] for at in written if INSIDE.search(at.string[max(0, at.start() - BEFORE) : at.start()])]
        if inside and all(at[0][0].isupper() for at in written):
            return str(inside[0])
    return ""


def a_letter_away(word: str) -> Iterator[str]:
    """Yield what comes of one slip behind the first letter: one letter too many, too few, another, or two swapped.

    >>> {"lavrov", "lavro", "larvow"} <= set(a_letter_away("lavrow"))
    True
    """
    for place in range(1, len(word) + 1):
        before, after = word[:place], word[place:]
        for letter in LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


def doubled_otherwise(word: str) -> Iterator[str]:
    """Yield what comes of doubling one letter behind the first, or of writing one that is doubled once.

    >>> sorted(doubled_otherwise("krog")), "mary" in set(doubled_otherwise("marry"))
    (['krogg', 'kroog', 'krrog'], True)
    """
    for place in range(1, len(word)):
        is_double = word[place] == word[place - 1]
        yield word[:place] + word[place + 1 :] if is_double else word[: place + 1] + word[place:]
