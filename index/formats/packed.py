"""Zip files, opened within bounds: what one claims to unpack to is never trusted."""

import zipfile
import zlib
from typing import IO

from index.errors import ArticleError

ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those that Python unpacks no further than it is asked to."""


def open_packed(file: IO[bytes], *, max_members: int, max_bytes: int) -> zipfile.ZipFile:
    """Open a zip file that holds no more than `max_members` and says that it unpacks to no more than `max_bytes`."""
    try:
        packed = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ArticleError("a damaged file: it does not unpack") from error
    members = packed.infolist()
    if len(members) > max_members:
        raise ArticleError(f"holds more than {max_members:,} files: split it")
    if sum(member.file_size for member in members) > max_bytes:
        raise ArticleError(f"unpacks to more than {max_bytes // 2**20} MB: split it")
    return packed


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
