"""A question as a person typed it -> what it asks, without what only leads up to it. Pure.

"Could you tell me when Sweden joined NATO?" asks no more than "when Sweden joined NATO?", and what it says beside that
misleads search and reader (`docs/decisions/0040-what-leads-up-to-a-question.md`).
"""

import re

_ASKS = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
_THE_ARTICLES = r"(?:the|these|those|your|our|my|all)\s+(?:articles|texts|documents|files|sources|stories)"
GREETS = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: (?:there|all|everybody))?|thanks(?: a lot)?|"
    r"thank you(?: (?:very|so) much)?|please|ok(?:ay)?|great|well)\s*[,.!–—-]+\s+(?=\w)",
    re.IGNORECASE,
)
MOST_GREETINGS = 2
"""That stand one after the other: "Hello! Please, ..."."""
LEADS_UP = re.compile(
    r"(?:(?:and|but|so|also),?\s+)?(?:please\s+)?(?:"
    r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+|kindly\s+)?)?"
    r"(?:(?:tell|show|let)\s+(?:me|us)(?:\s+know)?|explain(?:\s+to\s+(?:me|us))?)"
    r"|(?:do|does|did|would)\s+(?:you|anyone|anybody)\s+(?:happen\s+to\s+)?know|any\s+idea"
    r"|(?:i|we)(?:['’]d|\s+would)?\s+(?:just\s+)?(?:like|want|need)\s+to\s+(?:know|find out|understand|ask|learn)"
    r"|(?:i|we)(?:['’]m|\s+am|\s+was)?\s+(?:wonder(?:ing)?|curious(?:\s+to\s+know)?)|my\s+question\s+is"
    rf"|(?:do|does|did|can|could)\s+{_THE_ARTICLES}\s+(?:say|tell(?:\s+(?:me|us))?|mention|explain|know)"
    rf")\s*[,:]?\s+(?:(?:if|whether)\s+(?!(?:you|i)\b)|(?={_ASKS}))",
    re.IGNORECASE,
)
"""What leads up to a question that follows as a clause."""
IS_IT_TRUE = re.compile(
    r"(?:is\s+it\s+(?:true|correct|right|the\s+case)|did\s+you\s+know)\s+that\s+(?=\w)", re.IGNORECASE
)
BY_THE_ARTICLES = re.compile(
    rf"^(?:according\s+to|as\s+per|based\s+on|going\s+by)\s+{_THE_ARTICLES}\s*,?\s+(?=\w)"
    rf"|,?\s+(?:according\s+to|as\s+per|based\s+on)\s+{_THE_ARTICLES}(?=\s*[?.!]*$)|\s*,\s*please(?=\s*[?.!]*$)",
    re.IGNORECASE,
)
TURNED = re.compile(r"(?P<asks>who|what)\s+(?P<thing>[^,;:?]+?)\s+(?P<is>is|are|was|were)\s*[?.!]*", re.IGNORECASE)
ABOUT = re.compile(
    r"(?:please\s+)?(?:(?:can|could|would)\s+you\s+(?:please\s+)?)?(?:"
    r"tell\s+(?:me|us)\s+(?:(?:all|something|everything)\s+)?about|describe|explain(?:\s+to\s+(?:me|us))?"
    r"|give\s+(?:me|us)\s+(?:some\s+)?(?:information|info|details|facts)\s+(?:on|about)"
    r"|what\s+(?:do|can)\s+you\s+(?:know|tell\s+(?:me|us)|say)\s+about"
    r"|i(?:['’]d|\s+would)?\s+(?:like|want)\s+to\s+know\s+about"
    rf")\s+(?P<thing>(?!{_ASKS})(?:(?:the|an?)\s+)?[\w’'.-]+(?:\s+[\w’'.-]+){{0,5}}?)\s*[?.!]*",
    re.IGNORECASE,
)
"""What asks of a thing no more than what it is."""
STANDS_FOR = re.compile(
    r"\b(?:it|its|them|their|that|this|these|those|he|she|they|him|her|his|more|you|yourself|articles|stories|"
    r"(?:the|an?|your)\s+(?:article|story|report|piece|text))\b",
    re.IGNORECASE,
)
"""What is no thing by itself, or is the articles themselves."""
PLURAL = re.compile(r"\b[a-z]*[a-hj-rtv-z]s$")
NAME = re.compile(r"[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*")
"""All of it capitals, and no number: "Article 5" is nobody."""
ARGUMENTS = re.compile(
    r"(?:please\s+)?(?:what(?:['’]s|\s+(?:is|are|were))?\s+(?:(?:the|some|main)\s+)*arguments?|what\s+speaks)\s+"
    r"(?:(?P<for>for|in\s+favou?r\s+of)|against)\s+(?P<what>(?!and\b).+?)\s*[?.!]*",
    re.IGNORECASE,
)
"""What is said by those who are for something, or against it. The case against somebody is heard in court."""
OF_IT = re.compile(r"\s+(?:of|in|on|at|for|from|to|by|about|between|with|behind)\s")


