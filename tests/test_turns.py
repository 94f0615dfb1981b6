"""Whose words a sentence of a debate is, by the name before each turn."""

import pytest

from index.records import Article, Hit
from index.sentences import sentence_spans
from qa.read import EvidenceReader
from qa.wording.turns import record, whose_turns
from tests.conftest import WordCrossEncoder, WordMarker

DEBATE = """HOUSE OF DEPUTIES

THE SPEAKER (Mrs. Ada Sample): I call the Minister of Grain.

MR. BO POE (Minister of Grain, Labour): The quota is too high. It falls to ten tonnes.

MS. ROE: The Minister has proposed no quota for barley.

MR. POE: I am willing to look at barley. I give no promise.

The House divided: Ayes 10, Noes 7."""


@pytest.mark.parametrize(
    ("question", "theirs"),
    [
        ("What did Poe say about barley?", ["MR. POE: I am willing to look at barley.", "I give no promise."]),
        ("what did bo poe say?", ["It falls to ten tonnes.", "I give no promise."]),
        ("What did the Minister of Grain say?", ["It falls to ten tonnes."]),
        ("What did Ms Roe think?", ["MS. ROE: The Minister has proposed no quota for barley."]),
        ("What did the Speaker say?", ["THE SPEAKER (Mrs. Ada Sample): I call the Minister of Grain."]),
        ("What did Jane Roe say?", []),
        ("What did the bakers say?", []),
        ("How high is the quota?", []),
    ],
)
def test_a_turn_is_the_words_of_who_is_named_before_it(question: str, theirs: list[str]) -> None:
    spans = sentence_spans(DEBATE)
    whose = dict(zip((DEBATE[start:end] for start, end in spans), whose_turns(question, DEBATE, spans), strict=True))
    assert all(whose[sentence] == 1 for sentence in theirs)
    assert set(whose.values()) == ({1, -1, 0} if theirs else {0})
    assert whose["The House divided: Ayes 10, Noes 7."] == 0


@pytest.mark.parametrize(
    "text",
    [
        "It rained.",
        "Price: 3 euros\nAuthor: Ada\nPages: 90\nIsbn: 1",
        "Poe: I will.\nPoe: I did.\nPoe: I do.\nPoe: I am.",
        "He said: No.\nShe said: Yes.\nHe said: Why?\nShe said: Because.",
        "POE: No.\nROE: Yes.\nPOE: Why?",
    ],
)
def test_what_is_no_record_of_a_talk_has_no_turns(text: str) -> None:
    assert record(text) is None


def test_who_is_asked_for_is_not_answered_by_somebody_else() -> None:
    hit = Hit(Article("a", "a", DEBATE), 0, len(DEBATE), 1.0)
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())
    (reading,) = reader.read("What did Poe say about barley?", [hit])
    said = [DEBATE[start:end] for start, end in (sentence.span for sentence in reading.sentences)]
    assert said[0] == "MR. POE: I am willing to look at barley."
    another = said.index("MS. ROE: The Minister has proposed no quota for barley.")
    assert reading.sentences[another].probability == 0


def test_who_answers_in_an_interview_is_named_before_it() -> None:
    text = "Ines Harrow founded Tarn Pottery. She spoke to Delia Moss."
    text += "\n\nQ: How did you start?\n\nA: Badly. I had a wheel.\n\nQ: Do you use lead?\n\nA: No. Not since 1998."
    spans = sentence_spans(text)
    whose = whose_turns("What does Ines Harrow say about lead?", text, spans)
    theirs = [text[start:end] for (start, end), one in zip(spans, whose, strict=True) if one > 0]
    assert theirs == ["A: Badly.", "I had a wheel.", "A: No.", "Not since 1998."]
    assert not any(whose_turns("What does Delia Moss say about lead?", text, spans))
    hit = Hit(Article("a", "a", text), 0, len(text), 1.0)
    (reading,) = EvidenceReader(WordMarker(), WordCrossEncoder()).read("What does Harrow say about lead?", [hit])
    assert text[slice(*reading.sentences[0].span)] == "A: No."


def test_a_long_text_takes_no_time_to_speak_of() -> None:
    for unit in ("A", "A b", "A of ", "Aa. ", "A (", "A: ", "A: b\n"):
        assert record(unit * (200_000 // len(unit))) is None
