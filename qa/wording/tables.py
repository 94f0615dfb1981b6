"""A question, and the rows of a table -> the cell that is asked for: of a row and a column that it names. Pure.

"How many points do Rovers have?" names a row by one of its words, and a column as "Pts". Where it names no column, or
several rows as well, nothing is found: the row is then read as any sentence is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from index.records import BETWEEN, Span
from index.terms import terms
from qa.wording.facts import fact_asked_for, fits

PRICES = frozenset(terms("amount charge cost fare fee pay price rate"))
"""Any of them is what something costs."""
SHORT = 3
"""Letters of the name of a column that may be short for a word: Pts."""
BAR = re.compile(r" \|(?= |$)")
PLAYED = {letter: frozenset(terms(said)) for letter, said in {
    "w": "win wins won", "d": "draw draws drawn drew", "l": "lose loses losses lost", "p": "play plays played",
}.items()}  # fmt: skip
"""A letter alone could be short for any word: these are of the tables of leagues."""
VOWELS = frozenset("aeiou")
MOST_ROWS = 1000
"""Rows before one in which it is looked for the first, which names the columns."""
Rows = Sequence[Span]


def cells_asked_for(question: str, text: str, spans: Rows) -> tuple[Mapping[int, Span], frozenset[int]]:
    r"""Return where in `text` the cells are that are asked for, by the place of their row in `spans`; and other rows.

    These are of the same tables, and tell of something else.

    >>> text = "Team | W | Pts\nRovers | 18 | 61\nCity | 17 | 57"
    >>> rows = [Span(0, 14), Span(15, 31), Span(32, 46)]
    >>> found, others = cells_asked_for("How many points do City have?", text, rows)
    >>> [text[start:end] for start, end in found.values()], sorted(others)
    (['57'], [0, 1])
    """
    found, others = dict[int, Span](), frozenset[int]()
    asked = frozenset(terms(question))
    fact = fact_asked_for(question)
    for table in _tables(text, spans):
        names = {place: _name(text, spans[place]) for place in table}
        place = _the_one({place: _likeness(asked, name) for place, name in names.items()})
        first = _first_row(text, spans[table[0]]) if place is not None else None
        if place is None or first is None or first.start == spans[place].start:
            continue
        cell = _cell(question, text, list(_cells(text, first)), spans[place], asked - names[place])
        if cell and (not fact or fits(question, text[slice(*cell)])):
            found[place] = cell
            others |= frozenset(table) - {place}
    return found, others


def _tables(text: str, spans: Rows) -> Iterator[list[int]]:
    """Yield the places of the rows of each table."""
    for is_row, group in groupby(range(len(spans)), key=lambda place: BETWEEN in text[slice(*spans[place])]):
        if is_row:
            yield list(group)


def _first_row(text: str, row: Span) -> Span:
    """Return the first row of the table in which `row` stands."""
    for _ in range(MOST_ROWS):
        end = row.start
        while end and text[end - 1].isspace():
            end -= 1
        start = text.rfind("\n", 0, end) + 1
        if BETWEEN not in text[start:end]:
            break
        row = Span(start, end)
    return row


def _cells(text: str, row: Span) -> Iterator[Span]:
    """Yield the spans of the cells of a row; one may be empty."""
    start = row.start
    for bar in (*BAR.finditer(text, *row), None):
        end = bar.start() if bar else row.end
        yield Span(min(start, end), end)
        start = bar.end() + 1 if bar else end


def _name(text: str, row: Span) -> frozenset[str]:
    """Return the terms of what a row is about: of its first cell that has letters."""
    cells = (text[slice(*cell)] for cell in _cells(text, row))
    return frozenset(terms(next((cell for cell in cells if any(map(str.isalpha, cell))), "")))


def _likeness(asked: frozenset[str], name: frozenset[str]) -> tuple[bool, int]:
    """Tell how well a question names something: wholly, and by how many terms."""
    return bool(name) and name <= asked, len(name & asked)


def _the_one(likeness: Mapping[int, tuple[bool, int]]) -> int | None:
    """Return what is named best, if one is."""
    best = max(likeness.values(), default=(False, 0))
    places = [place for place, one in likeness.items() if one == best]
    return places[0] if best[1] and len(places) == 1 else None


def _cell(question: str, text: str, columns: Rows, row: Span, asked: frozenset[str]) -> Span | None:
    """Return the cell of `row` below the column that the rest of what is asked names."""
    cells = list(_cells(text, row))
    if len(cells) != len(columns):
        return None
    shortened = asked if fact_asked_for(question) == "number" else frozenset[str]()
    names = [_column(text[slice(*column)], asked, shortened) for column in columns]
    likeness = {place: _likeness(asked, name) for place, name in enumerate(names)}
    place = _the_one({place: one for place, one in likeness.items() if one[0]})
    return cells[place] if place is not None else None


def _column(name: str, asked: frozenset[str], shortened: frozenset[str]) -> frozenset[str]:
    """Return the terms of the name of a column; those of what is asked that it means, or is short for."""
    plain = frozenset(terms(name))
    if plain & PRICES and asked & PRICES:
        return asked & PRICES
    letters = name.strip(" .").lower()
    if len(letters) == 1:
        return shortened & PLAYED.get(letters, frozenset())
    if len(letters) <= SHORT and letters.isalpha() and not plain & asked:
        return frozenset(term for term in shortened if _is_short_for(letters, term))
    return plain


def _is_short_for(letters: str, term: str) -> bool:
    """Tell whether letters are the first of a term, or its first and some of its consonants; a plural has one more.

    >>> [_is_short_for(letters, "point") for letters in ("pts", "pt", "pos")], _is_short_for("pos", "position")
    ([True, True, False], True)
    """
    rest = iter(f"{term}s"[1:])
    consonants = VOWELS.isdisjoint(letters[1:]) and all(letter in rest for letter in letters[1:])
    return term.startswith(letters) or (letters[:1] == term[:1] and consonants)
