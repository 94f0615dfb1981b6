"""What stands in an article saved from the web beside its telling: captions, credits, notes of the editor. Pure."""

import re

_AGENCY = (
    r"(?:AFP|AP|Associated Press|Reuters|EPA(?:-EFE)?|Getty(?: Images)?(?: \w+)?|Shutterstock|Bloomberg|Redux"
    r"|Sipa(?: USA)?|SIPA|TASS|Xinhua|Anadolu(?: Agency)?|ZUMA(?: Press)?|USA Today Network)"
)
_CREDITED = rf"(?:[^/?!\n]{{1,60}}/)+{_AGENCY}|[^/?!\n]{{1,60}}\svia\s{_AGENCY}"
CREDIT = re.compile(rf"\(?(?:{_CREDITED}|{_AGENCY})\)?")
CAPTION = re.compile(rf"Hide [Cc]aption\b|Photos?:\s|\(?(?:{_CREDITED})\)?\s+(?:[A-Z0-9]|$)|{CREDIT.pattern}$")

NOTE = re.compile(r"\(?editor[’']s note\b", re.IGNORECASE)


def is_credit(sentence: str) -> bool:
    """Tell whether a sentence is only whose picture it is, which tells nothing.

    >>> is_credit("Jane Roe/Pool/Reuters"), is_credit("Jane Roe told Reuters")
    (True, False)
    """
    return CREDIT.fullmatch(sentence) is not None


def is_caption(sentence: str) -> bool:
    """Tell whether a sentence is the caption of a picture, as far as its beginning tells: a gallery's, or a credit.

    >>> is_caption("Hide Caption 5 of 44 Photos: A flood"), is_caption("Boats lie in a street.")
    (True, False)
    >>> is_caption("Jane Roe/Reuters Boats lie in a street.")
    True
    """
    return CAPTION.match(sentence) is not None


def is_note(sentence: str) -> bool:
    """Tell whether a sentence is of the article, and not of what it tells.

    >>> is_note("Editor's note: This page recaps the news of Tuesday.")
    True
    """
    return NOTE.match(sentence) is not None
