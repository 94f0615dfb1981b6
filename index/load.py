"""A folder -> its files; a file -> Articles, or an ArticleError that says why it is none.

Files are known by their path below the folder and by the SHA-256 of their bytes. Hidden files and folders (a leading
dot) are passed over, links are not followed, and a file of a kind that is no article is passed over too, unless it is
one that a person would expect to be read: then it is an ArticleError.
"""

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO

from index.errors import ArticleError, FolderMissing
from index.formats import READERS, Reader
from index.formats.dates import published_of
from index.formats.encoding import printable
from index.records import Article, Failure

EXPECTED = frozenset(
    {".doc", ".odt", ".rtf", ".epub", ".mht", ".mhtml", ".msg", ".mbox", ".xlsx", ".tsv", ".tar", ".gz"}
)
INSIDE = re.compile(r"\.(?:json|jsonl|csv|rss|atom|xml|zip)#", re.IGNORECASE)
SAID = ("text", "title", "source", "author", "published", "url", "language")
BLOCK = 2**20


def list_files(folder: Path, *, but: Path | None = None) -> Iterator[str]:
    """Yield the path below `folder`, with `/`, of each file that may be an article, in order; none that is in `but`.

    A folder that cannot be listed, and a link to a folder, are yielded too: reading them says why they are none.

    Raises FolderMissing where `folder` is not a folder.
    """
    if not os.path.isdir(folder):  # noqa: PTH112 - that of Path raises where the name is too long, or may not be known
        raise FolderMissing(f"no folder at {folder}: give the folder that holds the articles")
    closed: list[OSError] = []
    apart = but and but.absolute()
    for place, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and Path(place, name).absolute() != apart
        )
        below = Path(place).relative_to(folder)
        yield from ((below / name).as_posix() for name in folders if (Path(place) / name).is_symlink())
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in READERS.keys() | EXPECTED:
                yield (below / name).as_posix()
    yield from (Path(str(error.filename)).relative_to(folder).as_posix() for error in closed)


def open_file(folder: Path, path: str) -> IO[bytes]:
    """Open a file that may hold articles; the caller closes it.

    Raises ArticleError where it is not a plain, readable one, or of a format that is not read.
    """
    file = folder / path
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise ArticleError("its name is not valid text: rename it") from error
    if INSIDE.search(path):
        raise ArticleError("its name is that of an article inside another file: rename it, without #")
    try:
        # O_NONBLOCK: a FIFO must not hold up the build; O_NOFOLLOW: a link may lead out of the folder.
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        is_link = error.errno == errno.ELOOP  # what O_NOFOLLOW says of one
        reason = "a link: links are not followed" if is_link else f"cannot be read: {error.strerror}"
        raise ArticleError(reason) from error
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) and file.suffix.lower() in READERS:
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise ArticleError("a folder that cannot be listed: see its permissions")
    if not stat.S_ISREG(mode):
        raise ArticleError("not a plain file")
    raise ArticleError(f"{file.suffix} files are not read yet: save it as one of {' '.join(READERS)}")


def digest_of(file: IO[bytes]) -> str:
    """Return the SHA-256 of `file`, as hexadecimal digits, and go back to its beginning. Raises ArticleError."""
    digest = hashlib.sha256()
    try:
        file.seek(0)
        while block := file.read(BLOCK):
            digest.update(block)
        file.seek(0)
    except OSError as error:
        raise ArticleError(f"cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def read_articles(
    path: str, file: IO[bytes], *, readers: Mapping[str, Reader] = READERS
) -> Iterator[Article | Failure]:
    """Yield the articles in a file, and a Failure for each of them that is none.

    Raises ArticleError where the file as a whole is no article, possibly after some were yielded.
    """
    try:
        for found in readers[Path(path).suffix.lower()](path, file):
            yield _storable(_dated(found)) if isinstance(found, Article) else found
    except OSError as error:
        raise ArticleError(f"cannot be read: {error.strerror or error}") from error


def _dated(article: Article) -> Article:
    return article if article.published else replace(article, published=published_of(article))


def _storable(article: Article) -> Article:
    """Replace what is no character: JSON and PDF can spell what no database takes."""
    said = {name: getattr(article, name) for name in SAID}
    return replace(article, **{name: printable(value) for name, value in said.items() if value})
