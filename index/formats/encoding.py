"""Bytes -> text, with no character dropped or replaced in silence; ArticleError where the bytes are not text."""

import codecs
import re

import charset_normalizer

from index.errors import ArticleError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
DETECTION_BYTES = 200_000


def decode(data: bytes) -> str:
    r"""Decode `data` and turn every line end into a newline.

    >>> decode(b"\xef\xbb\xbfcaf\xc3\xa9\r\n")
    'café\n'
    """
    text = _decode(data)
    if CONTROL.search(text):
        raise ArticleError("not a text file: it holds control characters")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def printable(text: str) -> str:
    r"""Put U+FFFD where `text`, which was packed in another format, holds what is no character of a text.

    >>> printable("caf\xe9\x00\r\n")
    'café�\n'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return LONE_SURROGATE.sub("\ufffd", CONTROL.sub("\ufffd", text))


def _decode(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise ArticleError(f"not a text file: it says {encoding} and is not") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _detect(data)


def _detect(data: bytes) -> str:
    if b"\0" in data:
        raise ArticleError("not a text file: it holds zero bytes")
    best = charset_normalizer.from_bytes(data[:DETECTION_BYTES]).best()
    if best is None:
        raise ArticleError("not a text file: no encoding fits it")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(f"its encoding is unclear: {best.encoding} fits the beginning only") from error
