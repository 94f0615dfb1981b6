"""The library as the page sees it: a list to look through, files to put in and take out. Nothing here knows Gradio."""

import calendar
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.records import Failure
from index.store import EVERYTHING, Listing, Scope
from qa.answer import Assistant
from ui.files import MAX_FILES, FileRefused, Files
from ui.job import RebuildJob
from ui.shelf import PAGE, Sought


@dataclass(frozen=True)
class Library:
    """The index as a list, and the folder behind it."""

    assistant: Assistant
    job: RebuildJob
    files: Files | None
    """None where nobody may change the folder from the page."""

    def look(self, sought: Sought) -> tuple[Listing, list[Failure]]:
        """Return a part of the list, and what could not be read."""
        scope = _scope(sought)
        with self.assistant.store.snapshot(self.assistant.embedder.fingerprint) as snapshot:
            listing = snapshot.listing(
                words=sought.words, scope=scope, order=sought.order, limit=PAGE, offset=sought.offset
            )
            return listing, snapshot.failures()

    def put(self, uploads: list[tuple[str, Path]]) -> tuple[list[str], list[str]]:
        """Keep files in the folder, and start to read them; return the names of those kept, and why others are not."""
        if self.files is None:
            raise FileRefused("this page may not change the folder of articles: put the files there yourself")
        kept, refused = [], []
        if len(uploads) > MAX_FILES:
            refused.append(f"only {MAX_FILES} files at once: drop the other {len(uploads) - MAX_FILES} again")
        for name, place in uploads[:MAX_FILES]:
            try:
                kept.append(self.files.put(name, place.read_bytes()))
            except FileRefused as error:
                refused.append(str(error))
            except OSError:
                refused.append(f"{name} is gone before it was read: drop it again")
            finally:
                place.unlink(missing_ok=True)
        if kept:
            self.job.start()
        return kept, refused

    def remove(self, path: str, *, back: bool) -> None:
        """Take a file out of the folder, or put it `back`, and bring the index up to date. Raises FileRefused."""
        if self.files is None:
            raise FileRefused("this page may not change the folder of articles: remove the file there yourself")
        if back:
            self.files.put_back(path)
        else:
            self.files.remove(path)
        self.job.start()


def _scope(sought: Sought) -> Scope:
    if not sought.month:
        return Scope(source=sought.outlet or None) if sought.outlet else EVERYTHING
    year, _, month = sought.month.partition("-")
    try:
        first = date(int(year), int(month or 1), 1)
        last = int(month) if month else 12
        until = first.replace(month=last, day=calendar.monthrange(first.year, last)[1])
    except ValueError:
        return EVERYTHING
    return Scope(first, until, sought.outlet or None)
