"""Bytes -> which of the old one-byte encodings they are in, where their letters are Latin; None where none fits.

General detectors go by the frequency of letters, of which a short text has too few: four in ten articles of 200
characters in Windows-1252 came out wrong. Here spelling decides. Read in the wrong encoding, a text has letters that no
one language uses together, capitals after small letters, and signs in the middle of words.
"""

import re
import string
from collections.abc import Sequence
from unicodedata import normalize

WESTERN = (
    *("àâæçéèêëîïôœùûüÿ", "äöüß", "áéíñóúü¿¡ªº", "ãáàâçéêíõóôúüªº", "àèéìíîòóùú", "åäöéàüæøšžõ", "áðéíóúýþæö"),
    *("áéèëíïóöúü", "àçéèíïóòúü·"),
)
"""What each language writes beside a-z: French, German, Spanish, Portuguese, Italian, the Nordic ones, Icelandic,
Dutch, Catalan. After the exemplar characters of the Unicode CLDR, as are those below."""
CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "çë")
"""Polish, Czech, Slovak, Hungarian, Romanian, Croatian, Albanian."""
ROMANIAN = ("ăâîșț",)
"""As it is written since there is ISO 8859-16, with commas in place of the cedillas."""
TURKISH = ("çğıöşü",)
BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")
"""Lithuanian, Latvian, Estonian."""
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = ("".join(normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES) + "đ",)

ENCODINGS = (
    *(("cp1252", WESTERN), ("iso8859-15", WESTERN), ("cp1250", CENTRAL), ("iso8859-2", CENTRAL), ("cp1254", TURKISH)),
    *(("cp1257", BALTIC), ("mac_roman", WESTERN), ("cp850", WESTERN), ("mac_latin2", CENTRAL), ("cp852", CENTRAL)),
    *(("cp1258", VIETNAMESE), ("iso8859-16", ROMANIAN)),
)
"""The likelier first: of those that fit alike, the first is taken."""

BEYOND = re.compile(r"[^\x00-\x7f]")
JOINERS = frozenset("’–—…·\xa0‑")
"""What may stand between two letters."""
SIGNS = JOINERS | frozenset("“”‘‚„«»‹›•€£¥¢§©®™°±½¼¾²³¹µ×÷¶†‡‰")
STRAY = re.compile(r"[£€¥¢][^\W\d_]|(?<![\dm])[²³¹]|[^\W\d_][½¼¾±]|[½¼¾±][^\W\d_]|[ªº][^\W\d_]|ã[bcdfgjklmnpqrtvxz]")
"""Signs of numbers, where there is none; and the Portuguese ã, which stands before a vowel, an s, or nothing."""
MOST_MISFITS = 0.2
"""Of the characters beyond ASCII: foreign names are misfits too. Western texts come out alike from 0.1 to 0.4; of those
in encodings that are not tried, more are mistaken the higher it is."""


def latin_encoding(data: bytes) -> str | None:
    r"""Return the encoding in which `data`, which is not UTF-8, reads as a language in Latin letters.

    >>> latin_encoding("São Paulo registrou a maior produção".encode("cp1252"))
    'cp1252'
    >>> latin_encoding("Взошла луна".encode("cp1251")) is None
    True
    """
    beyond = len(data.translate(None, bytes(range(0x80))))
    if not 0 < beyond < len(data) - len(data.translate(None, string.ascii_letters.encode())):
        return None
    fits = [(_misfits(text, alphabets), name) for name, alphabets in ENCODINGS if (text := _read(data, name))]
    misfits, encoding = min(fits, key=lambda fit: fit[0], default=(beyond, None))
    return encoding if misfits <= MOST_MISFITS * beyond else None


def composed(text: str, encoding: str) -> str:
    """Write each letter as one character: in Windows-1258, the Vietnamese one, the marks of tones are of their own."""
    return normalize("NFC", text) if encoding == "cp1258" else text


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return composed(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return None


def _misfits(text: str, alphabets: Sequence[str]) -> int:
    """Count the characters that are out of place, by the language that they fit best."""
    places = [place.start() for place in BEYOND.finditer(text)]
    misplaced = sum(
        _is_misplaced(text[place - 1 : place], text[place], text[place + 1 : place + 2]) for place in places
    )
    letters = [text[place].lower() for place in places if text[place] not in SIGNS]
    foreign = min(sum(letter not in alphabet for letter in letters) for alphabet in alphabets)
    return misplaced + foreign + len(STRAY.findall(text))


def _is_misplaced(before: str, here: str, after: str) -> bool:
    if here.isalpha():
        return here.isupper() and before.islower()
    return here not in JOINERS and before.isalpha() and after.isalpha()
