"""Files that a person puts into the folder of articles, or takes out of it. Nothing is ever written outside of it.

What comes is bounded and of a kind that is read; its name is made safe, and never replaces another file. What goes is
moved to a hidden folder inside, which no build reads, and can be put back.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from index.durable import write_whole
from index.errors import ArticleQAError
from index.formats import READERS
from index.load import EXPECTED

MAX_BYTES = 32 * 2**20
MAX_FILES = 50
"""At once."""
NAME_BYTES = 120
REMOVED = ".removed"
UNSAFE = re.compile(r"[^\w .,()+@&'’–—-]")
DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


class FileRefused(ArticleQAError):
    """A file is not put into the folder, or not taken out of it; the message says why, and what to do."""


@dataclass(frozen=True)
class Files:
    """The folder of articles."""

    folder: Path
    store: Path | None = None
    """The folder of the index, which may be inside: nothing of it is an article."""
    _putting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def put(self, name: str, data: bytes) -> str:
        """Keep a file under a safe name, and return that name. Raises FileRefused."""
        safe = safe_name(name)
        if len(data) > MAX_BYTES:
            raise FileRefused(f"{safe} has more than {MAX_BYTES // 2**20} MB: put it into the folder yourself")
        if not data:
            raise FileRefused(f"{safe} is empty: drop a file that says something")
        try:
            with self._putting:  # two of one name at once must not find the same one free
                free = self._free(safe, data)
                write_whole(self.folder / free, data)
        except OSError as error:
            raise FileRefused(f"{safe} cannot be kept: {error.strerror}; see the folder {self.folder}") from error
        return free

    def remove(self, path: str) -> None:
        """Take an article out of the folder, into a hidden one inside it. Raises FileRefused.

        One of that name that was removed before keeps being there, under another name.
        """
        self._require_article(path)
        file = self._inside(path)
        kept = self.folder / REMOVED / path
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            if kept.exists():
                kept.rename(self._aside(kept))
            file.replace(kept)
        except OSError as error:
            raise FileRefused(f"{path} cannot be removed: {error.strerror}; see the folder {self.folder}") from error

    def put_back(self, path: str) -> None:
        """Undo `remove`. Raises FileRefused."""
        self._require_article(path)
        kept = self._inside(f"{REMOVED}/{path}")
        if (self.folder / path).exists():
            raise FileRefused(f"there is another {path} now: rename it, and then put this one back")
        try:
            kept.replace(self.folder / path)
        except OSError as error:
            raise FileRefused(f"{path} cannot be put back: {error.strerror}; see the folder {self.folder}") from error

    def _require_article(self, path: str) -> None:
        """Raise FileRefused for what no build takes for an article: hidden, of another kind, or of the index."""
        hidden = any(part.startswith(".") for part in PurePosixPath(path).parts)
        of_the_index = self.store is not None and (self.folder / path).resolve().is_relative_to(self.store.resolve())
        if hidden or of_the_index or PurePosixPath(path).suffix.lower() not in READERS.keys() | EXPECTED:
            raise FileRefused("that is no article: reload the page and choose again")

    def _aside(self, kept: Path) -> Path:
        """Return a name beside a removed file that none has. Raises FileRefused."""
        aside = next((one for one in _numbered(kept) if not one.exists()), None)
        if aside is None:
            raise FileRefused(f"a thousand files named {kept.name} were removed: empty the folder {REMOVED}")
        return aside

    def _inside(self, path: str) -> Path:
        """Return a plain file of the folder; links are not followed out of it."""
        parts = PurePosixPath(path).parts
        file = self.folder.joinpath(*parts)
        outside = not parts or path.startswith("/") or ".." in parts or "\0" in path
        if outside or not file.resolve().is_relative_to(self.folder.resolve()) or file.is_symlink():
            raise FileRefused("that is no file of the folder of articles: reload the page and choose again")
        if not file.is_file():
            raise FileRefused(f"{path} is not there any more: rebuild the index to see what is")
        return file

    def _free(self, name: str, data: bytes) -> str:
        """Return a name that no file has, or the one of a file that holds just this already."""
        wanted = self.folder / name
        for there in (wanted, *_numbered(wanted)):
            if not there.exists() and not there.is_symlink():
                return there.name
            if there.is_file() and there.stat().st_size == len(data) and there.read_bytes() == data:
                return there.name
        raise FileRefused(f"there are a thousand files named {name}: rename this one")


def _numbered(file: Path) -> Iterator[Path]:
    """Yield names beside that of a file, with a number each."""
    return (file.with_name(f"{file.stem}-{number}{file.suffix}") for number in range(2, 1000))


def safe_name(name: str) -> str:
    r"""Return the name under which a file is kept. Raises FileRefused for a kind that is not read.

    >>> safe_name("../../etc/Läger #3.TXT"), safe_name("C:\\x\\.hidden.md")
    ('Läger -3.txt', 'hidden.md')
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    stem, dot, suffix = last.rpartition(".")
    kind = f"{dot}{suffix}".lower()
    if kind not in READERS:
        raise FileRefused(f"{last[:80] or 'this file'} is of no kind that is read: drop {' '.join(sorted(READERS))}")
    plain = UNSAFE.sub("-", stem).strip(" .")
    plain = plain.encode("utf-8", "ignore")[:NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    if not plain or DEVICE.fullmatch(plain):
        plain = f"article {plain}".strip()
    return plain + kind
