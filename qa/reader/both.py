"""Train one network to do both, mark words and tell sentences: `python -m qa.reader.both DATA DRAWN OUT --begin FILE`.

DATA holds `squadshifts/` and `squad/`, DRAWN is what `python -m qa.reader.draw` has drawn, and FILE a cross-encoder of
`python -m qa.reader.cross`. It learns to mark the words of passages that answer, as by `qa.reader.train`, and at some
steps (`--every`) which of several sentences answers, as by `qa.reader.cross`, so as not to forget it. What it says of a
whole passage and of a sentence is one number. It goes on from the last checkpoint in OUT.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from qa.reader import cross
from qa.reader.cross import Group, Groups
from qa.reader.drawn import Drawn
from qa.reader.network import Batch
from qa.reader.train import Recipe, Training, add_fields, recipe_of, say

EVERY = 7
"""One step of so many is of sentences."""
RECIPE = Recipe(epochs=0.78, tokens=6144, rate=1e-4, dropped=0.0, cropped=0.6, seed=31, checkpoints=3)


class Both(Training):
    """A run that learns of sentences, too."""

    def __init__(
        self,
        recipe: Recipe,
        drawn: Drawn,
        out: Path,
        groups: Groups,
        begin: Path,
        teachers: Sequence[Path] = (),
        every: int = EVERY,
    ) -> None:
        """Begin with the weights of a cross-encoder."""
        self.groups, self.every = groups, every
        super().__init__(recipe, drawn, out, teachers=teachers, begin=begin)

    def _lost(self, batch: Batch) -> Tensor:
        turn, left = divmod(self.step, self.every)
        if left < self.every - 1:
            return super()._lost(batch)
        groups = self._drawn(turn)
        return cross.loss_of(self.network(cross.in_tensors(groups, self.device))[1], groups)

    def _drawn(self, turn: int) -> Sequence[Group]:
        """Return a batch of groups, of those that are drawn at once."""
        drawn = self.groups.drawn(turn)
        return cross.batches(drawn, self.recipe.tokens, random.Random(turn))[0]


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("drawn", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--begin", type=Path, required=True, help="a cross-encoder: the .npz of a run, or .onnx")
    parser.add_argument("--teachers", type=Path, nargs="*", default=(), help="readers, as of `qa.reader.train`")
    parser.add_argument("--every", type=int, default=EVERY, help="one step of so many is of sentences")
    parser.add_argument("--elsewhere", type=int, default=1, help="sentences of other passages beside those of its own")
    parser.add_argument("--groups-seed", type=int, default=11)
    parser.add_argument("--turned", type=float, default=0.0, help="of its questions of sentences, as of `cross.Recipe`")
    parser.add_argument("--people", type=float, default=0.0, help="the same")
    add_fields(parser, RECIPE)
    given = parser.parse_args()
    sentences = cross.Recipe(
        seed=given.groups_seed, elsewhere=given.elsewhere, turned=given.turned, people=given.people
    )
    groups = Groups.of(given.data, given.drawn.parent, sentences)
    drawn = Drawn.load(given.drawn)
    run = Both(recipe_of(given, Recipe), drawn, given.out, groups, given.begin, given.teachers, given.every)
    say(f"{run.steps} steps")
    run.run()


if __name__ == "__main__":
    main()
