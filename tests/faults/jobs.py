"""What children do: each function runs in a process of its own, forked by `child.py`."""

import time
from dataclasses import dataclass
from pathlib import Path

import index.formats  # the libraries that read formats are loaded before the fork
import index.local  # noqa: F401
from index import build
from index.errors import ArticleQAError
from index.records import BuildReport, Progress
from index.store import open_store
from tests.faults.shim import Mode, Shim
from tests.faults.truth import EMBEDDER, Answers, Kept, answers, built, kept


@dataclass(frozen=True)
class Refused:
    """An error that was raised on purpose, for a person to read."""

    name: str
    message: str


def try_to_build(folder: Path, store: Path, rebuild: bool = False) -> BuildReport | Refused:
    """Build, and return what was done, or the error."""
    try:
        return built(folder, store, rebuild=rebuild)
    except ArticleQAError as error:
        return Refused(type(error).__name__, str(error))


def build_and_stop(folder: Path, store: Path, reached: Path) -> None:
    """Build up to the first progress, make the file `reached`, and hold everything until killed."""

    def stop(_: Progress) -> None:
        reached.touch()
        time.sleep(600)

    build(folder, store=store, embedder=EMBEDDER, progress=stop)


@dataclass(frozen=True)
class Counted:
    """What the shim saw of a build, and what the system counted."""

    outcome: BuildReport | Refused
    steps: int
    kinds: dict[str, int]
    writes_anywhere: int
    writes_of_system: int


def build_on_failing_disk(folder: Path, store: Path, mode: Mode, step: int, rebuild: bool = False) -> Counted:
    """Build while the shim makes a step fail."""
    shim = Shim()
    before = _writes_of_system()
    shim.arm(store, mode, step)
    try:
        outcome = try_to_build(folder, store, rebuild)
    finally:
        shim.disarm()
    return Counted(outcome, shim.steps, shim.counts, shim.writes_anywhere, _writes_of_system() - before)


def _writes_of_system() -> int:
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(lines["syscw"])


def ask(store: Path) -> Answers | Refused:
    """Put the questions, and return the answers, or the error."""
    try:
        return answers(store)
    except ArticleQAError as error:
        return Refused(type(error).__name__, str(error))


def keep(store: Path) -> dict[str, Kept] | Refused:
    """Return what the store keeps of each article, or the error."""
    try:
        return kept(store)
    except ArticleQAError as error:
        return Refused(type(error).__name__, str(error))


def check(store: Path) -> list[str] | Refused:
    """Return the problems of a store, or the error."""
    try:
        return open_store(str(store)).problems()
    except ArticleQAError as error:
        return Refused(type(error).__name__, str(error))
