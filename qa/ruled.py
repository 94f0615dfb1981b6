"""A question and a passage -> what rules tell of each sentence, before anything is read. Pure.

Whose words it is, whether it can answer at all, and whether it is asked for outright: as the cell of a table, or behind
the same question. The trained reader decides among the rest (`qa.read`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Hit, Span
from qa.quoted import STANDS_FOR
from qa.wording.asking import asks, asks_the_same
from qa.wording.names import are_the_writers, are_the_writers_own
from qa.wording.offices import is_told_of_elsewhere, office_asked_for
from qa.wording.paratext import is_caption, is_withdrawn
from qa.wording.speech import are_of_others, asks_for_words
from qa.wording.tables import cells_asked_for
from qa.wording.turns import whose_turns


@dataclass(frozen=True, slots=True)
class Ruled:
    """What rules tell of a sentence, whatever the trained reader finds."""

    own: bool
    """Whether it is in the words of whoever is asked for."""
    tells_nothing: bool
    """Whether it is a question, the caption of a picture, or what those say who are not asked for: none answers."""
    cell: Span | None
    """Where it is a row of a table: the cell that is asked for."""
    is_asked_for: bool
    """Whether it stands behind the same question, on a page of questions and answers."""


def by_rules(question: str, hit: Hit, spans: Sequence[Span]) -> list[Ruled]:
    """Return what rules tell of each sentence of a hit."""
    text, by_words = hit.article.text, asks_for_words(question)
    of_writer = by_words and are_the_writers(question, hit.article.author or "")
    turns = whose_turns(question, text, spans) if by_words else [0.0] * len(spans)
    cells, other_rows = cells_asked_for(question, text, spans)
    office = office_asked_for(question)
    captions = _of_pictures(text, spans)
    title, asked = hit.article.title or "", ""
    ruled = []
    for place, (of_a_camp, turn) in enumerate(zip(are_of_others(question, text, spans), turns, strict=True)):
        sentence = text[slice(*spans[place])]
        own = turn > 0 or (of_writer and are_the_writers_own(sentence))
        of_others = of_a_camp or turn < 0 or (of_writer and not own) or place in other_rows
        elsewhere = office is not None and is_told_of_elsewhere(office, title, text, spans[place])
        only_asks = asks(sentence, question)
        beside = elsewhere or only_asks or captions[place] or is_withdrawn(sentence, question)
        is_asked_for = asks_the_same(asked, question, title) if asked else False
        ruled.append(Ruled(own, of_others or beside, cells.get(place), is_asked_for))
        asked = sentence if only_asks else ""
    return ruled


def _of_pictures(text: str, spans: Sequence[Span]) -> list[bool]:
    """Tell of each sentence whether it is a caption, or goes on with one: "This was her first goal."."""
    found: list[bool] = []
    last_end = 0
    for start, end in spans:
        goes_on = any(found[-1:]) and "\n" not in text[last_end:start] and STANDS_FOR.match(text, start) is not None
        found.append(goes_on or is_caption(text[start:end]))
        last_end = end
    return found
