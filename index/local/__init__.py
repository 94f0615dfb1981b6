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

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import filelock

from index.copies import RECIPE
from index.errors import StoreBusy, StoreCorrupt, StoreError, StoreMismatch, StoreMissing
from index.local.derived import brought_to, derive, fits, owner_of
from index.local.reader import LocalSnapshot
from index.local.schema import FORMAT, create, meta_of
from index.local.soundness import chunk_problems, lexical_problems, text_problems
from index.local.writer import LocalWriter
from index.vectors import SnapshotDamaged, VectorBase, VectorSnapshot, read_base, sync_folder


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
            meta = meta_of(connection)
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
                if meta_of(connection).get("copies") != RECIPE:
                    with writer.transaction():
                        writer.link_anew()
                yield writer
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            lock.release()

    def problems(self) -> list[str]:
        """Verify the database, its chunks, its lexical index and the snapshot against each other."""
        with self._reading() as connection:
            meta = meta_of(connection)
            found = [
                f"database: {line}" for (line,) in connection.execute("PRAGMA integrity_check(10)") if line != "ok"
            ]
            found += [
                f"database: {table} row {row} refers to nothing"
                for table, row, *_ in connection.execute("PRAGMA foreign_key_check")
            ]
            found += chunk_problems(connection)
            found += text_problems(connection, meta["fingerprint"])
            found += lexical_problems(connection)
            found += self._base_problems(connection, meta)
        return found

    def _base_problems(self, connection: sqlite3.Connection, meta: Mapping[str, str]) -> list[str]:
        try:
            base = read_base(self.folder / "vectors.faiss")
        except SnapshotDamaged:
            return ["vectors.faiss is absent or damaged: it is derived again at each start until the next build"]
        if not fits(base, meta):
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
            if not meta_of(connection):
                raise missing  # a first build died before it made its tables
            yield connection

    def _open_for_reading(self) -> sqlite3.Connection:
        """Open the database read-only, in a read transaction: all that is read is of one moment."""
        address = self._database.as_uri()
        connection = sqlite3.connect(f"{address}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN")
            meta_of(connection)
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
            if not meta_of(connection):
                create(connection, fingerprint)
                sync_folder(self.folder)
            self._require(meta_of(connection), None if rebuild else fingerprint)
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_sound(self) -> bool:
        """Tell whether a rebuild can start from this database: in this format, and of parts that fit together."""
        try:
            with self._reading() as connection:
                return meta_of(connection).get("format") == FORMAT and not chunk_problems(connection)
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
            if base is None or not fits(base, meta):
                latest = self._latest
                if latest is not None and latest.base.owner == owner_of(meta) and latest.generation <= generation:
                    base = latest.base  # derived for an earlier question
                else:
                    base = derive(connection, meta)
            snapshot = self._latest
            if snapshot is None or snapshot.base is not base or snapshot.generation > generation:
                snapshot = VectorSnapshot.of(base)
            if snapshot.generation < generation:
                snapshot = brought_to(snapshot, connection, generation)
            if self._latest is None or self._latest.base is not base or self._latest.generation < generation:
                self._latest = snapshot
            return snapshot


def _mark(file: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever the file is replaced; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
