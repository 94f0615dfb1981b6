"""(question, passages) -> for each passage, which of its words answer, and whether any do: the trained reader.

A small BERT that reads a question and a passage together; how it was trained and how good it is: `qa/reader/README.md`.
It runs in 8-bit integers on ONNX Runtime, and its file holds its vocabulary too.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.encoder import open_session, processors
from index.records import Span

FILE = Path(__file__).parent / "reader" / "reader.onnx"
LONGEST_QUESTION, LONGEST_PASSAGE = 48, 460
"""Tokens that are read: with both, the model has no more places."""
LONGEST_ANSWER = 30
"""Tokens of the words that answer."""
SEPARATOR = " [SEP] "
"""Between what stands before a text and the text, as BERT parts one text from another."""
LONGEST_BEFORE = 250
"""Characters of what stands before a sentence that are read with it."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage in which the words that answer were looked for."""

    answers: float
    """How likely the passage answers, as a logit."""
    begins: NDArray[np.float32]
    ends: NDArray[np.float32]
    """How likely an answer begins and ends at each token, as logits beside which 0 is that there is none."""
    spans: NDArray[np.int64]
    """The characters of the passage that each token stands for, shape (tokens, 2)."""

    @classmethod
    def unmarked(cls, answers: float) -> "Marked":
        """Return a passage of which no more is known than how likely it answers: no words are best in it."""
        nothing = np.zeros(0, np.float32)
        return cls(answers, nothing, nothing, np.zeros((0, 2), np.int64))

    def best(self, within: Span) -> tuple[Span, float]:
        """Return the words in `within` that are likeliest to answer, and how likely, as a logit; none where it is cut.

        The best first and last token are at most LONGEST_ANSWER apart.
        """
        begin, end = self.spans.T  # a token begins with the space before its word
        inside = np.flatnonzero((end > within.start) & (begin < within.end) & (end > begin))
        if not len(inside):
            return Span(within.start, within.start), float("-inf")
        sums = self.begins[inside][:, None] + self.ends[inside][None, :]
        order = np.arange(len(inside))
        apart = order[None, :] - order[:, None]
        sums[(apart < 0) | (apart >= LONGEST_ANSWER)] = -np.inf
        first, last = np.unravel_index(int(sums.argmax()), sums.shape)
        found = Span(max(int(begin[inside[first]]), within.start), min(int(end[inside[last]]), within.end))
        return found, float(sums[first, last])


class Marker(Protocol):
    """Tells of passages which of their words answer, and how likely any do. Safe to call from several threads."""

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        """Yield each passage with what in it answers `question`. Raises ModelError."""


class SpanReader:
    """The trained reader; loaded when it is first needed. Safe to call from several threads."""

    def __init__(self, file: Path = FILE) -> None:
        self._file = file

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        """Yield each passage with what in it answers `question`.

        The longest are begun first: the last one to end keeps the other processors waiting for as little as can be.
        """
        asked = self._tokenizer.encode(question).ids[:LONGEST_QUESTION]
        longest_first = sorted(range(len(passages)), key=lambda number: -len(passages[number]))
        with ThreadPoolExecutor(processors(), thread_name_prefix="mark") as pool:
            begun = {number: pool.submit(self._mark, asked, passages[number]) for number in longest_first}
            yield from (begun[number].result() for number in range(len(passages)))

    def _mark(self, asked: list[int], passage: str) -> Marked:
        read = self._tokenizer.encode(passage)
        ids = read.ids[1 : LONGEST_PASSAGE + 1]  # what opens a text opens the pair already
        given = {
            "ids": np.array([asked + ids], np.int64),
            "kinds": np.array([[0] * len(asked) + [1] * len(ids)], np.int64),
        }
        ends, answers = self._session.run(["ends", "answers"], given)
        begins, lasts = (ends[0, len(asked) :] - ends[0, 0]).T
        spans = np.array(read.offsets[1 : LONGEST_PASSAGE + 1], np.int64).reshape(-1, 2)
        return Marked(float(answers.item()), begins, lasts, spans)

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        return open_session(self._file)

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401 - tokenizers has no types
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

        words = self._session.get_modelmeta().custom_metadata_map["vocabulary"].split("\n")
        ids = {word: number for number, word in enumerate(words)}
        tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))  # noqa: S106 - a token of text
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        marks = [("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])]
        tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
        return tokenizer


@cache
def packaged() -> SpanReader:
    """Return the one that ships, once: it is the cross-encoder, too."""
    return SpanReader()


def in_its_place(title: str, before: str, sentence: str) -> str:
    """Return a sentence as it is read and learned: parted from its title and the end of what stands before it."""
    shown = f"{title}\n{before[-LONGEST_BEFORE:]}".strip()
    return f"{shown}{SEPARATOR}{sentence}" if shown else sentence
