"""Bytes -> text, with no character dropped or replaced in silence; ArticleError where the bytes are not text."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

import charset_normalizer

from index.errors import ArticleError
from index.formats.eastern import eastern_encoding
from index.formats.latin import composed, latin_encoding

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
UNUSUAL = re.compile(r"[\x00-\x08\x0d-\x1a\x1c-\x1f\ud800-\udfff]")
DETECTION_BYTES = 200_000
MOSTLY = 4
"""Whole characters for a damaged one."""
BLOCK = 2**20
MAX_LINE = 16 * 2**20
"""Characters of one line, of a file that is read by the line."""


def decode(data: bytes) -> str:
    r"""Decode `data` and turn every line end into a newline.

    >>> decode(b"\xef\xbb\xbfcaf\xc3\xa9\r\n")
    'café\n'
    """
    text = _decode(data)
    if CONTROL.search(text):
        raise ArticleError("not a text file: it holds control characters")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines_of(file: IO[bytes]) -> Iterator[str]:
    r"""Yield the lines of a file of any size, each with its newline, in the encoding that fits all of it.

    >>> import io
    >>> list(lines_of(io.BytesIO(b"caf\xc3\xa9\r\nx")))
    ['café\n', 'x']
    """
    encoding, start = _encoding_of(file)
    file.seek(start)
    lines = io.TextIOWrapper(file, encoding)
    try:
        while line := lines.readline(MAX_LINE):
            if len(line) == MAX_LINE:
                raise ArticleError(f"holds a line of more than {MAX_LINE:,} characters: split it")
            if CONTROL.search(line):
                raise ArticleError("not a text file: it holds control characters")
            yield composed(line, encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(f"its encoding is unclear: {encoding} fits the beginning only") from error
    finally:
        if not file.closed:  # as it is where the rest was not asked for
            lines.detach()


def printable(text: str) -> str:
    r"""Put U+FFFD where `text`, which was packed in another format, holds what is no character of a text.

    >>> printable("caf\xe9\x00\r\n")
    'café�\n'
    """
    if not UNUSUAL.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNUSUAL.sub("\ufffd", text)


def _decode(data: bytes) -> str:
    encoding, start = _encoding_of(io.BytesIO(data))
    try:
        return composed(data[start:].decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(f"its encoding is unclear: {encoding} fits the beginning only") from error


def _encoding_of(file: IO[bytes]) -> tuple[str, int]:
    """Return the encoding of a file, and the offset behind its mark, reading a block at a time."""
    head = file.read(BLOCK)
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    file.seek(0)
    return _detect(_not_utf8(file)), 0


def _not_utf8(file: IO[bytes]) -> bytes:
    """Return whole lines about the first byte that is not UTF-8; none where all of the file is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    last = b""
    try:
        while block := file.read(BLOCK):
            last = block
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        place = error.start if block else len(last)
        return _whole_lines(last, max(0, place - DETECTION_BYTES // 2))
    return b""


def _whole_lines(block: bytes, start: int) -> bytes:
    r"""Cut a sample at its line ends, where it has some: a character of several bytes has no newline in it.

    >>> _whole_lines(b"one\ntwo\n", 1)
    b'two\n'
    """
    end = start + DETECTION_BYTES
    first = block.find(b"\n", start, end) + 1 if start else 0
    last = block.rfind(b"\n", start, end) + 1 if end < len(block) else end
    return block[first:last] if first < last else block[start:end]


def _detect(sample: bytes) -> str:
    """Return the encoding of `sample`, which holds a byte that is not UTF-8, or nothing."""
    if not sample:
        return "utf-8"
    if b"\0" in sample:
        raise ArticleError("not a text file: it holds zero bytes")
    if _is_damaged_utf8(sample):
        raise ArticleError("UTF-8 with damaged characters: save it anew as UTF-8")
    if spelt := eastern_encoding(sample) or latin_encoding(sample):
        return spelt
    best = charset_normalizer.from_bytes(sample).best()
    if best is None:
        raise ArticleError("not a text file: no encoding fits it")
    return best.encoding


def _is_damaged_utf8(sample: bytes) -> bool:
    """Tell whether nearly all that is beyond ASCII is UTF-8: no other encoding looks like that by chance."""
    read = sample.decode("utf-8", "replace")
    damaged = read.count("\ufffd")
    whole = sum(character > "\x7f" for character in read) - damaged
    return whole > MOSTLY * damaged
