"""What the database holds: its tables, the facts about it, and an article as a row of it."""

import secrets
import sqlite3
from collections.abc import Sequence

from index.copies import RECIPE
from index.records import Article

FORMAT = "2"
LEXICAL = "fts5(title, text, content='', tokenize='porter unicode61 remove_diacritics 2')"
SCHEMA = f"""
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files(path TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE failures(file TEXT NOT NULL REFERENCES files(path), path TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX failures_file ON failures(file);
CREATE TABLE articles(
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL REFERENCES files(path),
    text TEXT NOT NULL, title TEXT, source TEXT, author TEXT, published TEXT, url TEXT, language TEXT,
    digest BLOB NOT NULL, signature BLOB NOT NULL, story INTEGER NOT NULL);
CREATE INDEX articles_path ON articles(path, id, digest);
CREATE INDEX articles_source ON articles(source);
CREATE INDEX articles_story ON articles(story);
CREATE TABLE bands(
    band INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES articles(key),
    PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE INDEX bands_article ON bands(article);
CREATE TABLE vectors(key INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, vector BLOB NOT NULL, crc INTEGER NOT NULL);
CREATE TABLE chunks(
    key INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles(key),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector INTEGER NOT NULL REFERENCES vectors(key));
CREATE INDEX chunks_article ON chunks(article);
CREATE INDEX chunks_vector ON chunks(vector);
CREATE VIRTUAL TABLE lexical USING {LEXICAL};
CREATE VIRTUAL TABLE lexicon USING fts5vocab(lexical, row);
"""
ARTICLE = "a.id, a.path, a.text, a.title, a.source, a.author, a.published, a.url, a.language"


def create(connection: sqlite3.Connection, fingerprint: str) -> None:
    """Make an empty store in one transaction: a store is there as a whole, or not."""
    meta = {
        "format": FORMAT,
        "fingerprint": fingerprint,
        "owner": secrets.token_hex(16),
        "copies": RECIPE,
        "generation": "0",
    }
    values = ", ".join(f"('{name}', '{value.replace(chr(39), chr(39) * 2)}')" for name, value in meta.items())
    connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} INSERT INTO meta VALUES {values}; COMMIT;")


def meta_of(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the facts about the store, none of them where it is empty."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return {}
    return dict(connection.execute("SELECT name, value FROM meta"))


def verified(said: Sequence[object], digest: object) -> Article:
    """Return an article that still says what was stored. Raises sqlite3.DatabaseError."""
    article = Article(*said)  # type: ignore[arg-type]
    if article.digest != digest:
        raise sqlite3.DatabaseError(f"{article.id} is not what was stored")
    return article


def words_of_chunk(article: Article, start: int, end: int) -> tuple[str, str]:
    """Return what the lexical index holds of a chunk: its article's title, and its own words."""
    return article.title or "", article.text[start:end]
