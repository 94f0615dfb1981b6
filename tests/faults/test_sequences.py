"""R8: after any sequence of changes the store says what the files say; deleted text never comes back."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from index.records import Hit
from index.store import Snapshot, Writer, open_store
from tests.faults.scale import tries
from tests.faults.tally import Tally
from tests.faults.truth import EMBEDDER, EVERY, built

pytestmark = pytest.mark.fault
WORDS = ("grain", "veto", "treaty", "salt", "corridor", "glacier", "orbit", "museum")
LONG = " ".join(["corridor and salt"] * 24)
"""A sentence that is half a chunk, so that an article has several."""
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(lambda said: f"{' '.join(said)}.".capitalize())
TEXTS = st.lists(SENTENCES | st.just(f"{LONG}."), min_size=1, max_size=5).map(" ".join)
FILES = st.sampled_from(["a.txt", "b.txt", "c/d.txt", "c/e.txt"])
KEYS = st.sampled_from(["r1", "r2", "r3"])


class Sequences(RuleBasedStateMachine):
    """Files that are changed, and a store that is built from them now and then."""

    within: Path
    """Where to make the folders."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(dir=self.within))
        self.folder = self.place / "articles"
        self.folder.mkdir()
        self.store = open_store(str(self.place / "store"))
        """Kept open for the whole sequence, as the page keeps it."""
        self.files: dict[str, str] = {"keep.txt": "Kept for good."}
        self.rows: dict[str, dict[str, str]] = {}

    @initialize()
    def build_first(self) -> None:
        self.build()

    @rule(name=FILES, text=TEXTS)
    def add_or_edit(self, name: str, text: str) -> None:
        self.files[name] = text

    @rule(name=FILES)
    def delete(self, name: str) -> None:
        self.files.pop(name, None)

    @rule(name=FILES, other=FILES)
    def rename(self, name: str, other: str) -> None:
        if name in self.files:
            self.files[other] = self.files.pop(name)

    @rule(key=KEYS, text=TEXTS, file=st.sampled_from(["rows.jsonl", "c/rows.jsonl"]))
    def add_or_edit_a_row(self, key: str, text: str, file: str) -> None:
        self.rows.setdefault(file, {})[key] = text

    @rule(key=KEYS)
    def delete_a_row(self, key: str) -> None:
        for rows in self.rows.values():
            rows.pop(key, None)

    @rule()
    def rename_the_rows(self) -> None:
        if "rows.jsonl" in self.rows:
            self.rows["c/rows.jsonl"] = self.rows.pop("rows.jsonl")

    @rule()
    def build(self) -> None:
        self._write()
        built(self.folder, self.place / "store")
        self.compare()

    @rule()
    def rebuild(self) -> None:
        self._write()
        built(self.folder, self.place / "store", rebuild=True)
        self.compare()

    def teardown(self) -> None:
        try:
            self.build()
            assert self.store.problems() == []
        finally:
            shutil.rmtree(self.place)

    def compare(self) -> None:
        """Hold that the store says what the files say, to every word and to a question."""
        truth = self.files | {f"{file}#{key}": said for file, rows in self.rows.items() for key, said in rows.items()}
        with self.store.snapshot(EMBEDDER.fingerprint) as snapshot:
            kept = {article.id: article.text for article in snapshot.articles()}
            assert kept.keys() <= truth.keys(), f"deleted, and still there: {kept.keys() - truth.keys()}"
            assert kept == truth
            chunks = _dense_is_brute_force(snapshot, truth, "salt in the corridor")
            for word in WORDS:
                found = {(hit.article.id, hit.start, hit.end) for hit in snapshot.hits(snapshot.matching(word, EVERY))}
                assert found == {chunk for chunk, text in chunks.items() if word in text.lower()}, word

    def _write(self) -> None:
        """Write the folder anew."""
        shutil.rmtree(self.folder)
        for name, text in self.files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        for name, rows in self.rows.items():
            if rows:
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                said = (json.dumps({"id": key, "text": text}) for key, text in rows.items())
                (self.folder / name).write_text("\n".join(said))


