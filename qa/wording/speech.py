"""Questions about what somebody said -> the sentences that report speech or thought. Pure."""

import re

from index.terms import terms

SPEECH = (
    "say|says|said|saying|tells?|told|claim(?:s|ed)?|argue[sd]?|warn(?:s|ed)?|call(?:s|ed)? for|demand(?:s|ed)?|"
    "promise[sd]?|suggest(?:s|ed)?|announce[sd]?|thinks?|thought|respond(?:s|ed)?"
)
ALSO_ASKED_BY = "react(?:s|ed)?|comment(?:s|ed)?|view(?:s|ed)?|position|opinion"
ALSO_REPORTED_BY = (
    "adds?|added|caution(?:s|ed)?|insist(?:s|ed)?|dismiss(?:es|ed)?|declare[sd]?|accuse[sd]?|den(?:y|ies|ied)|"
    "call(?:s|ed)? on|critici[sz](?:es|ed)|praise[sd]?|reject(?:s|ed)?|stress(?:es|ed)?|note[sd]?|explain(?:s|ed)?|"
    "believe[sd]?|ask(?:s|ed)|urge[sd]?|threaten(?:s|ed)?|describe[sd]?|repl(?:y|ies|ied)|state[sd]|acknowledge[sd]?|"
    r"admit(?:s|ted)?|pledge[sd]?|vow(?:s|ed)?|propose[sd]?|according to|in \w+['’]s view|wants?|wanted|hope[sd]?"
)
ASKS_FOR_WORDS = re.compile(rf"\b(?:what|how|why|whether)\b.*\b(?:{SPEECH}|{ALSO_ASKED_BY})\b", re.IGNORECASE)
ABOUT = re.compile(r"\b(?:about|regarding|concerning)\s+(.+)", re.IGNORECASE)
REPORTS = re.compile(rf"\b(?:{SPEECH}|{ALSO_REPORTED_BY})\b", re.IGNORECASE)


def reports_what_is_asked(question: str, sentence: str) -> float:
    """Return 1 where `question` asks what somebody said or thinks and `sentence` reports such a thing, else 0.

    Where it asks what they said about something, the sentence has a word of that.

    >>> reports_what_is_asked("What did she say about exports?", "She warned that they would stop exporting.")
    1.0
    >>> reports_what_is_asked("What did she say about exports?", '"We will be firm," she said.')
    0.0
    >>> reports_what_is_asked("What does she think?", '"We will be firm," she said.')
    1.0
    >>> reports_what_is_asked("When did exports stop?", "She warned that exports would stop.")
    0.0
    """
    if not asks_for_words(question) or not REPORTS.search(sentence):
        return 0.0
    asked = ABOUT.search(question)
    about = set(terms(asked[1])) if asked else set()
    return float(not about or not about.isdisjoint(terms(sentence)))


def asks_for_words(question: str) -> bool:
    """Tell whether `question` asks what somebody said or thinks.

    >>> asks_for_words("What did she say about grain?"), asks_for_words("When did exports stop?")
    (True, False)
    """
    return ASKS_FOR_WORDS.search(question) is not None
