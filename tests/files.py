"""Files of every format, made in memory, and what is found in them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from functools import partial

import docx

from index.formats import UNPACKED, Reader
from index.formats.archive import read_archive
from index.load import read_articles
from index.records import Article, Failure

IN_PROCESS: Mapping[str, Reader] = {**UNPACKED, ".zip": partial(read_archive, readers=UNPACKED)}
"""The readers without their bounds of time and memory."""


def found(path: str, data: bytes | str) -> list[Article | Failure]:
    """Return what is found in a file of these bytes, read in this process."""
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_articles(path, file, readers=IN_PROCESS))


def read(path: str, data: bytes | str) -> Article:
    (article,) = found(path, data)
    assert isinstance(article, Article), article
    return article


def texts(path: str, data: bytes | str) -> dict[str, str]:
    return {article.id: article.text for article in found(path, data) if isinstance(article, Article)}


def failures(path: str, data: bytes | str) -> dict[str, str]:
    return {failure.path: failure.reason for failure in found(path, data) if isinstance(failure, Failure)}


def pdf(*pages: str, info: str = "") -> bytes:
    """Write a PDF of pages of lines, in the simplest form that the format allows."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        lines = "".join(f"({line}) Tj T*\n" for line in page.split("\n"))
        content = f"BT /F1 12 Tf 14 TL 72 720 Td\n{lines}ET"
        fonts = "/Resources << /Font << /F1 3 0 R >> >>"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects) + 2} 0 R {fonts} >>",
            _stream(content),
        ]
        kids.append(f"{len(objects) - 1} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(kids)}] >>"
    objects.append(f"<< {info} >>")
    return _pdf_of(objects, info=f"/Info {len(objects)} 0 R")


def slow_pdf(*, pages: int = 300) -> bytes:
    """Write a PDF of some kilobytes that takes a second of processor time, or more, for each page.

    A page shows a form, which shows the next one thirty times, and so on; readers bound that for a page only.
    """
    text, show = "BT /F1 12 Tf 72 720 Td (It rained.) Tj ET", "/X Do " * 30
    form = "/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
    font = "/Resources << /Font << /F1 3 0 R >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R {font} /XObject << /X 5 0 R >> >> >>"
    kids = " ".join(f"{number + 8} 0 R" for number in range(pages))
    return _pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            _stream(show),
            _stream(show, f"{form} {font} /XObject << /X 6 0 R >> >>"),
            _stream(show, f"{form} {font} /XObject << /X 7 0 R >> >>"),
            _stream(text, f"{form} {font} >>"),
            *[page] * pages,
        ]
    )


def _stream(content: str, said: str = "") -> str:
    return f"<< {said} /Length {len(content)} >>\nstream\n{content}\nendstream"


def _pdf_of(objects: Sequence[str], info: str = "") -> bytes:
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {size} /Root 1 0 R {info} >>\nstartxref\n{len(out)}\n%%EOF"
    ).encode()


def word(*paragraphs: str, title: str = "", author: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, author
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return out.getvalue()


def mail(text: str | None = "It rained.\n> Did it?\n") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Зерно: grain"
    message["From"] = "Ada Sample <ada@example.org>"
    message["Date"] = "Thu, 21 Aug 2025 07:30:00 +0200"
    if text is not None:
        message.set_content(text)
    return message


def encrypted(data: bytes) -> bytes:
    """Set the flag that says so, in both headers: Python cannot encrypt."""
    flagged = bytearray(data)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.index(mark) + place] |= 1
    return bytes(flagged)
