"""Write the file that ships: `python -m qa.reader.smooth TRAINED FILE`.

A few inputs are twenty times as large as the others, and all of a text are quantised by one scale: the graph makes them
alike first (`index.export.smoothing`). How large they get is measured on questions and passages of ours.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from index.embed import Vectors
from index.minilm import vocabulary
from qa.reader.network import Batch, Network
from qa.reader.weights import NAMES, load, write
from qa.reader.written import written
from qa.spans import LONGEST_PASSAGE

MATRICES = ["look", *(name for name in NAMES if not name.endswith("norm"))]
MEASURED_ON = 100
SEED = 7


@torch.no_grad()
def largest_inputs(network: Network, texts: Iterable[Batch]) -> dict[str, Vectors]:
    """Return how large each input of each matrix gets in a text, in the mean over texts; shape (inputs,)."""
    seen: dict[str, list[Vectors]] = defaultdict(list)

    def watch(name: str, matrix: nn.Module) -> None:
        def look(_: nn.Module, given: tuple[Tensor, ...], __: Tensor) -> None:
            seen[name].append(given[0].abs().flatten(0, 1).amax(dim=0).numpy())

        matrix.register_forward_hook(look)

    for number, layer in enumerate(network.layers):
        for name in MATRICES:
            watch(f"layers.{number}.{name}", getattr(layer, name))
    network.eval()
    for text in texts:
        network(text)
    return {name: np.mean(found, axis=0) for name, found in seen.items()}


def texts() -> Iterator[Batch]:
    """Yield questions of ours, each with its passage."""
    tokenizer = vocabulary().tokenizer
    tokenizer.no_truncation()
    for example in random.Random(SEED).sample(written(())[0], MEASURED_ON):
        asked, read = (one.ids for one in tokenizer.encode_batch([example.question, example.passage]))
        read = read[1:LONGEST_PASSAGE]
        ids, kinds = torch.tensor([asked + read]), torch.tensor([[0] * len(asked) + [1] * len(read)])
        there, nothing = torch.ones_like(ids, dtype=torch.bool), torch.zeros(0)
        yield Batch(ids, kinds, there, there, nothing, nothing)


def main() -> None:
    """Measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("trained", type=Path, help="the reader.npz of a run, or .onnx")
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    weights = load(given.trained)
    write(weights, given.file, largest_inputs(Network(weights), texts()))


if __name__ == "__main__":
    main()
