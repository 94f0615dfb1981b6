"""A question that asks several things -> each of them, as a question; and their answers numbered on. Pure.

"When did the mission end and why?" asks two things, and seldom does one sentence answer both. So each is asked by
itself, the later ones as follow-ups to those before. Only what clearly is a question of its own is taken apart
(`docs/decisions/0039-several-questions.md`). "Compare one thing with another" asks what either is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.terms import WORD
from qa.compose import Citation, on_one_line
from qa.plain import STANDS_FOR, is_plural, sides_of, what_is
from qa.question import asks_nothing

MOST = 4
"""Questions that are asked one by one; of more, all are read as one."""
FEWEST_WORDS = 3
"""Of a question by itself."""
_ASKS = r"(?:who|whom|whose|what|which|when|where|why|how)"
_DOES = r"(?:did|does|do|is|are|was|were|has|have|had|will|would|can|could|should|may|might|must)(?:n['’]t)?"
_FULL = "|".join(
    (
        rf"{_ASKS}(?:\s+\w+){{0,3}}?\s+{_DOES}\s+(?!\w+ed\b)\S+\s+\S",  # why did it end; how many ships were there
        rf"(?!which\b){_ASKS}\s+{_DOES}\s+\S+\s*\?*$",  # who is he
        r"who\s+\w+\s+(?:it|him|her|them|that|this|the|an?)\b",  # who signed it
        rf"{_DOES}\s+(?:he|she|it|they|the\s+\w+)\s+\w",  # was it signed
        r"(?:did|does|do|will|would|can|could|should)\s+(?-i:[A-Z])\w+\s+\w",  # can Congress override it
    )
)
"""How a question begins that stands behind another: its verb before its subject, as in no clause that asks nothing."""
SENTENCE = re.compile(r"\S.*?(?:\?(?:\s\([^()]*\))?(?=\s+[^\s(])|$)", re.DOTALL)
"""As far as a question mark, and what stands in brackets behind it: what it has taken along from those before."""
BEGINS = re.compile(rf"(?:(?:and|but|so|or)\s+)?(?:{_ASKS}|{_DOES})\b(?!['’])", re.IGNORECASE)
NEXT = re.compile(
    rf",?\s+(?=and\s+(?:{_FULL}))|\s*;\s+(?=(?:and\s+)?(?:{_FULL}))"
    rf"|,\s+(?=(?:{_FULL}))(?=[^?]{{0,120}}?\sand\s+(?:{_FULL}))",  # of three
    re.IGNORECASE,
)
BEGUN_ALIKE = re.compile(rf"and\s+(?={_ASKS})", re.IGNORECASE)
LONE = re.compile(r",?\s+and\s+(?P<word>why|when|where|how)\s*\?*$", re.IGNORECASE)
"""At the end, a word that asks the same otherwise."""
ACTED = re.compile(
    r"who\s+(?P<did>\w+ed|built|held|led|made|met|sent|shot|told|won|wrote|broke|took|gave|began|drew|chose)\s+"
    r"(?P<what>.+)",
    re.IGNORECASE,
)
"""Who did something to something."""
PARTICIPLES = {
    "wrote": "written", "broke": "broken", "took": "taken", "gave": "given", "began": "begun", "drew": "drawn",
    "chose": "chosen",
}  # fmt: skip
"""Where it is another word than the past."""
ASKED_WITH = re.compile(
    rf"(?:(?:why|when|where|how(?!\s+(?:many|much|often|long|far|old|big)\b))\s+)?(?={_DOES}\b)", re.IGNORECASE
)
"""What such a word may stand in the place of."""


_THING = r"(?P<{0}>(?:(?:the|an?)\s+)?[\w’'.-]+(?:\s+[\w’'.-]+){{0,4}}?)"
_ONE, _OTHER = _THING.format("one"), _THING.format("other")
COMPARES = tuple(
    re.compile(rf"(?:please\s+|(?:can|could) you\s+(?:please\s+)?)?{form}\s*[?.!]*", re.IGNORECASE)
    for form in (
        rf"(?:compare|contrast)\s+{_ONE}\s+(?:and|with|to|against|versus|vs\.?)\s+{_OTHER}",
        rf"(?:what(?:['’]s|\s+(?:is|are|was|were))\s+)?(?:the\s+)?(?:\w+\s+)?differences?\s+between\s+{_ONE}\s+and\s+{_OTHER}",
        rf"how\s+(?:is|are|was|were)\s+{_ONE}\s+different\s+(?:from|to|than)\s+{_OTHER}",
        rf"how\s+(?:do|does|did)\s+{_ONE}\s+(?:differ\s+from|compare\s+(?:to|with))\s+{_OTHER}",
        rf"how\s+(?:do|does|did)\s+{_ONE}\s+and\s+{_OTHER}\s+(?:differ|compare)",
    )
)
VERSUS = re.compile(rf"{_ONE}\s+(?:versus|vs\.?)\s+{_OTHER}\s*[?.!]*", re.IGNORECASE)
"""Two names, or two things, and nothing else: not "Argentina vs. France score"."""
BOTH_SIDES = re.compile(
    r"(?:please\s+)?(?:(?:what(?:['’]s|\s+(?:is|are|were))|list|give(?:\s+me)?|tell\s+me)\s+)?(?:(?:the|some|main)\s+)*"
    r"(?:(?:arguments|reasons|points|case)\s+for\s+and\s+against|(?:pros\s+and\s+cons|advantages\s+and\s+"
    r"(?:disadvantages|drawbacks))\s+of)\s+(?P<what>.+?)\s*[?.!]*",
    re.IGNORECASE,
)
AND = re.compile(r"\b(?:and|or)\b", re.IGNORECASE)
DESCRIBES = re.compile(r"\b(?:of|in|on|at|for|from|to|by|during|after|before)\b", re.IGNORECASE)
"""Where one of two is described, what describes it may be meant of both: "the policies of Macron and Scholz"."""
CAPITAL = re.compile(r"[A-Z]")
ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)


def compared(question: str) -> tuple[str, str] | None:
    """Return the two things that `question` compares; None where it compares nothing, or what only "it" names.

    >>> compared("How is the Normandy Format different from the Minsk process?")
    ('the Normandy Format', 'the Minsk process')
    """
    found = next((match for form in COMPARES if (match := form.fullmatch(question))), None)
    versus = None if found else VERSUS.fullmatch(question)
    both = found or versus
    if both is None:
        return None
    one, other = both["one"], both["other"].rstrip(".")
    untold = any(STANDS_FOR.search(thing) or AND.search(thing) for thing in (one, other)) or one.endswith(("'s", "’s"))
    of_both = bool(DESCRIBES.search(one)) != bool(DESCRIBES.search(other))
    only_names = found is not None or (not BEGINS.match(one) and _is_one_name(one) and _is_one_name(other))
    return (one, other) if only_names and not untold and not of_both else None


def argued(question: str) -> str:
    """Return what `question` wants the arguments for and against of; "" where it wants none.

    >>> argued("What are the main arguments for and against the veto?"), argued("pros and cons of a pocket veto")
    ('the veto', 'a pocket veto')
    """
    found = BOTH_SIDES.fullmatch(question)
    return found["what"] if found and not STANDS_FOR.search(found["what"]) else ""


def _is_one_name(thing: str) -> bool:
    """Tell whether all words begin with a capital, or none does."""
    return len({CAPITAL.match(word) is None for word in ARTICLE.sub("", thing, count=1).split()}) == 1


def parts(question: str) -> tuple[str, ...]:
    """Return what `question` asks, each as a question; itself where it asks one thing.

    >>> parts("When did the mission end and why?")
    ('When did the mission end?', 'Why did the mission end?')
    >>> parts("Who signed the treaty, and what does it promise?")
    ('Who signed the treaty?', 'And what does it promise?')
    >>> parts("When did Finland join, and when did Sweden join?")
    ('When did Finland join?', 'When did Sweden join?')
    >>> parts("When does it open, how long is it and who built it?")
    ('When does it open?', 'How long is it?', 'And who built it?')
    >>> parts("Who signed the accords, and when?")
    ('Who signed the accords?', 'When were the accords signed?')
    >>> parts("Compare a pocket veto with an ordinary veto")
    ('What is a pocket veto?', 'What is an ordinary veto?')
    >>> parts("Pros and cons of the veto")
    ('What do supporters of the veto say?', 'What do critics of the veto say?')
    >>> parts("What did he say about when and where they met?")
    ('What did he say about when and where they met?',)
    """
    if both := compared(question):
        return tuple(map(what_is, both))
    if what := argued(question):
        return tuple(sides_of(what))
    sentences = SENTENCE.findall(question)
    if not all(BEGINS.match(sentence) for sentence in sentences):
        return (question,)
    found = [part for sentence in sentences for part in _of_sentence(sentence)]
    whole = all(len(WORD.findall(part)) >= FEWEST_WORDS and not asks_nothing(part) for part in found)
    return tuple(found) if whole and 1 < len(found) <= MOST else (question,)


def _of_sentence(sentence: str) -> list[str]:
    """Return the questions of one sentence.

    One that follows with "and" leans on the one before it, unless it asks with the same word, and so for another.
    """
    found: list[str] = []
    for part in NEXT.split(sentence):
        joined = BEGUN_ALIKE.match(part)
        alike = joined and found and _first_word(part[joined.end() :]) == _first_word(found[0])
        found.append(_as_a_question(part[joined.end() :] if joined and alike else part))
    lone, asked = LONE.search(found[-1]), ASKED_WITH.match(found[-1])
    if lone:
        before = found[-1][: lone.start()]
        acted = ACTED.fullmatch(before)
        if acted:
            was = "were" if is_plural(acted["what"]) else "was"
            rest = f"{was} {acted['what']} {PARTICIPLES.get(acted['did'].lower(), acted['did'])}"
            found[-1:] = [_as_a_question(before), _as_a_question(f"{lone['word']} {rest}")]
        elif asked:
            rest = before[asked.end() :]
            found[-1:] = [_as_a_question(before), _as_a_question(f"{lone['word']} {rest[:1].lower()}{rest[1:]}")]
    return found


def _first_word(text: str) -> str:
    return text.split(maxsplit=1)[0].lower()


def _as_a_question(text: str) -> str:
    """Return `text` as it stands by itself."""
    asked, mark, taken_along = text.rstrip(" ?,;").partition("? (")
    return f"{asked[:1].upper()}{asked[1:]}?{mark[1:]}{taken_along}"


def numbered_on(text: str, citations: Sequence[Citation], after: int) -> tuple[str, tuple[Citation, ...]]:
    """Return an answer and its citations with numbers that go on after `after`.

    The marks in the text are found behind the quotes: characters of a quote that look like one stay.
    """
    done, rest = "", text
    for citation in citations:
        quote, mark = on_one_line(citation.quote), f"[{citation.number}]"
        at = rest.index(mark, 0 if citation.agrees_with else rest.index(quote) + len(quote))
        done += f"{rest[:at]}[{citation.number + after}]"
        rest = rest[at + len(mark) :]
    moved = (
        replace(one, number=one.number + after, agrees_with=one.agrees_with and one.agrees_with + after)
        for one in citations
    )
    return done + rest, tuple(moved)
