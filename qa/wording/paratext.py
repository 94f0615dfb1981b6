"""What stands in an article saved from the web beside its telling: captions, credits, notes of the editor. Pure."""

import re

_AGENCY = (
    r"(?:AFP|AP|Associated Press|Reuters|EPA(?:-EFE)?|Getty(?: Images)?(?: \w+)?|Shutterstock|Bloomberg|Redux"
    r"|Sipa(?: USA)?|SIPA|TASS|Xinhua|Anadolu(?: Agency)?|ZUMA(?: Press)?|USA Today Network)"
)
_FOR = r"(?:[A-Z][\w’'-]+ ){1,4}for (?:CNN|NPR|USA TODAY|The (?:New York Times|Washington Post|Guardian))"
_CREDITED = rf"(?:[^/?!\n]{{1,60}}/)+{_AGENCY}|[^/?!\n]{{1,60}}\svia\s{_AGENCY}"
CAPTION = re.compile(
    r"[►▶]?\s?(?i:latest|more|read more|related|see also|watch)\s?:\s|.{0,80}?\b\d\d:\d\d - Source:"
    rf"|Hide [Cc]aption\b|MUST WATCH\b|{_FOR}(?: [A-Z]|$)|(?:Photos?|In (?:photos|pictures)):\s"
    rf"|\(?(?:{_CREDITED})\)?(?:\s+[A-Z0-9]|$)|\(?{_AGENCY}\)?$"
)
"""Of a gallery, or a film; the credit of a picture, with its caption or alone; a link to another article."""
_SHOWS = (
    r"gestures?|poses?|waves (?:at|to)|(?:listen|look|speak|stand|wait|walk)s?|sits?|holds?|carr(?:y|ies)|greets?"
    r"|reacts?|shakes? hands|watch(?:es)?"
)
_PAST = r"was|were|had|did|said|began|took|came|went|held|met|led|won"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DAY = rf"on (?:\w+day, )?(?:{_MONTH} \d\d?, |\d\d? {_MONTH} )(?:19|20)\d\d\b"
PICTURE = re.compile(
    rf"(?!(?:On|In|At|After|Before)\b)(?![^“\"”?]*\b(?:{_PAST}|\w+ed {_DAY})\b)"
    rf"[^“\"”?]{{3,200}}?(?<!\bto )\b(?:{_SHOWS})\s[^“\"”?]{{0,250}}?\b{_DAY}"
)
"""What a picture shows, in the present, with the day on which it was taken."""
WITHDRAWN = re.compile(
    r"\b(?:earlier|previous|original|first) versions? of this (?:article|column|page|piece|post|report|story)\b",
    re.IGNORECASE,
)
"""Of a sentence that tells what the article said before it was corrected."""
OF_CORRECTIONS = re.compile(r"\b(?:correct|earlier|error|mistake|original|previous|version|wrong)", re.IGNORECASE)
NOTE = re.compile(r"\(?editor[’']s note\b", re.IGNORECASE)


def is_caption(sentence: str) -> bool:
    """Tell whether a sentence is a caption, or whose picture it is, as far as it tells.

    >>> is_caption("Hide Caption 5 of 44 Photos: A flood"), is_caption("Boats lie in a street.")
    (True, False)
    >>> is_caption("Jane Roe/Reuters Boats lie in a street."), is_caption("Jane Roe/Pool/Reuters")
    (True, True)
    >>> is_caption("Jane Roe for CNN Boats lie in a street."), is_caption("Jane Roe wrote for CNN.")
    (True, False)
    >>> is_caption("A man looks at the dam on July 5, 2022."), is_caption("She wants to speak to them on July 5, 2022.")
    (True, False)
    >>> is_caption("After talks that ended late, the holds were full on 12 February 2015.")
    False
    >>> is_caption("More: Grain prices fall"), is_caption("Grain falls 01:35 - Source: CNN"), is_caption("More came.")
    (True, True, False)
    >>> is_caption("Jane Roe told Reuters"), is_caption("Reuters said that boats lie in a street.")
    (False, False)
    """
    return CAPTION.match(sentence) is not None or PICTURE.match(sentence) is not None


def is_note(sentence: str) -> bool:
    """Tell whether a sentence is of the article, and not of what it tells.

    >>> is_note("Editor's note: This page recaps the news of Tuesday.")
    True
    """
    return NOTE.match(sentence) is not None


def is_withdrawn(sentence: str, question: str) -> bool:
    """Tell whether a sentence tells what its article said and no longer does; not where that is asked.

    >>> told = "An earlier version of this article said 62."
    >>> is_withdrawn(told, "How many are closed?"), is_withdrawn(told, "What did the earlier version say?")
    (True, False)
    """
    return WITHDRAWN.search(sentence) is not None and not OF_CORRECTIONS.search(question)
