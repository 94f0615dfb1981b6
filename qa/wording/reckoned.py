"""(sentence, the day of its article) -> the days that it means and does not name: "on Tuesday", "in July". Pure.

Only such as had been by then, as far as the words tell: "said on Monday that it will sail" has one, "will sail on
Monday" none. "Today" is none, for it often means nowadays, nor is what stands in a quotation.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from qa.wording.dates import TimeSaid, Unit, times

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
NOWADAYS = re.compile(r"to(?:day|night)|this|now", re.IGNORECASE)
OPENING = re.compile(r"[“«„]")
CLOSING = re.compile(r"[”»]")
BEFORE_A_NAME = re.compile(r"(?<=\b\d{4})\s(?=[A-Z])")
"""A question may have a name behind a year, as of a law; in a sentence it is mostly who did something then."""


def reckoned(sentence: str, published: date | None) -> Iterator[TimeSaid]:
    """Yield the days and months of a sentence that only the day of its article tells, and that had begun by then.

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
        before = sentence[: time.start]
        quoted = len(OPENING.findall(before)) > len(CLOSING.findall(before)) or before.count('"') % 2
        if not quoted and (SAID_THEN.search(before) or not AHEAD.search(sentence)):
            yield replace(time, since=since, until=until, end=time.start + len(said.rstrip(".")))
