"""The rebuild as a job of the server: started from a page, watched from any page, harmed by none that closes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import ArticleQAError
from index.records import NOTHING_YET, BuildReport, Progress

Build = Callable[[Callable[[Progress], None]], BuildReport]


@dataclass(frozen=True, slots=True)
class Idle:
    """No rebuild has run since the server started."""


@dataclass(frozen=True, slots=True)
class Running:
    """A rebuild is running."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Done:
    """The last rebuild ended well."""

    report: BuildReport


@dataclass(frozen=True, slots=True)
class Failed:
    """The last rebuild failed; the index serves what it held before."""

    reason: str


State = Idle | Running | Done | Failed


class RebuildJob:
    """At most one rebuild at a time, in a thread of its own."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._starting = threading.Lock()
        self._state: State = Idle()

    @property
    def state(self) -> State:
        """What the job is doing, or how it ended."""
        return self._state

    def start(self) -> None:
        """Start a rebuild, unless one is running."""
        with self._starting:
            if not isinstance(self._state, Running):
                self._state = Running(NOTHING_YET)
                # Not a daemon: when the server stops, the batch in hand is finished and kept.
                threading.Thread(target=self._run, name="rebuild").start()

    def _run(self) -> None:
        try:
            self._state = Done(self._build(self._tell))
        except ArticleQAError as error:
            self._state = Failed(str(error))
        except BaseException:
            self._state = Failed("the rebuild stopped on an error of article-qa itself: see the terminal")
            raise

    def _tell(self, progress: Progress) -> None:
        self._state = Running(progress)
