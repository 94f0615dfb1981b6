"""Folder + store -> BuildReport: only what changed is read, cut and embedded.

Each file is replaced in one transaction as soon as its chunks are embedded, so a build that dies keeps what it
finished and the next one goes on from there. A file that cannot be read as an article is reported, and stops nothing;
if it was an article before, that article is gone, as its text is.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.choose import load_embedder
from index.chunk import chunk_spans, embedded_text
from index.embed import Embedder, Vectors
from index.errors import ArticleError, FolderMissing
from index.formats import READERS
from index.load import digest_of, list_files, read_articles, read_bytes
from index.records import Article, BuildReport, Failure, Progress, Span
from index.settings import read_settings
from index.store import Digest, Writer, open_store

BATCH_CHUNKS = 64
"""Chunks that are cut before they are embedded together: a few seconds of work, the most that a kill can lose."""

NO_VECTORS: Vectors = np.zeros((0, 0), np.float32)

CutArticle = tuple[Article, Sequence[tuple[Span, Digest]]]


@dataclass(frozen=True)
class CutFile:
    """A changed file, cut and ready to be embedded."""

    path: str
    digest: str
    articles: Sequence[CutArticle]

    def texts(self) -> dict[Digest, str]:
        """Return the text to embed for each digest."""
        return {digest: embedded_text(article, span) for article, chunks in self.articles for span, digest in chunks}


def build(
    folder: str | Path | None = None,
    *,
    store: str | Path | None = None,
    rebuild: bool = False,
    embedder: Embedder | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> BuildReport:
    """Make the store hold what `folder` holds, and return what was done.

    `folder` and `store` default to the settings. `rebuild` embeds everything anew, for another model or format; until
    it ends, the store serves what it held. `progress` is called after each batch.

    Raises FolderMissing, StoreBusy, StoreCorrupt, StoreMismatch, ModelError, and StoreError on a disk that fails.
    """
    settings = read_settings()
    articles_in = Path(folder or settings.folder).expanduser()
    chosen = embedder or load_embedder(settings.model)
    paths = list(list_files(articles_in))
    opened = open_store(str(store or settings.store))
    if not paths and not opened.exists():
        raise FolderMissing(f"no articles in {articles_in}: put some there, as {' '.join(READERS)}")
    with opened.writer(chosen.fingerprint, rebuild=rebuild) as writer:
        run = _Build(articles_in, writer, chosen, progress)
        return run.anew(paths) if rebuild else run.changes(paths)


class _Build:
    """One run over a folder: the counts, and the parts that each step needs."""

    def __init__(self, folder: Path, writer: Writer, embedder: Embedder, progress: Callable[[Progress], None]) -> None:
        self.folder, self.writer, self.embedder, self.progress = folder, writer, embedder, progress
        self.manifest = writer.manifest()
        self.failed: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        self.listed = self.embedded = 0

    def changes(self, paths: Sequence[str]) -> BuildReport:
        """Bring the store up to date with the files."""
        self.listed = len(paths)
        for batch in _batches(self._cut(paths, self.manifest)):
            self._embed(batch)
            for file in batch:
                with self.writer.transaction():
                    self.writer.replace(file.path, file.digest, file.articles)
        for path in self.manifest.keys() - self.seen.keys():
            with self.writer.transaction():
                self.writer.remove(path)
        self.writer.publish()
        return self._report()

    def anew(self, paths: Sequence[str]) -> BuildReport:
        """Embed everything first, a batch at a time; then exchange everything in one transaction."""
        self.listed = len(paths)
        for batch in _batches(self._cut(paths, {})):
            self._embed(batch)
        with self.writer.transaction():
            self.writer.clear(self.embedder.fingerprint)
            for file in self._cut(paths, {}):
                self.writer.remember(*self._vectors(file.texts()))
                self.writer.replace(file.path, file.digest, file.articles)
        self.writer.publish()
        return self._report()

    def _cut(self, paths: Iterable[str], known: dict[str, str]) -> Iterator[CutFile]:
        """Yield each file whose digest is not the `known` one."""
        for path in paths:
            try:
                data = read_bytes(self.folder, path)
                digest = digest_of(data)
                changed = known.get(path) != digest
                articles = read_articles(path, data) if changed else []
            except ArticleError as error:
                self.failed[path] = str(error)
                continue
            self.seen[path] = digest
            if changed:
                yield CutFile(path, digest, [self._cut_article(article) for article in articles])

    def _cut_article(self, article: Article) -> CutArticle:
        return article, [(span, self._text_digest(embedded_text(article, span))) for span in chunk_spans(article.text)]

    def _text_digest(self, text: str) -> Digest:
        """Name a text and the model that embeds it: vectors of another model are never taken for it."""
        return hashlib.sha256(f"{self.embedder.fingerprint}\n{text}".encode()).digest()

    def _embed(self, files: Sequence[CutFile]) -> None:
        digests, vectors = self._vectors({digest: text for file in files for digest, text in file.texts().items()})
        with self.writer.transaction():
            self.writer.remember(digests, vectors)
        self.embedded += len(digests)
        self.progress(Progress(files_done=len(self.seen) + len(self.failed), files=self.listed, embedded=self.embedded))

    def _vectors(self, texts: dict[Digest, str]) -> tuple[list[Digest], Vectors]:
        """Embed those texts that the store has no vector of."""
        digests = sorted(self.writer.unknown(texts))
        return digests, self.embedder.passages([texts[digest] for digest in digests]) if digests else NO_VECTORS

    def _report(self) -> BuildReport:
        added = len(self.seen.keys() - self.manifest.keys())
        unchanged = sum(self.manifest.get(path) == digest for path, digest in self.seen.items())
        return BuildReport(
            added=added,
            changed=len(self.seen) - added - unchanged,
            removed=len(self.manifest.keys() - self.seen.keys()),
            unchanged=unchanged,
            failed=tuple(Failure(_printable(path), reason) for path, reason in self.failed.items()),
        )


def _batches(files: Iterable[CutFile]) -> Iterator[list[CutFile]]:
    batch: list[CutFile] = []
    chunks = 0
    for file in files:
        batch.append(file)
        chunks += sum(len(cut) for _, cut in file.articles)
        if chunks >= BATCH_CHUNKS:
            yield batch
            batch, chunks = [], 0
    if batch:
        yield batch


def _printable(path: str) -> str:
    """Spell out what cannot be printed in a file name that is not valid text."""
    return path.encode("utf-8", "backslashreplace").decode()
