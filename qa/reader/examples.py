"""Question-answer data in SQuAD's format -> examples to learn from: passages that answer, and such as nearly do."""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.records import Span
from index.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage; the words of the passage that answer, by several readers, or none."""

    question: str
    passage: str
    answers: tuple[Span, ...]
    group: str
    """What it must not be parted from when examples are held out: an article, or the paragraphs near it."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The words that answer."""
        return tuple(self.passage[start:end] for start, end in self.answers)


def read_squad(file: Path) -> list[Example]:
    """Read a file in the format of SQuAD 1.1 or 2.0. Of one big article, each 20 paragraphs are a group."""
    articles = json.loads(file.read_text())
    found = []
    for article in articles.get("data", articles) if isinstance(articles, dict) else articles:
        for number, paragraph in enumerate(article["paragraphs"]):
            group = f"{file.stem}/{article.get('title', '')}/{number // 20}"
            found += [_example(paragraph["context"], asked, group) for asked in paragraph["qas"]]
    return found


def _example(passage: str, asked: dict[str, object], group: str) -> Example:
    answers = {
        Span(answer["answer_start"], answer["answer_start"] + len(answer["text"]))
        for answer in asked["answers"]  # type: ignore[attr-defined]  # JSON
    }
    return Example(str(asked["question"]).strip(), passage, tuple(sorted(answers)), group)


def without_answer(example: Example) -> Example | None:
    """Return the example with the sentences that answer taken out of the passage; None where too little is left."""
    kept = [
        example.passage[start:end]
        for start, end in sentence_spans(example.passage)
        if not any(answer.start < end and start < answer.end for answer in example.answers)
        and not any(text.casefold() in example.passage[start:end].casefold() for text in example.texts)
    ]
    passage = " ".join(kept)
    return replace(example, passage=passage, answers=()) if len(passage) > SHORTEST else None


SHORTEST = 150
"""Characters of a passage that are worth reading."""
NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'’-]+(?:\s+(?:of\s+)?[A-Z][\w'’-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\b")


PAIRS = """
the first = the last, largest = smallest, biggest = smallest, highest = lowest, longest = shortest, oldest = youngest,
earliest = latest, the most = the least, most often = least often, the best = the worst, richest = poorest,
strongest = weakest, easiest = hardest, fastest = slowest, maximum = minimum, before = after, increased = decreased,
grew = shrank, opened = closed, bought = sold, supported = opposed, supports = opposes, accepted = rejected,
northern = southern, eastern = western, advantages = disadvantages
"""
OPPOSITES = dict(
    pair
    for one in PAIRS.split(",")
    for pair in zip(one.strip().split(" = "), one.strip().split(" = ")[::-1], strict=True)
)
"""What asks for something else, one instead of the other."""
OPPOSITE = re.compile(rf"\b(?:{'|'.join(OPPOSITES)})\b")
AFTER_WHAT = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
"""What a question begins with that is not answered by yes or no."""


def turn(example: Example, random_: random.Random) -> Example | None:
    """Return the example with the opposite asked for, of which its passage does not speak; None where that cannot be.

    Who was the last, where the passage names the first: such an answer is the nearest, and wrong.
    """
    said = example.passage.casefold()
    places = [
        found
        for found in OPPOSITE.finditer(example.question)
        if OPPOSITES[found[0]].removeprefix("the ").removesuffix(" often") not in said
    ]
    if not places or not AFTER_WHAT.search(example.question):
        return None
    found = random_.choice(places)
    question = example.question[: found.start()] + OPPOSITES[found[0]] + example.question[found.end() :]
    return replace(example, question=question, answers=())


class Swapper:
    """Puts another name or number into a question, so that its passage does not answer."""

    def __init__(self, questions: Sequence[str]) -> None:
        self.names = [name for question in questions for name in NAME.findall(question)]
        self.numbers = [number for question in questions for number in NUMBER.findall(question)]

    def swap(self, example: Example, random_: random.Random) -> Example | None:
        """Return the example with a question that its passage does not answer; None where nothing can be swapped."""
        passage = example.passage.casefold()
        places = [(found, self.names) for found in NAME.finditer(example.question)]
        places += [(found, self.numbers) for found in NUMBER.finditer(example.question)]
        places = [(found, others) for found, others in places if found[0].casefold() in passage]
        if not places:
            return None
        found, others = random_.choice(places)
        near = [name for name in _of_kind(example.passage, others is self.numbers) if name not in example.question]
        other = random_.choice(near if near and random_.random() < NEAR else others)
        if other.casefold() == found[0].casefold():
            return None
        question = example.question[: found.start()] + other + example.question[found.end() :]
        return replace(example, question=question, answers=())


NEAR = 0.6
"""How often what is put in stands in the passage: the harder case."""


def _of_kind(passage: str, numbers: bool) -> list[str]:  # noqa: FBT001
    return (NUMBER if numbers else NAME).findall(passage)


def hold_out(examples: Sequence[Example], share: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Part examples by their groups; return those to learn from, and some `share` to judge by."""
    groups = sorted({example.group for example in examples})
    random.Random(seed).shuffle(groups)
    held = set(groups[: max(1, round(share * len(groups)))])
    return [e for e in examples if e.group not in held], [e for e in examples if e.group in held]


def held_out(data: Path) -> tuple[list[Example], list[Example]]:
    """Read all that may be learned from; return what is learned from, and what is held out to judge and to fit by."""
    files = [data / "squadshifts" / f"{name}.json" for name in SHIFTS] + [data / "squad" / "train-v1.1.json"]
    every = [example for file in files for example in read_squad(file) if example.answers]
    every += [e for e in read_squad(data / "squad" / "train-v2.0.json") if not e.answers]
    return hold_out([e for e in every if len(e.passage) < LONGEST_CHARS], HELD_OUT, SEED)


SHIFTS = ("amazon_reviews", "reddit", "new_wiki")
LONGEST_CHARS = 1600
"""Of a passage: the few that are longer are left out."""
HELD_OUT, SEED = 0.04, 7
