"""The embedded store: a folder with a SQLite database, which is the truth, and a FAISS file, which is a cache of it.

State found on disk              what it means                      what a reader does
no articles.db                   never built                        StoreMissing
vectors.faiss absent or damaged  a cache was lost                   derives it in memory from the stored vectors
vectors.faiss older              a build is running, or died, or    adds what was written since, leaves out what was
                                 changed little                     removed since
vectors.faiss of another store,  a file was put back from a copy    derives it in memory from the stored vectors
  another model, or the future
database in another format       written by another version         StoreMismatch, naming the command
another model's vectors          the setting was changed            StoreMismatch, naming the command
database damaged                 the truth was lost                 StoreCorrupt, naming the command
build.lock                       a build runs, if it is held        asks on: readers take no lock

Chunk keys only grow and are never used twice. So what was added since vectors.faiss was written are the keys above its
last one, what was removed are those of its keys that the database does not have, and an added article costs a build
nothing that grows with the store.

SQLite does not notice a flipped bit in a text. So whatever is read is held against a digest that was stored with it.
"""

import math
import secrets
import sqlite3
import threading
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import filelock
import numpy as np

from index.chunk import embedded_text, text_digest
from index.copies import COPY, RECIPE, bands, likeness, signature
from index.embed import Vectors
from index.errors import StoreBusy, StoreCorrupt, StoreError, StoreMismatch, StoreMissing
from index.records import Article, Failure, Hit, Span
from index.store import EVERYTHING, Digest, Found, KnownFile, Outlet, Scope
from index.terms import FUNCTION_WORDS, stem, words
from index.vectors import (
    EXACT_CHUNKS,
    SAMPLE,
    Keys,
    SnapshotDamaged,
    VectorBase,
    VectorSnapshot,
    read_base,
    sync_folder,
    write_base,
)

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
VECTORS_A_BLOCK = 8192
REWRITE_MIN, REWRITE_SHARE, REWRITE_SHARE_MEANWHILE = 2048, 0.05, 0.5
"""The FAISS file is written anew when more chunks than this, and this share of it, came or went since; the greater
share while a build goes on, so that writing it stays a small part of the build. 2,048 vectors are read in 20 ms."""
MAX_TERMS = 64
"""Of a question, in lexical search: each costs a pass over its matches, and nobody asks with more on purpose."""


