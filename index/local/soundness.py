"""What is wrong with a database, one line for each thing: everything in it is held against everything else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from index.local.derived import LAST_GIVEN, is_sound
from index.local.schema import ARTICLE, LEXICAL, facts_of, is_chunk, is_said, words_of_chunk
from index.records import Article


def problems_of(connection: sqlite3.Connection) -> list[str]:
    """Verify the database, its articles, chunks and vectors, and its lexical index against each other."""
    checks = {
        "the database": _database_problems,
        "the chunks": _chunk_problems,
        "the text": _text_problems,
        "the lexical index": _lexical_problems,
    }
    found: list[str] = []
    for name, check in checks.items():
        try:
            found += check(connection)
        except sqlite3.DatabaseError as error:
            found.append(f"{name} cannot be verified: {error}")
    return found


def _database_problems(connection: sqlite3.Connection) -> list[str]:
    """Check the file as SQLite does."""
    return [f"database: {line}" for (line,) in connection.execute("PRAGMA integrity_check(10)") if line != "ok"] + [
        f"database: {table} row {row} refers to nothing"
        for table, row, *_ in connection.execute("PRAGMA foreign_key_check")
    ]


def _chunk_problems(connection: sqlite3.Connection) -> list[str]:
    """Check that each chunk lies in its article's text and can be found by its words."""
    outside = connection.execute(
        """SELECT count(*) FROM chunks c JOIN articles a ON a.key = c.article
           WHERE NOT (0 <= c.start AND c.start < c."end" AND c."end" <= length(a.text))"""
    ).fetchone()[0]
    lengths = connection.execute("SELECT count(DISTINCT length(vector)) FROM vectors").fetchone()[0]
    unfindable = connection.execute(
        "SELECT count(*) FROM chunks WHERE key NOT IN (SELECT rowid FROM lexical)"
    ).fetchone()[0]
    unlinked = connection.execute(
        "SELECT count(*) FROM bands WHERE article NOT IN (SELECT key FROM articles)"
    ).fetchone()[0]
    (never_given,) = connection.execute(
        f"SELECT count(*) FROM chunks WHERE key > coalesce(({LAST_GIVEN}), 0)",
    ).fetchone()
    checks = (
        (never_given, f"{never_given} chunks have a key that none was given"),
        (unlinked, f"{unlinked} links between near-copies are of no article"),
        (outside, f"{outside} chunks lie outside their article's text"),
        (lengths > 1, "the vectors are of several lengths"),
        (unfindable, f"{unfindable} chunks are not in the lexical index"),
    )
    return [line for wrong, line in checks if wrong]


def _text_problems(connection: sqlite3.Connection) -> list[str]:
    """Check that each article, chunk and vector is what was stored."""
    articles, chunks, vectors = [], 0, 0
    model = facts_of(connection).model
    for key, *said, digest in connection.execute(f"SELECT a.key, {ARTICLE}, a.digest FROM articles a ORDER BY a.id"):
        article = Article(*said)
        if not is_said(said) or article.digest != digest:
            articles.append(article.id)
        of_article = connection.execute(
            """SELECT c.start, c."end", v.digest, v.vector, v.crc FROM chunks c JOIN vectors v ON v.key = c.vector
               WHERE c.article = ?""",
            (key,),
        )
        for start, end, text, vector, crc in of_article:
            chunks += not is_chunk(article, start, end, text, model)
            vectors += not is_sound(vector, crc)
    return (
        [f"{name} is not what was stored" for name in articles]
        + ([f"{chunks} chunks are not the words that were embedded"] if chunks else [])
        + ([f"{vectors} vectors are not what was stored"] if vectors else [])
    )


def _lexical_problems(connection: sqlite3.Connection) -> list[str]:
    """Check the lexical index against one that is made anew: SQLite keeps no text in it to check it by."""
    with closing(sqlite3.connect("", isolation_level=None)) as anew:
        anew.executescript(f"CREATE VIRTUAL TABLE lexical USING {LEXICAL}; BEGIN;")
        rows = connection.execute(
            f'SELECT c.key, c.start, c."end", {ARTICLE} FROM chunks c JOIN articles a ON a.key = c.article'
        )
        anew.executemany(
            "INSERT INTO lexical(rowid, title, text) VALUES (?, ?, ?)",
            ((key, *words_of_chunk(Article(*said), start, end)) for key, start, end, *said in rows if is_said(said)),
        )
        anew.execute("COMMIT")
        differ = len(set(_terms(connection)) ^ set(_terms(anew)))
    return [f"the lexical index differs from the text in {differ} words"] if differ else []


def _terms(connection: sqlite3.Connection) -> Iterator[tuple[str, int, int]]:
    """Yield each term, how often it occurs, and a sum over where it does."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.occurrences USING fts5vocab(main, lexical, instance)")
    yield from connection.execute(
        """SELECT term, count(*), sum((doc * 1000003 + "offset" * 31 + (col = 'title')) % 2147483647)
           FROM temp.occurrences GROUP BY term ORDER BY term"""
    )
