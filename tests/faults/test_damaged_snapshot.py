"""R6: a snapshot file that is damaged, lost or of another day is noticed, and changes no answer."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.store import open_store
from tests.faults import child, corpus, jobs
from tests.faults.scale import tries
from tests.faults.tally import Tally
from tests.faults.truth import answers, assert_dense_is_brute_force, built

pytestmark = pytest.mark.fault
VERSIONS = 4
"""How many older snapshots there are."""
Harm = Callable[[Path, random.Random], None]


def truncated(file: Path, chance: random.Random) -> None:
    with file.open("r+b") as opened:
        opened.truncate(chance.randrange(file.stat().st_size))


def flipped(file: Path, chance: random.Random) -> None:
    data = bytearray(file.read_bytes())
    for bit in chance.sample(range(len(data) * 8), chance.choice([1, 1, 2, 8])):
        data[bit // 8] ^= 1 << bit % 8
    file.write_bytes(data)


def overwritten(file: Path, chance: random.Random) -> None:
    """Put noise over a part, as a page that was never written would."""
    data = bytearray(file.read_bytes())
    start = chance.randrange(len(data))
    noise = chance.choice([bytes(4096), chance.randbytes(4096)])[: len(data) - start]
    damaged = data[:start] + noise + data[start + len(noise) :]
    file.write_bytes(damaged if damaged != data else damaged[:-1])


def longer(file: Path, chance: random.Random) -> None:
    with file.open("ab") as opened:
        opened.write(chance.randbytes(chance.randint(1, 200)))


def missing(file: Path, _: random.Random) -> None:
    file.unlink()


def swapped(file: Path, chance: random.Random) -> None:
    """Put an older one in its place: whole, but of other articles."""
    shutil.copy(file.parent.parent / f"older{chance.randrange(VERSIONS)}", file)


HARMS: tuple[Harm, ...] = (
    truncated,
    truncated,
    flipped,
    flipped,
    flipped,
    overwritten,
    longer,
    missing,
    swapped,
    swapped,
)
DAMAGES = frozenset({truncated, flipped, overwritten, longer, missing})


@pytest.fixture(scope="module")
def folder(module_path: Path) -> Path:
    """Articles, and beside them a store and the snapshots it had before."""
    place = module_path
    said = corpus.articles(24)
    for version in range(VERSIONS + 1):
        corpus.write(place / "articles", said)
        built(place / "articles", place / "store")
        shutil.copy(place / "store" / "vectors.faiss", place / f"older{version}")
        said = corpus.changed(said, version=version + 2)
    return place / "articles"


def test_any_harm_to_the_snapshot_changes_no_answer_and_the_next_build_mends_it(
    folder: Path, tmp_path: Path, tally: Tally
) -> None:
    whole = folder.parent / "store"
    before = answers(whole)
    assert_dense_is_brute_force(before)
    for version in range(VERSIONS + 1):
        shutil.copy(folder.parent / f"older{version}", tmp_path)

    def attempt(seed: int) -> None:
        chance = random.Random(seed)
        harm = HARMS[seed % len(HARMS)]
        store = tmp_path / f"store{seed}"
        shutil.copytree(whole, store)
        harm(store / "vectors.faiss", chance)
        now = child.returned(jobs.ask, store)
        assert not isinstance(now, jobs.Refused), f"{harm.__name__}: {now}"
        assert now.differ(before) == [], harm.__name__
        named = open_store(str(store)).problems()
        assert harm not in DAMAGES or any("vectors.faiss" in line for line in named), f"{harm.__name__}: {named}"
        built(folder, store)
        assert open_store(str(store)).problems() == [], harm.__name__
        assert answers(store).differ(before) == [], harm.__name__
        shutil.rmtree(store)

    tally.all("R6", range(tries("R6")), attempt)


def test_a_snapshot_that_is_swapped_under_an_open_store_changes_no_answer(folder: Path, tmp_path: Path) -> None:
    """A store that is kept open for the next question looks again."""
    store = tmp_path / "store"
    shutil.copytree(folder.parent / "store", store)
    opened = open_store(str(store))
    before = answers(opened)
    for version in range(VERSIONS):
        shutil.copy(folder.parent / f"older{version}", store / "new")
        (store / "new").replace(store / "vectors.faiss")
        assert answers(opened).differ(before) == []
    (store / "vectors.faiss").unlink()
    assert answers(opened).differ(before) == []
