"""Folder + store -> BuildReport: only what changed is read, cut and embedded.

Articles are written in batches, each article in one transaction, as soon as their chunks are embedded; so a build that
dies keeps what it finished and the next one goes on from there. What cannot be read is reported, and stops nothing; if
it was an article before, that article is gone, as its text is.

A file is known by the digest of its bytes, an article by the digest of what it says, a chunk's vector by the digest of
the text that was embedded: each is only looked into when the one around it has changed. What a build holds in memory
is a batch, and one article or one file that cannot be read in parts.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np

from index.choose import load_embedder
from index.chunk import chunk_spans, embedded_text, model_name, text_digest
from index.embed import Embedder, Vectors
from index.errors import ArticleError, ArticleTooCostly, FolderMissing
from index.formats import READERS
from index.load import digest_of, list_files, open_file, read_articles
from index.records import Article, BuildReport, Failure, Progress
from index.settings import path_of, read_settings
from index.store import CutArticle, Digest, KnownFile, Writer, open_store

BATCH_CHUNKS = 64
"""Embedded together, and the most that a kill can lose: a second of work, or three. Then a build tells how far it is,
and can be stopped."""
BATCH_STEPS = 1000
"""Articles and files of a batch, however few their chunks."""


@dataclass(frozen=True)
class Finished:
    """A file was read to its end; where it was moved, the file that it was before goes in the same transaction."""

    path: str
    digest: str
    failures: Sequence[Failure]
    gone: Collection[str]
    moved_from: str | None


Step = CutArticle | Finished


def build(
    folder: str | Path | None = None,
    *,
    store: str | Path | None = None,
    rebuild: bool = False,
    embedder: Embedder | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """Make the store hold what `folder` holds, and return what was done.

    `folder` and `store` default to the settings. `rebuild` reads everything anew, for another model or format or after
    damage; until it ends, the store serves what it held, unless that cannot be read. `progress` is called as
    it goes on; what it raises ends the build, which keeps what it finished.

    Raises FolderMissing, StoreBusy, StoreCorrupt, StoreMismatch, ModelError, and StoreError on a disk that fails.
    """
    settings = read_settings()
    articles_in, kept_in = path_of(folder or settings.folder), path_of(store or settings.store)
    chosen = embedder or load_embedder(settings.model)
    paths = list(list_files(articles_in, but=kept_in))
    opened = open_store(str(store or settings.store))
    if not paths and not opened.exists():
        raise FolderMissing(f"no articles in {articles_in}: put some there, as {' '.join(READERS)}")
    with opened.writer(chosen.fingerprint, chosen.dimension, rebuild=rebuild) as writer:
        run = _Build(articles_in, paths, writer, chosen, progress)
        if rebuild:
            run.anew()
        else:
            run.changes()
        return run.report()


class _Build:
    """One run over a folder: the counts, and the parts that each step needs."""

    def __init__(
        self,
        folder: Path,
        paths: Sequence[str],
        writer: Writer,
        embedder: Embedder,
        progress: Callable[[Progress], None],
    ) -> None:
        self.folder, self.paths, self.writer, self.embedder = folder, paths, writer, embedder
        self.known = writer.files()
        self.added = self.changed = self.removed = self.unchanged = 0
        self.failed: list[Failure] = []
        self.meter = _Meter(folder, paths, progress)

    def changes(self) -> None:
        """Bring the store up to date with the files."""
        gone = self.known.keys() - set(self.paths)
        moved = self._moved(gone)
        if lost := sorted(gone - set(moved.values())):
            with self.writer.transaction():
                for path in lost:
                    self._remove(path)
        for batch in _batches(self._steps(self.known, moved)):
            self._embed(batch)
            with self.writer.transaction():
                self._write(batch)
            self.writer.publish(ended=False)
            self.meter.tell()
        self.writer.publish(ended=True)

    def anew(self) -> None:
        """Embed everything first, a batch at a time; then exchange everything in one transaction."""
        for batch in _batches(self._steps({}, {})):
            self._embed(batch)
            self.meter.tell()
        self.failed.clear()
        before = self._articles()
        with self.writer.transaction():
            self.writer.clear(self.embedder.fingerprint, self.embedder.dimension)
            for batch in _batches(self._steps({}, {})):
                self._embed(batch)  # what has changed since
                self._write(batch)
        self._compare(before, self._articles())
        self.writer.publish(ended=True)

    def report(self) -> BuildReport:
        """Return what was done."""
        return BuildReport(
            added=self.added,
            changed=self.changed,
            removed=self.removed,
            unchanged=self.unchanged,
            failed=tuple(Failure(_printable(failure.path), failure.reason) for failure in self.failed),
        )

    def _articles(self) -> dict[str, Digest]:
        """Return the digest of each article in the store by its id."""
        return {name: digest for path in self.writer.files() for name, digest in self.writer.articles_of(path).items()}

    def _compare(self, before: Mapping[str, Digest], after: Mapping[str, Digest]) -> None:
        """Count by what the store held and holds, where all of it was written anew."""
        self.added = len(after.keys() - before.keys())
        self.removed = len(before.keys() - after.keys())
        self.unchanged = len(after.items() & before.items())
        self.changed = len(after) - self.added - self.unchanged

    def _moved(self, gone: Collection[str]) -> dict[str, str]:
        """Return, for each new file that holds just what a file held that is not there any more, that file's path."""
        lost = {self.known[path].digest: path for path in sorted(gone) if self.known[path].digest}
        moved: dict[str, str] = {}
        for path in self.paths if lost else ():
            if path not in self.known:
                try:
                    with open_file(self.folder, path) as file:
                        old = lost.pop(digest_of(file), None)
                except ArticleError:
                    continue  # it is read, and reported, in its turn
                if old:
                    moved[path] = old
        return moved

    def _steps(self, known: Mapping[str, KnownFile], moved: Mapping[str, str]) -> Iterator[Step]:
        """Yield what is to be written of each file that is not as it is `known`."""
        for path in self.paths:
            before: dict[str, Digest] = {}
            failures: list[Failure] = []
            digest = ""
            try:
                with open_file(self.folder, path) as file:
                    digest = digest_of(file)
                    if path in known and known[path].digest == digest:
                        self.unchanged += known[path].articles
                        self.failed += known[path].failures
                        self.meter.done(path)
                        continue
                    before = self.writer.articles_of(path) if path in known else {}
                    for found in read_articles(path, file):
                        self.meter.at(file)
                        if isinstance(found, Failure):
                            failures.append(found)
                        elif self._is_new(found, before):
                            yield self._cut(found)
                    if failures or digest != digest_of(file):  # it changed while it was read
                        digest = ""
            except ArticleTooCostly as error:
                failures.append(Failure(path, str(error)))  # its digest is kept: it is not tried again and again
            except ArticleError as error:
                if not digest and path in known:  # it could not even be opened
                    before = self.writer.articles_of(path)
                failures.append(Failure(path, str(error)))
                digest = ""
            self.failed += failures
            self.removed += len(before)
            yield Finished(path, digest, failures, before.keys(), moved.get(path))
            self.meter.done(path)

    def _is_new(self, article: Article, before: dict[str, Digest]) -> bool:
        """Count an article, and take it from those that its file held `before`; tell whether it is to be written."""
        digest = before.pop(article.id, None)
        if digest == article.digest:
            self.unchanged += 1
            return False
        if digest is None:
            self.added += 1
        else:
            self.changed += 1
        return True

    def _cut(self, article: Article) -> CutArticle:
        model = model_name(self.embedder.fingerprint, self.embedder.dimension)
        spans = chunk_spans(article.text)
        return article, [(span, text_digest(model, embedded_text(article, span))) for span in spans]

    def _embed(self, batch: Sequence[Step]) -> None:
        """Keep the vector of each text that the store has none of."""
        cut = [step for step in batch if not isinstance(step, Finished)]
        places = {digest: (article, span) for article, chunks in cut for span, digest in chunks}
        unknown = sorted(self.writer.unknown(places))
        left, kept = iter(unknown), 0
        while digests := list(islice(left, BATCH_CHUNKS)):  # more than once where one article is very long
            vectors: Vectors = self.embedder.passages([embedded_text(*places[digest]) for digest in digests])
            with self.writer.transaction():
                self.writer.remember(digests, np.asarray(vectors, np.float32))
            self.meter.embedded += len(digests)
            kept += len(digests)
            if kept < len(unknown):
                self.meter.tell(of_the_batch=kept / len(unknown))

    def _write(self, batch: Sequence[Step]) -> None:
        for step in batch:
            if not isinstance(step, Finished):
                self.writer.put(*step)
                continue
            self.writer.finish(step.path, step.digest, step.failures, step.gone)
            if step.moved_from:
                self._remove(step.moved_from)

    def _remove(self, path: str) -> None:
        self.removed += self.known[path].articles
        self.writer.remove(path)


