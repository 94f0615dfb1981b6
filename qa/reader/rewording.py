"""A question -> the same in other words: people do not ask in the words of the article.

Questions of SQuAD were written with the paragraph in view, and share its words; a reader that learns from them alone
looks for shared words. Which words are near in meaning, all-MiniLM-L6-v2 tells of its own vocabulary.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from index import minilm
from index.embed import Embedder
from index.terms import FUNCTION_WORDS, stem
from qa.reader.examples import Example

CHANGED = 0.4
"""Of the words that have near ones, how many are changed."""
NEAREST, NEAR = 4, 0.68
"""So many words at most are near, and at least this cosine. Judged by reading those of some forty words."""
WORD = re.compile(r"(?<![\w'’-])[a-z]{4,}(?![\w'’-])")
"""Words that may be changed: names and numbers may not, as another one asks something else."""
ROWS = 1024
HOW_MANY = re.compile(
    r"\b(how many )(?:army|police|school)? ?(?:captives|civilians|customers|demonstrators|employees|farmers|fighters"
    r"|guests|hostages|inhabitants|inmates|nurses|observers|officers|passengers|patients|players|prisoners|protesters|pupils"
    r"|refugees|residents|sailors|settlers|soldiers|spectators|students|teachers|tourists|troops|villagers|visitors"
    r"|voters|volunteers|workers)\b",
    re.IGNORECASE,
)
"""Of such one says how many people."""


def of_people(example: Example, rng: random.Random, share: float) -> Example:
    """Return an example that asks how many soldiers or pupils as one that asks how many people, of a share of them.

    Whoever has not read the article asks so. Only where its passage answers: of the questions as they were written,
    those after people have 373 passages that answer and 1,000 that do not.
    """
    found = HOW_MANY.search(example.question)
    if not example.answers or found is None or not share or rng.random() >= share:
        return example
    return replace(
        example, question=f"{example.question[: found.start()]}{found[1]}people{example.question[found.end() :]}"
    )


class Rewording:
    """Knows the near words of those in `texts`."""

    def __init__(self, embedder: Embedder, texts: Iterable[str]) -> None:
        known = [word for word in minilm.vocabulary().tokenizer.get_vocab() if WORD.fullmatch(word)]
        known = [word for word in sorted(known) if word not in FUNCTION_WORDS]
        vectors = embedder.passages(known)
        places = {word: place for place, word in enumerate(known)}
        wanted = sorted({word for text in texts for word in WORD.findall(text)} & places.keys())
        self.near: dict[str, list[str]] = {}
        for begin in range(0, len(wanted), ROWS):
            some = wanted[begin : begin + ROWS]
            cosines = vectors[[places[word] for word in some]] @ vectors.T
            for word, row in zip(some, cosines, strict=True):
                order = np.argsort(-row)[: 4 * NEAREST]
                near = [known[place] for place in order if row[place] >= NEAR and stem(known[place]) != stem(word)]
                if near:
                    self.near[word] = near[:NEAREST]

    def reword(self, question: str, rng: random.Random) -> str:
        """Return the question with some of its words changed."""

        def other(found: re.Match[str]) -> str:
            near = self.near.get(found[0])
            return rng.choice(near) if near and rng.random() < CHANGED else found[0]

        return WORD.sub(other, question)
