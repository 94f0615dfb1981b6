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

SAYS = re.compile(
    r"\b(?:says?|said|saying(?! no\b)|tells?|told|claim(?:s|ed)|argue[sd]?|warn(?:s|ed)|announce[sd]|insist(?:s|ed)?|"
    r"complain(?:s|ed)?|dismiss(?:es|ed)|declare[sd]|accuse[sd]?|den(?:y|ies|ied)|critici[sz](?:es|ed)|praise[sd]|"
    r"stress(?:es|ed)|believe[sd]?|urge[sd]|acknowledge[sd]?|admit(?:s|ted)|pledge[sd]|vow(?:s|ed)|threaten(?:s|ed)|"
    r"according to (?!wh)|in \w+['’]s view"
    r"|(?:adds|added|answer(?:s|ed)?|explain(?:s|ed)|note[sd]|point(?:s|ed)? out|promise[sd]?|propose[sd]?|"
    r"repl(?:ies|ied)|responded|state[sd]|suggest(?:s|ed)?|thinks?|thought|wr(?:ites|ote))\s+that)\b",
    re.IGNORECASE,
)
"""Words by which somebody is said to say or think something, whoever it is."""
QUOTATION = re.compile(r"[“\"«„](?:[^”\"»“]+\s){2,}[^”\"»“]+[”\"»“]")
"""Three words or more in quotation marks."""

_WHO = r"(?:those|people|everyone|countries|states) (?:who|that)"
_FOR = (
    "(?:supporters?|defenders?|proponents?|advocates?|backers?"
    rf"|{_WHO} (?:are (?:for|in favou?r of)|back|defend|favou?r|support|want))"
)
_AGAINST = (
    "(?:critics?|opponents?|s[ck]eptics?|detractors?|objectors?"
    rf"|{_WHO} (?:are (?:against|opposed to)|attack|critici[sz]e|dislike|object to|oppose|reject))"
)
_WHY = r"\bwhy (?:do|did|does|are|is|was|were) .{2,60}? "
CAMPS = (
    re.compile(rf"\b{_FOR}\b|{_WHY}(?:back|defend|favou?r|support)\b", re.IGNORECASE),
    re.compile(rf"\b{_AGAINST}\b|{_WHY}(?:against|critici[sz]e|dislike|object|opposed?|reject)\b", re.IGNORECASE),
)
"""Those who are for something, and those who are against it, as a question names them."""
OF_A_CAMP = tuple(
    re.compile(rf"\W*(?:(?:but|and|the|its|their|many|most|some|other) )*{camp}\b", re.IGNORECASE)
    for camp in (_FOR, _AGAINST)
)
"""The beginning of a sentence that tells of them."""
GOES_ON = re.compile(r"\W*(?:they|others|some)\b", re.IGNORECASE)


def is_of_the_other_camp(question: str, sentence: str, before: str = "") -> bool:
    """Tell whether `sentence` is about those who are for something, and `question` about those who are against it.

    Or the other way round. `before` is the sentence before it, on which it may go on.

    >>> is_of_the_other_camp("What do people who defend the veto argue?", "Critics answer that it is unfair.")
    True
    >>> is_of_the_other_camp("Why do people object to it?", "They also say that it is slow.", "Supporters disagree.")
    True
    >>> is_of_the_other_camp("What do critics of the veto say?", "Critics answer that it is unfair.")
    False
    """
    asked = [camp.search(question) is not None for camp in CAMPS]
    if sum(asked) != 1:
        return False
    other = OF_A_CAMP[asked.index(False)]
    goes_on = GOES_ON.match(sentence) is not None and REPORTS.search(sentence) is not None
    return bool(other.match(sentence) or (goes_on and other.match(before)))


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
