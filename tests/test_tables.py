"""The cell of a table that a question names by its row and its column."""

import pytest

from index.records import Article, Hit, Span
from index.sentences import sentence_spans
from qa.read import EvidenceReader
from qa.wording.tables import cells_asked_for
from tests.conftest import WordCrossEncoder, WordMarker

LEAGUE = """Rovers lead.

Pos | Team | W | D | L | Pts

1 | Havel Rovers | 18 | 7 | 3 | 61

2 | Lindmar City | 17 | 8 | 3 | 59

3 | Kolm City | 12 | 5 | | 41"""
ACCOUNTS = """Million crowns | Q2 2025 | Q2 2024

Revenue | 3,650 | 3,410

Net profit | 412 | 349

Net debt | 5,120 | 5,480"""
KETTLES = """Model | Price | Boil time | Colour

K2 | £65 | 2:35 | black

K3 | £89 | 2:10 | red"""


@pytest.mark.parametrize(
    ("text", "question", "cell"),
    [
        (LEAGUE, "How many points do Rovers have?", "61"),
        (LEAGUE, "how many points have lindmar city got", "59"),
        (LEAGUE, "How many matches have Lindmar City lost?", "3"),
        (LEAGUE, "How many wins has Kolm?", "12"),
        (LEAGUE, "How many points has City?", ""),
        (LEAGUE, "How many matches have Kolm City lost?", ""),
        (LEAGUE, "How many points do Brennick Town have?", ""),
        (LEAGUE, "When did Rovers last win?", ""),
        (LEAGUE, "Did Rovers win?", ""),
        (LEAGUE, "How many people watched Rovers?", ""),
        (ACCOUNTS, "What was the revenue in Q2 2024?", "3,410"),
        (ACCOUNTS, "What was Velmar's net profit in Q2 2025?", "412"),
        (ACCOUNTS, "What is the net debt?", ""),
        (ACCOUNTS, "When was the revenue of Q2 2024 told?", ""),
        (KETTLES, "How much does the K3 cost?", "£89"),
        (KETTLES, "What is the price of the K2?", "£65"),
        (KETTLES, "What colour is the K3?", "red"),
        (KETTLES, "Who makes the K3?", ""),
        ("K3 | £89", "What is the price of the K3?", ""),
        ("It costs little.", "How much does it cost?", ""),
    ],
)
def test_a_cell_is_found_by_its_row_and_its_column(text: str, question: str, cell: str) -> None:
    found, others = cells_asked_for(question, text, sentence_spans(text))
    assert [text[start:end] for start, end in found.values()] == ([cell] if cell else [])
    rows = [place for place, (start, end) in enumerate(sentence_spans(text)) if " | " in text[start:end]]
    assert others == (frozenset(rows) - set(found) if cell else frozenset())


def test_the_columns_are_named_by_the_first_row_though_the_passage_begins_behind_it() -> None:
    begin = LEAGUE.index("2 | Lindmar")
    spans = [Span(begin + start, begin + end) for start, end in sentence_spans(LEAGUE[begin:])]
    found, _ = cells_asked_for("How many points do Lindmar City have?", LEAGUE, spans)
    assert [LEAGUE[start:end] for start, end in found.values()] == ["59"]


def test_the_cell_is_the_words_that_answer_and_the_other_rows_are_passed_over() -> None:
    text = LEAGUE.replace("Rovers lead.", "Rovers lead with 61 points, and City have fewer points than Rovers have.")
    hit = Hit(Article("a", "a", text), 0, len(text), 1.0)
    (reading,) = EvidenceReader(WordMarker(), WordCrossEncoder()).read("How many points do Lindmar City have?", [hit])
    first, *others = reading.sentences
    assert first.words is not None
    assert (text[slice(*first.span)], text[slice(*first.words.span)]) == ("2 | Lindmar City | 17 | 8 | 3 | 59", "59")
    assert all(other.probability == 0 for other in others if " | " in text[slice(*other.span)])


def test_a_long_table_takes_no_time_to_speak_of() -> None:
    rows = ["Team | Points"] + [f"Team {number} | {number}" for number in range(20_000)]
    text = "\n\n".join(rows)
    start = text.index("Team 15000 ")
    spans = [Span(start, start + len("Team 15000 | 15000"))]
    assert cells_asked_for("How many points has team 15000?", text, spans) == ({}, frozenset())
