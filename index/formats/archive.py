"""A zip file of articles -> the Articles of each member that is of a readable format. Nothing is written to disk."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZipFile, ZipInfo

from index.errors import ArticleError, ArticleTooCostly
from index.formats.keys import Keys
from index.formats.packed import open_packed, unpack
from index.records import Article, Failure

MAX_MEMBERS = 20_000
MAX_BYTES = 2**30
"""Unpacked, of all members together: they are read one after the other."""
MAX_MEMBER_BYTES = 64 * 2**20
MAX_COSTLY = 3
"""Members that take too long: each is waited for, and where there are so many there may be thousands."""

Readers = Mapping[str, Callable[[str, IO[bytes]], Iterator[Article | Failure]]]


def read_archive(path: str, file: IO[bytes], *, readers: Readers) -> Iterator[Article | Failure]:
    """Read a .zip file with the reader of each member's suffix; a member that cannot be read is a Failure.

    Raises ArticleTooCostly at the end where a member is, so that the archive waits until it changes, as a file does.
    """
    packed = open_packed(file, max_members=MAX_MEMBERS, max_bytes=MAX_BYTES)
    members = [member for member in packed.infolist() if _may_be_article(member, readers)]
    if not members:
        raise ArticleError(f"holds none of {' '.join(readers)}")
    keys = Keys()
    costly = 0
    for member in members:
        name = f"{path}#{keys.name(member.filename)}"
        try:
            for found in _read_member(packed, member, name, readers):
                yield replace(found, path=path) if isinstance(found, Article) else found
        except ArticleError as error:
            yield Failure(name, str(error))
            costly += isinstance(error, ArticleTooCostly)
        if costly == MAX_COSTLY:
            raise ArticleTooCostly(
                f"{costly} of what is in it take too much to read, the rest is not read: take them out"
            )
    if costly:
        raise ArticleTooCostly("not all that is in it can be read: it is tried again when it changes")


def _may_be_article(member: ZipInfo, readers: Readers) -> bool:
    """Tell whether a member is read: as in a folder, not when it is hidden, or beside a hidden name of macOS."""
    place = PurePosixPath(member.filename)
    hidden = any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in place.parts)
    return not member.filename.endswith("/") and not hidden and place.suffix.lower() in {*readers, ".zip"}


def _read_member(packed: ZipFile, member: ZipInfo, name: str, readers: Readers) -> Iterator[Article | Failure]:
    suffix = PurePosixPath(member.filename).suffix.lower()
    if suffix not in readers:
        raise ArticleError("a zip file inside a zip file, which is not opened: unpack it")
    yield from readers[suffix](name, io.BytesIO(unpack(packed, member, max_bytes=MAX_MEMBER_BYTES)))
