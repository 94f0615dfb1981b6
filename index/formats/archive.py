"""A zip file of articles -> the Articles of each member that is of a readable format. Nothing is written to disk."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from zipfile import ZipFile, ZipInfo

from index.errors import ArticleError
from index.formats.keys import keys_of
from index.formats.packed import open_packed, unpack
from index.records import Article

MAX_MEMBERS = 20_000
MAX_BYTES = 256 * 2**20
"""Unpacked, of all members together."""
MAX_MEMBER_BYTES = 64 * 2**20

Readers = Mapping[str, Callable[[str, bytes], list[Article]]]


def read_archive(path: str, data: bytes, *, readers: Readers) -> list[Article]:
    """Read a .zip file with the reader of each member's suffix.

    Members that cannot be read are passed over; where none can, the reason of the first is raised.
    """
    packed = open_packed(data, max_members=MAX_MEMBERS, max_bytes=MAX_BYTES)
    members = [member for member in packed.infolist() if _may_be_article(member, readers)]
    found: list[Article] = []
    reasons: list[ArticleError] = []
    for member, key in zip(members, keys_of([member.filename for member in members]), strict=True):
        try:
            inside = _read_member(packed, member, f"{path}#{key}", readers)
        except ArticleError as error:
            reasons.append(error)
        else:
            found += [replace(article, path=path) for article in inside]
    if not found:
        raise reasons[0] if reasons else ArticleError(f"holds none of {' '.join(readers)}")
    return found


def _may_be_article(member: ZipInfo, readers: Readers) -> bool:
    """Tell whether a member is read: as in a folder, not when it is hidden, or beside a hidden name of macOS."""
    place = PurePosixPath(member.filename)
    hidden = any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in place.parts)
    return not member.filename.endswith("/") and not hidden and place.suffix.lower() in {*readers, ".zip"}


def _read_member(packed: ZipFile, member: ZipInfo, name: str, readers: Readers) -> list[Article]:
    suffix = PurePosixPath(member.filename).suffix.lower()
    if suffix not in readers:
        raise ArticleError("holds a zip file inside, which is not opened: unpack it")
    return readers[suffix](name, unpack(packed, member, max_bytes=MAX_MEMBER_BYTES))
