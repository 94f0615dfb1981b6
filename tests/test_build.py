"""The store holds what the folder holds; only what changed is embedded; what was removed never comes back."""

import errno
import json
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import build
from index.build import BATCH_CHUNKS
from index.chunk import chunk_spans
from index.embed import Vectors
from index.errors import FolderMissing, StoreBusy, StoreCorrupt, StoreError, StoreMismatch, StoreMissing
from index.records import Article, BuildReport, Progress
from index.store import Scope, Snapshot, open_store
from tests.conftest import SEEDS, HashingEmbedder

QUESTION = "grain veto treaty"


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


T = TypeVar("T")


def seen(store: Path, look: Callable[[Snapshot], T]) -> T:
    with open_store(str(store)).snapshot("hashing:1") as snapshot:
        return look(snapshot)


def copies_of(name: str, store: Path) -> list[Article]:
    """Every other article that tells the same story, by id."""

    def look(snapshot: Snapshot) -> list[Article]:
        articles = {article.id: article for article in snapshot.articles()}
        stories = snapshot.stories(articles)
        return [articles[other] for other in sorted(articles) if other != name and stories[other] == stories[name]]

    return seen(store, look)


def texts(store: Path) -> dict[str, str]:
    return seen(store, lambda snapshot: {article.id: article.text for article in snapshot.articles()})


def found(store: Path, words: str) -> set[str]:
    """Every article that either way of searching finds at all."""
    vector = HashingEmbedder().question(words)

    def look(snapshot: Snapshot) -> set[str]:
        keys = snapshot.nearest(vector, 1000) + snapshot.matching(words, 1000)
        return {hit.article.id for hit in snapshot.hits(keys)}

    return seen(store, look)


def named(store: Path, word: str) -> set[str]:
    """Every article that is found by a word of its own."""
    return seen(store, lambda snapshot: {hit.article.id for hit in snapshot.hits(snapshot.matching(word, 99))})


def test_only_what_changed_is_read_and_embedded(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    assert counts(build(folder, store=store, embedder=embedder)) == (3, 0, 0, 0)
    assert embedder.embedded is not None
    embedder.embedded.clear()
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 0, 0, 3)
    assert embedder.embedded == []

    (folder / "new.txt").write_text("Minsk was a city of talks.")
    assert counts(build(folder, store=store, embedder=embedder)) == (1, 0, 0, 3)
    assert embedder.embedded == ["Minsk was a city of talks."]

    (folder / "new.txt").write_text("Geneva was a city of talks.")
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 1, 0, 3)
    assert texts(store)["new.txt"] == "Geneva was a city of talks."

    (folder / "new.txt").unlink()
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 0, 1, 3)
    assert "new.txt" not in found(store, "Minsk Geneva city of talks")


