"""A folder -> its files; a file -> Articles, or an ArticleError that says why it is none.

Files are known by their path below the folder and by the SHA-256 of their bytes. Hidden files and folders (a leading
dot) are passed over, links are not followed, and a file of a kind that is no article is passed over too, unless it is
one that a person would expect to be read: then it is an ArticleError.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index.errors import ArticleError, FolderMissing
from index.formats import READERS
from index.formats.encoding import printable
from index.records import Article

EXPECTED = frozenset(
    {".doc", ".odt", ".rtf", ".epub", ".mht", ".mhtml", ".msg", ".mbox", ".xlsx", ".tsv", ".tar", ".gz"}
)
INSIDE = re.compile(r"\.(?:json|jsonl|csv|rss|atom|xml|zip)#", re.IGNORECASE)
SAID = ("text", "title", "source", "author", "published", "url")
MAX_BYTES = (
    64 * 2**20
)  # of one file: an article is text, and the text and its chunks are held in memory while it is cut


def list_files(folder: Path) -> Iterator[str]:
    """Yield the path below `folder`, with `/`, of each file that may be an article, in order.

    Raises FolderMissing where `folder` is not a folder.
    """
    if not folder.is_dir():
        raise FolderMissing(f"no folder at {folder}: give the folder that holds the articles")
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(place).relative_to(folder)
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in READERS.keys() | EXPECTED:
                yield (below / name).as_posix()


def read_bytes(folder: Path, path: str) -> bytes:
    """Return what the file holds. Raises ArticleError where it is not a plain, readable file of a bearable size."""
    file = folder / path
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise ArticleError("its name is not valid text: rename it") from error
    if INSIDE.search(path):
        raise ArticleError("its name is that of an article inside another file: rename it, without #")
    if file.suffix.lower() not in READERS:
        raise ArticleError(f"{file.suffix} files are not read yet: save it as one of {' '.join(READERS)}")
    try:
        # O_NONBLOCK: a FIFO must not hold up the build; O_NOFOLLOW: a link may lead out of the folder.
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise ArticleError("not a plain file")
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        reason = "a link: links are not followed" if file.is_symlink() else f"cannot be read: {error.strerror}"
        raise ArticleError(reason) from error
    if len(data) > MAX_BYTES:
        raise ArticleError(f"larger than {MAX_BYTES // 2**20} MB: split it")
    return data


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of `data`, as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read_articles(path: str, data: bytes) -> list[Article]:
    """Return the articles in a file of bytes `data`. Raises ArticleError where it is not one."""
    return [_storable(article) for article in READERS[Path(path).suffix.lower()](path, data)]


def _storable(article: Article) -> Article:
    """Replace what is no character: JSON and PDF can spell what no database takes."""
    said = {name: getattr(article, name) for name in SAID}
    return replace(article, **{name: printable(value) for name, value in said.items() if value})
