"""(sentence, the day of its article) -> the days that it means and does not name: "on Tuesday", "in July". Pure.

Only such as had been by then, as far as the words tell: "said on Monday that it will sail" has one, "will sail on
Monday" and "sails on Monday" none, nor has "open Monday to Friday". "Today" is none, for it often means nowadays, nor
is what stands in a quotation, or behind another year in the same paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from qa.wording.dates import TimeSaid, Unit, times
from qa.wording.facts import YEAR

LATELY = {Unit.DAY: timedelta(days=60), Unit.MONTH: timedelta(days=330)}
"""A day or a month without its year that began longer before the article is more likely one to come."""
A_WEEK = timedelta(days=7)
SAID_THEN = re.compile(
    r"\b(?:said|says|told (?:\S+ ){1,3}|announced|reported|confirmed|warned|wrote|tweeted|declared)\s*"
    r"(?:early |late )?$",
    re.IGNORECASE,
)
"""What stands before the day on which something was said: what is said may be of what is to come, the day is not."""
AHEAD = re.compile(
    r"\b(?:will|won['’]t|would|could|(?-i:may)|might|should|shall|due|set to|schedul\w+|plan\w*|expect\w*|intend\w*|"
    r"hop(?:es|ed|ing)|(?:is|are|was|were) to|ahead of|upcoming|deadline|next|until|starting|beginning|if|unless)\b"
    r"|['’]ll\b",
    re.IGNORECASE,
)
BY_THEN = re.compile(
    r"\b(?:(?!need|hundred|indeed|speed|feed|seed|weed)\w{2,}ed|was|were|had|has|have|did|ate|beat|became|began|bought|"
    r"broke|brought|built|burst|came|caught|chose|cut|died|drew|drove|fell|felt|fled|flew|forgot|fought|found|gave|got|"
    r"grew|heard|held|hit|hurt|kept|knew|laid|lay|led|left|lost|made|meant|met|paid|put|quit|ran|rose|said|sank|sat|saw|"
    r"sent|set|shot|shut|sold|spent|spoke|spread|stole|stood|struck|swept|swore|taught|thought|threw|told|took|went|"
    r"withdrew|woke|won|wore|wrote)\b",
    re.IGNORECASE,
)
"""A verb that tells what had been: without one, "on Monday" may be to come."""
HABIT_BEFORE = re.compile(r"(?:\b(?:every|each)\s+|day\s*(?:to|through|till|[-–—])\s*)$", re.IGNORECASE)
HABIT_AFTER = re.compile(r"\s*(?:to|through|till|[-–—])\s*\w+day\b", re.IGNORECASE)
"""Days of every week: Monday to Friday."""
FAR_BEFORE = 400
"""Characters of a paragraph in which another year says what its days are of."""
FROM_THEN = re.compile(r"\b(?:yesterday|last|this|past|ago)\b", re.IGNORECASE)
"""What is counted from the day of the article, whatever is told before."""
NOWADAYS = re.compile(r"to(?:day|night)|this|now", re.IGNORECASE)
OPENING = re.compile(r"[“«„]")
CLOSING = re.compile(r"[”»]")
BEFORE_A_NAME = re.compile(r"(?<=\b\d{4})\s(?=[A-Z])")
"""A question may have a name behind a year, as of a law; in a sentence it is mostly who did something then."""


def before_in_paragraph(text: str, start: int) -> str:
    r"""Return what stands before a sentence that begins at `start`, as far as its paragraph and FAR_BEFORE go.

    >>> before_in_paragraph("A title.\n\nIn 2009 it rained. It stopped.", 29)
    'In 2009 it rained. '
    """
    first = max(text.rfind("\n", 0, start) + 1, start - FAR_BEFORE)
    return text[first:start]


def reckoned(sentence: str, published: date | None, before: str = "") -> Iterator[TimeSaid]:
    """Yield the days and months of a sentence that only the day of its article tells, and that had begun by then.

    `before` is what stands before the sentence in its paragraph.

    >>> friday = date(2022, 7, 22)
    >>> [str(time.until) for time in reckoned("It sank on Tuesday.", friday)]
    ['2022-07-19']
    >>> list(reckoned("It will sail on Tuesday.", friday))
    []
    """
    for time in times(BEFORE_A_NAME.sub(",", sentence), published) if published else ():
        since, until, said = time.since, time.until, sentence[time.start : time.end]
        is_told = time.dated and not time.counted  # with its year
        if not (since and until and published) or is_told or time.unit not in LATELY or NOWADAYS.match(said):
            continue
        if time.unit is Unit.DAY and since == until - A_WEEK:  # "on Friday", in an article of a Friday
            since = until  # that day, as papers write
        if published - since > LATELY[time.unit] or (time.unit is Unit.DAY and since != until):
            continue
        if not FROM_THEN.search(said) and any(year != str(since.year) for year in YEAR.findall(before)):
            continue
        to_it, behind = sentence[: time.start], sentence[time.end :]
        quoted = len(OPENING.findall(to_it)) > len(CLOSING.findall(to_it)) or to_it.count('"') % 2
        of_a_habit = HABIT_BEFORE.search(to_it) or HABIT_AFTER.match(behind)
        had_been = BY_THEN.search(sentence) is not None and AHEAD.search(sentence) is None
        if not quoted and not of_a_habit and (SAID_THEN.search(to_it) or had_been):
            yield replace(time, since=since, until=until, end=time.start + len(said.rstrip(".")))
