"""R9: another model, another length of vectors or another format is refused by name, and let in by a rebuild."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import StoreCorrupt, StoreError, StoreMismatch
from index.store import open_store
from tests.conftest import HashingEmbedder
from tests.faults import corpus
from tests.faults.tally import Tally
from tests.faults.truth import EMBEDDER, assert_is, built

pytestmark = pytest.mark.fault
OTHERS = {
    "another model": HashingEmbedder(fingerprint="hashing:2"),
    "another model of other vectors": HashingEmbedder(fingerprint="hashing:2", dimension=32),
    "the same name of other vectors": HashingEmbedder(dimension=32),
}
FORMATS = {"none": "", "the first": "0", "a later one": "99", "one that is no number": "next"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus.write(tmp_path / "articles", corpus.articles(6))
    built(tmp_path / "articles", tmp_path / "fresh")
    built(tmp_path / "articles", tmp_path / "store")
    return tmp_path / "articles"


@pytest.mark.parametrize("name", OTHERS)
def test_another_model_is_refused_by_name_and_let_in_by_a_rebuild(
    name: str, folder: Path, tmp_path: Path, tally: Tally
) -> None:
    other = OTHERS[name]

    def attempt(store: Path) -> None:
        with pytest.raises(StoreMismatch, match="--rebuild"):
            _ask(store, other)
        with pytest.raises(StoreMismatch, match="--rebuild"):
            built(folder, store, embedder=other)
        assert_is(store, tmp_path / "fresh")
        assert built(folder, store, rebuild=True, embedder=other).failed == ()
        assert open_store(str(store)).problems() == []
        assert len(_ask(store, other)) == 5

    tally.all("R9", [tmp_path / "store"], attempt)


def _ask(store: Path, embedder: HashingEmbedder) -> list[object]:
    with open_store(str(store)).snapshot(embedder.fingerprint) as snapshot:
        return list(snapshot.nearest(embedder.question("grain"), 5))


@pytest.mark.parametrize("name", FORMATS)
def test_another_format_is_refused_and_let_in_by_a_rebuild(
    name: str, folder: Path, tmp_path: Path, tally: Tally
) -> None:
    """The format number stands where every version looks for it: in the table `meta`, by the name `format`."""

    def attempt(store: Path) -> None:
        with closing(sqlite3.connect(store / "articles.db")) as connection:
            done = connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (FORMATS[name],))
            connection.commit()
        assert done.rowcount == 1
        with pytest.raises(StoreMismatch, match=r"another version.*--rebuild"):
            _ask(store, EMBEDDER)
        with pytest.raises(StoreMismatch, match=r"another version.*--rebuild"):
            built(folder, store)
        with pytest.raises((StoreMismatch, StoreCorrupt), match="--rebuild"):
            open_store(str(store)).problems()
        built(folder, store, rebuild=True)
        assert_is(store, tmp_path / "fresh")

    tally.all("R9", [tmp_path / "store"], attempt)


def test_a_database_of_another_program_is_not_taken_for_an_index(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with closing(sqlite3.connect(tmp_path / "other" / "articles.db")) as connection:
        connection.execute("CREATE TABLE meta(name TEXT, value TEXT)")
        connection.execute("CREATE TABLE poems(text TEXT)")
        connection.commit()
    with pytest.raises(StoreError, match="article-qa index"):
        _ask(tmp_path / "other", EMBEDDER)
