"""Few words that answer: which kind of fact a question asks for, and whether words are one, by rules. Pure.

What is not recognised is no fact, or does not fit: an answer then begins with its sentence.
"""

import re

from index.terms import terms
from qa.wording.dates import MONTH, SEASON, WEEKDAY, WORDS
from qa.wording.speech import asks_for_words

BEGINS = (
    r"(?:^|[.!?:;,]\s+|\b(?:know|remember|tell me)\s+)\W{0,3}(?:(?:and|but|so|then)\s+)?"
    r"(?:(?:at|by|for|from|in|of|on|since|to|under|until|with)\s+)?"
)
"""Where a question begins: a "when" in the middle of one asks for nothing."""
KINDS = {
    "time": r"when|(?:what|which) (?:year|day|date|month|time)",
    "number": r"how (?:many|much|old|long|far|tall|big|high|large|often)|(?:what|which) (?:number|percentage|share)",
    "person": r"who|whom|whose|(?:what|which) person",
    "place": r"where|(?:what|which) (?:country|city|town|state)",
    "choice": r"which",
}
"""The kinds of facts, and how they are asked for. Of a choice several may be right."""
TWO = re.compile(
    r"\w[,;]?\s+(?:and|or)\s+(?:(?:at|by|for|from|in|of|on|to|with)\s+)?(?:who|whom|when|where|why|how|which|what)\b",
    re.IGNORECASE,
)
"""What asks for two things has no one answer: "who signed it, and when?"."""
ASKED = {kind: re.compile(rf"{BEGINS}(?:{said})\b", re.IGNORECASE) for kind, said in KINDS.items()}

TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()  # noqa: SIM905
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
SPELT = (
    {word: number for number, word in enumerate(WORDS, start=1)}
    | {word: number for number, word in enumerate(TEENS, start=13)}
    | {word: 10 * number for number, word in enumerate(TENS, start=2)}
)
NUMBER = re.compile(rf"\d|\b(?:{'|'.join(SPELT)}|dozens?|hundreds?|thousands?|millions?|billions?)\b", re.IGNORECASE)
NUMERALS = {term: str(number) for word, number in SPELT.items() for term in terms(word)}
HOW_OFTEN = re.compile(
    r"\b(?:once|twice|single|half|few|several|every|daily|weekly|monthly|yearly|never)\b", re.IGNORECASE
)
TIME = re.compile(
    rf"\d|\b(?:{MONTH}|{WEEKDAY}|{SEASON}|yesterday|today|tomorrow|noon|midnight|morning|evening|night|"
    r"centur(?:y|ies)|(?:decade|year|month|week|day|hour)s?|after|before|during|until|since|ago|immediately|once)\b",
    re.IGNORECASE,
)
BESIDE_ANOTHER = re.compile(r"^[^\d]*\b(?:later|earlier)\b[^\d]*$", re.IGNORECASE)
"""A time by another one that stands elsewhere: "three days later"."""
COUNT = re.compile(r"\W*(?![12]\d{3}\b)\d[\d.,]*\W*")
"""A number that is no year, and nothing else: how old she was, and not when."""
DAY = re.compile(rf"\b(?:{MONTH}|{WEEKDAY})\b", re.IGNORECASE)
"""Beside a year or a count, a day is no other number of the same."""
YEAR = re.compile(r"\b[12]\d{3}\b")
UNIT = re.compile(
    r"%|\b(?:per\s?cent|centur(?:y|ie)|decade|year|month|week|day|hour|minute|dollar|euro|pound|mile|kilomet(?:er|re)|tonn?e?)",
    re.IGNORECASE,
)
"""What "how many" does not ask for, unless it names it."""
THE = re.compile(r"^\W*(?:the\s+)?", re.IGNORECASE)
NO_NAME = re.compile(r"\b(?:after|at|by|during|for|from|in|near|on|to|with)\b", re.IGNORECASE)
"""Behind one of these a capital is not that of the name: "shelling in Kharkiv"."""
ONE_BEHIND = re.compile(r"\s*,?\s+(?:and|or|as well as)\s+(?:(?:in|on|the)\s+)?(?=[^\W_])[^a-z]")
NAMES = r"(?:the|of|de|von|[^\W\d_a-z][\w’'-]*)"
LISTED_BEHIND = re.compile(rf"\s*,\s*{NAMES}(?:\s+{NAMES})*(?:\s*,\s*(?:(?:and|or)\s+)?[^\W_a-z]|\s+(?:and|or)\b)")
ONE_BEFORE = re.compile(
    r"(?:\b(?:among them|including|such as|like)|(?:^|\s)[^\W_a-z][\w’'-]*,?\s+(?:and|or))\s+(?:(?:in|on|the)\s+)?$"
)

