"""A folder that changes -> a build whenever it has come to rest, until told to stop.

What a program does to save a file (write a new one, rename it over the old one, delete a backup) comes to rest within
moments, so it makes one build, of the final state. Nothing that happens during a build is missed: the folder is
observed from before the first build on, and what changed meanwhile makes the next one.

What happens                             what is done
the folder changes                       a build, once it has been at rest for QUIET_MS
a build fails                            the error is told; another try at the next change, or after a pause
the folder is removed, or moved away     a build, which tells that it is missing; the store keeps what it held
it is there again                        a build
the system observes no more folders      this one is looked through again and again instead: it costs more, and misses
                                         a second change of a file within the same second
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import ArticleQAError, FolderMissing
from index.records import BuildReport

QUIET_MS = 200  # longer than the steps of a save are apart, shorter than a person waits
LONGEST_MS = 5_000  # a folder that never comes to rest is built all the same
PAUSE_SECONDS = 10.0  # before a failed build is tried again: what stops one (another build, a full disk) takes as long
ABSENT_SECONDS = 0.5  # between two looks for a folder that went away


@dataclass
class _Builds:
    """The builds so far: whether one is due, and the callbacks."""

    rebuild: Callable[[], BuildReport]
    built: Callable[[BuildReport], None]
    failed: Callable[[ArticleQAError], None]
    pause_seconds: float
    due_at: float = 0.0  # on the monotonic clock; infinity where only a change makes a build due
    complaint: str = ""  # told already: a person need not read it at each try

    def run(self) -> None:
        """Build once, and tell how it ended."""
        try:
            report = self.rebuild()
        except ArticleQAError as error:
            # No pause brings a folder back: the next change does.
            pause = float("inf") if isinstance(error, FolderMissing) else self.pause_seconds
            self.due_at = time.monotonic() + pause
            if str(error) != self.complaint:
                self.failed(error)
            self.complaint = str(error)
        else:
            self.due_at, self.complaint = float("inf"), ""
            self.built(report)


def watch(
    folder: Path,
    rebuild: Callable[[], BuildReport],
    *,
    stop: threading.Event,
    built: Callable[[BuildReport], None],
    failed: Callable[[ArticleQAError], None],
    store: Path | None = None,
    pause_seconds: float = PAUSE_SECONDS,
) -> None:
    """Call `rebuild` now and whenever `folder` has changed, until `stop` is set; `built` or `failed` tells each end.

    All is called in this thread, one after the other. Hidden files, and what is below `store`, are no changes. `stop`
    is seen within half a second, or after the build in hand. A failed build is tried again after `pause_seconds`, if
    no change comes sooner; an error that repeats itself is told once.

    Raises FolderMissing where there is no folder at first, and KeyboardInterrupt as it comes.
    """
    if not folder.is_dir():
        raise FolderMissing(f"no folder at {folder}: give the folder that holds the articles")
    builds = _Builds(rebuild, built, failed, pause_seconds)
    while not stop.is_set():
        if folder.is_dir():
            _watch_until_moved(folder, store, builds, stop)
        stop.wait(ABSENT_SECONDS)


def _watch_until_moved(folder: Path, store: Path | None, builds: _Builds, stop: threading.Event) -> None:
    """Build now, and after changes, as long as `folder` is the same one: another is not observed by this watch."""
    root = folder.resolve()
    identity = _identity(root)
    builds.due_at = 0.0
    for changes in _changes(root, store.resolve() if store else None, stop):
        moved = root in changes or _identity(root) != identity
        if changes or moved or builds.due_at <= time.monotonic():
            builds.run()
        if moved:
            return


def _changes(root: Path, store: Path | None, stop: threading.Event) -> Iterator[set[Path]]:
    """Yield what changed, when it has come to rest; an empty set about every QUIET_MS while nothing does.

    The first is yielded when `root` is observed. A `root` that goes yields itself, or ends it.
    """
    try:
        yield from _observed(root, store, stop, polling=False)
    except FileNotFoundError:
        return
    except (OSError, RuntimeError):  # the library raises both: the system observes no more folders for this person
        yield from _observed(root, store, stop, polling=True)


def _observed(root: Path, store: Path | None, stop: threading.Event, *, polling: bool) -> Iterator[set[Path]]:
    import watchfiles

    def counts(_: watchfiles.Change, path: str) -> bool:
        return not _is_passed_over(Path(path), root, store)

    for changes in watchfiles.watch(
        root,
        watch_filter=counts,
        debounce=LONGEST_MS,
        step=QUIET_MS,
        rust_timeout=QUIET_MS,
        yield_on_timeout=True,
        stop_event=stop,
        force_polling=True if polling else None,
        ignore_permission_denied=True,
    ):
        # The root itself counts when it goes; a change of its times or rights is none of an article.
        yield {Path(path) for change, path in changes if Path(path) != root or change is watchfiles.Change.deleted}


def _is_passed_over(path: Path, root: Path, store: Path | None) -> bool:
    """Say whether a change of `path` changes no article.

    >>> _is_passed_over(Path("/a/.git/x"), Path("/a"), None), _is_passed_over(Path("/a/x.txt"), Path("/a"), None)
    (True, False)
    """
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return hidden or (store is not None and path.is_relative_to(store))


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
