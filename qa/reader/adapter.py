"""Train the query adapter: `python -m qa.reader.adapter DATA FILE`, where DATA holds `squadshifts/` and `squad/`.

A matrix by which the vector of a question is multiplied, so that it comes nearer to the vectors of the passages that
answer it. Those stay as they are, and with them every index. It learns from the questions that the reader learns from:
which of all their passages answers. Some eight minutes on two processors, six of them for the vectors.
"""

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.embed import Vectors, normalised
from index.encoder import MODELS, Encoder
from index.packaged import PackagedEmbedder
from index.settings import DEFAULT_MODEL
from qa.reader.examples import held_out
from qa.reader.train import add_fields, recipe_of, say
from qa.reader.written import written


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out, beside the data."""

    epochs: int = 3
    written: int = 2
    """How often an epoch has each question that we wrote."""
    batch: int = 1024
    rate: float = 3e-4
    ridge: float = 0.01
    """How much it counts that the matrix is not far from one that changes nothing."""
    sharpness: float = 40.0
    """At first, of the softmax over passages: by what a cosine is multiplied. It is learned too."""
    seed: int = 0


@dataclass(frozen=True)
class Asked:
    """Questions and passages as vectors of length 1, and which passage answers which question."""

    questions: Vectors
    passages: Vectors
    pairs: NDArray[np.int64]
    """Rows of `questions` and of `passages`, shape (pairs, 2)."""


def asked_of(data: Path, recipe: Recipe) -> Asked:
    """Read and embed all that is learned from, and the passages of what is held out, of which none is the right one."""
    others, held = held_out(data)
    ours, held_of_ours = written({example.passage for example in [*others, *held]})
    passages = sorted({example.passage for example in [*others, *held, *ours, *held_of_ours]})
    examples = {(e.question, e.passage): recipe.written for e in ours if e.answers}
    examples |= {(e.question, e.passage): 1 for e in others if e.answers}
    questions = sorted({question for question, _ in examples})
    model = MODELS[DEFAULT_MODEL]
    read = Encoder(model).read_all(f"{model.before_question}{question}" for question in questions)
    vectors = normalised(np.stack([states.mean(axis=0) for states in read]))
    of_question = {question: place for place, question in enumerate(questions)}
    of_passage = {passage: place for place, passage in enumerate(passages)}
    pairs = [
        (of_question[question], of_passage[passage])
        for (question, passage), times in examples.items()
        for _ in range(times)
    ]
    return Asked(vectors, PackagedEmbedder(model).passages(passages), np.array(pairs, np.int64))


def learn(asked: Asked, recipe: Recipe) -> Vectors:
    """Return the matrix, shape (dimension, dimension)."""
    questions, passages = torch.from_numpy(asked.questions), torch.from_numpy(asked.passages)
    nothing = torch.eye(questions.shape[1])
    matrix = nothing.clone().requires_grad_()
    sharpness = torch.tensor(np.log(recipe.sharpness), dtype=torch.float32, requires_grad=True)
    optimizer = torch.optim.Adam([{"params": [matrix], "lr": recipe.rate}, {"params": [sharpness], "lr": 1e-2}])
    rng = np.random.default_rng(recipe.seed)
    for epoch in range(recipe.epochs):
        lost = []
        for rows in np.array_split(rng.permutation(asked.pairs), -(-len(asked.pairs) // recipe.batch)):
            turned = functional.normalize(questions[rows[:, 0]] @ matrix.T, dim=1)
            near = functional.cross_entropy(sharpness.exp() * turned @ passages.T, torch.from_numpy(rows[:, 1]))
            loss = near + recipe.ridge * (matrix - nothing).square().sum()
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            lost.append(near.item())
        say(f"epoch {epoch + 1}, loss {np.mean(lost):.3f}")
    found: Vectors = matrix.detach().numpy()
    return found


def main() -> None:
    """Train, and write the matrix in half precision."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("file", type=Path)
    add_fields(parser, Recipe)
    given = parser.parse_args()
    recipe = recipe_of(given, Recipe)
    say(str(asdict(recipe)))
    np.save(given.file, learn(asked_of(given.data, recipe), recipe).astype(np.float16))


if __name__ == "__main__":
    main()