class LocalStore:
    """A store in a folder, built or not. Keeps the vectors that it has read, for the next question."""

    def __init__(self, address: str) -> None:
        self.folder = Path(address).expanduser().absolute()
        self._loading = threading.Lock()
        self._base: tuple[object, VectorBase | None] = (None, None)
        """The vector file that was read last, and what marked it."""
        self._latest: VectorSnapshot | None = None
        """What was made of it for the last question."""

    @property
    def _database(self) -> Path:
        return self.folder / "articles.db"

    def exists(self) -> bool:
        """Tell whether anything was built here."""
        return self._database.exists()

    @contextmanager
    def snapshot(self, fingerprint: str) -> Iterator["LocalSnapshot"]:
        """See the store as it is now."""
        base = self._read_base()  # before the database: so it is never newer than what is read there
        with self._reading() as connection:
            meta = _meta(connection)
            self._require(meta, fingerprint)
            yield LocalSnapshot(connection, fingerprint, self._vectors(connection, meta, base))

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
                writer = LocalWriter(self.folder / "vectors.faiss", connection)
                if _meta(connection).get("copies") != RECIPE:
                    with writer.transaction():
                        writer.link_anew()
                yield writer
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
            found += _text_problems(connection, meta["fingerprint"])
            found += _lexical_problems(connection)
            found += self._base_problems(connection, meta)
        return found

    def _base_problems(self, connection: sqlite3.Connection, meta: Mapping[str, str]) -> list[str]:
        try:
            base = read_base(self.folder / "vectors.faiss")
        except SnapshotDamaged:
            return ["vectors.faiss is absent or damaged: it is derived again at each start until the next build"]
        if not _fits(base, meta):
            return ["vectors.faiss is not of this database: it is derived again at each start until the next build"]
        chunks = {key for (key,) in connection.execute("SELECT key FROM chunks WHERE key <= ?", (base.last_key,))}
        return (
            [f"vectors.faiss lacks {len(lost)} chunks of the database"]
            if (lost := chunks - set(base.keys().tolist()))
            else []
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

    def _read_base(self) -> VectorBase | None:
        """Return the vector file, from memory where it is the one that was read last; None where it is no use."""
        file = self.folder / "vectors.faiss"
        with self._loading:
            mark = _mark(file)
            if mark is not None and self._base[0] != mark:
                try:
                    self._base = (mark, read_base(file))
                except SnapshotDamaged:
                    self._base = (mark, None)
            return self._base[1] if mark is not None else None

    def _vectors(
        self, connection: sqlite3.Connection, meta: Mapping[str, str], base: VectorBase | None
    ) -> VectorSnapshot:
        """Return the vectors of this moment of the database, starting from those of the last question."""
        generation = int(meta["generation"])
        with self._loading:
            if base is None or not _fits(base, meta):
                latest = self._latest
                if latest is not None and latest.base.owner == _owner(meta) and latest.generation <= generation:
                    base = latest.base  # derived for an earlier question
                else:
                    base = _derive(connection, meta)
            snapshot = self._latest
            if snapshot is None or snapshot.base is not base or snapshot.generation > generation:
                snapshot = VectorSnapshot.of(base)
            if snapshot.generation < generation:
                snapshot = _brought_to(snapshot, connection, generation)
            if self._latest is None or self._latest.base is not base or self._latest.generation < generation:
                self._latest = snapshot
            return snapshot


@dataclass(frozen=True)
class LocalSnapshot:
    """One read transaction, and the vectors that go with it."""

    connection: sqlite3.Connection
    fingerprint: str
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
            f"""SELECT c.key, c.start, c."end", v.digest, {ARTICLE}, a.digest FROM chunks c
                JOIN vectors v ON v.key = c.vector JOIN articles a ON a.key = c.article WHERE c.key IN ({places})""",
            [one.key for one in found],
        )
        behind = {key: self._chunk(Span(start, end), text, *said) for key, start, end, text, *said in rows}
        return [
            Hit(article, *span, one.score) for one in found if one.key in behind for article, span in [behind[one.key]]
        ]

    def _chunk(self, span: Span, text: Digest, *said: object) -> tuple[Article, Span]:
        """Return a chunk that is still the words that were embedded."""
        article = _verified(said[:-1], said[-1])
        if text_digest(self.fingerprint, embedded_text(article, span)) != text:
            raise sqlite3.DatabaseError(f"a passage of {article.id} is not what was stored")
        return article, span

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
        for *said, digest in self.connection.execute(f"SELECT {ARTICLE}, a.digest FROM articles a ORDER BY a.id"):
            yield _verified(said, digest)

    def article(self, name: str) -> Article | None:
        """Return the article of the id `name`, if there is one."""
        row = self.connection.execute(f"SELECT {ARTICLE}, a.digest FROM articles a WHERE a.id = ?", (name,)).fetchone()
        return _verified(row[:-1], row[-1]) if row else None

    def copies(self, name: str) -> list[Article]:
        """Return the near-copies of the article of the id `name`, by id."""
        rows = self.connection.execute(
            f"""SELECT {ARTICLE}, a.digest FROM articles a JOIN articles b ON b.story = a.story
                WHERE b.id = ? AND a.id <> b.id ORDER BY a.id""",
            (name,),
        )
        return [_verified(said, digest) for *said, digest in rows]

    def failures(self) -> list[Failure]:
        """Return what the last build could not read, and why."""
        return [Failure(*row) for row in self.connection.execute("SELECT path, reason FROM failures ORDER BY path")]

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

    base_file: Path
    connection: sqlite3.Connection
    _loosened: set[int] = field(default_factory=set)
    """Keys of vectors that a chunk was taken from."""
    _base: list[VectorBase | None] = field(default_factory=list)
    """The vector file, once it was looked at."""

    def files(self) -> dict[str, KnownFile]:
        """Return the files in the store by their paths."""
        rows = self.connection.execute(
            "SELECT path, digest, (SELECT count(*) FROM articles a WHERE a.path = f.path) FROM files f"
        )
        return {path: KnownFile(digest, articles) for path, digest, articles in rows}

    def articles_of(self, path: str) -> dict[str, Digest]:
        """Return the digest of each article of a file by its id."""
        return dict(self.connection.execute("SELECT id, digest FROM articles WHERE path = ?", (path,)))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done inside, or nothing; one inside another is a part of it."""
        if self.connection.in_transaction:
            yield
            return
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
        blobs = [np.ascontiguousarray(vector, np.float32).tobytes() for vector in vectors]
        rows = [(digest, blob, zlib.crc32(blob)) for digest, blob in zip(digests, blobs, strict=True)]
        self.connection.executemany("INSERT OR IGNORE INTO vectors(digest, vector, crc) VALUES (?, ?, ?)", rows)

    def put(self, article: Article, chunks: Sequence[tuple[Span, Digest]]) -> None:
        """Put an article in place of the one of its id, if there is one; its file counts as not read to its end."""
        self._take_out("a.id = ?", article.id)
        self.connection.execute(
            "INSERT INTO files VALUES (?, '') ON CONFLICT(path) DO UPDATE SET digest = ''", (article.path,)
        )
        said = [getattr(article, name) for name in Article.__slots__]
        shape = signature(article.text)
        row = self.connection.execute(
            f"INSERT INTO articles VALUES (NULL, {', '.join('?' * len(said))}, ?, ?, 0)", (*said, article.digest, shape)
        ).lastrowid
        self._link(cast("int", row), shape)
        for span, text in chunks:
            key = self.connection.execute(
                'INSERT INTO chunks(article, start, "end", vector) VALUES (?, ?, ?, ?)',
                (row, *span, self._vector_key(text)),
            ).lastrowid
            self.connection.execute(
                "INSERT INTO lexical(rowid, title, text) VALUES (?, ?, ?)", (key, *_lexical(article, *span))
            )

    def link_anew(self) -> None:
        """Find the near-copies of all articles again, for signatures of another recipe."""
        self.connection.execute("DELETE FROM bands")
        for (key,) in self.connection.execute("SELECT key FROM articles ORDER BY key").fetchall():
            (text,) = self.connection.execute("SELECT text FROM articles WHERE key = ?", (key,)).fetchone()
            shape = signature(text)
            self.connection.execute("UPDATE articles SET signature = ? WHERE key = ?", (shape, key))
            self._link(key, shape)
        self.connection.execute("UPDATE meta SET value = ? WHERE name = 'copies'", (RECIPE,))

    def _link(self, key: int, shape: bytes) -> None:
        """Put the article `key` into the story of its near-copies; stories that it connects become one."""
        shares = bands(shape)
        rows = self.connection.execute(
            f"""SELECT DISTINCT a.story, a.signature FROM bands b JOIN articles a ON a.key = b.article
                WHERE b.band IN ({", ".join("?" * len(shares))})""",
            shares,
        ).fetchall()
        stories = sorted({story for story, other in rows if likeness(shape, other) >= COPY})
        story = stories[0] if stories else key
        self.connection.execute("UPDATE articles SET story = ? WHERE key = ?", (story, key))
        for other in stories[1:]:
            self.connection.execute("UPDATE articles SET story = ? WHERE story = ?", (story, other))
        self.connection.executemany("INSERT INTO bands VALUES (?, ?)", [(band, key) for band in shares])

    def finish(self, path: str, digest: str, failures: Sequence[Failure], gone: Collection[str]) -> None:
        """Note that a file was read to its end: what failed in it, and the ids that it does not hold any more."""
        for name in gone:
            self._take_out("a.id = ?", name)
        self.connection.execute(
            "INSERT INTO files VALUES (?, ?) ON CONFLICT(path) DO UPDATE SET digest = excluded.digest",
            (_spelt(path), digest),
        )
        self.connection.execute("DELETE FROM failures WHERE file = ?", (_spelt(path),))
        rows = [(_spelt(path), _spelt(failure.path), failure.reason) for failure in failures]
        self.connection.executemany("INSERT INTO failures VALUES (?, ?, ?)", rows)

    def remove(self, path: str) -> None:
        """Take a file and its articles out of the store."""
        self._take_out("a.path = ?", path)
        self.connection.execute("DELETE FROM failures WHERE file = ?", (path,))
        self.connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def clear(self, fingerprint: str) -> None:
        """Take everything out, and let the vectors of the model `fingerprint` in."""
        for table in ("chunks", "bands", "articles", "failures", "files"):
            self.connection.execute(f"DELETE FROM {table}")
        self.connection.execute("INSERT INTO lexical(lexical) VALUES ('delete-all')")
        self.connection.execute("UPDATE meta SET value = ? WHERE name = 'fingerprint'", (fingerprint,))
        self._base[:] = [None]

    def publish(self, *, ended: bool) -> None:
        """Write the vector file anew, and drop the vectors of no chunk, where enough has changed since."""
        meta = _meta(self.connection)
        share = REWRITE_SHARE if ended else REWRITE_SHARE_MEANWHILE
        base = self._known_base(meta)
        if base is None or self._changes_since(base) > REWRITE_MIN + share * len(base):
            derived = _derive(self.connection, meta)
            write_base(derived, self.base_file)
            self._base[:] = [derived]
            if ended:
                self._drop_vectors("NOT EXISTS (SELECT 1 FROM chunks c WHERE c.vector = vectors.key)", [()])
        if ended:
            loose = "key = ? AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.vector = vectors.key)"
            self._drop_vectors(loose, [(key,) for key in self._loosened])
            self._loosened.clear()

    def _drop_vectors(self, which: str, values: Sequence[tuple[int, ...]]) -> None:
        # Not in `transaction`: what readers see does not change by it.
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(f"DELETE FROM vectors WHERE {which}", values)
        self.connection.execute("COMMIT")

    def _known_base(self, meta: Mapping[str, str]) -> VectorBase | None:
        """Return what the vector file holds, if it is whole and of this database; it is read once a build."""
        if not self._base:
            try:
                self._base.append(read_base(self.base_file))
            except SnapshotDamaged:
                self._base.append(None)
        base = self._base[0]
        return base if base is not None and _fits(base, meta) else None

    def _changes_since(self, base: VectorBase) -> int:
        """Return how many chunks came or went since `base` was written."""
        kept, all_chunks = self.connection.execute(
            "SELECT (SELECT count(*) FROM chunks WHERE key <= ?), (SELECT count(*) FROM chunks)", (base.last_key,)
        ).fetchone()
        return int(all_chunks - kept + len(base) - kept)

    def _take_out(self, which: str, value: str) -> None:
        """Take articles, their chunks and the words of these out."""
        rows = self.connection.execute(
            f"""SELECT c.key, c.vector, c.start, c."end", {ARTICLE} FROM chunks c
                JOIN articles a ON a.key = c.article WHERE {which}""",
            (value,),
        )
        for key, vector, start, end, *said in rows.fetchall():
            # The index keeps no text of its own: to forget a chunk it must be told what it was.
            words_of = _lexical(Article(*said), start, end)
            self.connection.execute(
                "INSERT INTO lexical(lexical, rowid, title, text) VALUES ('delete', ?, ?, ?)", (key, *words_of)
            )
            self._loosened.add(vector)
        self.connection.execute(
            f"DELETE FROM chunks WHERE article IN (SELECT a.key FROM articles a WHERE {which})", (value,)
        )
        self.connection.execute(
            f"DELETE FROM bands WHERE article IN (SELECT a.key FROM articles a WHERE {which})", (value,)
        )
        self.connection.execute(f"DELETE FROM articles AS a WHERE {which}", (value,))

    def _vector_key(self, digest: Digest) -> int | None:
        row = self.connection.execute("SELECT key FROM vectors WHERE digest = ?", (digest,)).fetchone()
        return None if row is None else int(row[0])


def _spelt(path: str) -> str:
    """Write a file name that is not valid text so that the database takes it."""
    return path.encode("utf-8", "backslashreplace").decode()


def _verified(said: Sequence[object], digest: object) -> Article:
    """Return an article that still says what was stored. Raises sqlite3.DatabaseError."""
    article = Article(*said)  # type: ignore[arg-type]
    if article.digest != digest:
        raise sqlite3.DatabaseError(f"{article.id} is not what was stored")
    return article


def _create(connection: sqlite3.Connection, fingerprint: str) -> None:
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


def _fits(base: VectorBase, meta: Mapping[str, str]) -> bool:
    """Tell whether `base` was derived from this database, or from what it was before."""
    # One from the future is of this database as it was before it was put back from a copy.
    return base.owner == _owner(meta) and base.generation <= int(meta["generation"])


def _owner(meta: Mapping[str, str]) -> str:
    return f"{meta['owner']} {meta['fingerprint']}"


def _derive(connection: sqlite3.Connection, meta: Mapping[str, str]) -> VectorBase:
    count, last_key = connection.execute("SELECT count(*), coalesce(max(key), 0) FROM chunks").fetchone()
    return VectorBase.of(
        _vector_blocks(connection),
        sample=_vector_blocks(connection, every=max(1, count // SAMPLE)) if count > EXACT_CHUNKS else (),
        owner=_owner(meta),
        generation=int(meta["generation"]),
        last_key=last_key,
    )


def _brought_to(snapshot: VectorSnapshot, connection: sqlite3.Connection, generation: int) -> VectorSnapshot:
    """Return `snapshot` with what the database has since, and without what it has not any more."""
    grown = snapshot.with_added(_vector_blocks(connection, above=snapshot.last_key), generation=generation)
    count = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    if count == len(grown) - len(grown.removed):
        return grown
    there = np.fromiter((key for (key,) in connection.execute("SELECT key FROM chunks")), np.int64, count)
    return grown.without(np.setdiff1d(grown.keys(), there))


def _vector_blocks(connection: sqlite3.Connection, *, above: int = 0, every: int = 1) -> Iterator[tuple[Keys, Vectors]]:
    """Yield the keys and vectors of the chunks with a key `above`, or of a sample of them, in order."""
    rows = connection.execute(
        """SELECT c.key, v.vector, v.crc FROM chunks c JOIN vectors v ON v.key = c.vector
           WHERE c.key > ? AND c.key % ? = 0 ORDER BY c.key""",
        (above, every),
    )
    while block := rows.fetchmany(VECTORS_A_BLOCK):
        if any(zlib.crc32(vector) != crc for _, vector, crc in block):
            raise sqlite3.DatabaseError("a vector is not what was stored")
        keys = np.array([key for key, _, _ in block], np.int64)
        yield keys, np.frombuffer(b"".join(vector for _, vector, _ in block), np.float32).reshape(len(block), -1)


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
    checks = (
        (unlinked, f"{unlinked} links between near-copies are of no article"),
        (outside, f"{outside} chunks lie outside their article's text"),
        (lengths > 1, "the vectors are of several lengths"),
        (unfindable, f"{unfindable} chunks are not in the lexical index"),
    )
    return [line for wrong, line in checks if wrong]


def _text_problems(connection: sqlite3.Connection, fingerprint: str) -> list[str]:
    """Check that each article, chunk and vector is what was stored."""
    articles, chunks, vectors = [], 0, 0
    for key, *said, digest in connection.execute(f"SELECT a.key, {ARTICLE}, a.digest FROM articles a ORDER BY a.id"):
        article = Article(*said)
        if article.digest != digest:
            articles.append(article.id)
        of_article = connection.execute(
            """SELECT c.start, c."end", v.digest, v.vector, v.crc FROM chunks c JOIN vectors v ON v.key = c.vector
               WHERE c.article = ?""",
            (key,),
        )
        for start, end, text, vector, crc in of_article:
            chunks += text_digest(fingerprint, embedded_text(article, Span(start, end))) != text
            vectors += zlib.crc32(vector) != crc
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
            ((key, *_lexical(Article(*said), start, end)) for key, start, end, *said in rows),
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