def test_a_renamed_file_embeds_nothing(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    build(folder, store=store, embedder=embedder)
    assert embedder.embedded is not None
    embedder.embedded.clear()
    (folder / "grain.txt").rename(folder / "corn.txt")
    assert counts(build(folder, store=store, embedder=embedder)) == (1, 0, 1, 2)
    assert embedder.embedded == []


def test_a_bad_file_is_named_and_stops_nothing(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    (folder / "bad.txt").write_bytes(bytes(range(256)))
    report = build(folder, store=store, embedder=embedder)
    assert report.added == 3
    assert [(failure.path, "not a text file" in failure.reason) for failure in report.failed] == [("bad.txt", True)]


def test_an_article_that_becomes_unreadable_leaves_the_answers(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    (folder / "grain.txt").write_bytes(b"\0\1")
    report = build(folder, store=store, embedder=embedder)
    assert (report.removed, len(report.failed)) == (1, 1)
    assert "grain.txt" not in found(store, "grain Odesa corridor")


def test_a_file_may_become_a_folder_of_its_name_and_a_file_again(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    (folder / "grain.txt").rename(folder / "away")
    (folder / "grain.txt").mkdir()
    (folder / "away").rename(folder / "grain.txt" / "grain.txt")
    assert counts(build(folder, store=store, embedder=embedder)) == (1, 0, 1, 2)
    assert texts(store).keys() == {"grain.txt/grain.txt", "veto.md", "treaty.html"}
    (folder / "grain.txt" / "grain.txt").rename(folder / "away")
    (folder / "grain.txt").rmdir()
    (folder / "away").rename(folder / "grain.txt")
    assert counts(build(folder, store=store, embedder=embedder)) == (1, 0, 1, 2)
    assert texts(store).keys() == {"grain.txt", "veto.md", "treaty.html"}


@pytest.mark.parametrize("renamed", ["GRAIN.txt", "grain.TXT", "gra\u00edn.txt", "grai\u0301n.txt"])
def test_a_rename_by_case_or_accent_alone_is_followed(
    folder: Path, store: Path, embedder: HashingEmbedder, renamed: str
) -> None:
    build(folder, store=store, embedder=embedder)
    assert embedder.embedded is not None
    embedder.embedded.clear()
    (folder / "grain.txt").rename(folder / renamed)
    assert counts(build(folder, store=store, embedder=embedder)) == (1, 0, 1, 2)
    (listed,) = {file.name for file in folder.iterdir()} - {"veto.md", "treaty.html"}
    assert found(store, "Odesa corridor") >= {listed}
    assert "grain.txt" not in texts(store)
    assert embedder.embedded == []
    assert open_store(str(store)).problems() == []


def test_the_last_file_of_a_folder_can_be_removed(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    build(folder, store=store, embedder=embedder)
    for file in folder.iterdir():
        file.unlink()
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 0, 3, 0)
    assert found(store, QUESTION) == set()


def test_a_folder_that_was_empty_for_a_while_embeds_nothing_when_it_is_back(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    """As one on a drive is, while that is not mounted."""
    build(folder, store=store, embedder=embedder)
    assert embedder.embedded is not None
    embedder.embedded.clear()
    folder.rename(folder.with_name("away"))
    folder.mkdir()
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 0, 3, 0)
    folder.rmdir()
    folder.with_name("away").rename(folder)
    assert counts(build(folder, store=store, embedder=embedder)) == (3, 0, 0, 0)
    assert embedder.embedded == []
    assert vectors_in(store) == 3


def test_nothing_is_kept_of_what_a_folder_held_before_it_was_filled_anew(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    for file in folder.iterdir():
        file.unlink()
    build(folder, store=store, embedder=embedder)
    (folder / "new.txt").write_text("Minsk was a city of talks.")
    build(folder, store=store, embedder=embedder)
    assert vectors_in(store) == 1


def vectors_in(store: Path) -> int:
    with sqlite3.connect(store / "articles.db") as database:
        (count,) = database.execute("SELECT count(*) FROM vectors").fetchone()
    database.close()
    return int(count)


def test_an_empty_or_missing_folder_makes_no_store(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> None:
    (tmp_path / "empty").mkdir()
    for place in ("empty", "none"):
        with pytest.raises(FolderMissing):
            build(tmp_path / place, store=store, embedder=embedder)
    assert not store.exists()


def test_nothing_built_yet_is_said_so(store: Path) -> None:
    with pytest.raises(StoreMissing, match="run `article-qa index`"), open_store(str(store)).snapshot("any"):
        pass


def test_a_first_build_that_died_at_once_is_no_index_and_the_next_one_makes_it(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    store.mkdir()
    (store / "articles.db").touch()
    with pytest.raises(StoreMissing), open_store(str(store)).snapshot("any"):
        pass
    assert counts(build(folder, store=store, embedder=embedder)) == (3, 0, 0, 0)


def test_another_model_is_refused_by_name_and_let_in_by_a_rebuild(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    other = HashingEmbedder(fingerprint="hashing:2", dimension=32)
    with pytest.raises(StoreMismatch, match=r"hashing:1, not hashing:2.*--rebuild"):
        build(folder, store=store, embedder=other)
    assert counts(build(folder, store=store, embedder=other, rebuild=True)) == (0, 0, 0, 3)
    assert open_store(str(store)).problems() == []
    with pytest.raises(StoreMismatch):
        texts(store)


def test_a_second_build_is_told_that_one_is_running(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    build(folder, store=store, embedder=embedder)
    with (
        open_store(str(store)).writer(embedder.fingerprint, embedder.dimension),
        pytest.raises(StoreBusy, match="try again"),
    ):
        build(folder, store=store, embedder=embedder)
    build(folder, store=store, embedder=embedder)


@pytest.mark.parametrize(
    "harm",
    [lambda data: data[: len(data) // 2], lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:], lambda _: b""],
)
def test_a_damaged_snapshot_is_noticed_and_derived_again(
    folder: Path, store: Path, embedder: HashingEmbedder, harm: Callable[[bytes], bytes]
) -> None:
    build(folder, store=store, embedder=embedder)
    before = found(store, QUESTION)
    file = store / "vectors.faiss"
    file.write_bytes(harm(file.read_bytes()))
    assert found(store, QUESTION) == before
    assert open_store(str(store)).problems() == [
        "vectors.faiss is absent or damaged: it is derived again at each start until the next build"
    ]
    build(folder, store=store, embedder=embedder)
    assert open_store(str(store)).problems() == []


def test_a_snapshot_put_back_from_an_older_copy_brings_nothing_back(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    shutil.copy(store / "vectors.faiss", store / "old")
    (folder / "grain.txt").unlink()
    build(folder, store=store, embedder=embedder)
    (store / "old").replace(store / "vectors.faiss")
    assert found(store, "Odesa grain corridor") == {"veto.md", "treaty.html"}


def test_a_snapshot_of_a_past_that_the_database_has_lost_is_never_taken_for_its_own(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    """A power cut may take the last transactions, and so may a copy that is put back: their keys are used again."""
    build(folder, store=store, embedder=embedder)
    before = (store / "articles.db").read_bytes()
    (folder / "lost.txt").write_text("Minsk was a city of talks. " * 90)
    (store / "vectors.faiss").unlink()
    build(folder, store=store, embedder=embedder)
    (store / "articles.db").write_bytes(before)
    (folder / "lost.txt").unlink()
    (folder / "long.txt").write_text(" ".join(f"Ship {number} left Odesa with salt." for number in range(20_000)))
    build(folder, store=store, embedder=embedder)
    question = embedder.question("a city of talks")

    def look(snapshot: Snapshot) -> None:
        hits = snapshot.hits(snapshot.nearest(question, 5000))
        assert len(hits) == snapshot.count_chunks() > 3 * 256
        for hit in hits:
            text = f"{hit.article.title}\n{hit.text}" if hit.article.title else hit.text
            assert hit.score == pytest.approx(float(embedder.passages([text])[0] @ question), abs=1e-5)

    seen(store, look)


def test_a_disk_that_fills_while_the_snapshot_is_written_is_not_kept_full(
    folder: Path, store: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, store=store, embedder=embedder)
    (store / "vectors.faiss").unlink()
    (folder / "new.txt").write_text("Minsk was a city of talks.")

    def fill(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("os.fsync", fill)
        with pytest.raises(StoreError, match="No space left"):
            build(folder, store=store, embedder=embedder)
    assert {file.name for file in store.iterdir()} <= {
        "articles.db",
        "articles.db-shm",
        "articles.db-wal",
        "build.lock",
    }
    assert "new.txt" in found(store, "talks")


def test_a_damaged_database_names_the_command_that_repairs_it(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    (store / "articles.db").write_bytes(b"not a database at all" * 400)
    with pytest.raises(StoreCorrupt, match="--rebuild"):
        build(folder, store=store, embedder=embedder)
    assert counts(build(folder, store=store, embedder=embedder, rebuild=True)) == (3, 0, 0, 0)


@pytest.mark.parametrize("derived", [True, False])
def test_a_chunk_under_a_key_that_none_was_given_is_damage(
    derived: bool, folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    with closing(sqlite3.connect(store / "articles.db", isolation_level=None)) as database:
        given = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
        database.execute("UPDATE chunks SET key = ? WHERE key = (SELECT max(key) FROM chunks)", (2**60,))
        database.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'chunks'", given)
        database.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    if derived:
        (store / "vectors.faiss").unlink()
    with pytest.raises(StoreCorrupt, match="--rebuild"):
        found(store, "salt")
    assert "1 chunks have a key that none was given" in open_store(str(store)).problems()


def test_a_store_that_is_built_anew_again_and_again_is_searched_from_its_first_key_on(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    answers = found(store, "salt"), seen(store, lambda snapshot: snapshot.matching("salt", 9, Scope(until=date.max)))
    for _ in range(3):
        build(folder, store=store, embedder=embedder, rebuild=True)
    assert seen(store, lambda snapshot: snapshot.vectors.first_key) > 3  # type: ignore[attr-defined]  # of this store
    later = seen(store, lambda snapshot: snapshot.matching("salt", 9, Scope(until=date.max)))
    assert (found(store, "salt"), [one.score for one in later]) == (answers[0], [one.score for one in answers[1]])


def test_a_place_that_cannot_be_written_is_said_so(folder: Path, tmp_path: Path, embedder: HashingEmbedder) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot write"):
        build(folder, store=tmp_path / "file" / "store", embedder=embedder)


def test_asking_goes_on_while_a_build_writes(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    build(folder, store=store, embedder=embedder)
    (folder / "new.txt").write_text("Minsk was a city of talks.")
    before, during = {"grain.txt", "veto.md", "treaty.html"}, []
    (folder / "grain.txt").unlink()

    class Asking(HashingEmbedder):
        def passages(self, texts_: Sequence[str]) -> Vectors:
            during.append(set(texts(store)))
            return super().passages(texts_)

    build(folder, store=store, embedder=Asking(), progress=lambda _: during.append(found(store, "Minsk")))
    # What was deleted goes first, what was added is found, by its words and its meaning, as soon as it is written.
    assert during == [before - {"grain.txt"}, before - {"grain.txt"} | {"new.txt"}]


def test_a_build_tells_how_far_it_is_every_few_chunks_in_a_long_article_too(folder: Path, store: Path) -> None:
    for number in range(96):
        (folder / f"{number}.txt").write_text(f"Ship {number} left Odesa.")
    (folder / "zebra.txt").write_text(
        " ".join(f"Zebra {number} crossed the street in the rain." for number in range(6000))
    )
    told: list[Progress] = []
    build(folder, store=store, embedder=HashingEmbedder(), progress=told.append)
    embedded = [0, *(one.embedded for one in told)]
    steps = [after - before for before, after in pairwise(embedded)]
    assert max(steps) == BATCH_CHUNKS
    assert len(steps) == ceil(99 / BATCH_CHUNKS) + ceil((embedded[-1] - 99) / BATCH_CHUNKS)
    assert all(one.files_done <= one.embedded for one in told)
    assert [one.bytes_done for one in told] == sorted(one.bytes_done for one in told)
    assert (told[-1].files_done, told[-1].bytes_done) == (100, told[-1].bytes)


def test_a_build_that_is_stopped_keeps_the_articles_that_it_was_done_with(folder: Path, store: Path) -> None:
    for number in range(197):
        (folder / f"{number}.txt").write_text(f"Ship {number} left Odesa.")

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    stopped, next_one = HashingEmbedder(embedded=[]), HashingEmbedder(embedded=[])
    with pytest.raises(KeyboardInterrupt):
        build(folder, store=store, embedder=stopped, progress=stop)
    assert counts(build(folder, store=store, embedder=next_one)) == (200 - BATCH_CHUNKS, 0, 0, BATCH_CHUNKS)
    assert len(stopped.embedded or []) == BATCH_CHUNKS
    assert len(next_one.embedded or []) == 200 - BATCH_CHUNKS


WORDS = st.sampled_from(["grain", "veto", "treaty", "salt", "Minsk", "corridor"])
EDITS = st.lists(
    st.tuples(st.sampled_from(["a.txt", "b.txt", "c/d.txt"]), st.none() | st.lists(WORDS, min_size=1, max_size=4)),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_after_any_edits_the_store_finds_what_the_files_say_and_nothing_else(
    edits: list[tuple[str, list[str] | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("edits")
    folder, store = place / "articles", place / "store"
    (folder / "c").mkdir(parents=True)
    (folder / "keep.txt").write_text("Kept for good.")
    for name, said in edits:
        if said is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_text(" ".join(said) + ".")
        build(folder, store=store, embedder=HashingEmbedder())
    build(folder, store=store, embedder=HashingEmbedder())
    on_disk = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.txt")}
    assert texts(store) == on_disk
    for word in ("grain", "veto", "salt"):
        assert named(store, word) == {name for name, said in on_disk.items() if word in said}


def test_nearest_agrees_with_brute_force_and_keeps_to_a_scope(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    for number in range(40):
        said = f"source: {'Wire' if number % 2 else 'Post'}\npublished: 2024-01-{number % 28 + 1:02}"
        (folder / f"{number}.md").write_text(f"---\n{said}\n---\nNumber {number} of salt.")
    build(folder, store=store, embedder=embedder)
    vector = embedder.question("number 7 of salt")

    def look(snapshot: Snapshot) -> None:
        everything = [
            (float(embedder.passages([article.text])[0] @ vector), article)
            for article in snapshot.articles()
            if not article.title
        ]
        best = sorted(everything, key=lambda one: -one[0])[:5]
        assert [hit.score for hit in snapshot.hits(snapshot.nearest(vector, 5))] == pytest.approx(
            [score for score, _ in best], abs=1e-5
        )
        scope = Scope(since=date(2024, 1, 5), until=date(2024, 1, 9), source="wire")
        for hits in (
            snapshot.hits(snapshot.nearest(vector, 99, scope)),
            snapshot.hits(snapshot.matching("salt", 99, scope)),
        ):
            assert {hit.article.id for hit in hits} == {f"{n}.md" for n in range(40) if n % 2 and 5 <= n % 28 + 1 <= 9}

    seen(store, look)


def test_a_scope_follows_what_is_added_edited_moved_to_another_day_and_deleted(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    kept = open_store(str(store))  # knows of the last question, as a server does
    vector, february = embedder.question("salt"), Scope(since=date(2031, 2, 1), until=date(2031, 2, 28))

    def found() -> tuple[set[str], set[str]]:
        build(folder, store=store, embedder=embedder)
        with kept.snapshot(embedder.fingerprint) as snapshot:
            both = (snapshot.nearest(vector, 99, february), snapshot.matching("salt", 99, february))
            dense, lexical = ({hit.article.text for hit in snapshot.hits(one)} for one in both)
        return dense, lexical

    def write(name: str, day: str, text: str) -> None:
        (folder / name).write_text(f"---\npublished: {day}\n---\n{text}")

    write("a.md", "2031-01-05", "Salt of January.")
    write("b.md", "2031-02-05", "Salt of February.")
    write("d.md", "2031-03-01T00:00:00+00:00", "Salt of March.")
    assert found() == ({"Salt of February."},) * 2
    write("c.md", "2031-02-28T23:59:59+00:00", "More salt.")
    assert found() == ({"Salt of February.", "More salt."},) * 2
    write("a.md", "2031-02-07", "Salt of January.")
    write("b.md", "2031-02-05", "Salt, edited.")
    assert found() == ({"Salt of January.", "Salt, edited.", "More salt."},) * 2
    (folder / "c.md").unlink()
    assert found() == ({"Salt of January.", "Salt, edited."},) * 2


@settings(max_examples=200, deadline=None)
@given(
    question=st.text(max_size=80)
    | st.sampled_from(['"', "NEAR(a b)", "a AND", "title:x", "*", "-a", "(", "a^2", "\ud800", "\0"])
)
def test_no_question_makes_the_lexical_search_fail(question: str, searched: Path) -> None:
    assert all(0 <= one.score <= 1 for one in seen(searched, lambda snapshot: snapshot.matching(question, 5)))


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("searched")
    (place / "a").mkdir()
    (place / "a" / "x.txt").write_text("A near text and title. Another text. x y z")
    build(place / "a", store=place / "store", embedder=HashingEmbedder())
    return place / "store"


def rows(count: int, **changed: str) -> str:
    """Lines of JSON, one a row, some of which say something else."""
    return "".join(
        json.dumps({"id": f"r{number}", "text": changed.get(f"r{number}", f"Row {number} tells of salt{number}.")})
        + "\n"
        for number in range(count)
    )


def test_rows_are_articles_and_only_those_that_changed_are_embedded(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    file = folder / "news.jsonl"
    file.write_text(rows(1200))
    assert counts(build(folder, store=store, embedder=embedder)) == (1203, 0, 0, 0)
    assert embedder.embedded is not None
    embedder.embedded.clear()
    lines = rows(1201, r5="Row 5 was edited.").splitlines(keepends=True)
    file.write_text("".join(line for number, line in enumerate(lines) if number not in {7, 8}))
    assert counts(build(folder, store=store, embedder=embedder)) == (1, 1, 2, 1200)
    assert sorted(embedder.embedded) == ["Row 1200 tells of salt1200.", "Row 5 was edited."]
    assert found(store, "salt7") & {"news.jsonl#r7"} == set()
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 0, 0, 1202)


def test_a_row_that_cannot_be_read_is_named_each_time_and_the_others_are_kept(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    (folder / "news.jsonl").write_text('{"text": "Salt is dear."}\n{"text": \n{"id": "b", "text": "Grain is dear."}\n')
    for _ in range(2):
        report = build(folder, store=store, embedder=embedder)
        assert [failure.path for failure in report.failed] == ["news.jsonl#2"]
        assert seen(store, lambda snapshot: snapshot.failures()) == list(report.failed)
    assert {"news.jsonl#1", "news.jsonl#b"} <= texts(store).keys()
    (folder / "news.jsonl").write_text('{"text": "Salt is dear."}\n')
    assert counts(build(folder, store=store, embedder=embedder)) == (0, 0, 1, 4)
    assert seen(store, lambda snapshot: snapshot.failures()) == []


def test_an_edit_embeds_the_chunks_around_it_only(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    sentences = [f"Sentence {number} of the report tells of ship {number * 7919 % 1000}." for number in range(400)]
    (folder / "long.txt").write_text(" ".join(sentences))
    build(folder, store=store, embedder=embedder)
    assert embedder.embedded is not None
    embedder.embedded.clear()
    sentences.insert(100, "This one was forgotten at first.")
    (folder / "long.txt").write_text(" ".join(sentences))
    build(folder, store=store, embedder=embedder)
    assert any("forgotten" in text for text in embedder.embedded)
    assert len(embedder.embedded) <= 6 < len(chunk_spans(" ".join(sentences)))


def test_a_small_change_leaves_the_vector_file_alone_and_is_found_all_the_same(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    build(folder, store=store, embedder=embedder)
    before = (store / "vectors.faiss").read_bytes()
    (folder / "new.txt").write_text("Minsk was a city of talks.")
    (folder / "veto.md").unlink()
    build(folder, store=store, embedder=embedder)
    assert (store / "vectors.faiss").read_bytes() == before
    nearest = seen(store, lambda snapshot: snapshot.hits(snapshot.nearest(embedder.question("city of talks"), 9)))
    assert nearest[0].article.id == "new.txt"
    assert {hit.article.id for hit in nearest} == {"grain.txt", "treaty.html", "new.txt"}
    assert open_store(str(store)).problems() == []


def test_many_changes_rewrite_the_vector_file_and_leave_no_vector_behind(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    file = folder / "news.jsonl"
    file.write_text(rows(3000))
    build(folder, store=store, embedder=embedder)
    before = (store / "vectors.faiss").read_bytes()
    file.write_text(rows(10))
    build(folder, store=store, embedder=embedder)
    assert len((store / "vectors.faiss").read_bytes()) < len(before) / 100
    assert vectors_in(store) == 13


def test_a_moved_file_is_never_missing_and_never_twice(folder: Path, store: Path) -> None:
    during: list[set[str]] = []

    class Asking(HashingEmbedder):
        def passages(self, texts_: Sequence[str]) -> Vectors:
            during.append(set(texts(store)))
            return super().passages(texts_)

    build(folder, store=store, embedder=Asking())
    during.clear()
    (folder / "grain.txt").rename(folder / "zgrain.txt")
    (folder / "big.jsonl").write_text(rows(600))  # another batch before it
    build(folder, store=store, embedder=Asking())
    assert during
    assert all("grain.txt" in there for there in during)
    assert {"zgrain.txt"} == {name for name in texts(store) if "grain" in name}


@pytest.mark.parametrize(
    "changed", ["text = replace(text, 'Odesa', 'Odessa')", "source = 'Wire'", "published = '2020-01-01'"]
)
def test_what_is_not_what_was_stored_is_never_shown(
    folder: Path, store: Path, embedder: HashingEmbedder, changed: str
) -> None:
    build(folder, store=store, embedder=embedder)
    with sqlite3.connect(store / "articles.db") as database:
        database.execute(f"UPDATE articles SET {changed} WHERE id = 'grain.txt'")
    database.close()
    with pytest.raises(StoreCorrupt, match=r"grain\.txt.*article-qa index --rebuild"):
        found(store, "Odesa grain corridor")
    assert any("grain.txt" in line for line in open_store(str(store)).problems())


def test_check_notices_a_word_that_the_lexical_index_lost(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    build(folder, store=store, embedder=embedder)
    with sqlite3.connect(store / "articles.db") as database:
        key = database.execute("SELECT max(key) FROM chunks").fetchone()[0]
        database.execute("INSERT INTO lexical(lexical, rowid, title, text) VALUES ('delete', ?, '', 'veto')", (key,))
    database.close()
    assert any("lexical index differs from the text" in line for line in open_store(str(store)).problems())


def test_near_copies_are_linked_until_one_of_them_goes(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    story = (SEEDS / "minsk-agreements.txt").read_text().split("\n\n", 1)[1]
    for outlet in ("post", "wire", "globe"):
        (folder / f"{outlet}.txt").write_text(f"Title: As the {outlet} has it\nSource: {outlet}\n\n{story}")
    build(folder, store=store, embedder=embedder)

    def linked(name: str) -> list[str | None]:
        return [article.source for article in copies_of(name, store)]

    assert linked("post.txt") == ["globe", "wire"]
    assert linked("grain.txt") == []
    (folder / "wire.txt").unlink()
    (folder / "globe.txt").write_text("Title: Globe\n\nThe globe prints something else today, of its own making.")
    build(folder, store=store, embedder=embedder)
    assert linked("post.txt") == linked("globe.txt") == []


def test_links_made_by_another_recipe_are_made_anew(folder: Path, store: Path, embedder: HashingEmbedder) -> None:
    (folder / "copy.txt").write_bytes((folder / "grain.txt").read_bytes())
    build(folder, store=store, embedder=embedder)
    with sqlite3.connect(store / "articles.db") as database:
        database.execute("UPDATE meta SET value = 'rensa 0' WHERE name = 'copies'")
        database.execute("UPDATE articles SET signature = x'00', story = key")
        database.execute("DELETE FROM bands")
    database.close()
    build(folder, store=store, embedder=embedder)
    assert [article.id for article in copies_of("grain.txt", store)] == ["copy.txt"]


def test_a_page_that_a_thousand_articles_repeat_is_one_story_at_once(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    notice = "To go on reading, take out a subscription. " * 20
    (folder / "news.jsonl").write_text("".join(json.dumps({"id": n, "text": notice}) + "\n" for n in range(1000)))
    build(folder, store=store, embedder=embedder)
    with sqlite3.connect(store / "articles.db") as database:
        looked_up = """SELECT count(*), count(DISTINCT b.article) FROM bands b JOIN articles a ON a.key = b.article
                       WHERE a.path = 'news.jsonl'"""
        assert database.execute(looked_up).fetchone() == (20, 1)
    database.close()
    (folder / "news.jsonl").write_text("".join(json.dumps({"id": n, "text": notice}) + "\n" for n in range(1, 4)))
    build(folder, store=store, embedder=embedder)
    (folder / "copy.txt").write_text(notice)
    build(folder, store=store, embedder=embedder)
    assert [article.id for article in copies_of("copy.txt", store)] == ["news.jsonl#1", "news.jsonl#2", "news.jsonl#3"]
