"""Zip files, opened within bounds: what one claims to unpack to is never trusted."""

import zipfile
import zlib
from typing import IO

from index.errors import ArticleError

ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those that Python unpacks no further than it is asked to."""
LISTED = 400
"""Bytes that list a member at the end of a zip file, in the mean: 46, and twice its name with all its folders."""


class _Sparing:
    """A zip file in which Python, once told to open it, would read the list of members, however long that is."""

    def __init__(self, file: IO[bytes], *, max_members: int) -> None:
        self.file, self.opened, self.max_members = file, False, max_members

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.opened and size is not None and size > LISTED * self.max_members:
            raise _too_many(self.max_members)
        return self.file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def seekable(self) -> bool:
        return True


def open_packed(file: IO[bytes], *, max_members: int, max_bytes: int) -> zipfile.ZipFile:
    """Open a zip file that holds no more than `max_members` and says that it unpacks to no more than `max_bytes`."""
    sparing = _Sparing(file, max_members=max_members)
    try:
        packed = zipfile.ZipFile(sparing)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ArticleError("a damaged file: it does not unpack") from error
    sparing.opened = True
    members = packed.infolist()
    if len(members) > max_members:
        raise _too_many(max_members)
    if sum(member.file_size for member in members) > max_bytes:
        raise ArticleError(f"unpacks to more than {max_bytes // 2**20} MB: split it")
    return packed


def _too_many(max_members: int) -> ArticleError:
    return ArticleError(f"holds more than {max_members:,} files: split it")


def unpack(packed: zipfile.ZipFile, member: zipfile.ZipInfo, *, max_bytes: int) -> bytes:
    """Return what a member holds, read no further than `max_bytes`."""
    if member.flag_bits & ENCRYPTED:
        raise ArticleError("it is encrypted: unpack it with its password")
    if member.compress_type not in METHODS:
        raise ArticleError("packed in an unusual way: pack it anew as a plain zip")
    try:
        with packed.open(member) as opened:
            data = opened.read(max_bytes + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ArticleError("a damaged file: it does not unpack") from error
    if len(data) > max_bytes:
        raise ArticleError(f"unpacks to more than {max_bytes // 2**20} MB: split it")
    return data
