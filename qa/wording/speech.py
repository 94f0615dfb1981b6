"""Questions about what somebody said -> the sentences that report speech or thought. Pure."""

import re
from collections.abc import Sequence

from index.records import Span
from index.terms import terms

Matches = Sequence[re.Match[str] | None]

SPEECH = (
    "say|says|said|saying|tells?|told|claim(?:s|ed)?|argue[sd]?|warn(?:s|ed)?|call(?:s|ed)? for|demand(?:s|ed)?|"
    "promise[sd]?|suggest(?:s|ed)?|announce[sd]?|thinks?|thought|respond(?:s|ed)?"
)
ALSO_ASKED_BY = "react(?:s|ed)?|comment(?:s|ed)?|view(?:s|ed)?|position|opinion"
ALSO_REPORTED_BY = (
    "adds?|added|caution(?:s|ed)?|insist(?:s|ed)?|dismiss(?:es|ed)?|declare[sd]?|accuse[sd]?|den(?:y|ies|ied)|"
    "call(?:s|ed)? (?:on|it|him|her|them|this|that|the)|"
    "critici[sz](?:es|ed)|praise[sd]?|reject(?:s|ed)?|stress(?:es|ed)?|note[sd]?|explain(?:s|ed)?|"
    "believe[sd]?|ask(?:s|ed)|urge[sd]?|threaten(?:s|ed)?|describe[sd]?|repl(?:y|ies|ied)|state[sd]|acknowledge[sd]?|"
    r"admit(?:s|ted)?|pledge[sd]?|vow(?:s|ed)?|propose[sd]?|according to|in \w+['’]s view|wants?|wanted|hope[sd]?"
)
ASKS_FOR_WORDS = re.compile(rf"\b(?:what|how|why|whether)\b.*\b(?:{SPEECH}|{ALSO_ASKED_BY})\b", re.IGNORECASE)
ABOUT = re.compile(r"\b(?:about|regarding|concerning)\s+(.+)", re.IGNORECASE)
REPORTS = re.compile(
    rf"(?!(?<=don't )tell|(?<=don’t )tell|(?<=do not )tell)\b(?:{SPEECH}|{ALSO_REPORTED_BY})\b", re.IGNORECASE
)

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
QUOTATION = re.compile(r"[“\"«„]\s*[^”\"»“„«\s]+(?:\s+[^”\"»“„«\s]+){2,}\s*[”\"»“]")
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
_UP_TO = rf"(?=[,?]|\s(?:{SPEECH}|{ALSO_REPORTED_BY}|answer(?:s|ed)?|point(?:s|ed)?|are|were|have|had)\b|$)"
OF_WHAT = re.compile(rf"\s+(?:of|to)\s+(.+?){_UP_TO}", re.IGNORECASE)
"""What they are for or against, where a sentence says so."""
CAUSE = re.compile(rf"(?:\s+(?:of|to))?((?:\s.+?)??){_UP_TO}", re.IGNORECASE)
"""The same, in a question: "of the veto" behind supporters, "the veto" behind people who defend."""
PARAGRAPH = re.compile(r"\n\s*\n")
SHORT = 60
"""Characters: a paragraph that is no longer is a heading, and what it is about stands before it, too."""
LOOKED_BACK = 1500
"""Characters before a sentence in which it is looked for what it is about."""


