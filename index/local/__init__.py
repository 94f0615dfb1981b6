"""The embedded store: a folder with a SQLite database, which is the truth, and a FAISS file, which is a cache of it.

State found on disk              what it means                      what a reader does
no articles.db                   never built                        StoreMissing
vectors.faiss absent or damaged  a cache was lost                   derives it in memory from the stored vectors
vectors.faiss older              a build is running, or died, or    adds what was written since, leaves out what was
                                 changed little                     removed since
vectors.faiss of another store,  a file was put back from a copy    derives it in memory from the stored vectors
  another model, or the future
vectors.faiss of a later moment  the database was put back          as above; a build takes it away before it writes:
                                                                    keys are used again, and generations overtake it
database in another format       written by another version         StoreMismatch, naming the command
another model's vectors          the setting was changed            StoreMismatch, naming the command
database damaged                 the truth was lost                 StoreCorrupt, naming the command
build.lock                       a build runs, if it is held        asks on: readers take no lock

Chunk keys only grow and are never used twice. So what was added since vectors.faiss was written are the keys above its
last one, what was removed are those of its keys that the database does not have, and an added article costs a build
nothing that grows with the store.

SQLite does not notice a flipped bit in a text. So whatever is read is held against a digest that was stored with it.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import filelock

from index.chunk import model_name
from index.copies import RECIPE
from index.errors import StoreBusy, StoreCorrupt, StoreError, StoreMismatch, StoreMissing
from index.local.derived import brought_to, derive, fits, owner_of
from index.local.reader import LocalSnapshot
from index.local.schema import BYLINES, FORMAT, LISTED, Facts, create, facts_of, format_of, logs_of
from index.local.scopes import Membership
from index.local.soundness import problems_of
from index.local.writer import LocalWriter
from index.settings import path_of
from index.vectors import SnapshotDamaged, VectorBase, VectorSnapshot, read_base

PAUSES = (0.001, 0.005, 0.02, 0.1, 0.5)
"""Seconds between the tries to open a database whose log is just being taken away."""
COUNTED = 10_000
"""Terms whose number of chunks is kept for further questions: about 1 MB."""
FAILURES_OF_THE_DISK = frozenset(
    {
        *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOMEM),
    }
)
"""What SQLite says when the fault is not in the database; whatever else it says is."""


class LocalStore:
    """A store in a folder, built or not. Keeps the vectors that it has read, for the next question."""

    def __init__(self, address: str) -> None:
        self.folder = path_of(address).absolute()
        self._loading = threading.Lock()
        self._base: tuple[object, VectorBase | None] = (None, None)
        """The vector file that was read last, and what marked it."""
        self._membership = Membership()
        self._latest: VectorSnapshot | None = None
        """What was made of it for the last question."""
        self._counted: tuple[VectorSnapshot | None, dict[str, int]] = (None, {})
        """In how many chunks terms occur, and at which moment: to count them takes longer the more there are."""

    @property
    def _database(self) -> Path:
        return self.folder / "articles.db"

    def exists(self) -> bool:
        """Tell whether anything was built here."""
        return os.path.exists(self._database)  # noqa: PTH110 - that of Path raises where the name is too long

    @contextmanager
    def snapshot(self, fingerprint: str) -> Iterator["LocalSnapshot"]:
        """See the store as it is now."""
        base = self._read_base()  # before the database: so it is never newer than what is read there
        with self._reading() as connection:
            facts = facts_of(connection)
            self._require_model(facts, fingerprint, None)
            vectors = self._vectors(connection, facts, base)
            counted = self._frequency_at(vectors)
            yield LocalSnapshot(connection, facts.model, facts.dimension, vectors, self._membership, counted)

    @contextmanager
    def writer(self, fingerprint: str, dimension: int, *, rebuild: bool = False) -> Iterator["LocalWriter"]:
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
            if rebuild:
                self._discard_unless_sound()
            with self._explained(), closing(self._open_for_writing(fingerprint, dimension)) as connection:
                facts = facts_of(connection)
                if not rebuild:
                    self._require_model(facts, fingerprint, dimension)
                connection.execute(LISTED)
                connection.execute(BYLINES)
                writer = LocalWriter(self.folder / "vectors.faiss", connection)
                writer.take_stock()
                if facts.copies != RECIPE:
                    with writer.transaction():
                        writer.link_anew()
                yield writer
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            lock.release()

    def problems(self) -> list[str]:
        """Verify the database, its chunks, its lexical index and the snapshot against each other."""
        with self._reading() as connection:
            return problems_of(connection) + self._base_problems(facts_of(connection))

    def _base_problems(self, facts: Facts) -> list[str]:
        try:
            base = read_base(self.folder / "vectors.faiss")
        except SnapshotDamaged:
            return ["vectors.faiss is absent or damaged: it is derived again at each start until the next build"]
        if not fits(base, facts):
            return ["vectors.faiss is not of this database: it is derived again at each start until the next build"]
        with self._reading() as connection:
            chunks = {key for (key,) in connection.execute("SELECT key FROM chunks WHERE key <= ?", (base.last_key,))}
        lost = chunks - set(base.keys().tolist())
        return [f"vectors.faiss lacks {len(lost)} chunks of the database"] if lost else []

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        missing = StoreMissing(f"no index at {self.folder}: run `article-qa index`")
        if not self.exists():
            raise missing
        with self._explained(), closing(self._open_for_reading()) as connection:
            found = format_of(connection)
            if found is None:
                raise missing
            self._require_format(found)
            yield connection

    def _open_for_reading(self) -> sqlite3.Connection:
        """Open the database read-only, in a read transaction: all that is read is of one moment."""
        for pause in PAUSES:
            try:
                return self._begin_reading("mode=ro")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN:
                    raise
            if not os.access(self.folder, os.W_OK):
                # On a read-only medium the log's shared memory cannot be made; nothing can change there either.
                return self._begin_reading("immutable=1")
            time.sleep(pause)  # a writer that was the last to leave is taking the log away
        return self._begin_reading("mode=ro")

    def _begin_reading(self, mode: str) -> sqlite3.Connection:
        address = f"{self._database.as_uri()}?{mode}"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN")
            format_of(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_for_writing(self, fingerprint: str, dimension: int) -> sqlite3.Connection:
        if not self.exists() or not self._database.stat().st_size:
            create(self._database, fingerprint, dimension)
        connection = sqlite3.connect(self._database, isolation_level=None, check_same_thread=False)
        try:
            # What is done is on disk: no vector file is ever of a moment that a power cut takes back.
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            self._require_format(format_of(connection))
        except BaseException:
            connection.close()
            raise
        return connection

    def _discard_unless_sound(self) -> None:
        """Take away a database from which a rebuild cannot start. A disk that fails is no reason to."""
        try:
            with self._reading() as connection:
                if not problems_of(connection):
                    return
        except (StoreMissing, StoreMismatch, StoreCorrupt):
            pass  # that is what a rebuild is for
        with self._explained():
            for file in (self._database, *logs_of(self._database), self.folder / "vectors.faiss"):
                file.unlink(missing_ok=True)

    def _require_format(self, found: str | None) -> None:
        if found != FORMAT:
            raise StoreMismatch(
                f"the index at {self.folder} was written by another version, in format {found or 'unknown'} and not "
                f"{FORMAT}: run `article-qa index --rebuild`"
            )

    def _require_model(self, facts: Facts, fingerprint: str, dimension: int | None) -> None:
        if facts.fingerprint != fingerprint or dimension not in {None, facts.dimension}:
            was, asked = facts.fingerprint, fingerprint
            if was == asked:
                was, asked = facts.model, model_name(asked, dimension or 0)
            raise StoreMismatch(
                f"the index at {self.folder} was built with the model {was}, not {asked}: "
                "run `article-qa index --rebuild`, or set ARTICLE_QA_MODEL back"
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what SQLite and the disk say into what a person can do."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            if code in FAILURES_OF_THE_DISK:
                raise StoreError(
                    f"the index at {self.folder} cannot be used: {error}; free the disk or give another --store"
                ) from error
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

    def _vectors(self, connection: sqlite3.Connection, facts: Facts, base: VectorBase | None) -> VectorSnapshot:
        """Return the vectors of this moment of the database, starting from those of the last question."""
        generation = facts.generation
        with self._loading:
            if base is None or not fits(base, facts):
                latest = self._latest
                if latest is not None and latest.base.owner == owner_of(facts) and latest.generation <= generation:
                    base = latest.base  # derived for an earlier question
                else:
                    base = derive(connection, facts)
            snapshot = self._latest
            if snapshot is None or snapshot.base is not base or snapshot.generation > generation:
                snapshot = VectorSnapshot.of(base)
            if snapshot.generation < generation:
                snapshot = brought_to(snapshot, connection, generation)
            if self._latest is None or self._latest.base is not base or self._latest.generation < generation:
                self._latest = snapshot
            return snapshot

    def _frequency_at(self, moment: VectorSnapshot) -> dict[str, int]:
        """Return in how many chunks each term occurs that was asked for before, at this moment."""
        with self._loading:
            if self._counted[0] is not moment or len(self._counted[1]) > COUNTED:
                self._counted = (moment, {})
            return self._counted[1]


def _mark(file: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever the file is replaced; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
