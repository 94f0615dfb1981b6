"""R4: of two builds at once, one waits or is told StoreBusy; nothing is lost; a dead builder's lock holds nobody up."""

import random
import shutil
import time
from pathlib import Path

import pytest

from index.errors import StoreBusy
from index.store import open_store
from tests.faults import child, corpus, jobs
from tests.faults.scale import tries
from tests.faults.tally import Tally
from tests.faults.truth import assert_is, built

pytestmark = pytest.mark.fault
OLD = corpus.articles(20)


def test_of_two_builds_at_once_one_does_the_work_and_nothing_is_lost(tmp_path: Path, tally: Tally) -> None:
    folder, before, after = tmp_path / "articles", tmp_path / "before", tmp_path / "after"
    corpus.write(folder, OLD)
    built(folder, before)
    corpus.write(folder, corpus.changed(OLD))
    built(folder, after)
    busy: list[int] = []

    def attempt(seed: int) -> None:
        chance = random.Random(seed)
        store = tmp_path / f"store{seed}"
        if seed % 2:
            shutil.copytree(before, store)
        both = [child.start(jobs.try_to_build, folder, store) for _ in range(2)]
        both[0].go()
        time.sleep(chance.choice([0, chance.uniform(0, 0.1)]))
        both[1].go()
        said = [one.end() for one in both]
        assert [one.code for one in said] == [0, 0], said
        refused = [one.said for one in said if not isinstance(one.said, jobs.BuildReport)]
        assert all(isinstance(one, jobs.Refused) and one.name == "StoreBusy" for one in refused), refused
        assert len(refused) < 2, "both were told that the other one is at it"
        busy.extend([seed] * len(refused))
        assert_is(store, after)
        shutil.rmtree(store)

    tally.all("R4", range(tries("R4")), attempt)
    assert busy, "no two builds ever met"


def _stopped(folder: Path, store: Path, reached: Path) -> child.Running:
    """Return a builder that holds the store, and is in the middle of its work."""
    builder = child.start(jobs.build_and_stop, folder, store, reached)
    builder.go()
    while not reached.exists():
        assert builder.process.is_alive()
        time.sleep(0.01)
    return builder


def test_a_builder_that_is_killed_holds_nobody_up(tmp_path: Path) -> None:
    folder, store = tmp_path / "articles", tmp_path / "store"
    corpus.write(folder, OLD)
    built(folder, tmp_path / "after")
    builder = _stopped(folder, store, tmp_path / "reached")
    with pytest.raises(StoreBusy, match="try again"):
        built(folder, store)
    builder.kill()
    builder.end()
    assert (store / "build.lock").exists(), "the dead builder left no lock: this test proves nothing"
    assert built(folder, store).failed == ()
    assert_is(store, tmp_path / "after")


def test_a_lock_file_that_nobody_holds_is_no_lock(tmp_path: Path) -> None:
    folder, store = tmp_path / "articles", tmp_path / "store"
    corpus.write(folder, OLD)
    store.mkdir()
    (store / "build.lock").write_text("4194304")
    built(folder, store)
    assert open_store(str(store)).problems() == []
