"""Examples -> pairs of a question and a passage, in tokens: what an epoch holds, drawn from a seed."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.choose import load_embedder
from index.encoder import MODELS, Encoder
from index.minilm import vocabulary
from index.settings import DEFAULT_MODEL
from qa.reader.examples import Example, Swapper, held_out, turn, without_answer
from qa.reader.rewording import Rewording, of_people
from qa.reader.written import written

LONGEST_QUESTION, LONGEST_PASSAGE = 48, 300
"""Tokens; of 850 characters of English nearly all have fewer."""
ANSWERED, ANSWERED_OF_OURS = 0.6, 0.75
"""How often a question that is answered is shown with the passage that answers; else with one that does not."""
MINED = 0.5
"""Of the others, how many are passages that our own search finds for the question; the rest are edited."""
DEPTH = 12
"""Passages that search offers for a question."""
SWAPPED = 0.6
"""Of the edited, how many have another name or number in the question. The others have the sentence that answers taken
out of the passage."""
NEAR_BY = "all-MiniLM-L6-v2"
JUDGED = 1200
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Pair:
    """A question and a passage, in tokens, and where in the passage answers begin and end: nowhere if none does."""

    example: Example
    question: Ids
    passage: Ids
    spans: Ids
    """The characters of the passage that each of its tokens stands for; shape (tokens, 2)."""
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.question) + len(self.passage)


@dataclass(frozen=True)
class Mix:
    """What an epoch is made of."""

    reworded: float = 0.5
    """Of the questions of others, the share of which some words are changed for near ones, anew in each epoch."""
    others: float = 1.0
    """The share of the questions of others that an epoch has."""
    written: float = 2.0
    """How often an epoch has each question that we wrote; of a part, that share of them is drawn."""
    latest: int = 0
    """So many of the last examples of ours an epoch has `of_latest` times instead."""
    of_latest: float = 2.0
    turned: float = 0.0
    """Of the questions that are answered, and whose opposite can be asked, the share of which it is asked too."""
    people: float = 0.0
    """Of those after how many soldiers, pupils and such, the share that asks how many people."""


class Pairs:
    """All that is learned from, and what is held out to judge by."""

    def __init__(self, data: Path, out: Path, seed: int, mix: Mix) -> None:
        self.seed, self.mix = seed, mix
        rng = random.Random(seed)
        self.examples, held = held_out(data)
        self.written, held_of_written = written({example.passage for example in [*self.examples, *held]})
        self.tokenizer = vocabulary().tokenizer
        self.tokenizer.no_truncation()
        mined = mined_for([*self.examples, *self.written], out / "mined.json")
        self.mined, self.mined_of_written = mined[: len(self.examples)], mined[len(self.examples) :]
        self.swapper = Swapper([example.question for example in self.examples])
        questions = {example.question for example in self.examples}
        self.rewording = Rewording(load_embedder(NEAR_BY), questions) if mix.reworded else None
        judged = rng.sample(held, min(JUDGED, len(held)))
        every = [*self.examples, *held, *self.written, *held_of_written]
        self._passages = self._read(example.passage for example in every)
        self.judged = [pair for pair in map(self.pair, judged) if pair]
        judged = rng.sample(held_of_written, min(JUDGED, len(held_of_written)))
        self.judged_of_written = [pair for pair in map(self.pair, judged) if pair]

    def epoch(self, number: int) -> list[Pair]:
        """Draw an epoch."""
        rng = random.Random(f"{self.seed}-{number}")
        drawn: list[Example] = []
        for example, others in zip(self.examples, self.mined, strict=True):
            if rng.random() >= self.mix.others:
                continue
            if not example.answers or rng.random() < ANSWERED:
                drawn.append(example)
            elif others and rng.random() < MINED:
                drawn.append(Example(example.question, rng.choice(others), (), example.group))
            else:
                drawn += self._edited(example, rng)
        if self.rewording:
            drawn = [self._reworded(example, self.rewording, rng) for example in drawn]
        for example, others in self.drawn_of_written(rng):
            known = not example.answers or not others or rng.random() < ANSWERED_OF_OURS
            drawn.append(example if known else Example(example.question, rng.choice(others), (), example.group))
        if share := self.mix.turned:
            drawn += [turned for e in drawn if e.answers and rng.random() < share and (turned := turn(e, rng))]
        return [pair for example in drawn if (pair := self.pair(of_people(example, rng, self.mix.people)))]

    def drawn_of_written(self, rng: random.Random) -> Iterator[tuple[Example, list[str]]]:
        """Yield examples of ours, each with what search finds for it, as often as an epoch has it."""
        earlier = len(self.written) - self.mix.latest
        for place, one in enumerate(zip(self.written, self.mined_of_written, strict=True)):
            whole, part = divmod(self.mix.written if place < earlier else self.mix.of_latest, 1)
            for _ in range(int(whole) + (rng.random() < part)):
                yield one

    def _edited(self, example: Example, rng: random.Random) -> list[Example]:
        """Return the example so changed that its passage does not answer; nothing where that cannot be."""
        edited = self.swapper.swap(example, rng) if rng.random() < SWAPPED else without_answer(example)
        return [edited] if edited else []

    def _reworded(self, example: Example, rewording: Rewording, rng: random.Random) -> Example:
        if rng.random() >= self.mix.reworded:
            return example
        return replace(example, question=rewording.reword(example.question, rng))

    def pair(self, example: Example) -> Pair | None:
        """Return an example in tokens; None where the words that answer are past what is read."""
        question = np.array(self.tokenizer.encode(example.question).ids, np.int64)
        if example.passage not in self._passages:  # it was edited
            self._passages |= self._read([example.passage])
        passage, spans = self._passages[example.passage]
        passage, spans = passage[1:][:LONGEST_PASSAGE], spans[1:][:LONGEST_PASSAGE]  # what opens a text opens the pair
        begins, ends = [], []
        for start, end in example.answers:
            inside = np.flatnonzero((spans[:, 1] > start) & (spans[:, 0] < end) & (spans[:, 1] > spans[:, 0]))
            if len(inside) and spans[inside[-1], 1] >= end:
                begins.append(int(inside[0]))
                ends.append(int(inside[-1]))
        if example.answers and not begins:
            return None
        return Pair(example, question[:LONGEST_QUESTION], passage, spans, tuple(begins), tuple(ends))

    def _read(self, texts: Iterable[str]) -> dict[str, tuple[Ids, Ids]]:
        wanted = list(dict.fromkeys(texts))
        read = self.tokenizer.encode_batch(wanted)
        return {
            text: (np.array(one.ids, np.int64), np.array(one.offsets, np.int64).reshape(-1, 2))
            for text, one in zip(wanted, read, strict=True)
        }


def mined_for(examples: Sequence[Example], kept: Path) -> list[list[str]]:
    """Return, for each example, the passages near its question that do not hold the words that answer.

    That takes minutes: which they are is `kept`.
    """
    passages = list(dict.fromkeys(example.passage for example in examples))
    if not kept.exists():
        kept.write_text(json.dumps(_nearest(examples, passages)))
    found = []
    for example, near in zip(examples, json.loads(kept.read_text()), strict=True):
        answers = [text.casefold() for text in example.texts]
        others = [passages[place] for place in near]
        found.append(
            [p for p in others if p != example.passage and not any(a in p.casefold() for a in answers)][:DEPTH]
        )
    return found


def _nearest(examples: Sequence[Example], passages: Sequence[str]) -> list[list[int]]:
    """Return, for each example, the places of the passages nearest to its question."""
    vectors = load_embedder(DEFAULT_MODEL).passages(passages)
    model = MODELS[DEFAULT_MODEL]
    read = Encoder(model).read_all(f"{model.before_question}{example.question}" for example in examples)
    return [np.argpartition(-(vectors @ one.mean(axis=0)), 2 * DEPTH)[: 2 * DEPTH].tolist() for one in read]
