"""R7: a database that is damaged is refused with the command to run, or answers rightly; it never answers wrongly.

Damage that takes a passage away from the answers, and that no reader can notice, must be named by `problems()`.
"""

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from index.store import open_store
from tests.faults import child, corpus, jobs
from tests.faults.scale import tries
from tests.faults.tally import Tally
from tests.faults.truth import Answers, answers, assert_is, built, kept

pytestmark = pytest.mark.fault
OLD = corpus.articles(24)
PAGE = 4096
Harm = Callable[[Path, random.Random], None]


def truncated(store: Path, chance: random.Random) -> None:
    file = store / "articles.db"
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.truncate(chance.choice([chance.randrange(size), chance.randrange(1, size // PAGE) * PAGE]))


def bits_flipped(store: Path, chance: random.Random) -> None:
    _flip(store / "articles.db", chance, chance.choice([1, 4, 64]))


def pages_lost(store: Path, chance: random.Random) -> None:
    """Put zeros, or another page, in place of a page."""
    file = store / "articles.db"
    with file.open("r+b") as opened:
        pages = file.stat().st_size // PAGE
        opened.seek(chance.randrange(pages) * PAGE)
        other = opened.read(PAGE) if chance.random() < 0.5 else bytes(PAGE)
        opened.seek(chance.randrange(pages) * PAGE)
        opened.write(other)


def words_changed(store: Path, chance: random.Random) -> None:
    """Change a word of an article where it is stored: only a checksum can tell."""
    file = store / "articles.db"
    data = file.read_bytes()
    said = next(iter(chance.sample(list(OLD.values()), 1)))
    place = data.find(said[:60].encode())
    assert place >= 0, "the articles are not stored as they are"
    word = said.split()[3].encode()
    place = data.find(word, place)
    file.write_bytes(data[:place] + word[:1] + b"X" * (len(word) - 1) + data[place + len(word) :])


def a_cell_changed(store: Path, chance: random.Random) -> None:
    """Change one value, of any row of any table, to another of its kind."""
    with closing(sqlite3.connect(store / "articles.db", isolation_level=None)) as connection:
        tables = [
            name
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            if not sql.startswith("CREATE VIRTUAL")
        ]
        for _ in range(1000):
            if _change_a_cell(connection, chance.choice(tables), chance):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return
    raise AssertionError("no cell could be changed")


def _change_a_cell(connection: sqlite3.Connection, table: str, chance: random.Random) -> bool:
    names = [row[1] for row in connection.execute(f"PRAGMA table_info('{table}')")]
    rows = connection.execute(f"SELECT * FROM '{table}'").fetchall()
    if not rows:
        return False
    row = chance.choice(rows)
    column = chance.randrange(len(names))
    other = _other(row[column], chance)
    where = " AND ".join(f'"{name}" IS ?' for name in names)
    with suppress(sqlite3.IntegrityError):
        done = connection.execute(f"UPDATE '{table}' SET \"{names[column]}\" = ? WHERE {where}", (other, *row))
        return done.rowcount == 1 and other is not None
    return False


def _other(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 1000])
    if isinstance(value, str) and value:
        place = chance.randrange(len(value))
        return value[:place] + chance.choice("aeiou7") + value[place + 1 :]
    if isinstance(value, bytes) and value:
        place = chance.randrange(len(value))
        return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
    return None


def _flip(file: Path, chance: random.Random, many: int) -> None:
    data = bytearray(file.read_bytes())
    for bit in chance.sample(range(len(data) * 8), many):
        data[bit // 8] ^= 1 << bit % 8
    file.write_bytes(data)


HARMS: tuple[Harm, ...] = (truncated, bits_flipped, bits_flipped, pages_lost, words_changed, a_cell_changed)


@pytest.fixture(scope="module")
def folder(module_path: Path) -> Path:
    """Articles, and beside them a store."""
    place = module_path
    corpus.write(place / "articles", OLD)
    (place / "articles" / "said.md").write_text(
        "---\ntitle: Salt\nsource: Wire\nauthor: Ann Bell\npublished: 2024-02-12\nurl: https://example.org/salt\n---\n"
        f"{corpus.story(500, 1)}\n"
    )
    built(place / "articles", place / "store")
    return place / "articles"


def verdict(now: Answers | jobs.Refused, before: Answers, store: Path) -> str:
    """Return what came of the damage; "WRONG" begins what must never come of it."""
    if isinstance(now, jobs.Refused):
        well = now.name in {"StoreCorrupt", "StoreMismatch", "StoreMissing"} and "run `article-qa index" in now.message
        return "refused" if well else f"WRONG refusal: {now.name}: {now.message}"
    for hits in (*now.dense.values(), *now.lexical.values()):
        for name, start, end, text in hits:
            if name not in before.articles or text != before.articles[name].text[start:end]:
                return f"WRONG quote of {name}: {text[:60]}"
    wrong = [name for name, article in now.articles.items() if before.articles.get(name) != article]
    if wrong:
        return f"WRONG article: {wrong}"
    less = " and ".join(name for name in ("articles", "dense", "lexical") if _less(name, now, before))
    if not less:
        return "right" if not now.differ(before) else f"right, but for scores: {now.differ(before)}"
    return f"{less} less, and named" if _is_named(store) else f"WRONG {less} less, and nobody is told"


def _less(name: str, now: Answers, before: Answers) -> bool:
    if name == "articles":
        return now.articles.keys() != before.articles.keys()
    mine, theirs = getattr(now, name), getattr(before, name)
    return any(mine[question].keys() != theirs[question].keys() for question in theirs)


def _is_named(store: Path) -> bool:
    """Tell whether a check finds the damage: not only the snapshot file, which a test took away itself."""
    said = child.returned(jobs.check, store)
    return isinstance(said, jobs.Refused) or any(not line.startswith("vectors.faiss") for line in said)


def test_a_damaged_database_is_refused_or_answers_rightly_and_a_rebuild_mends_it(
    folder: Path, tmp_path: Path, tally: Tally
) -> None:
    whole = folder.parent / "store"
    before = answers(whole)

    def attempt(seed: int) -> None:
        chance = random.Random(seed)
        harm = HARMS[seed % len(HARMS)]
        store = tmp_path / f"store{seed}"
        shutil.copytree(whole, store)
        harm(store, chance)
        if chance.random() < 0.5:
            (store / "vectors.faiss").unlink()  # so that the vectors of the database are what is searched
        said = verdict(child.returned(jobs.ask, store), before, store)
        tally.count(f"{harm.__name__}: {said.partition(':')[0].partition(' of ')[0]}")
        assert "WRONG" not in said, f"{harm.__name__}: {said}"
        built_on = child.returned(jobs.try_to_build, folder, store)
        assert not isinstance(built_on, jobs.Refused) or "--rebuild" in built_on.message, built_on
        said = verdict(child.returned(jobs.ask, store), before, store)
        assert "WRONG" not in said, f"{harm.__name__}, after a build: {said}"
        child.returned(jobs.try_to_build, folder, store, True)
        assert_is(store, whole)
        shutil.rmtree(store)

    tally.all("R7", range(tries("R7")), attempt)


@pytest.fixture(scope="module")
def killed(folder: Path) -> Path:
    """A store whose last build was killed, so that a part of the truth is in the write-ahead log."""
    place = folder.parent
    corpus.write(place / "changed", corpus.changed(OLD))
    built(place / "changed", place / "after")
    shutil.copytree(place / "store", place / "killed")
    builder = child.start(jobs.build_and_stop, place / "changed", place / "killed", place / "reached")
    builder.go()
    while not (place / "reached").exists():
        assert builder.process.is_alive()
        time.sleep(0.01)
    builder.kill()
    builder.end()
    assert (place / "killed" / "articles.db-wal").stat().st_size > 0
    return place / "killed"


def test_a_damaged_log_loses_at_most_what_the_next_build_does_again(killed: Path, tmp_path: Path, tally: Tally) -> None:
    place = killed.parent
    wholes = kept(place / "store"), kept(place / "after")

    def attempt(seed: int) -> None:
        chance = random.Random(seed)
        store = tmp_path / f"store{seed}"
        shutil.copytree(killed, store)
        log = store / "articles.db-wal"
        if seed % 3 == 0:
            with log.open("r+b") as opened:
                opened.truncate(chance.randrange(log.stat().st_size))
        elif seed % 3 == 1:
            _flip(log, chance, chance.choice([1, 16]))
        else:
            log.unlink()
        now = child.returned(jobs.keep, store)
        if isinstance(now, jobs.Refused):
            assert now.name == "StoreCorrupt", now
        else:
            for name, one in now.items():
                assert one in [whole.get(name) for whole in wholes], f"{name} is neither wholly old nor wholly new"
        child.returned(jobs.try_to_build, place / "changed", store, isinstance(now, jobs.Refused))
        assert_is(store, place / "after")
        shutil.rmtree(store)

    tally.all("R7", range(max(12, tries("R7") // 4)), attempt)


def test_a_check_of_a_damaged_store_never_crashes(folder: Path, tmp_path: Path) -> None:
    """It finds something, or is refused with the command, whatever was cut off."""
    for seed in range(12):
        store = tmp_path / f"store{seed}"
        shutil.copytree(folder.parent / "store", store)
        truncated(store, random.Random(seed))
        found = child.returned(jobs.check, store)
        assert found, f"case {seed}: nothing is found"
    assert open_store(str(folder.parent / "store")).problems() == []