def _dense_is_brute_force(snapshot: Snapshot, truth: dict[str, str], question: str) -> dict[tuple[str, int, int], str]:
    """Hold that the ranking of all chunks is what numpy gives; return the text of each chunk."""
    asked = EMBEDDER.question(question)
    hits = snapshot.hits(snapshot.nearest(asked, EVERY))
    chunks = {(hit.article.id, hit.start, hit.end): hit.text for hit in hits}
    assert len(chunks) == len(hits) == snapshot.count_chunks()
    _hold_that_chunks_cover(hits, truth)
    scores = EMBEDDER.passages(list(chunks.values())) @ asked
    assert [hit.score for hit in hits] == pytest.approx(scores.tolist(), abs=1e-5)
    assert (np.diff(scores) <= 1e-5).all(), "the best do not come first"
    best = snapshot.nearest(asked, 3)
    assert [one.score for one in best] == pytest.approx(sorted(scores.tolist(), reverse=True)[:3], abs=1e-5)
    return chunks


def _hold_that_chunks_cover(hits: list[Hit], truth: dict[str, str]) -> None:
    said: dict[str, str] = {}
    for hit in sorted(hits, key=lambda hit: (hit.article.id, hit.start)):
        assert hit.text == truth[hit.article.id][hit.start : hit.end]
        said[hit.article.id] = said.get(hit.article.id, "") + hit.text
    assert {name: _letters(text) for name, text in said.items()} == {
        name: _letters(text) for name, text in truth.items()
    }


def _letters(text: str) -> str:
    return "".join(text.split())


def run(machine: type[Sequences], within: Path, **how: Any) -> None:
    machine.within = within
    chosen = settings(
        suppress_health_check=list(HealthCheck),
        stateful_step_count=16,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        **how,
    )
    run_state_machine_as_test(machine, settings=chosen)


def find_the_planted_bug(machine: type[Sequences], within: Path) -> None:
    """Try the same sequences each time, and no shorter ones once one has failed."""
    run(machine, within, max_examples=200, derandomize=True, phases=[Phase.generate])


def test_after_any_changes_the_store_says_what_the_files_say(tmp_path: Path, tally: Tally) -> None:
    run(Sequences, tmp_path, max_examples=tries("R8"), print_blob=True)
    tally.tried = tries("R8")
    tally.end("R8")


def _writer(place: Path) -> type[Writer]:
    """Return the class whose methods a build calls to write."""
    with open_store(str(place)).writer(EMBEDDER.fingerprint, EMBEDDER.dimension) as writer:
        return type(writer)


def test_the_sequences_find_a_planted_bug_that_lets_deleted_text_come_back(tmp_path: Path) -> None:
    """With a build that does not take a deleted file out of the store."""
    writer = _writer(tmp_path / "any")
    remove = writer.remove

    class Forgetful(Sequences):
        @rule()
        def build(self) -> None:
            def forget_nothing(writing: Writer, path: str) -> None:
                if (self.folder / path).exists():
                    remove(writing, path)

            with patch.object(writer, "remove", forget_nothing):
                super().build()

    with pytest.raises(AssertionError, match="deleted, and still there"):
        find_the_planted_bug(Forgetful, tmp_path)


def test_the_sequences_find_a_planted_bug_that_mixes_up_vectors(tmp_path: Path) -> None:
    """With a build that keeps the vectors of a batch one place off."""
    writer = _writer(tmp_path / "any")
    remember = writer.remember

    def mix_up(writing: Writer, digests: list[bytes], vectors: np.ndarray) -> None:
        remember(writing, digests, np.roll(vectors, 1, axis=0))

    with patch.object(writer, "remember", mix_up), pytest.raises(AssertionError, match="approx"):
        find_the_planted_bug(Sequences, tmp_path)
