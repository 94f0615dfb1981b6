"""Train a reader on, where questions were added: `python -m qa.reader.refine DRAWN OUT --begin READER.onnx`.

Three runs begin as READER and differ in seed, rate, dropout and cropping; one of them learns what READER says, too.
`OUT/reader.npz` is the mean of their weights (Wortsman et al., Model Soups, 2022), of which `python -m
qa.reader.weights` makes what ships. Taken up again where it was left.
"""

from dataclasses import dataclass
from pathlib import Path

from qa.reader.drawn import Drawn
from qa.reader.network import Network
from qa.reader.train import Recipe, Training, arguments, save
from qa.reader.weights import load, mean


@dataclass(frozen=True)
class Run:
    """One of the runs."""

    recipe: Recipe
    is_taught: bool = False
    """Whether it learns what the reader says that it begins as."""


RUNS = {
    "one": Run(Recipe(seed=21, epochs=2, rate=1e-4, dropped=0.1, cropped=0.5, checkpoints=2)),
    "two": Run(
        Recipe(seed=22, epochs=2, rate=1.2e-4, dropped=0.1, cropped=0.5, trust=0.3, checkpoints=2), is_taught=True
    ),
    "three": Run(Recipe(seed=23, epochs=2, rate=1.5e-4, dropped=0.15, cropped=0.7, checkpoints=2)),
}


def refine(drawn: Drawn, out: Path, begin: Path) -> None:
    """Train the runs, one after the other, and write their mean."""
    for name, run in RUNS.items():
        Training(run.recipe, drawn, out / name, teachers=[begin] if run.is_taught else (), begin=begin).run()
    save(Network(mean([load(out / name / "reader.npz") for name in RUNS])), out / "reader.npz")


def main() -> None:
    """Train on."""
    given = arguments(__doc__.split("\n")[0], "the reader that is trained on")
    refine(Drawn.load(given.drawn), given.out, given.begin)


if __name__ == "__main__":
    main()
