"""Questions about what something is, or who somebody is -> the sentences that say it. Pure."""

import re

from index.terms import unaccented
from qa.wording.asking import TAKEN_ALONG

ASKS = re.compile(
    r"^(?:so |and |but )?(?:what|who|who or what)"
    r"(?:(?:['’]?s| is| are| was| were)(?: exactly)?| exactly (?:is|are|was|were)) "
    r"(?:(?:a|an|the) )?(?P<subject>[^,;:?]+?)\s*\??$",
    re.IGNORECASE,
)
LONGEST = 5
"""Words of a subject. A longer one is described, not named: "the legal basis for the operation in Afghanistan"."""
DESCRIBES = re.compile(
    r"^[a-z][\w-]* (?:of|for|in|on|at|by|to|from|between|behind|about|against|with)\b|"
    r"\b(?:and|or|that|which|who|when|where|going|happening|doing|known|called|said|like)\b"
)
"""What is asked is not the thing that is named, but something of it: "the population of Crimea"."""
MARKS = r"[\"'“”‘’*]*"
IS = rf"{MARKS}(?:,? (?:then|also|now|still|today))? (?:is|are|was|were|became|remains?)"
KIND = r"(?:an?|the|one|any|part|not|both|what|some|meant|designed|intended|supposed|best known)"
SAYS_AFTER = re.compile(
    rf"{IS}(?: [a-z]+ly| at first| originally)? {KIND}\b|"
    rf"{MARKS},? (?:means?|refers? to|consists? of|describes?)\b|"
    rf"{MARKS}, (?:an?|the|one of)\b|{MARKS} [(–—-]",
    re.IGNORECASE,
)
SAYS_BEFORE = re.compile(
    rf"\b(?:known as|referred to as|called|named|nicknamed|dubbed|so-called)\s+{MARKS}(?:(?:an?|the) )?{MARKS}$",
    re.IGNORECASE,
)
OF_ANOTHER = re.compile(
    r"\b(?:of|under|for|in|on|at|by|to|from|with|about|against|than)\s+(?:(?:an?|the) )?[\"'“‘*]*$", re.IGNORECASE
)
"""Before a subject of which something else is said: "the problem of the treaty was the order of its steps"."""
OFFICE = re.compile(
    r"\b(?:president|minister|chancellor|secretary|ambassador|envoy|diplomat|leader|director|general|chief|head|commander|"
    r"spokes\w+|senator|deputy|commissioner|governor|mayor|judge|lawyer|king|queen|pope|analyst|economist|historian|"
    r"professor|author|writer|journalist|founder|owner|chair\w*)\s+(?:[A-Z][\w'’-]+\s+){0,2}$",
    re.IGNORECASE,
)
"""Before the name of a person, of whom it says who they are."""
NEAR_THE_FRONT = 60
"""Characters before a subject that is said to be something; what is named later is not what the sentence is about."""


def says_what_it_is(question: str, sentence: str) -> float:
    """Return 1 where `question` asks what something is, or who somebody is, and `sentence` says so, else 0.

    >>> says_what_it_is("What is a pocket veto?", "This is called a pocket veto, and no vote can override it.")
    1.0
    >>> says_what_it_is("Who was Joseph Stone?", "On 23 April Joseph Stone, a paramedic, was killed.")
    1.0
    >>> says_what_it_is("What is Article 5?", "Article 5 was invoked once.")
    0.0
    >>> says_what_it_is("What is the population of Crimea?", "Crimea is a peninsula.")
    0.0
    """
    subject = unaccented(what_is_asked(question))
    if not subject:
        return 0.0
    sentence = unaccented(" ".join(sentence.split()))
    named = re.compile(r"\b" + r"[\s\"'“”‘’*-]+".join(map(re.escape, subject.split())) + r"\b", re.IGNORECASE)
    who = question.casefold().lstrip().startswith("who")
    return float(any(_says(sentence[: at.start()], sentence[at.end() :], who=who) for at in named.finditer(sentence)))


def _says(before: str, after: str, *, who: bool) -> bool:
    """Tell whether a sentence says what it is that it names between `before` and `after`."""
    if SAYS_BEFORE.search(before) or (who and OFFICE.search(before)):
        return True
    return len(before) <= NEAR_THE_FRONT and not OF_ANOTHER.search(before) and SAYS_AFTER.match(after) is not None


def what_is_asked(question: str) -> str:
    """Return what it is that `question` asks about, as it is named there; nothing where it asks for something else.

    >>> what_is_asked("what exactly is the Normandy Format?"), what_is_asked("What is the capital of France?")
    ('Normandy Format', '')
    """
    asked = ASKS.match(" ".join(TAKEN_ALONG.sub("", question).split()))
    if asked is None or DESCRIBES.search(asked["subject"]) or len(asked["subject"].split()) > LONGEST:
        return ""
    return asked["subject"]
