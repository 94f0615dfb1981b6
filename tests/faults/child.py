"""A function -> what became of it in a process of its own, which may be killed, or kill itself, at any moment.

The processes are forked from one that has imported everything already and runs no thread, so that one costs
milliseconds. That one is started with the shim of `shim.c` loaded, which does nothing until it is armed.
"""

import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context("forkserver")
PRELOADED = ["pytest", "hypothesis", "tests.faults.jobs"]
ROOT = Path(__file__).parent.parent.parent
LONGEST = 300.0
"""Seconds after which a child counts as hanging."""
BOOKS = threading.Lock()
"""Held while a child is started or collected: two threads that do so at once take each other's exit codes."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code, minus the signal that killed it, and what its function returned."""

    code: int | None
    said: Any
    """None where the child died first; a Crashed where the function raised."""


@dataclass(frozen=True)
class Crashed:
    """An exception that the function let out."""

    trace: str


class Running:
    """A child that waits for `go`."""

    def __init__(self, function: Callable[..., Any], given: tuple[Any, ...]) -> None:
        self.pipe, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(target=_run, args=(theirs, function, given), daemon=True)
        with BOOKS:
            self.process.start()
        theirs.close()
        self.pipe.recv()

    def go(self) -> None:
        """Let the function run."""
        self.pipe.send("go")

    def kill(self) -> None:
        """Kill the child without warning, if it still runs."""
        self.process.kill()

    def end(self) -> Ended:
        """Wait until it ends. Raises TimeoutError where it hangs."""
        try:
            if not self.pipe.poll(LONGEST):
                self.kill()
                raise TimeoutError(f"a child did not end in {LONGEST} seconds")
            said = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            said = None
        self.pipe.close()
        with BOOKS:
            self.process.join()
            ended = Ended(self.process.exitcode, said)
            self.process.close()
        return ended


def start(function: Callable[..., Any], *given: object) -> Running:
    """Return a child that will call `function`, which a module that can be imported must hold."""
    return Running(function, given)


def run(function: Callable[..., Any], *given: object) -> Ended:
    """Call `function` in a child, and wait."""
    child = start(function, *given)
    child.go()
    return child.end()


def returned(function: Callable[..., Any], *given: object) -> Any:
    """Call `function` in a child and return what it returned; a death or an exception there is a failure here."""
    ended = run(function, *given)
    assert ended.code == 0, f"the child ended with {ended.code}"
    assert not isinstance(ended.said, Crashed), ended.said.trace
    return ended.said


def start_server(shim: Path | None) -> None:
    """Start the process that children are forked from; the first call counts."""
    CONTEXT.set_forkserver_preload(PRELOADED)
    said = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
        **({"LD_PRELOAD": str(shim)} if shim else {}),
    }
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _run(pipe: Any, function: Callable[..., Any], given: tuple[Any, ...]) -> None:
    pipe.send("ready")
    pipe.recv()
    try:
        said = function(*given)
    except Exception:  # noqa: BLE001 - whatever it is, the test must hear of it
        said = Crashed(traceback.format_exc())
    pipe.send(said)
