"""Bytes -> which old encoding of Hebrew, Greek, Japanese or Korean they are in; None where none of these fits.

General detectors take short texts in them for one another, or for Chinese. Here, as in `latin`, spelling decides: some
Hebrew and Greek letters have a form that ends a word and stands nowhere else; nearly every Greek word has one accent;
Japanese is written between kana, and every fourth Korean syllable is one of a few.
"""

import codecs
import re

HEBREW_WORD = re.compile(rb"[\xe0-\xfa]+")
NOT_HEBREW = re.compile(
    rb"[\xea\xed\xef\xf3\xf5](?=[\xe0-\xfa])"  # a final form within a word
    rb"|[\xeb\xee\xf0](?![\xe0-\xfa'\"\xd7\xd8\x92\x94-])"  # no final form at the end, nor a mark of abbreviation
    rb"|[A-Za-z](?=[\xe0-\xfa])|[\xe0-\xfa](?=[A-Za-z])"
    rb"|[^\x00-\x7f\xe0-\xfa\x80\x82\x84\x85\x91-\x97\xa0\xa3\xa4\xab\xb0\xb7\xbb\xd7\xd8\xfd\xfe]"
)
"""Of Windows-1255, whose letters are those of ISO 8859-8 too."""
GREEK_WORD = re.compile(r"[^\W\d_a-zA-Z]{2,}")
NOT_GREEK = re.compile(
    r"ς(?=[^\W\d_])|σ(?![^\W\d_]|['’])|[α-ώ](?=[Α-Ϋ])|[A-Za-z](?=[Α-ώ])|[Α-ώ](?=[A-Za-z])|[ΰªµƒ]"
    r"|(?<=[Α-ώ])[^\w\s.,:'’·/-](?=[Α-ώ])"
)
ACCENT = re.compile(r"[άέήίόύώΆΈΉΊΌΎΏ]")
FEWEST_LETTERS, MOST_MISSPELT = 8, 0.04
"""That tell; and the share of them that names may misspell. Of Russian letters, read as Hebrew, a sixth is."""
ACCENTED, ACCENTED_TWICE = 0.4, 0.1
"""Greek words: the fewest with one accent, the most with two."""

KANA, HANGUL, OFTEN = 0.2, 0.9, 0.1
"""The fewest, of the letters: kana in Japanese, Hangul in Korean, and of those the syllables that occur most often."""
SYLLABLES = frozenset("이다는에을의가하고지로한은를도기서")


def eastern_encoding(data: bytes) -> str | None:
    """Return the encoding in which `data`, which is not UTF-8, reads as one of these languages.

    >>> eastern_encoding("תושבי העיר נשארו בלי מים".encode("cp1255"))
    'cp1255'
    >>> eastern_encoding("жители города остались без воды".encode("cp1251")) is None
    True
    """
    if _is_hebrew(data):
        return "cp1255"
    for encoding, fits in (("euc_jp", _is_japanese), ("cp932", _is_japanese), ("cp949", _is_korean)):
        if fits(_read(data, encoding)):
            return encoding
    return "cp1253" if _is_greek(_read(data, "cp1253")) else None


def _read(data: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data)  # which lets the last character be cut
    except UnicodeDecodeError:
        return ""


def _is_hebrew(data: bytes) -> bool:
    words = HEBREW_WORD.findall(data)
    letters = sum(map(len, words))
    if letters < FEWEST_LETTERS or letters < 2 * len(words):  # an à that stands alone is no word
        return False
    return len(NOT_HEBREW.findall(data)) <= MOST_MISSPELT * letters


def _is_greek(text: str) -> bool:
    words = GREEK_WORD.findall(text)
    letters, accents = sum(map(len, words)), [len(ACCENT.findall(word)) for word in words]
    return (
        letters >= FEWEST_LETTERS
        and len(NOT_GREEK.findall(text)) <= MOST_MISSPELT * letters
        and accents.count(1) >= ACCENTED * len(words)
        and sum(accent > 1 for accent in accents) <= ACCENTED_TWICE * len(words)
    )


def _is_japanese(text: str) -> bool:
    letters = _letters(text)
    return 0 < sum("ぁ" <= letter <= "ヿ" for letter in letters) >= KANA * len(letters)


def _is_korean(text: str) -> bool:
    letters = _letters(text)
    hangul, often = sum("가" <= letter <= "힣" for letter in letters), sum(letter in SYLLABLES for letter in letters)
    return 0 < hangul >= HANGUL * len(letters) and often >= OFTEN * hangul


def _letters(text: str) -> list[str]:
    return [letter for letter in text if letter > "\x7f" and letter.isalpha()]
