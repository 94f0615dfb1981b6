"""R2: a build in which any one write, sync, rename, removal or opening fails, or is its last, loses nothing."""

import itertools
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.errors import StoreMissing
from tests.faults import child, corpus, jobs
from tests.faults.shim import Mode
from tests.faults.tally import Tally
from tests.faults.truth import Kept, assert_each_is_old_or_new, assert_is, built, kept

pytestmark = [pytest.mark.fault, pytest.mark.usefixtures("shim")]
OLD = corpus.articles(6)
NEW = corpus.changed(OLD)
SCENARIOS = ("first", "changing", "rebuild", "snapshot")
MODES = (Mode.EIO_ONCE, Mode.EIO_ON, Mode.ENOSPC_ON, Mode.SHORT, Mode.EXIT, Mode.TORN)
SUDDEN = (Mode.EXIT, Mode.TORN)


@dataclass(frozen=True)
class Scenario:
    """A build, from what it starts with to what must come of it."""

    folder: Path
    before: Path | None
    after: Path
    old: dict[str, Kept]
    new: dict[str, Kept]
    rebuild: bool = False

    def put_store(self, store: Path) -> None:
        """Make the store that the build is to change."""
        if self.before:
            shutil.copytree(self.before, store)


@pytest.fixture(scope="module")
def scenarios(module_path: Path) -> dict[str, Scenario]:
    place = module_path
    folder, before, after, bare = place / "articles", place / "before", place / "after", place / "bare"
    corpus.write(folder, OLD)
    built(folder, before)
    corpus.write(folder, NEW)
    built(folder, after)
    shutil.copytree(after, bare)
    (bare / "vectors.faiss").unlink()
    old, new = kept(before), kept(after)
    return {
        "first": Scenario(folder, None, after, {}, new),
        "changing": Scenario(folder, before, after, old, new),
        "rebuild": Scenario(folder, before, after, old, new, rebuild=True),
        "snapshot": Scenario(folder, bare, after, new, new),
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_shim_sees_every_write_of_a_build(name: str, scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    """Not one may escape it: the system's own count of the calls that write is the measure."""
    scenario = scenarios[name]
    scenario.put_store(tmp_path / "store")
    seen = child.returned(
        jobs.build_on_failing_disk, scenario.folder, tmp_path / "store", Mode.COUNT, 0, scenario.rebuild
    )
    assert seen.writes_anywhere == seen.writes_of_system
    assert seen.kinds["WRITE"] == seen.writes_of_system, "something is written outside the store"
    assert seen.steps == sum(seen.kinds.values())
    expected = {"first": {"RENAME", "FOLDER"}, "changing": set()}.get(
        name, {"RENAME"}
    )  # a small change renames nothing
    expected |= {"WRITE", "SYNC", "OPEN"}
    assert {kind for kind, count in seen.kinds.items() if count} >= expected
    assert_is(tmp_path / "store", scenario.after)


def test_the_shim_sees_what_sqlite_truncates_and_removes(scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    """A build that ends empties the write-ahead log, or removes it."""
    counted = child.returned(
        jobs.build_on_failing_disk, scenarios["first"].folder, tmp_path / "store", Mode.COUNT, 0, False
    )
    assert counted.kinds["TRUNCATE"] > 0
    assert counted.kinds["REMOVE"] > 0


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_failure_at_any_step_leaves_whole_articles_and_the_next_build_finishes(
    name: str, mode: Mode, scenarios: dict[str, Scenario], tmp_path: Path, tally: Tally
) -> None:
    scenario = scenarios[name]

    def attempt(step: int) -> bool:
        store = tmp_path / str(step)
        scenario.put_store(store)
        ended = child.run(jobs.build_on_failing_disk, scenario.folder, store, mode, step, scenario.rebuild)
        reached = _hold_that_it_ended_well(ended, mode, step)
        if ended.said is not None and isinstance(ended.said.outcome, jobs.BuildReport):
            assert_is(store, scenario.after)  # what a build says is done, is done
        _hold_what_is_left(store, scenario)
        shutil.rmtree(store)
        return reached

    tally.until_none("R2", itertools.count(1), attempt)


def _hold_that_it_ended_well(ended: child.Ended, mode: Mode, step: int) -> bool:
    """Return whether the step was reached: in time, the build has fewer."""
    if mode in SUDDEN and ended.code == 9:
        return True
    assert ended.code == 0, f"ended with {ended.code}"
    assert not isinstance(ended.said, child.Crashed), ended.said.trace
    if ended.said.steps < step:
        return False
    assert mode not in SUDDEN, "the shim did not end the process"
    if isinstance(ended.said.outcome, jobs.Refused):
        assert ended.said.outcome.name == "StoreError", ended.said.outcome
        assert "\n" not in ended.said.outcome.message
        assert "give another --store" in ended.said.outcome.message or "cannot be used" in ended.said.outcome.message
    return True


def _hold_what_is_left(store: Path, scenario: Scenario) -> None:
    try:
        assert_each_is_old_or_new(kept(store), scenario.old, scenario.new)
    except StoreMissing:
        assert scenario.before is None, "a store that was there is missing"
    built(scenario.folder, store)
    assert_is(store, scenario.after)
