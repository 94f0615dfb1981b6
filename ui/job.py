"""The rebuild as a job of the server: started from a page, watched from any page, harmed by none that closes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

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
    stopping: bool = False
    """Somebody asked it to stop: it does when the batch in hand is written."""


@dataclass(frozen=True, slots=True)
class Done:
    """The last rebuild ended well."""

    report: BuildReport


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The last rebuild was stopped; what it finished is kept, and the next one goes on from there."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class Failed:
    """The last rebuild failed; the index serves what it held before."""

    reason: str


State = Idle | Running | Done | Cancelled | Failed


class _Stopped(ArticleQAError):
    """Ends a build from within."""


class RebuildJob:
    """At most one rebuild at a time, in a thread of its own."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._changing = threading.Lock()
        self._state: State = Idle()
        self._again = False
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> State:
        """What the job is doing, or how it ended."""
        return self._state

    def start(self) -> None:
        """Start a rebuild; where one is running, another one follows it, as it may have missed what is new."""
        with self._changing:
            if isinstance(self._state, Running):
                self._again = True
                return
            self._state = Running(NOTHING_YET)
            self._thread = threading.Thread(target=self._run, name="rebuild")
            self._thread.start()

    def cancel(self) -> None:
        """Ask a running rebuild to stop."""
        with self._changing:
            if isinstance(self._state, Running):
                self._again = False
                self._state = replace(self._state, stopping=True)

    def end(self) -> None:
        """Ask a running rebuild to stop, and wait until it has: the batch in hand is finished and kept."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                ended: State = Done(self._build(self._tell))
            except _Stopped:
                ended = Cancelled(self._progress())
            except ArticleQAError as error:
                ended = Failed(str(error))
            except BaseException:
                self._state = Failed("the rebuild stopped on an error of article-qa itself: see the terminal")
                raise
            with self._changing:
                if not self._again:
                    self._state = ended
                    return
                self._again = False
                self._state = Running(NOTHING_YET)

    def _progress(self) -> Progress:
        return self._state.progress if isinstance(self._state, Running) else NOTHING_YET

    def _tell(self, progress: Progress) -> None:
        with self._changing:
            stopping = isinstance(self._state, Running) and self._state.stopping
            self._state = Running(progress, stopping)
        if stopping:
            raise _Stopped
