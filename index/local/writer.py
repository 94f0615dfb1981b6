"""What one build does to the embedded store."""

import sqlite3
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np

from index.copies import COPY, RECIPE, bands, likeness, signature
from index.embed import Vectors
from index.local.derived import derive, fits
from index.local.schema import ARTICLE, Facts, facts_of, words_of_chunk
from index.records import Article, Failure, Span
from index.store import Digest, KnownFile
from index.vectors import SnapshotDamaged, VectorBase, read_base, write_base

REWRITE_MIN, REWRITE_SHARE, REWRITE_SHARE_MEANWHILE = 2048, 0.05, 0.5
"""The FAISS file is written anew when more chunks than this, and this share of it, came or went since; the greater
share while a build goes on, so that writing it stays a small part of the build. 2,048 vectors are read in 20 ms."""


@dataclass(frozen=True)
class LocalWriter:
    """The one connection that writes, for the length of a build."""

    base_file: Path
    connection: sqlite3.Connection
    _loosened: set[int] = field(default_factory=set)
    """Keys of vectors that may have no chunk any more."""
    _base: list[VectorBase | None] = field(default_factory=list)
    """The vector file, once it was looked at."""

    def files(self) -> dict[str, KnownFile]:
        """Return the files in the store by their paths."""
        failures: dict[str, list[Failure]] = {}
        for path, *failure in self.connection.execute("SELECT file, path, reason FROM failures ORDER BY rowid"):
            failures.setdefault(path, []).append(Failure(*failure))
        rows = self.connection.execute(
            "SELECT path, digest, (SELECT count(*) FROM articles a WHERE a.path = f.path) FROM files f"
        )
        return {path: KnownFile(digest, articles, tuple(failures.get(path, ()))) for path, digest, articles in rows}

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
                "INSERT INTO lexical(rowid, title, text) VALUES (?, ?, ?)", (key, *words_of_chunk(article, *span))
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
        """Put the article `key` into the story of its near-copies; stories that it connects become one.

        Only an article that begins a story is looked up by its bands: a page that a thousand articles have copied is
        compared once with the next one, not a thousand times.
        """
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
        if not stories:
            self.connection.executemany("INSERT INTO bands VALUES (?, ?)", [(band, key) for band in shares])

    def _look_up_again(self, story: int) -> None:
        """Look a story up by another of its articles where the one that began it is gone."""
        row = self.connection.execute(
            """SELECT min(key), signature FROM articles WHERE story = ?
               AND NOT EXISTS (SELECT 1 FROM articles a JOIN bands b ON b.article = a.key WHERE a.story = ?)""",
            (story, story),
        ).fetchone()
        if row[0] is not None:
            self.connection.executemany("INSERT INTO bands VALUES (?, ?)", [(band, row[0]) for band in bands(row[1])])

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

    def clear(self, fingerprint: str, dimension: int) -> None:
        """Take everything out, and let the vectors of the model `fingerprint` in."""
        for table in ("chunks", "bands", "articles", "failures", "files"):
            self.connection.execute(f"DELETE FROM {table}")
        self.connection.execute("INSERT INTO lexical(lexical) VALUES ('delete-all')")
        said = [(fingerprint, "fingerprint"), (str(dimension), "dimension")]
        self.connection.executemany("UPDATE meta SET value = ? WHERE name = ?", said)
        self._base[:] = [None]

    def take_stock(self) -> None:
        """See what is left of a past that the database has lost, and of articles that are all gone."""
        if self._known_base(facts_of(self.connection)) is None:
            # It is known for what it is only until the generation of this database has overtaken its own.
            self.base_file.unlink(missing_ok=True)
            self._base[:] = [None]
        if not self._has_chunks():
            self._loosened.update(key for (key,) in self.connection.execute("SELECT key FROM vectors"))

    def publish(self, *, ended: bool) -> None:
        """Write the vector file anew, and drop the vectors of no chunk, where enough has changed since."""
        facts = facts_of(self.connection)
        share = REWRITE_SHARE if ended else REWRITE_SHARE_MEANWHILE
        base = self._known_base(facts)
        # The folder of a drive that is not mounted is empty too: then vectors are kept until it holds anything again.
        may_drop = ended and self._has_chunks()
        if base is None or self._changes_since(base) > REWRITE_MIN + share * len(base):
            derived = derive(self.connection, facts)
            write_base(derived, self.base_file)
            self._base[:] = [derived]
            if may_drop:
                self._drop_vectors("NOT EXISTS (SELECT 1 FROM chunks c WHERE c.vector = vectors.key)", [()])
        if may_drop:
            loose = "key = ? AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.vector = vectors.key)"
            self._drop_vectors(loose, [(key,) for key in self._loosened])
            self._loosened.clear()

    def _has_chunks(self) -> bool:
        return bool(self.connection.execute("SELECT EXISTS (SELECT 1 FROM chunks)").fetchone()[0])

    def _drop_vectors(self, which: str, values: Sequence[tuple[int, ...]]) -> None:
        # Not in `transaction`: what readers see does not change by it.
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(f"DELETE FROM vectors WHERE {which}", values)
        self.connection.execute("COMMIT")

    def _known_base(self, facts: Facts) -> VectorBase | None:
        """Return what the vector file holds, if it is whole and of this database; it is read once a build."""
        if not self._base:
            try:
                self._base.append(read_base(self.base_file))
            except SnapshotDamaged:
                self._base.append(None)
        base = self._base[0]
        return base if base is not None and fits(base, facts) else None

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
            said_in = words_of_chunk(Article(*said), start, end)
            self.connection.execute(
                "INSERT INTO lexical(lexical, rowid, title, text) VALUES ('delete', ?, ?, ?)", (key, *said_in)
            )
            self._loosened.add(vector)
        self.connection.execute(
            f"DELETE FROM chunks WHERE article IN (SELECT a.key FROM articles a WHERE {which})", (value,)
        )
        stories = self.connection.execute(f"SELECT DISTINCT a.story FROM articles a WHERE {which}", (value,)).fetchall()
        self.connection.execute(
            f"DELETE FROM bands WHERE article IN (SELECT a.key FROM articles a WHERE {which})", (value,)
        )
        self.connection.execute(f"DELETE FROM articles AS a WHERE {which}", (value,))
        for (story,) in stories:
            self._look_up_again(story)

    def _vector_key(self, digest: Digest) -> int | None:
        row = self.connection.execute("SELECT key FROM vectors WHERE digest = ?", (digest,)).fetchone()
        return None if row is None else int(row[0])


def _spelt(path: str) -> str:
    """Write a file name that is not valid text so that the database takes it."""
    return path.encode("utf-8", "backslashreplace").decode()
