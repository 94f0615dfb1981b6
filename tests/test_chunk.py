"""Sentences and chunks are spans: together they cover the text, and each is the article's own characters."""

from itertools import pairwise
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from index.chunk import chunk_spans
from index.sentences import MAX_CHARS, sentence_spans

TEXT = st.text(alphabet=st.sampled_from("aB 1.!?\n\t“”é世🌍,-'\"()"), max_size=400)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(TEXT)
def test_sentences_are_in_order_do_not_overlap_and_leave_out_only_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@given(TEXT, st.integers(1, 60))
def test_chunks_cover_the_sentences_and_none_is_cut(text: str, max_chars: int) -> None:
    sentences, chunks = sentence_spans(text), chunk_spans(text, max_chars)
    inside = [[one for one in sentences if chunk.start <= one.start and one.end <= chunk.end] for chunk in chunks]
    assert [one for within in inside for one in within] == sentences
    assert all(
        chunk.end - chunk.start <= max_chars or len(within) == 1 for chunk, within in zip(chunks, inside, strict=True)
    )


@given(TEXT)
def test_a_long_paragraph_is_looked_at_in_parts_and_nothing_is_lost(text: str) -> None:
    with patch("index.sentences.MAX_PARAGRAPH", 50):
        spans = sentence_spans(text)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


def test_the_parts_of_a_long_paragraph_end_where_sentences_do() -> None:
    text = " ".join(f"Ship {number} left Odesa." for number in range(500))
    whole = sentence_spans(text)
    assert len(whole) == 500
    with patch("index.sentences.MAX_PARAGRAPH", 1000):
        assert sentence_spans(text) == whole


def test_abbreviations_quotes_and_numbers_end_no_sentence() -> None:
    text = 'The U.S. President met Mr. Smith at 5 p.m. on Monday. "We will go," he said. He paid $3.5 million.'
    assert cut(text) == [
        "The U.S. President met Mr. Smith at 5 p.m. on Monday.",
        '"We will go," he said.',
        "He paid $3.5 million.",
    ]


def test_a_line_is_a_paragraph_unless_the_text_was_wrapped() -> None:
    assert cut("A byline\nThe first sentence.") == ["A byline", "The first sentence."]
    wrapped = "\n".join(
        ["The ministers of both countries met on Tuesday in the old town and", "talked for a long time about"] * 4
    )
    assert len(cut(wrapped)) == 1


def test_a_run_without_a_stop_is_cut_at_a_space() -> None:
    pieces = cut("word " * 1000)
    assert max(map(len, pieces)) <= MAX_CHARS
    assert set(" ".join(pieces).split()) == {"word"}
