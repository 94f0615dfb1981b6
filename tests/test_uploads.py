"""Whatever a file is called, it stays in the folder of articles, replaces nothing, and can be put back."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.durable import write_whole
from index.errors import FolderMissing
from index.formats import READERS
from index.load import list_files
from index.records import BuildReport, Progress
from ui.files import MAX_BYTES, REMOVED, FileRefused, Files, safe_name
from ui.job import Cancelled, Done, Failed, RebuildJob, Running, State

HOSTILE = [
    "../../etc/x.txt",
    "/etc/x.txt",
    "..\\..\\x.txt",
    ".txt",
    "...txt",
    "a\0b.txt",
    "con.txt",
    "a/b/../c.txt",
    " .md",
]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    (tmp_path / "articles").mkdir()
    return Files(tmp_path / "articles")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300).map(lambda name: f"{name}.txt") | st.sampled_from(HOSTILE))
def test_a_file_of_any_name_lands_in_the_folder_where_a_build_reads_it(files: Files, name: str) -> None:
    kept = files.put(name, b"It rained.")
    assert (files.folder / kept).parent == files.folder
    assert kept in list(list_files(files.folder))
    assert "#" not in kept
    assert [path for path in files.folder.parent.iterdir() if path != files.folder] == []


@pytest.mark.parametrize("name", ["x.exe", "x", "", "x.txt.sh", "x.db", "txt"])
def test_a_kind_that_is_not_read_is_refused_by_name(files: Files, name: str) -> None:
    with pytest.raises(FileRefused, match=r"is of no kind that is read: drop \.atom"):
        files.put(name, b"x")
    assert list(files.folder.iterdir()) == []


def test_another_file_of_the_name_stays_and_the_same_one_is_kept_once(files: Files) -> None:
    assert [files.put("a.txt", data) for data in (b"one", b"two", b"one", b"two")] == [
        "a.txt",
        "a-2.txt",
        "a.txt",
        "a-2.txt",
    ]
    assert (files.folder / "a.txt").read_bytes() == b"one"


def test_what_is_too_large_or_empty_is_refused(files: Files) -> None:
    for data in (b"", bytes(MAX_BYTES + 1)):
        with pytest.raises(FileRefused):
            files.put("a.txt", data)


def test_a_removed_file_is_read_by_no_build_and_can_be_put_back(files: Files) -> None:
    (files.folder / "below").mkdir()
    (files.folder / "below" / "a.txt").write_text("It rained.")
    files.remove("below/a.txt")
    assert list(list_files(files.folder)) == []
    files.put_back("below/a.txt")
    assert list(list_files(files.folder)) == ["below/a.txt"]
    assert (files.folder / "below" / "a.txt").read_text() == "It rained."


@pytest.mark.parametrize(
    "path", ["../secret.txt", "/etc/passwd", "", ".", "link.txt", "away/secret.txt", "a\0.txt", "none.txt"]
)
def test_nothing_but_a_file_of_the_folder_is_removed(files: Files, path: str) -> None:
    secret = files.folder.parent / "secret.txt"
    secret.write_text("x")
    (files.folder / "link.txt").symlink_to(secret)
    (files.folder / "away").symlink_to(files.folder.parent)
    with pytest.raises(FileRefused):
        files.remove(path)
    assert secret.read_text() == "x"
    assert (files.folder / "link.txt").is_symlink()


def test_putting_back_replaces_nothing(files: Files) -> None:
    files.put("a.txt", b"old")
    files.remove("a.txt")
    files.put("a.txt", b"new")
    with pytest.raises(FileRefused, match=r"there is another a\.txt now"):
        files.put_back("a.txt")
    assert (files.folder / "a.txt").read_bytes() == b"new"
    assert (files.folder / REMOVED / "a.txt").read_bytes() == b"old"


def test_two_of_one_name_that_come_at_once_are_both_kept(files: Files) -> None:
    for number in range(20):
        together = threading.Barrier(2)

        def put(data: bytes, name: str = f"{number}.txt", together: threading.Barrier = together) -> str:
            together.wait(10)
            return files.put(name, data)

        with ThreadPoolExecutor(2) as pool:
            kept = list(pool.map(put, (b"one", b"two")))
        assert sorted((files.folder / name).read_bytes() for name in kept) == [b"one", b"two"]


def test_two_writes_of_one_file_at_once_leave_one_of_them_whole(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda letter: write_whole(tmp_path / "a.txt", letter * 10_000), [b"a", b"b", b"c", b"d"] * 20))
    written = (tmp_path / "a.txt").read_bytes()
    assert written == written[:1] * 10_000
    assert list(tmp_path.iterdir()) == [tmp_path / "a.txt"]


def test_a_second_file_of_the_name_is_removed_beside_the_first(files: Files) -> None:
    for data in (b"one", b"two", b"three"):
        files.put("a.txt", data)
        files.remove("a.txt")
    kept = sorted(file.read_bytes() for file in (files.folder / REMOVED).iterdir())
    assert kept == [b"one", b"three", b"two"]
    files.put_back("a.txt")
    assert (files.folder / "a.txt").read_bytes() == b"three"


@pytest.mark.parametrize("path", [".env", ".article-qa/conversations.db", "notes.exe", "index/judgements.jsonl"])
def test_what_is_no_article_is_not_removed(files: Files, path: str) -> None:
    file = files.folder / path
    file.parent.mkdir(exist_ok=True)
    file.write_text("x")
    within = Files(files.folder, store=files.folder / "index")
    for change in (within.remove, within.put_back):
        with pytest.raises(FileRefused, match="that is no article"):
            change(path)
    assert file.read_text() == "x"


def test_what_the_index_keeps_in_the_folder_is_no_article(files: Files) -> None:
    files.put("a.txt", b"It rained.")
    (files.folder / "index").mkdir()
    (files.folder / "index" / "judgements.jsonl").write_text("{}")
    assert list(list_files(files.folder, but=files.folder / "index")) == ["a.txt"]


@pytest.mark.parametrize("kind", sorted(READERS))
def test_every_kind_that_is_read_is_taken(kind: str) -> None:
    assert safe_name(f"A{kind.upper()}") == f"A{kind}"


REPORT = BuildReport(1, 0, 0, 0, ())
PROGRESS = Progress(1, 2, 1, 2, 0, 1.0)


class Steps:
    """A build that takes a step each time it is let."""

    def __init__(self) -> None:
        self.let, self.told = threading.Semaphore(0), threading.Semaphore(0)
        self.runs = 0

    def build(self, tell: Callable[[Progress], None]) -> BuildReport:
        self.runs += 1
        for _ in range(2):
            assert self.let.acquire(timeout=10)
            tell(PROGRESS)
            self.told.release()
        return REPORT


def state(job: RebuildJob) -> State:
    """Return its state now: another thread changes it."""
    return job.state


def ended() -> None:
    for thread in threading.enumerate():
        if thread.name == "rebuild":
            thread.join(10)


def test_a_rebuild_is_stopped_between_two_steps_and_says_how_far_it_was() -> None:
    steps = Steps()
    job = RebuildJob(steps.build)
    job.start()
    steps.let.release()
    assert steps.told.acquire(timeout=10)
    assert state(job) == Running(PROGRESS)
    job.cancel()
    assert state(job) == Running(PROGRESS, stopping=True)
    steps.let.release()
    ended()
    assert state(job) == Cancelled(PROGRESS)


def test_what_is_asked_for_during_a_rebuild_is_done_after_it() -> None:
    steps = Steps()
    job = RebuildJob(steps.build)
    for _ in range(3):
        job.start()
    for _ in range(4):
        steps.let.release()
    ended()
    assert (steps.runs, job.state) == (2, Done(REPORT))


def test_a_rebuild_that_fails_says_why() -> None:
    def fails(_: object) -> BuildReport:
        raise FolderMissing("no folder at x")

    job = RebuildJob(fails)
    job.start()
    ended()
    assert job.state == Failed("no folder at x")


def test_the_end_of_the_server_waits_for_the_batch_in_hand_and_no_longer() -> None:
    steps = Steps()
    job = RebuildJob(steps.build)
    job.start()
    steps.let.release()
    assert steps.told.acquire(timeout=10)
    ending = threading.Thread(target=job.end)
    ending.start()
    steps.let.release()
    ending.join(10)
    assert (ending.is_alive(), state(job)) == (False, Cancelled(PROGRESS))
    job.end()
