"""Text -> the terms that lexical search compares: lower case, no accents, English words cut to their Porter stem.

The same folding as SQLite's `porter unicode61 remove_diacritics 2`, so that a term found here can be looked up there.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

WORD = re.compile(r"[^\W_]+")
FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being between both but by can could
    did do does doing done during each ever every few for from further get gets give given gives got had has
    have having he her here hers him his how i if in into is it its itself just let like many may me might more
    most much must my no nor not of off on once one only or other our out over own per please s said same say
    saying says shall she should so some such t tell than that the their theirs them then there these they this
    those through to too under until up upon us very was we were what when where whether which while who whom
    whose why will with within without would you your
    """.split()  # noqa: SIM905 - a hundred words read better as words
)
"""Words that a question is made with rather than about."""


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order, function words left out.

    >>> terms("What did Lavrov say about vetoing?")
    ['lavrov', 'veto']
    """
    return [stem(word) for word in words(text) if word not in FUNCTION_WORDS]


def words(text: str) -> list[str]:
    """Return the words of `text`, in lower case and without accents.

    >>> words("Zelenskyy’s café, 1994")
    ['zelenskyy', 's', 'cafe', '1994']
    """
    return WORD.findall(unaccented(text.lower()))


def unaccented(text: str) -> str:
    """Return `text` without its accents.

    >>> unaccented("Orbán’s café")
    'Orban’s cafe'
    """
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    accents = set(filter(unicodedata.combining, set(decomposed)))
    return "".join(one for one in decomposed if one not in accents) if accents else decomposed


SHORTEST_STEMMED, LONGEST_STEMMED = 3, 64
"""Letters."""
LATER = ("bli", "logi")
HAS_A_SYLLABLE = re.compile(r"[aeiouy][^aeiou]")
DOUBLED = re.compile(r"([chjkqvwx])\1$")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the Porter stem of a word in lower case; one in another script is its own stem.

    SQLite leaves words of two letters, or of more than 64, as they are, knows two rules of Porter's own later version
    (-bli becomes -ble, -logi becomes -log), and makes any two letters one where -ed or -ing is cut. The library's
    stemmer does not.

    >>> [stem(word) for word in ("vetoing", "assembly", "responsibly", "technologies", "biology", "trekked", "us")]
    ['veto', 'assembl', 'respons', 'technolog', 'biologi', 'trek', 'us']
    """
    if not SHORTEST_STEMMED <= len(word) <= LONGEST_STEMMED or not word.isascii():
        return word
    # A stemmer holds a buffer and may not be shared between threads; making one costs less than a microsecond.
    stemmer = Stemmer.Stemmer("porter")
    found = str(stemmer.stemWord(word))
    ending = next((one for one in LATER if found.endswith(one)), "")
    if ending and HAS_A_SYLLABLE.search(found.removesuffix(ending)):
        return str(stemmer.stemWord(f"{found[:-1]}e")) if ending == "bli" else found[:-1]
    return found[:-1] if word in {f"{found}ed", f"{found}ing"} and DOUBLED.search(found) else found
