"""Train the reader: `python -m qa.reader.train DATA OUT`, where DATA holds `squadshifts/` and `squad/`.

It goes on from the last checkpoint in OUT, and leaves there the weights and how good they are on what was held out.
What it learns from is drawn anew in each epoch, from a seed.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from index.embed import Vectors
from index.records import Span
from qa.reader.network import Network
from qa.reader.pairs import Mix, Pair, Pairs, batches
from qa.reader.scores import best_scores
from qa.reader.weights import read
from qa.spans import Marked

EVERY = 600
"""Steps between checkpoints."""


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out, beside the constants of `pairs`."""

    steps: int = 5000
    minutes: float = 1e9
    """The rate is at nothing by then, also if fewer steps were taken."""
    rate: float = 1e-4
    faster: float = 5.0
    """How much faster what is learned from the start learns than the layers that begin as a model's."""
    warm_up: float = 0.06
    decay: float = 0.01
    averaged: float = 0.998
    kept: float = 0.65
    """How much is kept of the reader that it begins with, the rest being all-MiniLM-L6-v2."""
    dropped: float = 0.1
    """As BERT was trained: see `Network`."""
    reworded: float = 0.5
    others: float = 0.35
    written: int = 2
    """See `Mix`."""
    seed: int = 7


class Training:
    """A run, which can be left and taken up again."""

    def __init__(self, recipe: Recipe, data: Path, out: Path, begin: Path | None = None) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.out = recipe, out
        out.mkdir(parents=True, exist_ok=True)
        (out / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
        self.pairs = Pairs(data, out, recipe.seed, Mix(recipe.reworded, recipe.others, recipe.written))
        found = [len(of) for of in (self.pairs.examples, self.pairs.written, self.pairs.edited)]
        say(f"{found[0]} examples of others, {found[1]} of ours, {found[2]} edited")
        self.exact, self.averaged, self.network = Network(), Network(), Network(recipe.dropped)
        if begin:
            self._begin_near(read(begin))
            self.network.load_state_dict(self.exact.state_dict())
        self.averaged.load_state_dict(self.exact.state_dict())
        self.network.layers.to(torch.bfloat16)  # several times as fast; what it learns is added up in `exact`
        layers = list(self.exact.layers.parameters())
        heads = [p for name, p in self.exact.named_parameters() if not name.startswith("layers")]
        self.optimizer = torch.optim.AdamW(
            [{"params": layers, "faster": 1.0}, {"params": heads, "faster": recipe.faster}], weight_decay=recipe.decay
        )
        self.step, self.seen, self.seconds, self.best = 0, 0, 0.0, 0.0
        self._resume()

    def _begin_near(self, weights: Mapping[str, Vectors]) -> None:
        """Begin between all-MiniLM-L6-v2 and a reader: what that learned by heart is lost first.

        As Ash and Adams, On Warm-Starting Neural Network Training (2020).
        """
        state = self.exact.state_dict()
        for name, value in weights.items():
            kept = self.recipe.kept if name.startswith(("layers", "first")) else 1.0
            state[name] = state[name].lerp(torch.from_numpy(value), kept)
        self.exact.load_state_dict(state)
        self.averaged.load_state_dict(state)

    def run(self) -> None:
        """Train until the steps, or the minutes, are used up."""
        epoch = 0
        at = 0  # the step with which the epoch began
        while self.done < 1:
            found = list(self.pairs.epoch(epoch))
            for batch in found[max(0, self.step - at) :]:
                began = time.monotonic()
                lost = self._learn(batch)
                self.seconds += time.monotonic() - began
                self.step, self.seen = self.step + 1, self.seen + len(batch)
                if self.step % 50 == 0:
                    say(f"step {self.step} pairs {self.seen} a second {self.seen / self.seconds:.1f} loss {lost:.3f}")
                if self.step % EVERY == 0:
                    self._keep()
                if self.done >= 1:
                    break
            at, epoch = at + len(found), epoch + 1
        self._keep()

    @property
    def done(self) -> float:
        """How much of the training is done, 0 to 1."""
        return max(self.step / self.recipe.steps, self.seconds / 60 / self.recipe.minutes)

    def _learn(self, batch: list) -> float:  # type: ignore[type-arg]
        rate = self.recipe.rate * min(self.done / self.recipe.warm_up, (1 - self.done) / (1 - self.recipe.warm_up))
        for group in self.optimizer.param_groups:
            group["lr"] = max(rate, 1e-7) * group["faster"]
        self.network.train()
        loss = self.network.loss(self.network.batch(batch))
        self.network.zero_grad()
        torch.autograd.backward(loss)
        for exact, used in zip(self.exact.parameters(), self.network.parameters(), strict=True):
            exact.grad = None if used.grad is None else used.grad.float()
        torch.nn.utils.clip_grad_norm_(self.exact.parameters(), 1.0)
        self.optimizer.step()
        keep = min(self.recipe.averaged, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, exact, used in zip(
                self.averaged.parameters(), self.exact.parameters(), self.network.parameters(), strict=True
            ):
                used.copy_(exact)
                mean.lerp_(exact, 1 - keep)
        return float(loss)

    def _keep(self) -> None:
        """Write a checkpoint and how good the weights are; the weights themselves where none were better."""
        parts = {name: getattr(self, name).state_dict() for name in ("exact", "averaged", "optimizer")}
        figures = {
            "step": self.step,
            "pairs": self.seen,
            "seconds": round(self.seconds),
            **judge(self.averaged, self.pairs.judged),
            "ours": judge(self.averaged, self.pairs.judged_of_written),
        }
        if worth(figures) > self.best:
            self.best = worth(figures)
            torch.save(self.averaged.state_dict(), self.out / "reader.pt")
        torch.save({**parts, "at": (self.step, self.seen, self.seconds, self.best)}, self.out / "checkpoint.part")
        (self.out / "checkpoint.part").replace(self.out / "checkpoint.pt")
        with (self.out / "curve.jsonl").open("a") as curve:
            curve.write(json.dumps(figures) + "\n")
        say(json.dumps(figures))

    def _resume(self) -> None:
        if (self.out / "checkpoint.pt").exists():
            kept = torch.load(self.out / "checkpoint.pt", weights_only=True)
            for name in ("exact", "averaged", "optimizer"):
                getattr(self, name).load_state_dict(kept[name])
            self.step, self.seen, self.seconds, self.best = kept["at"]
            self.network.load_state_dict(self.exact.state_dict())


@torch.no_grad()
def judge(network: Network, judged: Sequence[Pair]) -> dict[str, float]:
    """Return how good it is on what was held out: exact match and F1 where there is an answer, and the AUC of that."""
    network.eval()
    scores, there, sure, said = [], [], [], []
    for batch in batches(judged):
        ends, answers = network(network.batch(batch))
        for pair, marks, answer in zip(batch, ends.numpy(), answers.tolist(), strict=True):
            begins, lasts = (marks[len(pair.question) : len(pair)] - marks[0]).T
            passage = pair.example.passage
            span, margin = Marked(answer, begins, lasts, pair.spans).best(Span(0, len(passage)))
            there.append(bool(pair.begins))
            sure.append(margin)
            said.append(answer)
            if pair.begins:
                scores.append(best_scores(passage[span.start : span.end], pair.example.texts))
    exact, overlap = np.mean(scores, axis=0)
    figures = {
        "exact": exact,
        "F1": overlap,
        "AUC of the span": auc(there, sure),
        "AUC of the passage": auc(there, said),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def worth(figures: Mapping[str, Any]) -> float:
    """Return what the best checkpoint has most of."""
    return float(sum(of["F1"] + of["AUC of the span"] for of in (figures, figures["ours"])))


def auc(there: list[bool], sure: list[float]) -> float:
    """Return how often what is there is surer than what is not."""
    yes = np.array(there)
    rank = np.argsort(np.argsort(sure)) + 1
    return float((rank[yes].sum() - yes.sum() * (yes.sum() + 1) / 2) / max(1, yes.sum() * (~yes).sum()))


def say(text: str) -> None:
    """Print a line at once: a run takes an hour."""
    print(text, flush=True)


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--begin", type=Path, help="with the weights of this reader, instead of all-MiniLM-L6-v2's")
    parser.add_argument("--threads", type=int, default=2)
    for name, value in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    torch.set_num_threads(given.pop("threads"))
    data, out, begin = given.pop("data"), given.pop("out"), given.pop("begin")
    Training(Recipe(**given), data, out, begin).run()


if __name__ == "__main__":
    main()
