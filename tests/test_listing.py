"""A list of articles is searched, ordered and cut as if by hand, and shows what the store holds now."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import build
from index.store import EVERYTHING, Entry, Listing, Order, Scope, open_store
from tests.conftest import HashingEmbedder

SAID = [
    ("Élan vital", "Wire", "2024-02-12"),
    ("elan of the sea", "gazette", "2024-02-12T09:00:00+02:00"),
    ("Grain", None, None),
    (None, "Wire", "2022-07-01"),
    ("Corn & wheat", "Gazette", "2022-07-30"),
    ("ZEBRA", "Wire", None),
]


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("listing")
    folder = place / "articles"
    folder.mkdir()
    for number, (title, source, published) in enumerate(SAID):
        said = {"title": title, "source": source, "published": published}
        head = "".join(f'{name}: "{value}"\n' for name, value in said.items() if value)
        (folder / f"{number}.md").write_text(f"---\n{head}---\nText {number} of grain.")
    build(folder, store=place / "store", embedder=HashingEmbedder())
    return place / "store"


@dataclass(frozen=True)
class Wanted:
    words: str = ""
    scope: Scope = EVERYTHING
    order: Order = Order.NEWEST
    limit: int = 50
    offset: int = 0


def of(store: Path, wanted: Wanted) -> Listing:
    with open_store(str(store)).snapshot("hashing:1") as snapshot:
        return snapshot.listing(
            words=wanted.words, scope=wanted.scope, order=wanted.order, limit=wanted.limit, offset=wanted.offset
        )


def ids(entries: Sequence[Entry]) -> list[str]:
    return [entry.id for entry in entries]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.NEWEST, ["0.md", "1.md", "4.md", "3.md", "2.md", "5.md"]),
        (Order.OLDEST, ["3.md", "4.md", "0.md", "1.md", "2.md", "5.md"]),
        (Order.OUTLET, ["1.md", "4.md", "0.md", "3.md", "5.md", "2.md"]),
        (Order.TITLE, ["3.md", "4.md", "1.md", "0.md", "2.md", "5.md"]),
    ],
)
def test_what_says_nothing_comes_last_and_equals_go_by_id(listed: Path, order: Order, expected: list[str]) -> None:
    assert ids(of(listed, Wanted(order=order)).entries) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ELAN", ["0.md", "1.md"]),
        ("élan wire", ["0.md"]),
        ("zebra", ["5.md"]),
        ("%", []),
        ("&", ["4.md"]),
        ("3.md", ["3.md"]),
        ("' OR 1=1 --", []),
    ],
)
def test_each_word_is_found_in_any_case_and_accent(listed: Path, words: str, expected: list[str]) -> None:
    found = of(listed, Wanted(words))
    assert ids(found.entries) == expected
    assert found.total == len(expected)


def test_a_scope_keeps_to_days_and_outlets_and_the_months_are_counted(listed: Path) -> None:
    everything = of(listed, Wanted())
    assert everything.months == (("", 2), ("2022-07", 2), ("2024-02", 2))
    july = of(listed, Wanted(scope=Scope(date(2022, 7, 2), date(2022, 7, 30), None)))
    assert (ids(july.entries), july.months) == (["4.md"], (("2022-07", 1),))
    assert ids(of(listed, Wanted(scope=Scope(source="GAZETTE"))).entries) == ["1.md", "4.md"]
    assert of(listed, Wanted(scope=Scope(source="Nobody"))).total == 0


@given(st.sampled_from(Order), st.integers(0, 8), st.integers(0, 8))
def test_pages_are_cut_from_the_whole(listed: Path, order: Order, limit: int, offset: int) -> None:
    whole = of(listed, Wanted(order=order))
    page = of(listed, Wanted(order=order, limit=limit, offset=offset))
    assert page.entries == whole.entries[offset : offset + limit]
    assert (page.total, page.months) == (6, whole.months)


@pytest.mark.parametrize("index", ["articles_listed", "articles_author"])
def test_a_store_from_before_an_index_lists_the_same_and_gets_it_at_the_next_build(index: str, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: Grain\n---\nIt was shipped.")
    store = tmp_path / "store"
    build(folder, store=store, embedder=HashingEmbedder())
    before = of(store, Wanted())
    with sqlite3.connect(store / "articles.db") as connection:
        connection.execute(f"DROP INDEX {index}")
    connection.close()
    assert of(store, Wanted()) == before
    build(folder, store=store, embedder=HashingEmbedder())
    with sqlite3.connect(store / "articles.db") as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (index,)).fetchone() == (1,)
    connection.close()
