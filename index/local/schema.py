"""What the database holds: its tables, the facts about it, and an article as a row of it."""

import os
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.chunk import embedded_text, model_name, text_digest
from index.copies import RECIPE
from index.durable import sync_folder
from index.records import Article, Span

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
LISTED = "CREATE INDEX IF NOT EXISTS articles_listed ON articles(published, source, title, id, path)"
"""All that a list of articles shows: without it, a list reads past every text. Stores from before get it at a build."""
BYLINES = "CREATE INDEX IF NOT EXISTS articles_author ON articles(author)"
"""Without it, to ask what somebody says reads past every text, in case they are an author. Got as LISTED is."""
ARTICLE = "a.id, a.path, a.text, a.title, a.source, a.author, a.published, a.url, a.language"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database says of itself."""

    format: str
    fingerprint: str
    dimension: int
    owner: str
    """Chosen at random when the database is made: names it among all others."""
    copies: str
    """By what recipe its near-copies were found."""
    generation: int
    """Grows with each transaction."""

    @property
    def model(self) -> str:
        """Name the model and the length of its vectors, as the digests of embedded texts do."""
        return model_name(self.fingerprint, self.dimension)


def create(file: Path, fingerprint: str, dimension: int) -> None:
    """Make an empty store, whole when it is there: it is made beside its place, and put there by one rename."""
    beside = file.with_suffix(".new")
    for old in (beside, *logs_of(beside), *logs_of(file)):  # a log that stayed behind is not of the new database
        old.unlink(missing_ok=True)
    facts = Facts(FORMAT, fingerprint, dimension, secrets.token_hex(16), RECIPE, 0)
    with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(f"BEGIN; {SCHEMA} {LISTED}; {BYLINES};")
        rows = [(name, str(getattr(facts, name))) for name in Facts.__slots__]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # closing would do it too, but not say if it fails
    with beside.open("rb") as made:
        os.fsync(made.fileno())
    beside.replace(file)
    sync_folder(file.parent)


def logs_of(file: Path) -> tuple[Path, Path]:
    """Return the files that SQLite keeps beside a database while it is open."""
    return file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")


def format_of(connection: sqlite3.Connection) -> str | None:
    """Return the format of the database, None where there is nothing in it."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return None
    row = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    return str(row[0]) if row else ""


def facts_of(connection: sqlite3.Connection) -> Facts:
    """Return what the database, of this format, says of itself. Raises sqlite3.DatabaseError."""
    said = dict(connection.execute("SELECT name, value FROM meta"))
    try:
        dimension, generation = int(said.pop("dimension")), int(said.pop("generation"))
        return Facts(dimension=dimension, generation=generation, **said)
    except (KeyError, TypeError, ValueError) as error:
        raise sqlite3.DatabaseError("what it says of itself is incomplete") from error


def verified(said: Sequence[object], digest: object) -> Article:
    """Return an article that still says what was stored. Raises sqlite3.DatabaseError."""
    article = Article(*said)  # type: ignore[arg-type]
    if not is_said(said) or article.digest != digest:
        raise sqlite3.DatabaseError(f"{article.id} is not what was stored")
    return article


def words_of_chunk(article: Article, start: int, end: int) -> tuple[str, str]:
    """Return what the lexical index holds of a chunk: its article's title, and its own words."""
    return article.title or "", article.text[start:end]


def is_said(said: Sequence[object]) -> bool:
    """Tell whether all of a row are texts, or absent: damage can make a number or bytes of one."""
    return all(value is None or isinstance(value, str) for value in said)


def is_chunk(article: Article, start: object, end: object, text: object, model: str) -> bool:
    """Tell whether a stored chunk is still the words that were embedded."""
    if not isinstance(start, int) or not isinstance(end, int) or not is_said([article.title, article.text]):
        return False
    return text_digest(model, embedded_text(article, Span(start, end))) == text
