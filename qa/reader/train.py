"""Train the reader: `python -m qa.reader.train DRAWN OUT`, of what `python -m qa.reader.draw` has drawn.

Minutes on a GPU, hours without. It goes on from the last checkpoint in OUT, and leaves there the weights and how good
they are on what was held out. With `--teachers`, it learns what they say too.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from qa.reader.drawn import Drawn, Judged, Rows
from qa.reader.network import Batch, Network, hear, working_type
from qa.reader.scores import best_scores
from qa.reader.weights import load
from qa.spans import LONGEST_ANSWER

NO_WORDS = (101, 102)
"""The tokens that open and close a text."""
JITTER = 24
"""Tokens by which pairs of a batch may differ in length, so that it is never the same ones."""


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out, beside what is drawn."""

    epochs: float = 8.0
    tokens: int = 16384
    """Of a batch."""
    rate: float = 1.5e-4
    faster: float = 2.0
    """How much faster what is learned from the start learns than the layers that begin as a model's."""
    slower: float = 1.0
    """How much slower the vectors of words, places and kinds learn than the layers; 0 leaves them as they are."""
    still: int = 0
    """So many of the lower layers stay as they are, and those vectors with them."""
    warm_up: float = 0.06
    decay: float = 0.01
    averaged: float = 0.998
    dropped: float = 0.1
    """As BERT was trained: see `Network`."""
    cropped: float = 0.5
    """Of how many pairs the passage is shown without some of its first and last tokens: see `Texts.batch`."""
    trust: float = 0.7
    """How much is learned from teachers, where there are any, instead of from the marks."""
    seed: int = 7
    checkpoints: int = 4


