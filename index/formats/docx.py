"""A Word document -> Article: its paragraphs and rows of tables as they stand, and its title, author and language.

The day a document was created is not the day it was published, so no date is taken. Notes, headers and footers, and
text that tracked changes have deleted, are no part of the article.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from index.errors import ArticleError
from index.formats.fields import Fields, read_fields
from index.formats.packed import open_packed, unpack
from index.formats.tables import row_of
from index.records import Article

if TYPE_CHECKING:
    from docx.document import Document

MAX_MEMBERS = 10_000
MAX_BYTES = 64 * 2**20
"""Unpacked, of all parts together: the XML of a document of a million words is some 20 MB."""
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SAID = {f"{WORD}tab": " ", f"{WORD}br": " ", f"{WORD}cr": " ", f"{WORD}noBreakHyphen": "-"}
PLACEHOLDERS = ("python-docx", "Word Document")
"""What a program writes into the properties when nobody does."""


def read_docx(path: str, data: bytes) -> list[Article]:
    """Read a .docx file."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError as error:
        raise ArticleError("needs python-docx: run `pip install 'article-qa[documents]'`") from error
    _require_bearable(data)
    try:
        document = docx.Document(io.BytesIO(data))
        paragraphs, fields = list(_paragraphs(document)), _fields(document)
    except (OpcError, etree.LxmlError, LookupError, ValueError, AttributeError, TypeError, OSError) as error:
        raise ArticleError("not a Word document, or a damaged one: open it and save it anew as .docx") from error
    if paragraphs and paragraphs[0] == fields.get("title"):
        del paragraphs[0]  # the title is a field; said twice, it would be found twice
    if not paragraphs:
        raise ArticleError("there is no text in it")
    return [Article(id=path, path=path, text="\n\n".join(paragraphs), **fields)]


def _require_bearable(data: bytes) -> None:
    """Refuse a document that would unpack to more than memory should hold; python-docx unpacks all at once."""
    packed = open_packed(io.BytesIO(data), max_members=MAX_MEMBERS, max_bytes=MAX_BYTES)
    for member in packed.infolist():
        unpack(packed, member, max_bytes=MAX_BYTES)  # says so where there is more in it than it claims


def _fields(document: "Document") -> Fields:
    said = document.core_properties
    title, author = (value if value not in PLACEHOLDERS else None for value in (said.title, said.author))
    return read_fields({"title": title or _title_paragraph(document), "author": author, "language": said.language})


def _title_paragraph(document: "Document") -> str | None:
    first = next((paragraph for paragraph in document.paragraphs if paragraph.text.strip()), None)
    is_title = first is not None and first.style is not None and first.style.name == "Title"
    return first.text if first is not None and is_title else None


def _paragraphs(document: "Document") -> Iterator[str]:
    """Yield the text of each paragraph, those in boxes included, and of each row, in the order of the document."""
    told: set[object] = set()  # rows
    for node in document.element.body.iter(f"{WORD}p", f"{WORD}tr"):
        if next(node.iterancestors(FALLBACK), None) is not None:  # what old programs show for a box
            continue
        is_row = node.tag == f"{WORD}tr"
        text = _line(node) if is_row else _text(node)
        if text and (is_row or next(node.iterancestors(f"{WORD}tr"), None) not in told):
            yield text
        if text and is_row:
            told.add(node)


def _line(row: etree._Element) -> str | None:
    """Return a row as a line, where each of its cells is one."""
    cells = [[_text(paragraph) for paragraph in cell.iter(f"{WORD}p")] for cell in row.iterchildren(f"{WORD}tc")]
    is_short = next(row.iterdescendants(f"{WORD}tr"), None) is None
    is_short = is_short and all(sum(map(bool, cell)) < 2 for cell in cells)
    return row_of(["".join(cell) for cell in cells]) if is_short else None


def _text(paragraph: etree._Element) -> str:
    return " ".join("".join(_words(paragraph)).split())


def _words(paragraph: etree._Element) -> Iterator[str]:
    for node in paragraph.iter(f"{WORD}t", *SAID):
        if next(node.iterancestors(f"{WORD}p")) is paragraph:  # else it stands in a box, which has its own paragraphs
            yield SAID.get(str(node.tag)) or node.text or ""
