"""A PDF -> Article: the text of its pages, in paragraphs, and what its metadata says.

A PDF holds lines, not paragraphs. In running text only the last line of a paragraph falls well short of the others,
so a short line ends one. Lines that most pages begin or end with are running heads and page numbers, and no text.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.formats.fields import Fields, read_fields
from index.records import Article

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 5_000
MAX_CHARACTERS = 16 * 2**20
SHORT = 0.75
"""Of the usual width: below it a line ends its paragraph. Ragged lines are longer, unless a word is very long."""
EDGE_LINES = 2
"""At each end of a page, that a running head or foot may take."""
FILE_NAME = re.compile(r"\.\w{2,4}$|^(?:microsoft word|untitled|slide \d|layout \d)", re.IGNORECASE)
HYPHENS = ("-", "\u2010", "\u00ad")
WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


def read_pdf(path: str, data: bytes) -> list[Article]:
    """Read a .pdf file. A scan, which holds pictures of text, is an ArticleError."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError, WrongPasswordError
    except ImportError as error:
        raise ArticleError("needs pypdf: run `pip install 'article-qa[documents]'`") from error
    # Of a damaged file pypdf raises what its parsing stumbles over, and tells each thing that it mends to the log.
    damage = (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        pages = list(_pages(reader))
        fields = _fields(reader)
    except (DependencyError, FileNotDecryptedError, WrongPasswordError) as error:
        raise ArticleError("it is encrypted: save a copy without a password") from error
    except (*damage, AssertionError, NotImplementedError) as error:
        raise ArticleError("a damaged PDF: open it and save it anew") from error
    text = "\n\n".join(_paragraphs(_without_running_heads(pages)))
    if not text:
        raise ArticleError("there is no text in it: if it is a scan, put it through text recognition first")
    return [Article(id=path, path=path, text=text, **fields)]


def _pages(reader: "PdfReader") -> Iterator[list[str]]:
    """Yield the lines of each page."""
    if len(reader.pages) > MAX_PAGES:
        raise ArticleError(f"more than {MAX_PAGES:,} pages: split it")
    characters = 0
    for page in reader.pages:
        text = page.extract_text()
        characters += len(text)
        if characters > MAX_CHARACTERS:
            raise ArticleError(f"more than {MAX_CHARACTERS:,} characters: split it")
        yield [" ".join(line.split()) for line in text.strip().split("\n")]


def _fields(reader: "PdfReader") -> Fields:
    said, language = reader.metadata, reader.root_object.get("/Lang")
    title = str((said.title if said else None) or "").strip()
    own = "" if FILE_NAME.search(title) else title
    # When the file was made is not when the article was published: the date of a PDF is not taken.
    return read_fields({"title": own, "author": said.author if said else None, "language": language})


def _without_running_heads(pages: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of all pages, less those that stand at the edge of most pages, whatever their numbers."""
    seen = Counter(shape for page in pages for shape in {_shape(page[place]) for place in _edges(page)})
    running = {shape for shape, count in seen.items() if count >= 3 and count > len(pages) / 2}
    return [
        line
        for page in pages
        for place, line in enumerate(page)
        if place not in _edges(page) or _shape(line) not in running
    ]


def _edges(page: Sequence[str]) -> set[int]:
    places = range(len(page))
    return {*places[:EDGE_LINES], *places[-EDGE_LINES:]}


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _paragraphs(lines: Sequence[str]) -> list[str]:
    r"""Join the lines of each paragraph.

    >>> _paragraphs(["A long line on the govern-", "ment, and the Franco-", "German talks.", "A new one."])
    ['A long line on the government, and the Franco-German talks.', 'A new one.']
    """
    widths = sorted(len(line) for line in lines if line)
    usual = widths[len(widths) * 9 // 10] if widths else 0
    written = frozenset(word.lower().replace("\u2010", "-") for line in lines for word in WORD.findall(line))
    ended = [
        f"{line}\n" if _ends_paragraph(line, after, usual) else _led_on(line, after, written)
        for line, after in pairwise([*lines, ""])
    ]
    return [paragraph for paragraph in "".join(ended).split("\n") if paragraph]


def _ends_paragraph(line: str, after: str, usual: int) -> bool:
    return not line or not after or (len(line) < SHORT * usual and not line.endswith((*HYPHENS, ",")))


def _led_on(line: str, after: str, written: Set[str]) -> str:
    """Return `line` as it goes on in the next: a word cut at its end is made whole, a hyphen of its own is kept.

    Whose the hyphen is, the words `written` elsewhere say; where they do not, a small letter after it says that the
    word was cut.
    """
    if not line.endswith(HYPHENS) or not line[-2:-1].isalpha():
        return f"{line} "
    if line.endswith("\u00ad"):
        return line[:-1]
    first, rest = WORD.findall(line[:-1])[-1].lower(), (WORD.match(after) or [""])[0].lower()
    is_compound = f"{first}-{rest}" in written and f"{first}{rest}" not in written
    return line if is_compound or not after[0].islower() else line[:-1]
