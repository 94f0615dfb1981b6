"""A document -> what its reader finds, read in a process of its own, within a time and an amount of memory.

The libraries that read documents are made for honest ones: a PDF of some kilobytes can keep one busy for days. A thread
cannot be stopped from outside, so a document is read in another process, which the system ends when its time is up, and
which may break without breaking the build. One process reads one document after another, so that small ones do not cost
a process each; it is kept for the next build, and ends by itself when it is not needed.
"""

import atexit
import io
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import IO

from index.errors import ArticleError, ArticleTooCostly
from index.records import Article, Failure

SECONDS = 60.0
"""Of processor time, for one document: a busy machine makes it no shorter. 5,000 dense pages of a PDF take 12."""
MOST_BYTES = 2 * 2**30
"""Of memory: twice what `tests/test_hostile_files.py` allows any file."""
LARGE = 4 * 2**20
"""Bytes of a document: a process that has read one may have taken hundreds of times as much, and is not kept."""
IDLE_SECONDS = 60
PROGRAM = (
    "import sys; sys.path[:] = {path!r}; "
    "from index.formats import UNPACKED; from index.formats.apart import serve; serve({pipe}, UNPACKED)"
)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Numpy, which comes with `index`, takes address space for each thread."""

Found = Sequence[Article | Failure]
Readers = Mapping[str, Callable[[str, IO[bytes]], Iterator[Article | Failure]]]


@dataclass(frozen=True)
class Process:
    """A process that reads documents, and the pipe to it."""

    running: subprocess.Popen[bytes]
    pipe: Connection

    @classmethod
    def start(cls) -> "Process":
        """Start one: a quarter of a second until it reads."""
        ours, theirs = Pipe()
        command = [sys.executable, "-c", PROGRAM.format(path=sys.path, pipe=theirs.fileno())]
        running = subprocess.Popen(  # noqa: S603 - our own program; on our standard error it says what breaks it
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ | ONE_THREAD,
        )
        theirs.close()
        return cls(running, ours)

    def ask(self, kind: str, path: str, data: bytes, *, seconds: float) -> Found:
        """Return what the reader of `kind` finds. Raises ArticleError as that does; EOFError where it ends instead."""
        try:
            self.pipe.send((kind, path, seconds))
            self.pipe.send_bytes(data)
            said: Found | ArticleError = self.pipe.recv()
        except OSError as error:
            raise EOFError from error
        if isinstance(said, ArticleError):
            raise said
        return said

    def end(self) -> int:
        """Let it end, and return its exit code: minus the signal that ended it."""
        self.pipe.close()
        return self.running.wait()


def read_apart(kind: str, path: str, data: bytes, *, seconds: float = SECONDS) -> Found:
    """Return what the reader of `kind`, a suffix, finds in `data`, within so many `seconds` of processor time.

    Raises ArticleError where it is no article, or breaks the reader; ArticleTooCostly where time or memory run out.
    """
    for process in _processes():
        try:
            found = process.ask(kind, path, data, seconds=seconds)
        except ArticleError:
            _spare().append(process)
            raise
        except EOFError:
            if code := process.end():
                raise _breakdown(code, seconds) from None
        except BaseException:  # Ctrl-C: nobody waits for it any more
            process.running.kill()
            raise
        else:
            _spare().append(process)
            return found
    raise ArticleError("no process can be started to read it")


def serve(descriptor: int, readers: Readers) -> None:
    """Read documents, in the process that was started for it, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the build: when that ends, so does the pipe
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, whatever it is doing
    if sys.platform == "linux":  # others do not keep to it
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    pipe = Connection(descriptor)
    data = b""
    with suppress(EOFError, ConnectionError):
        while len(data) < LARGE and pipe.poll(IDLE_SECONDS):
            kind, path, seconds = pipe.recv()
            data = pipe.recv_bytes()
            signal.setitimer(signal.ITIMER_PROF, seconds)
            said = _read(readers[kind], path, data)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send(said)


def _read(
    reader: Callable[[str, IO[bytes]], Iterator[Article | Failure]], path: str, data: bytes
) -> Found | ArticleError:
    try:
        return list(reader(path, io.BytesIO(data)))
    except ArticleError as error:
        return error
    except MemoryError:
        return ArticleTooCostly(f"takes more than {MOST_BYTES // 2**30} GB of memory to read: split it")


def _breakdown(code: int, seconds: float) -> ArticleError:
    """Say why a process ended that was reading a document."""
    if code == -signal.SIGPROF:
        return ArticleTooCostly(f"takes longer than {seconds:g} s to read: split it, or save its text as .txt")
    return ArticleError(f"breaks its reader (exit code {code}): open it and save it anew, or save its text as .txt")


def _processes() -> Iterator[Process]:
    """Yield those at hand, then a new one. One that was idle may end by itself before it is asked."""
    with suppress(IndexError):
        while True:
            process = _spare().pop()
            if process.running.poll() is None:
                yield process
    yield Process.start()


@cache
def _spare() -> list[Process]:
    """Return the processes that read nothing at the moment: more than one after builds in several threads."""
    spare: list[Process] = []

    def end_all() -> None:
        while spare:
            spare.pop().end()

    atexit.register(end_all)
    os.register_at_fork(after_in_child=spare.clear)  # they answer to the process that started them
    return spare