class Training:
    """A run, which can be left and taken up again."""

    def __init__(
        self, recipe: Recipe, drawn: Drawn, out: Path, *, teachers: Sequence[Path] = (), begin: Path | None = None
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.out, self.drawn = recipe, out, drawn
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        out.mkdir(parents=True, exist_ok=True)
        (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
        self.texts = Texts(drawn, self.device)
        weights = load(begin) if begin else drawn.base
        self.exact, self.network = (Network(weights, dropped).to(self.device) for dropped in (0.0, recipe.dropped))
        self.network.load_state_dict(self.exact.state_dict())
        self.averaged = Network(weights).to(self.device)
        self.averaged.load_state_dict(self.exact.state_dict())
        _hold_still(self.network, recipe.still)
        self.network.layers.to(working_type(self.device))  # what it learns is added up in `exact`
        self.teachers = [Network(load(file)).to(self.device).eval() for file in teachers]
        for teacher in self.teachers:
            teacher.layers.to(working_type(self.device))
        self.optimizer = torch.optim.AdamW(_groups(self.exact, recipe), weight_decay=recipe.decay, fused=True)
        self.steps = self._count()
        self.step, self.seconds = 0, 0.0
        self._resume()

    def _count(self) -> int:
        whole, part = divmod(self.recipe.epochs, 1)
        counts = [len(self._batches(number)) for number in range(int(whole) + bool(part))]
        return sum(counts[: int(whole)]) + (round(part * counts[-1]) if part else 0)

    def _batches(self, epoch: int) -> list[NDArray[np.int64]]:
        """Return the rows of each batch of an epoch, in a random order; pairs of about one length are together."""
        rows = self.drawn.epochs[epoch % len(self.drawn.epochs)]
        rng = random.Random(f"{self.recipe.seed}-{epoch}")
        found = list(batches(self.texts.lengths(rows), self.recipe.tokens, rng))
        rng.shuffle(found)
        return found

    def run(self) -> None:
        """Train until the epochs are over."""
        every = max(1, -(-self.steps // self.recipe.checkpoints))
        at = epoch = 0
        began = time.monotonic()
        while self.step < self.steps:
            found = self._batches(epoch)
            rows = self.drawn.epochs[epoch % len(self.drawn.epochs)]
            for batch in found[self.step - at : self.steps - at]:
                lost = self._learn(self.texts.batch(rows, batch, self.recipe.cropped))
                self.step += 1
                if self.step % 200 == 0:
                    took = self.seconds + time.monotonic() - began
                    say(f"step {self.step} of {self.steps}, {took:.0f} s, loss {float(lost):.3f}")
                if self.step % every == 0 or self.step == self.steps:
                    self.seconds += time.monotonic() - began
                    self._keep()
                    began = time.monotonic()
            at, epoch = at + len(found), epoch + 1

    def _learn(self, batch: Batch) -> Tensor:
        done = (self.step + 1) / self.steps
        rate = self.recipe.rate * min(done / self.recipe.warm_up, (1 - done) / (1 - self.recipe.warm_up))
        for group in self.optimizer.param_groups:
            group["lr"] = max(rate, 1e-7) * group["faster"]
        self.network.train()
        loss = self._lost(batch)
        self.network.zero_grad()
        torch.autograd.backward(loss)
        exact: list[Tensor] = list(self.exact.parameters())
        used: list[Tensor] = list(self.network.parameters())
        for of_exact, of_used in zip(exact, used, strict=True):
            of_exact.grad = None if of_used.grad is None else of_used.grad.float()
        torch.nn.utils.clip_grad_norm_(exact, 1.0)
        self.optimizer.step()
        keep = min(self.recipe.averaged, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_copy_(used, exact)
            mean: list[Tensor] = list(self.averaged.parameters())
            torch._foreach_lerp_(mean, exact, 1 - keep)
        return loss.detach()

    def _lost(self, batch: Batch) -> Tensor:
        said = hear(self.teachers, batch) if self.teachers else None
        return self.network.loss(batch, said, self.recipe.trust)

    def _keep(self) -> None:
        """Write a checkpoint, the weights, and how good they are."""
        parts = {name: getattr(self, name).state_dict() for name in ("exact", "averaged", "optimizer")}
        figures = {
            "step": self.step,
            "seconds": round(self.seconds),
            **{name: judge(self.averaged, self.texts, judged) for name, judged in self.drawn.judged.items()},
        }
        keep(self.out, {**parts, "at": (self.step, self.seconds)})
        save(self.averaged, self.out / "reader.npz")
        with (self.out / "curve.jsonl").open("a") as curve:
            curve.write(json.dumps(figures) + "\n")
        say(json.dumps(figures))

    def _resume(self) -> None:
        if kept := kept_in(self.out, self.device):
            for name in ("exact", "averaged", "optimizer"):
                getattr(self, name).load_state_dict(kept[name])
            self.step, self.seconds = kept["at"]
            self.network.load_state_dict(self.exact.state_dict())


class Texts:
    """Questions and passages in tokens, where the network is."""

    def __init__(self, drawn: Drawn, device: str) -> None:
        self.device = device
        self._sides = [
            (side, torch.from_numpy(side.flat.astype(np.int32)).to(device), torch.from_numpy(side.starts).to(device))
            for side in (drawn.questions, drawn.passages)
        ]

    def lengths(self, rows: Rows) -> NDArray[np.int64]:
        """Return how many tokens each pair has."""
        of_questions, of_passages = (np.diff(side.starts) for side, _, _ in self._sides)
        lengths: NDArray[np.int64] = of_questions[rows.pairs[:, 0]] + of_passages[rows.pairs[:, 1]]
        return lengths

    def batch(self, rows: Rows, chosen: NDArray[np.int64], cropped: float = 0.0) -> Batch:
        """Put some pairs into tensors.

        Of a share of the passages, `cropped`, up to half of what stands before the first mark is left out, and up to
        half of what stands after the last.
        """
        numbers = torch.from_numpy(rows.pairs[chosen].astype(np.int64)).to(self.device)
        marks = torch.from_numpy(rows.marks[chosen].astype(np.int64)).to(self.device)
        (_, questions, question_at), (_, passages, passage_at) = self._sides
        first, after = question_at[numbers[:, 0]], question_at[numbers[:, 0] + 1]
        begin, end = passage_at[numbers[:, 1]], passage_at[numbers[:, 1] + 1]
        if cropped:
            begin, end, marks = _crop(begin, end, marks, cropped)
        asked, whole = (after - first)[:, None], (after - first + end - begin)[:, None]
        place = torch.arange(int(whole.max()), device=self.device)[None, :]
        there, kinds = place < whole, (place >= asked) & (place < whole)
        of_question = questions[(first[:, None] + place).clamp(max=len(questions) - 1)]
        of_passage = passages[(begin[:, None] + place - asked).clamp(0, len(passages) - 1)]
        ids = torch.where(kinds, of_passage, of_question).masked_fill(~there, 0).long()
        allowed = kinds & (ids != NO_WORDS[0]) & (ids != NO_WORDS[1])
        allowed[:, 0] = True
        marked = marks >= 0
        at = torch.where(marked, marks + asked[:, :, None], 0)
        wanted = torch.zeros((*ids.shape, 2), dtype=torch.bool, device=self.device)
        wanted.scatter_(1, at, marked)  # where there is no mark, nothing is at the first place, for now
        answered = marked.any(dim=1)[:, 0]
        wanted[:, 0] = ~answered[:, None]
        return Batch(ids, kinds.long(), there, allowed, wanted, answered.float())


def _crop(begin: Tensor, end: Tensor, marks: Tensor, share: float) -> tuple[Tensor, Tensor, Tensor]:
    """Return where passages begin and end when a share of them is cropped, and where the marks are in these."""
    length = end - begin
    marked = marks >= 0
    first = torch.where(marked, marks, length[:, None, None]).amin(dim=(1, 2))
    last = marks.amax(dim=(1, 2)) + 1  # 0 where nothing is marked
    drawn = torch.rand((3, len(begin)), device=begin.device)
    drawn[:2] *= (drawn[2] < share) / 2
    before = (drawn[0] * first).long()
    after = (drawn[1] * (length - torch.maximum(last, before))).long()
    return begin + before, end - after, torch.where(marked, marks - before[:, None, None], marks)


def batches(lengths: NDArray[np.int64], tokens: int, rng: random.Random | None = None) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of pairs of about one length, `tokens` at the most; with `rng`, never the same ones twice."""
    noise = np.random.default_rng(rng.randrange(2**32)).uniform(0, JITTER, len(lengths)) if rng else np.zeros(1)
    order = np.argsort(lengths + noise, kind="stable")
    begin, longest = 0, 0
    for place, row in enumerate(order):
        longest = max(longest, int(lengths[row]))
        if place > begin and (place - begin + 1) * longest > tokens:
            yield order[begin:place]
            begin, longest = place, int(lengths[row])
    if begin < len(order):
        yield order[begin:]


@torch.no_grad()
def judge(network: Network, texts: Texts, judged: Judged) -> dict[str, float]:
    """Return how good it is on what was held out: exact match and F1 where there is an answer, and the AUC of that."""
    network.eval()
    scores, there, sure, said = [], [], [], []
    for chosen in batches(texts.lengths(judged.rows), 8192):
        batch = texts.batch(judged.rows, chosen)
        ends, answers = network(batch)
        ends, passages = ends - ends[:, :1], (batch.kinds == 0).int().argmin(dim=1).tolist()
        sums = ends[:, :, None, 0] + ends[:, None, :, 1]
        apart = torch.ones(sums.shape[1:], dtype=torch.bool, device=sums.device).triu().tril(LONGEST_ANSWER - 1)
        apart[0] = False
        best, place = sums.masked_fill(~apart, -1e9).flatten(1).max(dim=1)
        firsts, lasts = place // sums.shape[2], place % sums.shape[2]
        for row, asked, first, last in zip(chosen, passages, firsts.tolist(), lasts.tolist(), strict=True):
            if judged.answers[row]:
                spans = judged.spans[int(row)]
                said_here = judged.passages[row][int(spans[first - asked, 0]) : int(spans[last - asked, 1])]
                scores.append(best_scores(said_here, judged.answers[row]))
            there.append(bool(judged.answers[row]))
        sure += best.tolist()
        said += answers.tolist()
    exact, overlap = np.mean(scores, axis=0)
    figures = {
        "exact": exact,
        "F1": overlap,
        "AUC of the span": auc(there, sure),
        "AUC of the passage": auc(there, said),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def auc(there: list[bool], sure: list[float]) -> float:
    """Return how often what is there is surer than what is not."""
    yes = np.array(there)
    rank = np.argsort(np.argsort(sure)) + 1
    return float((rank[yes].sum() - yes.sum() * (yes.sum() + 1) / 2) / max(1, yes.sum() * (~yes).sum()))


CHECKPOINT = "checkpoint.pt"


def keep(out: Path, state: Mapping[str, object]) -> None:
    """Write a checkpoint: the one before is there until it is whole."""
    part = out / "checkpoint.part"
    torch.save(state, part)
    part.replace(out / CHECKPOINT)


def kept_in(out: Path, device: str = "cpu") -> dict[str, Any]:
    """Return the last checkpoint in `out`; nothing where there is none."""
    if not (out / CHECKPOINT).exists():
        return {}
    kept: dict[str, Any] = torch.load(out / CHECKPOINT, weights_only=True, map_location=device)
    return kept


def save(network: Network, file: Path) -> None:
    """Write weights, in half precision, for `weights.load`."""
    state = {name: value.cpu().numpy().astype(np.float16) for name, value in network.state_dict().items()}
    with file.open("wb") as out:
        np.savez(out, **state)


def _hold_still(network: Network, layers: int) -> None:
    """Let the lower layers of a network learn nothing, nor the vectors that they read."""
    if not layers:
        return
    for part in (network.words, network.places, network.types, network.first, *network.layers[:layers]):
        part.requires_grad_(requires_grad=False)


def _groups(network: Network, recipe: Recipe) -> list[dict[str, object]]:
    """Part the weights by how fast they learn."""
    speeds = {"words": recipe.slower, "places": recipe.slower, "types": recipe.slower, "layers": 1.0}
    groups: dict[float, list[Tensor]] = {}
    for name, weights in network.named_parameters():
        groups.setdefault(speeds.get(name.split(".")[0], recipe.faster), []).append(weights)
    return [{"params": weights, "faster": faster} for faster, weights in groups.items()]


Made = TypeVar("Made")


def add_fields(parser: argparse.ArgumentParser, recipe: Any) -> None:  # noqa: ANN401 - any dataclass, or one of it
    """Let each field of a recipe be given, as an option of its name."""
    for field in fields(recipe):
        default = getattr(recipe, field.name)
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(default), default=default)


def recipe_of(given: argparse.Namespace, recipe: type[Made]) -> Made:
    """Return the recipe that was given by the options of `add_fields`."""
    return recipe(**{field.name: getattr(given, field.name) for field in fields(recipe)})  # type: ignore[arg-type]


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("drawn", type=Path, help="the file that `python -m qa.reader.draw` wrote")
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--teachers", type=Path, nargs="*", default=(), help="readers: the reader.npz of other runs, or .onnx"
    )
    parser.add_argument("--begin", type=Path, help="with the weights of a reader")
    add_fields(parser, Recipe)
    given = parser.parse_args()
    drawn = Drawn.load(given.drawn)
    Training(recipe_of(given, Recipe), drawn, given.out, teachers=given.teachers, begin=given.begin).run()


if __name__ == "__main__":
    main()
