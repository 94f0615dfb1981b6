"""Make the reader anew: `python -m qa.reader DATA OUT`; what comes out is `OUT/reader.onnx`.

DATA holds `squadshifts/` and `squad/`. Each step is a command of its own, can be stopped, and goes on from where it was
left; one that is done is passed over.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """A command of this package."""

    name: str
    given: Sequence[str | Path]

    @property
    def command(self) -> list[str]:
        """How it is called."""
        return [sys.executable, "-m", f"qa.reader.{self.name}", *map(str, self.given)]


def steps(data: Path, out: Path, teachers: Sequence[Path] = ()) -> Iterator[Step]:
    """Yield all steps, in their order. `teachers`: readers from which the last run learns, too."""
    mixes = {
        "first": ("--written", "0.5", "--of_latest", "0.6"),
        "second": ("--others", "0.4", "--written", "1", "--of_latest", "1"),
    }
    for name, mix in mixes.items():
        drawn = out / f"{name}.npz"
        yield Step("draw", (data, drawn, "--epochs", "1", "--latest", "16054", "--reworded", "0.3", *mix))
    begin = out / "cross-encoder.npz"
    yield Step("cross", (data, out))
    taught = ("--rate", "7e-5", "--warm-up", "0.04", "--epochs", "0.42", "--seed", "47", "--trust", "0.4")
    runs: dict[str, tuple[str | Path, ...]] = {"first": (), "second": (*taught, "--teachers", *teachers)}
    for name, recipe in runs.items():
        yield Step("both", (data, out / f"{name}.npz", out / name, "--begin", begin, *recipe))
        begin = out / name / "reader.npz"
    yield Step("smooth", (begin, out / "reader.onnx"))


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--teachers", type=Path, nargs="*", default=(), help="readers that it learns from, too")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for number, step in enumerate(steps(given.data, given.out, given.teachers), start=1):
        done = given.out / f"{number}-{step.name}.done"  # what a run makes is there from its first checkpoint on
        if not done.exists():
            print(*step.command[1:], flush=True)
            subprocess.run(step.command, check=True)  # noqa: S603 - a command of ours
            done.touch()


if __name__ == "__main__":
    main()