def what_is(thing: str) -> str:
    """Return the question what something is, or who, of a name that may be either.

    >>> what_is("the treaty"), what_is("the steps of the plan"), what_is("Sergey Lavrov")
    ('What is the treaty?', 'What are the steps of the plan?', 'Who or what is Sergey Lavrov?')
    """
    if NAME.fullmatch(thing) and not any(map(str.isdigit, thing)):
        return f"Who or what is {thing}?"
    return f"What {'are' if is_plural(thing) else 'is'} {thing}?"


def sides_of(thing: str) -> tuple[str, str]:
    """Return the questions what those say who are for something, and those who are against it."""
    return f"What do supporters of {thing} say?", f"What do critics of {thing} say?"


def is_plural(thing: str) -> bool:
    """Tell whether a thing is several, as far as the last letters of its noun tell."""
    return PLURAL.search(OF_IT.split(thing, maxsplit=1)[0]) is not None


def plain(question: str) -> str:
    """Return a question without what only leads up to it, and has no part in what the articles say.

    >>> plain("Hello! Could you please tell me when Sweden joined NATO?")
    'When Sweden joined NATO?'
    >>> plain("Do you know who Sicinski was"), plain("Is it true that the corridor was closed, please?")
    ('Who was Sicinski?', 'The corridor was closed?')
    >>> plain("Tell me about the liberum veto"), plain("Explain it")
    ('What is the liberum veto?', 'Explain it')
    >>> plain("What are the main arguments against the veto?"), plain("what speaks for the treaty")
    ('What do critics of the veto say?', 'What do supporters of the treaty say?')
    >>> plain("According to the articles, who signed it?"), plain("Tell me more"), plain("Who told you why?")
    ('Who signed it?', 'Tell me more', 'Who told you why?')
    """
    asked = question
    for _ in range(MOST_GREETINGS):
        asked = _after(GREETS, asked)
    asked = BY_THE_ARTICLES.sub("", asked, count=1)
    about = ABOUT.fullmatch(asked)
    if about and not STANDS_FOR.search(about["thing"]):
        return what_is(about["thing"].rstrip("."))
    if argued := ARGUMENTS.fullmatch(asked):
        return sides_of(argued["what"])[argued["for"] is None]
    clause = _after(IS_IT_TRUE, _after(LEADS_UP, asked))
    if clause != asked:
        turned = TURNED.fullmatch(clause)
        asked = f"{turned['asks']} {turned['is']} {turned['thing']}?" if turned else f"{clause.rstrip(' ?.!')}?"
    return asked if asked == question else f"{asked[:1].upper()}{asked[1:]}"


def _after(leads: re.Pattern[str], question: str) -> str:
    found = leads.match(question)
    return question[found.end() :] if found else question
