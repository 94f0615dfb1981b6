"""A list of articles to choose from: searched, ordered and cut in the database, from an index that holds no text."""

import sqlite3
from collections.abc import Sequence

from index.local.schema import is_said
from index.store import Entry, Listing, Order
from index.terms import unaccented

ORDERS = {
    Order.NEWEST: "a.published IS NULL, substr(a.published, 1, 10) DESC, a.id",
    Order.OLDEST: "a.published IS NULL, substr(a.published, 1, 10), a.id",
    Order.OUTLET: "a.source IS NULL, folded(a.source), a.published IS NULL, substr(a.published, 1, 10) DESC, a.id",
    Order.TITLE: "folded(coalesce(a.title, a.id)), a.id",
}


def listing(
    connection: sqlite3.Connection,
    words: str,
    within: tuple[str, Sequence[str]],
    order: Order,
    *,
    limit: int,
    offset: int,
) -> Listing:
    """Return a part of the list of articles that hold each of `words`, and are `within` SQL conditions on `a`."""
    connection.create_function("folded", 1, _folded, deterministic=True)
    scope, values = within
    wanted = [_folded(word) for word in words.split()]
    held = "instr(folded(coalesce(a.title, '') || ' ' || coalesce(a.source, '') || ' ' || a.id), ?)"
    where = f"WHERE 1 {scope} {''.join(f'AND {held} ' for _ in wanted)}"
    bound = [*values, *wanted]
    table = "articles a INDEXED BY articles_listed" if _is_indexed(connection) else "articles a"
    rows = connection.execute(
        f"SELECT a.id, a.path, a.title, a.source, a.published FROM {table} {where} "
        f"ORDER BY {ORDERS[order]} LIMIT ? OFFSET ?",
        [*bound, limit, offset],
    )
    entries = tuple(Entry(*row) for row in rows if is_said(row))
    months = connection.execute(
        f"SELECT coalesce(substr(a.published, 1, 7), ''), count(*) FROM {table} {where} GROUP BY 1 ORDER BY 1", bound
    ).fetchall()
    counted = tuple((month, count) for month, count in months if isinstance(month, str))
    return Listing(entries, sum(count for _, count in counted), counted)


def _is_indexed(connection: sqlite3.Connection) -> bool:
    """Tell whether the index is there: a store that no build has opened since it was thought of has none."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'articles_listed'")
    return found.fetchone() is not None


def _folded(text: object) -> str:
    """Return `text` in lower case and without accents, so that what is typed finds what is meant."""
    return unaccented(str(text).casefold())