def are_of_others(question: str, text: str, spans: Sequence[Span]) -> list[bool]:
    """Tell of each sentence whether it tells of those who are for or against something, and others are asked about.

    Of the other side: critics where defenders are asked about. Or of those who are for or against something else.
    What a paragraph says of them goes on until it ends, or comes to others.

    >>> text = "Five have a veto. Supporters praise it. Critics say no. They laugh."
    >>> spans = [Span(0, 17), Span(18, 39), Span(40, 55), Span(56, 67)]
    >>> are_of_others("What do people who defend the veto say?", text, spans)
    [False, False, True, True]
    >>> are_of_others("What do supporters of the treaty say?", text, spans)
    [False, True, True, True]
    >>> are_of_others("Why do supporters say that they were cheated?", text, spans)
    [False, False, True, True]
    """
    asked = [camp.search(question) for camp in CAMPS]
    told, others, last_end = False, list[bool](), 0
    for start, end in spans if any(asked) else ():
        if PARAGRAPH.search(text, last_end, start):
            told = False
        camps = [camp.match(text, start, end) for camp in OF_A_CAMP]
        if any(camps):
            told = _is_of_others(question, asked, text[start:end], camps, text[max(0, start - LOOKED_BACK) : start])
        others.append(told)
        last_end = end
    return others or [False] * len(spans)


def names_a_cause(question: str) -> bool:
    """Tell whether `question` says what those are for, or against, who are asked about.

    >>> names_a_cause("What do critics of the veto say?"), names_a_cause("What do critics say?")
    (True, False)
    """
    asked = next((found for camp in CAMPS if (found := camp.search(question))), None)
    return asked is not None and bool(terms(_cause(question, asked)))


def _cause(question: str, asked: re.Match[str]) -> str:
    """Return what those are for, or against, who are asked about; "" where that is not said."""
    behind = CAUSE.match(question, asked.end())
    return behind[1] if behind else ""


def _is_of_others(question: str, asked: Matches, sentence: str, camps: Matches, before: str) -> bool:
    """Tell whether a sentence that begins with those of a side is about others than are asked about.

    `before` is the text before it: where the cause has a name, that may stand far back.
    """
    if all(asked):
        return False
    wanted, found = next((camp, told) for camp, told in zip(asked, camps, strict=True) if camp or told)
    if not wanted or not found:
        return True
    cause = _cause(question, wanted)
    sought = set(terms(cause))
    if not sought:
        return False
    named = OF_WHAT.match(sentence, len(found[0]))
    context = before if any(map(str.isupper, cause)) else _leading_up_to(before)
    return sought.isdisjoint(terms(named[1] if named else context))


def _leading_up_to(before: str) -> str:
    """Return the end of a text that a sentence goes on with: its paragraph, or where it opens one, that before."""
    found, context = PARAGRAPH.split(before), ""
    while found and len(context) <= SHORT:
        context = f"{found.pop()} {context}".strip()
    return context


def reports_what_is_asked(question: str, sentence: str) -> float:
    """Return 1 where `question` asks what somebody said or thinks and `sentence` reports such a thing, else 0.

    Where it asks what they said about something, the sentence has a word of that.

    >>> reports_what_is_asked("What did she say about exports?", "She warned that they would stop exporting.")
    1.0
    >>> reports_what_is_asked("What did she say about exports?", '"We will be firm," she said.')
    0.0
    >>> reports_what_is_asked("What does she think?", '"We will be firm," she said.')
    1.0
    >>> reports_what_is_asked("What did she say about exports?", "She called the exports a gift.")
    1.0
    >>> reports_what_is_asked("What did she say about exports?", "But don't tell me it was the exports.")
    0.0
    >>> reports_what_is_asked("When did exports stop?", "She warned that exports would stop.")
    0.0
    """
    return float(asks_for_words(question) and REPORTS.search(sentence) is not None and is_about_it(question, sentence))


def is_about_it(question: str, sentence: str) -> bool:
    """Tell whether `sentence` has a word of what `question` asks about, if it says so by "about"."""
    asked = ABOUT.search(question)
    about = set(terms(asked[1])) if asked else set()
    return not about or not about.isdisjoint(terms(sentence))


def asks_for_words(question: str) -> bool:
    """Tell whether `question` asks what somebody said or thinks.

    >>> asks_for_words("What did she say about grain?"), asks_for_words("When did exports stop?")
    (True, False)
    """
    return ASKS_FOR_WORDS.search(question) is not None
