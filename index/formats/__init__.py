"""One file a format: bytes in, Articles out, with what the file says of itself.

A reader gives the whole text of an article as paragraphs, and the fields it found; it raises ArticleError, with a
reason that a person can act on, where there is no text to be had. A file of many articles gives each the id `path#key`,
and for each that cannot be read a Failure in its place: the others are read all the same.

Documents, which are parsed as a whole, are read apart (`apart`): in another process, within bounds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import IO

from index.errors import ArticleError
from index.formats.apart import read_apart
from index.formats.archive import read_archive
from index.formats.docx import read_docx
from index.formats.feed import read_feed
from index.formats.html import read_html
from index.formats.mail import read_mail
from index.formats.markdown import read_markdown
from index.formats.pdf import read_pdf
from index.formats.rows import read_csv, read_json, read_jsonl
from index.formats.text import read_text
from index.records import Article, Failure

Reader = Callable[[str, IO[bytes]], Iterator[Article | Failure]]
"""Takes the path, and the file open at its beginning, which can be sought; yields what is in it, in order."""

MAX_BYTES = 64 * 2**20
"""Of a file that is read as a whole. A file of rows may be of any size: a row is read at a time."""


def _whole(read: Callable[[str, bytes], Iterable[Article | Failure]]) -> Reader:
    """Make a Reader of one that needs all bytes at once."""

    def reader(path: str, file: IO[bytes]) -> Iterator[Article | Failure]:
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ArticleError(f"larger than {MAX_BYTES // 2**20} MB: split it")
        yield from read(path, data)

    return reader


UNPACKED: Mapping[str, Reader] = {
    ".txt": _whole(read_text),
    ".md": _whole(read_markdown),
    ".markdown": _whole(read_markdown),
    ".html": _whole(read_html),
    ".htm": _whole(read_html),
    ".pdf": _whole(read_pdf),
    ".docx": _whole(read_docx),
    ".eml": _whole(read_mail),
    ".json": _whole(read_json),
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".rss": _whole(read_feed),
    ".atom": _whole(read_feed),
    ".xml": _whole(read_feed),
}
PLAIN = frozenset({".txt", ".jsonl", ".csv"})
"""Read as text, or a row at a time: they cost what they are long. All others are documents, and read apart."""
BOUNDED: Mapping[str, Reader] = {
    kind: reader if kind in PLAIN else _whole(partial(read_apart, kind)) for kind, reader in UNPACKED.items()
}

READERS: Mapping[str, Reader] = {**BOUNDED, ".zip": partial(read_archive, readers=BOUNDED)}
