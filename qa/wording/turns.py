"""The record of a debate, or of a talk, in which each turn begins with who speaks -> whose words they are. Pure.

"MS. LANGE: That would not pay." A first turn may say more of somebody: "DR. ANN POE (Green Party):". A paragraph ends a
turn: what follows without a name may be anybody's.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.records import Span
from index.terms import FUNCTION_WORDS, words
from qa.wording.names import SPEAKER, subject_in

_WORD = r"(?:[A-Z][\w.'’-]*|of|the|de|van|von)"
TURN = re.compile(
    rf"^[ \t]*(?P<who>[A-Z][\w.'’-]*(?:[ ]{_WORD}){{0,5}})(?:[ ]\((?P<role>[^()\n]{{1,80}})\))?:[ \t]+\S.*",
    re.MULTILINE,
)
FEWEST_TURNS, FEWEST_SPEAKERS = 4, 2
"""Of a record; and of these somebody speaks twice. "Price: 3 euros" has no second price."""
ASKS, ANSWERS = "q", "a"
"""Of an interview: who answers is the one who is named before the first question."""
FORMS = frozenset({"dr", "hon", "madam", "miss", "mr", "mrs", "ms", "prof", "sir"})
"""Of address: they tell nobody from anybody else."""


@dataclass(frozen=True, slots=True)
class Record:
    """Who speaks, and where."""

    turns: Sequence[tuple[Span, str]]
    """The span of each turn, in order, and the last word of who speaks."""
    called: Mapping[str, frozenset[str]]
    """By that word, all by which its turns call them."""
    interviewed: Span | None
    """Where in the text the one is named who answers, if it is an interview."""


@lru_cache(maxsize=64)
def record(text: str) -> Record | None:
    r"""Return who speaks where in the record of a talk; None where `text` is none.

    >>> told = record("MR. POE (Labour): No.\nMS. ROE: Yes.\nMR. POE: Why?\nMS. ROE: Because.")
    >>> sorted(told.called["poe"]) if told else []
    ['labour', 'poe']
    """
    turns = [(Span(*turn.span()), words(turn["who"]), words(turn["role"] or "")) for turn in TURN.finditer(text)]
    spoke = Counter(who[-1] for _, who, _ in turns if who)
    if len(turns) < FEWEST_TURNS or len(spoke) < FEWEST_SPEAKERS or max(spoke.values()) == 1:
        return None
    called = {name: frozenset[str]() for name in spoke}
    for _, who, role in turns:
        called[who[-1]] |= frozenset((*who, *role)) - FUNCTION_WORDS - FORMS
    interviewed = subject_in(text[: turns[0][0].start]) if ANSWERS in called and ASKS in called else None
    if interviewed:
        called[ANSWERS] = frozenset(words(text[slice(*interviewed)])) - FUNCTION_WORDS
    return Record([(span, who[-1]) for span, who, _ in turns], called, interviewed)


def whose_turns(question: str, text: str, spans: Sequence[Span]) -> list[float]:
    r"""Tell of each sentence whose turn it is: theirs whose words `question` asks for 1, another's -1, else 0.

    >>> told = "MR. POE: No.\nMS. ROE: Yes.\nMR. POE: Why?\nMS. ROE: Because.\nThey left."
    >>> whose_turns("What did Ann Roe say?", told, [Span(0, 12), Span(13, 25), Span(58, 68)])
    [0.0, 0.0, 0.0]
    >>> whose_turns("What did Ms Roe say?", told, [Span(0, 12), Span(13, 25), Span(58, 68)])
    [-1.0, 1.0, 0.0]
    """
    asked = SPEAKER.search(question)
    told = record(text) if asked else None
    if asked is None or told is None:
        return [0.0] * len(spans)
    who = frozenset(words(asked["who"])) - FUNCTION_WORDS - FORMS
    theirs = {name for name, called in told.called.items() if who and who <= called}
    if not theirs:
        return [0.0] * len(spans)
    said = [next((name for turn, name in told.turns if turn.start <= start < turn.end), "") for start, _ in spans]
    return [(1.0 if name in theirs else -1.0) if name else 0.0 for name in said]
