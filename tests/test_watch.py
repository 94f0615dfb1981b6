"""The store follows the folder: what a save leaves is found, what is deleted is not, and no failure ends the watch."""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from index import build
from index.errors import ArticleQAError, FolderMissing, StoreBusy
from index.records import BuildReport
from index.store import open_store
from index.watch import watch
from tests.conftest import HashingEmbedder

PATIENCE = 60.0  # seconds until a condition that does not come true is a failure


class Watch:
    """A watch in a thread of its own, and what it told."""

    def __init__(self, folder: Path, store: Path, rebuild: Callable[[], BuildReport] | None = None) -> None:
        self.folder, self.store = folder, store
        self.reports: list[BuildReport] = []
        self.errors: list[ArticleQAError] = []
        self.rebuild = rebuild or (lambda: build(folder, store=store, embedder=HashingEmbedder()))

    @contextlib.contextmanager
    def running(self, pause_seconds: float = 10.0) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(
            target=watch,
            args=(self.folder, self.rebuild),
            kwargs={
                "stop": stop,
                "built": self.reports.append,
                "failed": self.errors.append,
                "store": self.store,
                "pause_seconds": pause_seconds,
            },
        )
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(PATIENCE)
        assert not thread.is_alive()

    def texts(self) -> dict[str, str]:
        with open_store(str(self.store)).snapshot("hashing:1") as snapshot:
            return {article.id: article.text for article in snapshot.articles()}


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


@pytest.fixture
def observed(folder: Path, store: Path) -> Iterator[Watch]:
    """A watch that has built once."""
    observed = Watch(folder, store)
    with observed.running():
        until(lambda: observed.reports)
        yield observed


def test_it_builds_at_once(observed: Watch) -> None:
    assert [report.added for report in observed.reports] == [3]


def test_what_an_editor_leaves_is_what_is_found(observed: Watch) -> None:
    file = observed.folder / "grain.txt"
    for text in ("The corridor is half open.", "The corridor is open."):
        fresh, backup = file.with_name("4913"), file.with_name("grain.txt~")
        fresh.write_text(text)
        file.rename(backup)
        fresh.rename(file)
        backup.unlink()
    until(lambda: observed.texts().get("grain.txt") == "The corridor is open.")
    assert observed.texts().keys() == {"grain.txt", "veto.md", "treaty.html"}
    assert not observed.errors


def test_a_burst_of_files_makes_few_builds(observed: Watch) -> None:
    for number in range(200):
        (observed.folder / f"{number}.txt").write_text(f"Ship {number} left Odesa.")
    until(lambda: sum(report.added for report in observed.reports) == 203)
    assert len(observed.texts()) == 203
    assert len(observed.reports) < 20


def test_what_is_deleted_leaves_the_store(observed: Watch) -> None:
    (observed.folder / "grain.txt").unlink()
    until(lambda: observed.texts().keys() == {"veto.md", "treaty.html"})


def test_a_folder_that_is_new_or_moved_is_followed(observed: Watch) -> None:
    (observed.folder / "new" / "deep").mkdir(parents=True)
    (observed.folder / "new" / "deep" / "a.txt").write_text("Geneva.")
    until(lambda: "new/deep/a.txt" in observed.texts())
    (observed.folder / "new").rename(observed.folder / "old")
    until(lambda: "old/deep/a.txt" in observed.texts() and "new/deep/a.txt" not in observed.texts())
    (observed.folder / "old" / "deep" / "a.txt").write_text("Vienna.")
    until(lambda: observed.texts()["old/deep/a.txt"] == "Vienna.")


@pytest.mark.parametrize("away", [shutil.rmtree, lambda folder: folder.rename(folder.with_name("elsewhere"))])
def test_a_folder_that_goes_and_comes_back_is_followed(observed: Watch, away: Callable[[Path], object]) -> None:
    away(observed.folder)
    until(lambda: observed.errors)
    assert [type(error) for error in observed.errors] == [FolderMissing]
    assert len(observed.texts()) == 3  # what was known is served until there is a folder again

    observed.folder.mkdir()
    (observed.folder / "a.txt").write_text("Geneva.")
    until(lambda: observed.texts() == {"a.txt": "Geneva."})
    (observed.folder / "b.txt").write_text("Vienna.")
    until(lambda: len(observed.texts()) == 2)


