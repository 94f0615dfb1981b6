"""R1: a build that is killed at any moment leaves each article wholly old or wholly new, and the next one finishes."""

import random
import shutil
import statistics
import time
from pathlib import Path

import pytest

from index.errors import StoreMissing
from index.records import BuildReport
from index.store import open_store
from tests.faults import child, corpus, jobs
from tests.faults.scale import tries
from tests.faults.tally import Tally
from tests.faults.truth import assert_each_is_old_or_new, assert_is, built, kept

pytestmark = pytest.mark.fault
OLD = corpus.articles(40)
NEW = corpus.changed(OLD)
TIMED = 5
"""How often a build is timed, from its `go`: the first process that is forked waits for imports, which is no part."""


class World:
    """The articles before and after a change, a store of each, and the seconds that it takes to get there."""

    def __init__(self, place: Path) -> None:
        self.folder, self.before, self.after = place / "articles", place / "before", place / "after"
        corpus.write(self.folder, OLD)
        built(self.folder, self.before)
        corpus.write(self.folder, NEW)
        built(self.folder, self.after)
        self.wholes = {True: {}, False: kept(self.before)}
        self.new = kept(self.after)
        self.seconds = {
            first: statistics.median(self._time(place / f"timed {first} {again}", first) for again in range(TIMED))
            for first in (True, False)
        }

    def put_store(self, store: Path, *, first: bool) -> None:
        """Make the store that a build is to change, or none for a first build."""
        if not first:
            shutil.copytree(self.before, store)

    def _time(self, store: Path, first: bool) -> float:
        self.put_store(store, first=first)
        timed = child.start(jobs.try_to_build, self.folder, store)
        began = time.perf_counter()
        timed.go()
        assert isinstance(timed.end().said, BuildReport)
        return time.perf_counter() - began


@pytest.fixture(scope="module")
def world(module_path: Path, server: object) -> World:
    return World(module_path)


def test_a_kill_at_any_moment_leaves_whole_articles_and_the_next_build_finishes(
    world: World, tmp_path: Path, tally: Tally
) -> None:
    moments: list[str] = []

    def attempt(seed: int) -> None:
        chance = random.Random(seed)
        first = chance.random() < 0.4
        store = tmp_path / str(seed)
        world.put_store(store, first=first)
        killed = child.start(jobs.try_to_build, world.folder, store)
        killed.go()
        time.sleep(chance.uniform(0, 1.1 * world.seconds[first]))
        killed.kill()
        ended = killed.end()
        moments.append("in the middle" if ended.said is None else "after the end")
        try:
            assert_each_is_old_or_new(kept(store), world.wholes[first], world.new)
        except StoreMissing:
            assert first, "a store that was there is missing"
        built(world.folder, store)
        assert_is(store, world.after)
        shutil.rmtree(store)

    tally.all("R1", range(tries("R1")), attempt)
    middle = moments.count("in the middle")
    assert middle > len(moments) / 2, f"only {middle} of {len(moments)} kills came before the end"


def test_what_a_killed_build_finished_is_not_embedded_again(tmp_path: Path) -> None:
    """The killed build stops at its first progress: what it had embedded by then is in the store."""
    folder, store, reached = tmp_path / "articles", tmp_path / "store", tmp_path / "reached"
    corpus.write(folder, corpus.articles(400))
    stopped = child.start(jobs.build_and_stop, folder, store, reached)
    stopped.go()
    while not reached.exists():
        assert stopped.process.is_alive()
        time.sleep(0.01)
    stopped.kill()
    stopped.end()
    embedder = jobs.EMBEDDER.__class__(embedded=[])
    built(folder, store, embedder=embedder)
    everything = sum(len(one.found) for one in kept(store).values())
    assert 0 < len(embedder.embedded or []) < everything
    assert open_store(str(store)).problems() == []