DENIES = re.compile(r"\b(?:not|never|no longer|nobody|no one|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)
AND_YET = re.compile(r"\b(?:but|until|only|because|since)\b", re.IGNORECASE)
"""Between "not" and some words: they are what is so."""
CLAUSE = re.compile(r"[,;:]\s+")


def fact_asked_for(question: str) -> str:
    """Return which of KINDS is asked for; "" where it is none of them.

    >>> [fact_asked_for(one) for one in ("How many died?", "And in which year?", "Whose is it?", "Which is better?")]
    ['number', 'time', 'person', 'choice']
    >>> [fact_asked_for(one) for one in ("Why did it end?", "Must it help when one is attacked?", "Who said what?")]
    ['', '', 'person']
    >>> [fact_asked_for(one) for one in ("Who signed it, and when?", "When and where was it signed?")]
    ['', '']
    """
    if asks_for_words(question) or TWO.search(question):
        return ""
    return next((kind for kind, said in ASKED.items() if said.search(question)), "")


def is_name(words: str) -> bool:
    """Tell whether words are a name: one of them begins with no small letter, and all before it belong to it.

    >>> [is_name(words) for words in ("the Hague", "former president Donald Trump", "shelling in Kharkiv", "a hall")]
    [True, True, False, False]
    """
    begins = re.search(r"(?<![^\W_])(?=[^\W\d_])[^a-z]", THE.sub("", words))
    return begins is not None and not begins[0].islower() and not NO_NAME.search(THE.sub("", words)[: begins.start()])


def kind_of(words: str) -> str:
    """Return "number" or "name", or "" for words that are neither.

    >>> kind_of("seven days"), kind_of("“Minsk"), kind_of("in a hurry")
    ('number', 'name', '')
    """
    return "number" if NUMBER.search(words) else "name" if is_name(words) else ""


def fits(question: str, words: str) -> bool:
    """Tell whether `words` can be what `question` asks for.

    >>> fits("When did it end?", "18 July"), fits("When did it end?", "the Kremlin")
    (True, False)
    >>> fits("When did it end?", "three days later"), fits("When did it end?", "later in 2014")
    (False, True)
    >>> fits("When did she die?", "96"), fits("When did she die?", "1996"), fits("When did it begin?", "at 9")
    (False, True, True)
    >>> fits("How many times was it extended?", "twice"), fits("How many times was it extended?", "another 120 days")
    (True, False)
    >>> fits("Who killed her?", "shelling in Kharkiv"), fits("Where was it?", "in a hall of mirrors")
    (False, True)
    >>> fits("Who signed it?", "8 April 2010"), fits("Who signed it?", "Theresa May")
    (False, True)
    """
    match fact_asked_for(question):
        case "time":
            is_a_count = COUNT.fullmatch(words) is not None
            return TIME.search(words) is not None and not BESIDE_ANOTHER.search(words) and not is_a_count
        case "number":
            others = [unit for unit in UNIT.findall(words) if unit.lower() not in question.lower()]
            counted = re.search(r"\bhow (?:many|often)\b", question, re.IGNORECASE) is not None
            return bool(NUMBER.search(words) or HOW_OFTEN.search(words)) and not (counted and others)
        case "person":
            return is_name(DAY.sub("", words))
        case kind:
            return bool(kind)


def is_one_of_several(before: str, after: str) -> bool:
    """Tell whether words that stand between `before` and `after` are one of several that are listed there.

    >>> is_one_of_several("It was signed by Leonid Kuchma", ", Boris Yeltsin and Bill Clinton.")
    True
    >>> is_one_of_several("120 states, among them ", "."), is_one_of_several("It was ", " and John Major.")
    (True, True)
    >>> is_one_of_several("On ", ", Joseph Stone, a medic, was killed."), is_one_of_several("It left and ", " stayed.")
    (False, False)
    """
    return bool(ONE_BEHIND.match(after) or LISTED_BEHIND.match(after) or ONE_BEFORE.search(before))


def is_denied(question: str, before: str) -> bool:
    """Tell whether what stands `before` some words in their sentence says that it is not so; not where that is asked.

    >>> is_denied("Where was it taken?", "It was not taken "), is_denied("Where was it not taken?", "It was not taken ")
    (True, False)
    >>> is_denied("Where was it taken?", "It was not taken in Paris but "), is_denied("When?", "It did not end until ")
    (False, False)
    """
    clause = CLAUSE.split(before)[-1]
    denied = DENIES.search(clause)
    return denied is not None and not DENIES.search(question) and not AND_YET.search(clause, denied.end())


def are_different(one: str, two: str) -> bool:
    """Tell whether words are another number, or another name.

    >>> are_different("twelve people", "15 people"), are_different("12 people", "twelve")
    (True, False)
    >>> are_different("in 2014", "on 5 September"), are_different("on 4 May", "on 5 September")
    (False, True)
    >>> are_different("the Hague", "Minsk"), are_different("von der Leyen", "Orbán")
    (True, True)
    >>> are_different("12", "Minsk"), are_different("in a hurry", "in a hall"), are_different("Kyiv", "Kyiv and Minsk")
    (False, False, False)
    """
    kind = kind_of(one)
    if not kind or kind != kind_of(two) or bool(DAY.search(one)) != bool(DAY.search(two)):
        return False
    fact, other = terms_of(one), terms_of(two)
    if kind == "number":
        fact, other = (_numbers(said) or said for said in (fact, other))
    return bool(fact and other) and not fact & other


def are_the_same(one: str, two: str) -> bool:
    """Tell whether words give the same number, date or name, be it that one of them tells more of a date or a name.

    >>> are_the_same("eleven", "from eleven to fifteen"), are_the_same("twelve ports", "12")
    (False, True)
    >>> are_the_same("5 September 2014", "in 2014"), are_the_same("Putin", "Vladimir Putin"), are_the_same("Kyiv", "")
    (True, True, False)
    """
    fact, other = terms_of(one), terms_of(two)
    if not fact & other or not (fact <= other or other <= fact):
        return False
    dated = DAY.search(one) or DAY.search(two) or (YEAR.search(one) and YEAR.search(two))
    return bool(dated) or _numbers(fact) == _numbers(other)


def _numbers(said: set[str]) -> set[str]:
    return {term for term in said if any(map(str.isdigit, term))}


def terms_of(words: str) -> set[str]:
    """Return the terms of words, small numbers in digits.

    >>> sorted(terms_of("Twelve ports"))
    ['12', 'port']
    """
    return {NUMERALS.get(term, term) for term in terms(words)}