class _Meter:
    """Knows how far a build is, and tells it."""

    def __init__(self, folder: Path, paths: Sequence[str], tell: Callable[[Progress], None]) -> None:
        self.sizes = {path: _size(folder / path) for path in paths}
        self.total = sum(self.sizes.values())
        self.embedded = self.files_done = self.bytes_done = self.within = 0
        self.before = (0, 0)
        self.began = time.monotonic()
        self._tell = tell

    def at(self, file: IO[bytes]) -> None:
        """Note how far the file in hand is read."""
        self.within = max(self.within, file.tell())

    def done(self, path: str) -> None:
        """Note that a file is done."""
        self.files_done += 1
        self.bytes_done += self.sizes[path]
        self.within = 0

    def tell(self, *, of_the_batch: float = 1.0) -> None:
        """Say how far the build is: of what was read since the last whole batch, such a share is done."""
        read = (self.files_done, self.bytes_done + self.within)
        files, size = (past + int(of_the_batch * (now - past)) for past, now in zip(self.before, read, strict=True))
        if of_the_batch == 1.0:
            self.before = read
        progress = Progress(
            files_done=min(files, len(self.sizes)),
            files=len(self.sizes),
            bytes_done=min(size, self.total),
            bytes=self.total,
            embedded=self.embedded,
            seconds=time.monotonic() - self.began,
        )
        self._tell(progress)


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except (OSError, ValueError):
        return 0


def _batches(steps: Iterable[Step]) -> Iterator[list[Step]]:
    batch: list[Step] = []
    chunks = 0
    for step in steps:
        batch.append(step)
        chunks += 0 if isinstance(step, Finished) else len(step[1])
        if chunks >= BATCH_CHUNKS or len(batch) >= BATCH_STEPS:
            yield batch
            batch, chunks = [], 0
    if batch:
        yield batch


def _printable(path: str) -> str:
    """Spell out what cannot be printed in a file name that is not valid text."""
    return path.encode("utf-8", "backslashreplace").decode()
