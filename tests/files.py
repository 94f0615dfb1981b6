"""Files of every format, made in memory, and what is found in them."""

import io
import zipfile
from email.message import EmailMessage

import docx

from index.load import read_articles
from index.records import Article, Failure


def found(path: str, data: bytes | str) -> list[Article | Failure]:
    return list(read_articles(path, io.BytesIO(data.encode() if isinstance(data, str) else data)))


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
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
        kids.append(f"{len(objects) - 1} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(kids)}] >>"
    objects.append(f"<< {info} >>")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(out)}\n%%EOF"
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


def zipped(members: dict[str, bytes | str]) -> bytes:
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