def test_a_folder_that_is_replaced_at_once_is_followed(observed: Watch) -> None:
    fresh = observed.folder.with_name("fresh")
    fresh.mkdir()
    (fresh / "a.txt").write_text("Geneva.")
    shutil.rmtree(observed.folder)
    fresh.rename(observed.folder)
    until(lambda: observed.texts() == {"a.txt": "Geneva."})
    (observed.folder / "b.txt").write_text("Vienna.")
    until(lambda: len(observed.texts()) == 2)


def test_what_changes_during_a_build_is_not_missed(folder: Path, store: Path) -> None:
    builds: list[BuildReport] = []

    def rebuild() -> BuildReport:
        report = build(folder, store=store, embedder=HashingEmbedder())
        if not builds:
            (folder / "late.txt").write_text("Written when the first build had read the folder.")
        builds.append(report)
        return report

    observed = Watch(folder, store, rebuild)
    with observed.running():
        until(lambda: len(builds) > 1)
        until(lambda: "late.txt" in observed.texts())


def test_a_failed_build_is_told_once_and_tried_again_after_a_pause(folder: Path, store: Path) -> None:
    tries: list[None] = []

    def rebuild() -> BuildReport:
        tries.append(None)
        if len(tries) < 4:
            raise StoreBusy("another build is running: wait for it")
        return build(folder, store=store, embedder=HashingEmbedder())

    observed = Watch(folder, store, rebuild)
    with observed.running(pause_seconds=0.1):
        until(lambda: observed.reports)
    assert [str(error) for error in observed.errors] == ["another build is running: wait for it"]


def test_a_failed_build_is_tried_again_at_the_next_change(folder: Path, store: Path) -> None:
    tries: list[None] = []

    def rebuild() -> BuildReport:
        tries.append(None)
        if len(tries) == 1:
            raise StoreBusy("another build is running: wait for it")
        return build(folder, store=store, embedder=HashingEmbedder())

    observed = Watch(folder, store, rebuild)
    with observed.running(pause_seconds=10 * PATIENCE):
        until(lambda: observed.errors)
        (folder / "new.txt").write_text("Geneva.")
        until(lambda: observed.reports)
    assert observed.reports[0].added == 4


def test_a_store_inside_the_folder_makes_no_builds(folder: Path) -> None:
    observed = Watch(folder, folder / "store")
    with observed.running():
        until(lambda: observed.reports)
        (folder / "store" / "note.db").write_text("None of the folder's own.")
        (folder / ".hidden.txt").write_text("Hidden.")
        time.sleep(1.5)  # nothing is to happen: there is no condition to wait for
        assert len(observed.reports) == 1
        (folder / "new.txt").write_text("Geneva.")
        until(lambda: len(observed.reports) > 1)


def test_a_folder_that_the_system_does_not_observe_is_looked_through(
    folder: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scarce(*paths: Path, force_polling: bool | None, **options: Any) -> Iterator[set[Any]]:
        if not force_polling:
            raise OSError("OS file watch limit reached")
        yield from real(*paths, force_polling=True, **options)

    real = watchfiles.watch
    monkeypatch.setattr(watchfiles, "watch", scarce)
    observed = Watch(folder, store)
    with observed.running():
        until(lambda: observed.reports)
        (folder / "new.txt").write_text("Geneva.")
        until(lambda: "new.txt" in observed.texts())


def test_no_folder_at_first_is_an_error(tmp_path: Path, store: Path) -> None:
    with pytest.raises(FolderMissing, match="no folder at"):
        watch(
            tmp_path / "absent",
            lambda: pytest.fail("nothing to build"),
            stop=threading.Event(),
            built=lambda _: None,
            failed=lambda _: None,
        )
