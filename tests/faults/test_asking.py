"""R5: threads that ask while it is rebuilt, over and over, each see one moment; and nothing piles up."""

import resource
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.store import Store, open_store
from tests.faults import child, corpus
from tests.faults.scale import tries
from tests.faults.tally import Tally
from tests.faults.truth import EMBEDDER, built

pytestmark = pytest.mark.fault
ARTICLES = 12
REBUILDS = 20
THREADS = 4
MEMORY_GROWTH = 16 * 2**20
"""Bytes. What leaks at every question or build grows by more than that in as many."""


@dataclass
class Watch:
    """What the asking threads saw, and how far the builds have got."""

    folder: Path
    store: Path
    questions: int
    built: int = 1
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    open_files: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    rebuilt: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self) -> None:
        """Note how many files are open and how much memory is used, now."""
        self.open_files.append(len(list(Path("/proc/self/fd").iterdir())))
        resident = int(Path("/proc/self/statm").read_text().split()[1])
        self.memory.append(resident * resource.getpagesize())


def version_of(text: str) -> set[str]:
    """Return every version that the tokens of a text name: one, if it is whole."""
    return {word.rpartition("g")[2] for word in text.split() if word.startswith("N") and "g" in word}


def generation(version: int) -> dict[str, str]:
    """Return the articles of one generation: all are edited, and one has a name of its own."""
    said = {f"{number}.txt": corpus.story(number, version) for number in range(ARTICLES)}
    return said | {f"only{version}.txt": corpus.story(500, version)}


def ask_while_it_is_rebuilt(folder: Path, store: Path, questions: int, build_here: bool) -> Watch:
    """Ask from several threads, and rebuild from another one of this process, or leave that to another process."""
    watch = Watch(folder, store, questions)
    opened = open_store(str(store))
    done = folder.parent / "built"
    threads = [threading.Thread(target=_ask_on, args=(watch, opened, number)) for number in range(THREADS)]
    _ask_once(watch, opened, corpus.WORDS[0], {})
    watch.note()
    for thread in threads:
        thread.start()
    for version in range(2, REBUILDS + 2):
        if build_here:
            corpus.write(folder, generation(version))
            built(folder, store)
        else:
            (folder.parent / "wanted").write_text(str(version))
            while not done.exists() or int(done.read_text() or 0) < version:
                time.sleep(0.01)
        watch.built = version
        watch.rebuilt += 1
        # So that the questions are spread over the builds, whichever of the two is slow.
        while watch.asked < questions * (version - 1) / REBUILDS and not watch.wrong:
            time.sleep(0.005)
        watch.note()
    for thread in threads:
        thread.join()
    watch.note()
    del watch.lock
    return watch


def _ask_on(watch: Watch, opened: Store, number: int) -> None:
    newest: dict[str, int] = {}
    said = _questions(number)
    while not watch.wrong and (watch.asked < watch.questions or watch.rebuilt < REBUILDS):
        try:
            _ask_once(watch, opened, next(said), newest)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person would have seen it
            watch.wrong.append(repr(error))
        with watch.lock:
            watch.asked += 1


def _questions(number: int) -> Iterator[str]:
    while True:
        for place, word in enumerate(corpus.WORDS):
            yield f"{word} {corpus.WORDS[(place + number + 1) % len(corpus.WORDS)]}"


def _ask_once(watch: Watch, opened: Store, question: str, newest: dict[str, int]) -> None:
    """Ask, and hold that what is found is of one moment, and no earlier one than was seen before, or was built."""
    least = watch.built
    with opened.snapshot(EMBEDDER.fingerprint) as snapshot:
        dense = snapshot.hits(snapshot.nearest(EMBEDDER.question(question), 8))
        hits = dense + snapshot.hits(snapshot.matching(question, 8))
        there = {article.id: article for article in snapshot.articles()}
    assert len(hits) > len(dense) > 0, "nothing is found"
    for hit in hits:
        assert there[hit.article.id] == hit.article, f"{hit.article.id} is not of the moment that is listed"
        versions = version_of(hit.article.text)
        assert len(versions) == 1, f"{hit.article.id} is of {versions}"
        assert version_of(hit.text) <= versions, f"{hit.article.id} is quoted from another version"
    for name, article in there.items():
        version = int(next(iter(version_of(article.text))))
        assert version >= max(least, newest.get(name, 0)), f"{name} is of {version}, after {least}"
        newest[name] = version


@pytest.mark.parametrize("build_here", [True, False], ids=["built by a thread", "built by another process"])
def test_whoever_asks_while_it_is_rebuilt_sees_one_moment(build_here: bool, tmp_path: Path, tally: Tally) -> None:
    folder, store = tmp_path / "articles", tmp_path / "store"
    corpus.write(folder, generation(1))
    built(folder, store)
    (tmp_path / "wanted").write_text("1")
    asking = child.start(ask_while_it_is_rebuilt, folder, store, tries("R5") // 2, build_here)
    asking.go()
    if not build_here:
        _build_what_is_wanted(asking, tmp_path)
    ended = asking.end()
    assert not isinstance(ended.said, child.Crashed), ended.said.trace
    assert ended.code == 0
    watch = ended.said
    assert watch.wrong == []
    assert watch.rebuilt == REBUILDS
    assert watch.asked >= tries("R5") // 2
    settled = len(watch.memory) // 4
    assert watch.open_files[-1] <= watch.open_files[0] + 1, watch.open_files
    assert max(watch.open_files) < watch.open_files[0] + THREADS * 8 + 8, watch.open_files
    assert watch.memory[-1] < watch.memory[settled] + MEMORY_GROWTH, watch.memory
    tally.tried = watch.asked
    tally.end("R5")


def _build_what_is_wanted(asking: child.Running, place: Path) -> None:
    version = 1
    while asking.process.is_alive() and version <= REBUILDS:
        wanted = int((place / "wanted").read_text() or 0)
        if wanted > version:
            version = wanted
            corpus.write(place / "articles", generation(version))
            built(place / "articles", place / "store")
            (place / "building").write_text(str(version))
            (place / "building").replace(place / "built")
        time.sleep(0.005)
