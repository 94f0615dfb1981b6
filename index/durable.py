"""Files that are there as a whole or not at all, and stay there."""

import os
import secrets
from pathlib import Path


def write_whole(file: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Put `data` in place of what `file` holds; a death at any moment leaves the old file or the new one.

    `mode`: who may read and write it, less what the process's mask takes away.

    It is written beside its place, under a hidden name that no build takes for an article, and that no other write of
    the same file has. Raises OSError.
    """
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
        sync_folder(file.parent)
    finally:
        part.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: a rename is not, until its folder is synced."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
