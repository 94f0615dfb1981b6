"""R3: on a full disk, or one that cannot be written, a build says so and the old index goes on serving."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEEDS
from tests.faults import child, corpus, jobs
from tests.faults.shim import Mode
from tests.faults.tally import Tally
from tests.faults.truth import answers, assert_is, built

pytestmark = pytest.mark.fault
MEGABYTE = 2**20
OLD = corpus.articles(12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus.write(tmp_path / "articles", OLD)
    return tmp_path / "articles"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Make a disk of so many megabytes."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(megabytes: int) -> Path:
        made = _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place))
        if not made:
            pytest.skip("no small disk can be mounted here: the shim's full disk is tried instead")
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", place], check=True)


def _mount(*said: str) -> bool:
    command = shutil.which("mount")
    return command is not None and subprocess.run([command, *said], check=False, capture_output=True).returncode == 0


def _more_than(folder: Path, megabytes: int) -> None:
    """Add articles to `folder` whose text alone is larger than that, in words so long that it is quickly indexed."""
    chance = random.Random(megabytes)
    for number in range(megabytes + 1):
        words = (chance.randbytes(1000).hex() for _ in range(MEGABYTE // 2000))
        (folder / f"large{number}.txt").write_text(" ".join(f"Large{number} {word}." for word in words))


def _hold_full(outcome: object) -> None:
    assert isinstance(outcome, jobs.Refused), outcome
    assert outcome.name == "StoreError"
    assert "disk" in outcome.message or "No space" in outcome.message


@pytest.mark.parametrize("megabytes", [8, 16, 32])
def test_a_full_disk_is_said_so_and_the_old_index_goes_on_serving(
    megabytes: int, disk: Callable[[int], Path], folder: Path, tmp_path: Path, tally: Tally
) -> None:
    place = disk(megabytes)

    def attempt(store: Path) -> None:
        built(folder, store)
        before = answers(store)
        shutil.copytree(store, tmp_path / "fresh")
        _more_than(folder, megabytes)
        _hold_full(child.returned(jobs.try_to_build, folder, store))
        now = answers(store)
        assert {name: now.articles.get(name) for name in before.articles} == before.articles
        for question, hits in before.lexical.items():
            assert hits.keys() <= now.lexical[question].keys()
        assert _mount("-o", f"remount,size={megabytes * 8}m", str(place))
        corpus.write(folder, OLD)
        built(folder, store)
        assert_is(store, tmp_path / "fresh")

    tally.all("R3", [place / "store"], attempt)


@pytest.mark.usefixtures("shim")
def test_a_disk_that_fills_in_the_middle_of_a_build_loses_nothing(folder: Path, tmp_path: Path, tally: Tally) -> None:
    """The same without a disk of its own: the shim lets files grow by so many bytes."""
    built(folder, tmp_path / "before")
    corpus.write(folder, corpus.changed(OLD))
    built(folder, tmp_path / "after")

    def attempt(kilobytes: int) -> None:
        store = tmp_path / f"store{kilobytes}"
        shutil.copytree(tmp_path / "before", store)
        said = child.returned(jobs.build_on_failing_disk, folder, store, Mode.FULL, kilobytes * 1024)
        _hold_full(said.outcome)
        answers(store)
        built(folder, store)
        assert_is(store, tmp_path / "after")

    tally.all("R3", [0, 4, 16, 32, 64], attempt)


@contextmanager
def _read_only(disk: Path) -> Iterator[None]:
    """Let nothing be written there: by the mount, as rights do not bind the superuser, or else by rights."""
    if os.geteuid() == 0:
        assert _mount("-o", "remount,ro", str(disk))
        yield
        return
    for place in (disk, *disk.rglob("*")):
        place.chmod(0o555 if place.is_dir() else 0o444)
    yield
    for place in (disk, *disk.rglob("*")):
        place.chmod(0o755 if place.is_dir() else 0o644)


@pytest.fixture
def lockable(tmp_path: Path, disk: Callable[[int], Path]) -> Path:
    """A place that can be made read-only."""
    if os.geteuid() == 0:
        return disk(8)
    (tmp_path / "rights").mkdir()
    return tmp_path / "rights"


def test_a_store_that_cannot_be_written_is_read(folder: Path, lockable: Path, tally: Tally) -> None:
    def attempt(store: Path) -> None:
        built(folder, store)
        before = answers(store)
        (folder / "more.txt").write_text("One more article.")
        with _read_only(lockable):
            assert child.returned(jobs.ask, store).differ(before) == []
            outcome = child.returned(jobs.try_to_build, folder, store)
            assert isinstance(outcome, jobs.Refused)
            assert outcome.name == "StoreError"
            assert "cannot write" in outcome.message or "cannot be used" in outcome.message

    tally.all("R3", [lockable / "store"], attempt)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as opened, suppress(OSError):
        while True:
            opened.write(bytes(4096))


def _command(*said: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *said],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _hold_one_line(ended: subprocess.CompletedProcess[str], *words: str) -> None:
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1), ended
    assert ended.stderr.startswith("article-qa: ")
    assert any(word in ended.stderr for word in words)


@pytest.mark.model
def test_the_command_fails_with_one_line_and_goes_on_answering(lockable: Path, tmp_path: Path) -> None:
    folder, store = tmp_path / "articles", lockable / "store"
    folder.mkdir()
    for seed in ("minsk-agreements.txt", "security-council-veto.md"):
        shutil.copy(SEEDS / seed, folder)
    assert _command("index", str(folder), "--store", str(store)).returncode == 0
    (folder / "more.txt").write_text(" ".join(corpus.story(number, 1) for number in range(40)))
    if lockable.is_mount():
        _fill(lockable / "ballast")
        _hold_one_line(_command("index", str(folder), "--store", str(store)), "disk")
        (lockable / "ballast").unlink()
    with _read_only(lockable):
        _hold_one_line(_command("index", str(folder), "--store", str(store)), "cannot write", "cannot be used")
        asked = _command("ask", "When was the Minsk Protocol signed?", "--store", str(store))
    assert (asked.returncode, "2014" in asked.stdout) == (0, True), asked
