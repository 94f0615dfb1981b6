"""The embedded store: a folder with a SQLite database, which is the truth, and a FAISS file, which is a cache of it.

State found on disk              what it means                      what a reader does
no articles.db                   never built                        StoreMissing
vectors.faiss absent or damaged  a cache was lost                   derives it in memory from the stored vectors
vectors.faiss older              a build is running, or died        serves it, less what was removed; lexical search
                                 before its switch                  sees the rest; the next build replaces it
database in another format       written by another version         StoreMismatch, naming the command
another model's vectors          the setting was changed            StoreMismatch, naming the command
database damaged                 the truth was lost                 StoreCorrupt, naming the command
build.lock                       a build runs, if it is held        asks on: readers take no lock

Chunk keys are never used twice, so a key that an older vectors.faiss finds is that chunk or nothing.
"""

import math
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
import numpy as np

from index.embed import Vectors
from index.errors import StoreBusy, StoreCorrupt, StoreError, StoreMismatch, StoreMissing
from index.records import Article, Hit, Span
from index.store import EVERYTHING, Digest, Found, Outlet, Scope
from index.terms import FUNCTION_WORDS, stem, words
from index.vectors import Keys, SnapshotDamaged, VectorSnapshot, read_snapshot, sync_folder

FORMAT = "1"
SCHEMA = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files(path TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles(
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL REFERENCES files(path), text TEXT NOT NULL,
    title TEXT, source TEXT, author TEXT, published TEXT, url TEXT);
CREATE INDEX articles_path ON articles(path);
CREATE TABLE vectors(key INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE chunks(
    key INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles(key),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, vector INTEGER NOT NULL REFERENCES vectors(key));
CREATE INDEX chunks_article ON chunks(article);
CREATE INDEX chunks_vector ON chunks(vector);
CREATE VIRTUAL TABLE lexical USING fts5(title, text, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE lexicon USING fts5vocab(lexical, row);
"""
ARTICLE = "a.id, a.path, a.text, a.title, a.source, a.author, a.published, a.url"
CHUNKS = f'SELECT c.key, c.start, c."end", {ARTICLE} FROM chunks c JOIN articles a ON a.key = c.article'
VECTORS_A_BLOCK = 8192
MAX_TERMS = 64
"""Of a question, in lexical search: each costs a pass over its matches, and nobody asks with more on purpose."""


class LocalStore:
    """A store in a folder, built or not. Keeps the vectors that it has read, for the next question."""

    def __init__(self, address: str) -> None:
        self.folder = Path(address).expanduser().absolute()
        self._loading = threading.Lock()
        self._loaded: tuple[object, VectorSnapshot] | None = None
        """What marks the vectors that were read last, and the vectors."""

    @property
    def _database(self) -> Path:
        return self.folder / "articles.db"

    def exists(self) -> bool:
        """Tell whether anything was built here."""
        return self._database.exists()

    @contextmanager
    def snapshot(self, fingerprint: str) -> Iterator["LocalSnapshot"]:
        """See the store as it is now."""
        with self._reading() as connection:
            meta = _meta(connection)
            self._require(meta, fingerprint)
            yield LocalSnapshot(connection, self._vectors(connection, int(meta["generation"])))

    @contextmanager
    def writer(self, fingerprint: str, *, rebuild: bool = False) -> Iterator["LocalWriter"]:
        """Hold the store for writing."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.folder / "build.lock", timeout=0)
            lock.acquire()
        except filelock.Timeout as error:
            raise StoreBusy(f"another build is running on {self.folder}: try again when it has ended") from error
        except OSError as error:
            raise StoreError(f"cannot write to {self.folder}: {error.strerror}; give another --store") from error
        try:
            with self._explained(), closing(self._open_for_writing(fingerprint, rebuild=rebuild)) as connection:
                yield LocalWriter(self.folder, connection)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            lock.release()

    def problems(self) -> list[str]:
        """Verify the database, its chunks, its lexical index and the snapshot against each other."""
        with self._reading() as connection:
            meta = _meta(connection)
            found = [
                f"database: {line}" for (line,) in connection.execute("PRAGMA integrity_check(10)") if line != "ok"
            ]
            found += [
                f"database: {table} row {row} refers to nothing"
                for table, row, *_ in connection.execute("PRAGMA foreign_key_check")
            ]
            found += _chunk_problems(connection)
            found += self._snapshot_problems(connection, int(meta["generation"]))
        return found

    def _snapshot_problems(self, connection: sqlite3.Connection, generation: int) -> list[str]:
        try:
            snapshot = read_snapshot(self.folder / "vectors.faiss")
        except SnapshotDamaged:
            return ["vectors.faiss is absent or damaged: it is derived again at each start until the next build"]
        if snapshot.generation != generation:
            return ["vectors.faiss is older than the database: a build did not end"]
        keys = {key for (key,) in connection.execute("SELECT key FROM chunks")}
        return (
            [] if keys == set(snapshot.keys().tolist()) else ["vectors.faiss does not hold the chunks of the database"]
        )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        missing = StoreMissing(f"no index at {self.folder}: run `article-qa index`")
        if not self.exists():
            raise missing
        with self._explained(), closing(self._open_for_reading()) as connection:
            if not _meta(connection):
                raise missing  # a first build died before it made its tables
            yield connection

    def _open_for_reading(self) -> sqlite3.Connection:
        """Open the database read-only, in a read transaction: all that is read is of one moment."""
        address = self._database.as_uri()
        connection = sqlite3.connect(f"{address}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN")
            _meta(connection)
        except sqlite3.OperationalError as error:
            connection.close()
            if "unable to open" not in str(error):
                raise
            # On a read-only medium the WAL's shared memory cannot be made; nothing can change there either.
            connection = sqlite3.connect(
                f"{address}?immutable=1", uri=True, isolation_level=None, check_same_thread=False
            )
            connection.execute("BEGIN")
        return connection

    def _open_for_writing(self, fingerprint: str, *, rebuild: bool) -> sqlite3.Connection:
        if rebuild and not self._is_sound():
            for name in ("articles.db", "articles.db-wal", "articles.db-shm", "vectors.faiss"):
                (self.folder / name).unlink(missing_ok=True)
        connection = sqlite3.connect(self._database, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        try:
            if not _meta(connection):
                _create(connection, fingerprint)
                sync_folder(self.folder)
            self._require(_meta(connection), None if rebuild else fingerprint)
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_sound(self) -> bool:
        """Tell whether a rebuild can start from this database: in this format, and of parts that fit together."""
        try:
            with self._reading() as connection:
                return _meta(connection).get("format") == FORMAT and not _chunk_problems(connection)
        except StoreError:
            return False

    def _require(self, meta: Mapping[str, str], fingerprint: str | None) -> None:
        if meta.get("format") != FORMAT:
            raise StoreMismatch(
                f"the index at {self.folder} was written by another version: run `article-qa index --rebuild`"
            )
        if fingerprint is not None and meta["fingerprint"] != fingerprint:
            raise StoreMismatch(
                f"the index at {self.folder} was built with the model {meta['fingerprint']}, not {fingerprint}: "
                "run `article-qa index --rebuild`, or set ARTICLE_QA_MODEL back"
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite and the disk say into what a person can do."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"the index at {self.folder} cannot be used: {error}; free the disk or give another --store"
            ) from error
        except sqlite3.DatabaseError as error:
            raise StoreCorrupt(
                f"the index at {self.folder} is damaged ({error}): run `article-qa index --rebuild`"
            ) from error
        except OSError as error:
            raise StoreError(f"the index at {self.folder} cannot be used: {error.strerror or error}") from error

    def _vectors(self, connection: sqlite3.Connection, generation: int) -> VectorSnapshot:
        """Return the vectors to search: from memory, else from the file, else derived from the database."""
        file = self.folder / "vectors.faiss"
        with self._loading:
            mark = _mark(file) or generation
            if self._loaded is None or self._loaded[0] != mark:
                self._loaded = (mark, _read_or_derive(file, connection, generation))
            return self._loaded[1]


@dataclass(frozen=True)
class LocalSnapshot:
    """One read transaction, and the vectors that go with it."""

    connection: sqlite3.Connection
    vectors: VectorSnapshot

    def nearest(self, vector: Vectors, k: int, scope: Scope = EVERYTHING) -> list[Found]:
        """Return the `k` chunks of the highest cosine to `vector`, best first."""
        among = None if scope == EVERYTHING else self._keys_in(scope)
        return [Found(key, score) for key, score in self.vectors.nearest(vector, k, among=among)]

    def matching(self, question: str, k: int, scope: Scope = EVERYTHING) -> list[Found]:
        """Return the `k` chunks that best match the words of `question`, best first."""
        asked = [word for word in dict.fromkeys(words(question)) if word not in FUNCTION_WORDS][:MAX_TERMS]
        most = self._most(asked)
        if not most:
            return []
        where, values = self._within(scope)
        rows = self.connection.execute(
            f"""SELECT lexical.rowid, -bm25(lexical) FROM lexical
                {"JOIN chunks c ON c.key = lexical.rowid JOIN articles a ON a.key = c.article" if where else ""}
                WHERE lexical MATCH ? {where} ORDER BY rank LIMIT ?""",
            (" OR ".join(f'"{word}"' for word in asked), *values, k),
        )
        return [Found(key, score / most) for key, score in rows]

    def _most(self, asked: Sequence[str]) -> float:
        """Return the BM25 score of a chunk that holds each word often; SQLite has k1 1.2, and IDF 1e-6 at the least."""
        chunks = self.count_chunks()
        frequencies = self.document_frequency([stem(word) for word in asked]).values()
        return 2.2 * sum(max(1e-6, math.log((chunks - count + 0.5) / (count + 0.5))) for count in frequencies)

    def hits(self, found: Sequence[Found]) -> list[Hit]:
        """Return what stands behind each key, in the same order; a key whose chunk was removed is left out."""
        places = ",".join("?" * len(found))
        rows = self.connection.execute(
            f"{CHUNKS} WHERE c.key IN ({places})",
            [one.key for one in found],
        )
        behind = {key: (start, end, Article(*said)) for key, start, end, *said in rows}
        return [
            Hit(article, start, end, one.score)
            for one in found
            if one.key in behind
            for start, end, article in [behind[one.key]]
        ]

    def document_frequency(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return in how many chunks each term occurs (0 where it does not)."""
        frequencies = dict.fromkeys(terms, 0)
        for term in frequencies:
            row = self.connection.execute("SELECT doc FROM lexicon WHERE term = ?", (term,)).fetchone()
            frequencies[term] = row[0] if row else 0
        return frequencies

    def count_chunks(self) -> int:
        """Return how many chunks there are."""
        return int(self.connection.execute("SELECT count(*) FROM chunks").fetchone()[0])

    def articles(self) -> Iterator[Article]:
        """Yield every article, by id."""
        for row in self.connection.execute(f"SELECT {ARTICLE} FROM articles a ORDER BY a.id"):
            yield Article(*row)

    def outlets(self) -> list[Outlet]:
        """Return the outlets, the most articles first."""
        rows = self.connection.execute(
            "SELECT source, count(*) FROM articles GROUP BY source ORDER BY count(*) DESC, source"
        )
        return [Outlet(*row) for row in rows]

    def _keys_in(self, scope: Scope) -> list[int]:
        where, values = self._within(scope)
        rows = self.connection.execute(
            f"SELECT c.key FROM chunks c JOIN articles a ON a.key = c.article WHERE 1 {where}", values
        )
        return [key for (key,) in rows]

    def _within(self, scope: Scope) -> tuple[str, list[str]]:
        """Return the SQL conditions of `scope` on articles `a`, and their values."""
        conditions, values = [], []
        for operator, day in ((">=", scope.since), ("<=", scope.until)):
            if day is not None:
                conditions.append(f"AND substr(a.published, 1, 10) {operator} ?")
                values.append(day.isoformat())
        if scope.source is not None:
            wanted = scope.source.strip().casefold()
            names = [outlet.name for outlet in self.outlets() if outlet.name and outlet.name.casefold() == wanted]
            conditions.append(f"AND a.source IN ({','.join('?' * len(names))})")
            values += names
        return " ".join(conditions), values


@dataclass(frozen=True)
class LocalWriter:
    """The one connection that writes, for the length of a build."""

    folder: Path
    connection: sqlite3.Connection

    def manifest(self) -> dict[str, str]:
        """Return the digest of each file in the store by its path."""
        return dict(self.connection.execute("SELECT path, digest FROM files"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done inside, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # a full disk rolls back by itself
                self.connection.execute("ROLLBACK")
            raise

    def unknown(self, digests: Collection[Digest]) -> set[Digest]:
        """Return those whose vector is not in the store."""
        return {digest for digest in digests if self._vector_key(digest) is None}

    def remember(self, digests: Sequence[Digest], vectors: Vectors) -> None:
        """Keep the vector of each text, shape (len(digests), dimension)."""
        rows = [
            (digest, np.ascontiguousarray(vector, np.float32).tobytes())
            for digest, vector in zip(digests, vectors, strict=True)
        ]
        self.connection.executemany("INSERT OR IGNORE INTO vectors(digest, vector) VALUES (?, ?)", rows)

    def replace(
        self, path: str, digest: str, articles: Sequence[tuple[Article, Sequence[tuple[Span, Digest]]]]
    ) -> None:
        """Put the articles of a file, and their chunks, in place of what the file held before."""
        self.remove(path)
        self.connection.execute("INSERT INTO files VALUES (?, ?)", (path, digest))
        for article, chunks in articles:
            said = (
                article.id,
                article.path,
                article.text,
                article.title,
                article.source,
                article.author,
                article.published,
                article.url,
            )
            row = self.connection.execute(
                "INSERT INTO articles VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
                said,
            ).lastrowid
            for span, text_digest in chunks:
                key = self.connection.execute(
                    'INSERT INTO chunks(article, start, "end", vector) VALUES (?, ?, ?, ?)',
                    (row, *span, self._vector_key(text_digest)),
                ).lastrowid
                self.connection.execute(
                    "INSERT INTO lexical(rowid, title, text) VALUES (?, ?, ?)", (key, *_lexical(article, *span))
                )

    def remove(self, path: str) -> None:
        """Take a file's articles out of the store."""
        rows = self.connection.execute(
            f"{CHUNKS} WHERE a.path = ?",
            (path,),
        ).fetchall()
        for key, start, end, *said in rows:
            # The index keeps no text of its own: to forget a chunk it must be told what it was.
            words_of = _lexical(Article(*said), start, end)
            self.connection.execute(
                "INSERT INTO lexical(lexical, rowid, title, text) VALUES ('delete', ?, ?, ?)", (key, *words_of)
            )
        self.connection.execute(
            "DELETE FROM chunks WHERE article IN (SELECT key FROM articles WHERE path = ?)", (path,)
        )
        self.connection.execute("DELETE FROM articles WHERE path = ?", (path,))
        self.connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def clear(self, fingerprint: str) -> None:
        """Take every article out, and let the vectors of the model `fingerprint` in."""
        for table in ("chunks", "articles", "files"):
            self.connection.execute(f"DELETE FROM {table}")
        self.connection.execute("INSERT INTO lexical(lexical) VALUES ('delete-all')")
        self.connection.execute("UPDATE meta SET value = ? WHERE name = 'fingerprint'", (fingerprint,))

    def publish(self) -> None:
        """Drop the vectors that no chunk has any more, and write the snapshot, unless it is there already."""
        generation = int(_meta(self.connection)["generation"])
        file = self.folder / "vectors.faiss"
        try:
            if read_snapshot(file).generation == generation:
                return
        except SnapshotDamaged:
            pass
        self.connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT vector FROM chunks)")
        _derive(self.connection, generation).write(file)

    def _vector_key(self, digest: Digest) -> int | None:
        row = self.connection.execute("SELECT key FROM vectors WHERE digest = ?", (digest,)).fetchone()
        return None if row is None else int(row[0])


def _create(connection: sqlite3.Connection, fingerprint: str) -> None:
    """Make an empty store in one transaction: a store is there as a whole, or not."""
    meta = {"format": FORMAT, "fingerprint": fingerprint, "generation": "0"}
    values = ", ".join(f"('{name}', '{value.replace(chr(39), chr(39) * 2)}')" for name, value in meta.items())
    connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} INSERT INTO meta VALUES {values}; COMMIT;")


def _meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the facts about the store, none of them where it is empty."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return {}
    return dict(connection.execute("SELECT name, value FROM meta"))


def _lexical(article: Article, start: int, end: int) -> tuple[str, str]:
    return article.title or "", article.text[start:end]


def _mark(file: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever the file is replaced; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read_or_derive(file: Path, connection: sqlite3.Connection, generation: int) -> VectorSnapshot:
    try:
        snapshot = read_snapshot(file)
    except SnapshotDamaged:
        return _derive(connection, generation)
    # One from the future is of another database: this one was put back from a copy.
    return snapshot if snapshot.generation <= generation else _derive(connection, generation)


def _derive(connection: sqlite3.Connection, generation: int) -> VectorSnapshot:
    first = connection.execute(
        "SELECT length(v.vector) FROM chunks c JOIN vectors v ON v.key = c.vector LIMIT 1"
    ).fetchone()
    return VectorSnapshot.of(_vector_blocks(connection), dimension=first[0] // 4 if first else 1, generation=generation)


def _vector_blocks(connection: sqlite3.Connection) -> Iterator[tuple[Keys, Vectors]]:
    rows = connection.execute("SELECT c.key, v.vector FROM chunks c JOIN vectors v ON v.key = c.vector ORDER BY c.key")
    while block := rows.fetchmany(VECTORS_A_BLOCK):
        keys = np.array([key for key, _ in block], np.int64)
        yield keys, np.frombuffer(b"".join(vector for _, vector in block), np.float32).reshape(len(block), -1)


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
    checks = (
        (outside, f"{outside} chunks lie outside their article's text"),
        (lengths > 1, "the vectors are of several lengths"),
        (unfindable, f"{unfindable} chunks are not in the lexical index"),
    )
    return [line for wrong, line in checks if wrong]
