"""Plain text -> Article. The text is the file's own, character for character, below a header block if it has one.

A header block is a run of `Name: value` lines at the very top that begins with a title. Without one, only what a line
of its own plainly states is taken: a headline above an empty line, a byline, a copyright line.
"""

import re
from email.parser import HeaderParser

from index.errors import ArticleError
from index.formats.encoding import decode
from index.formats.fields import Fields, read_fields
from index.records import Article

HEADER = re.compile(r"(?:title|headline):.*\n(?:[A-Za-z][\w -]{0,30}:.*\n|[ \t]+\S.*\n)*(?:[ \t]*\n|\Z)", re.IGNORECASE)
HEADLINE = re.compile(r"\s*([^\n]{3,120}[^\s.,;:])[ \t]*\n[ \t]*\n")
PERSON = r"[A-Z][\w.'’-]*(?: (?:[a-z]{2,3} )?[A-Z][\w.'’-]*){1,4}"
BYLINE = re.compile(rf"^(?:By ({PERSON})|({PERSON})\s*✉)\s*$", re.MULTILINE)
COPYRIGHT = re.compile(
    r"^(?:©|\(c\)|copyright)(?: ?©)? *(?:19|20)\d\d ([^\n.]{2,60}?)[.,]? *all rights reserved\.?$",
    re.IGNORECASE | re.MULTILINE,
)


def read_text(path: str, data: bytes) -> list[Article]:
    """Read a .txt file."""
    text = decode(data)
    header = HEADER.match(text)
    if header:
        fields = read_fields(dict(HeaderParser().parsestr(header[0]).items()))
        text = text[header.end() :]
    else:
        fields = _said_in_lines(text)
    if not text.strip():
        raise ArticleError("there is no text in it")
    return [Article(id=path, path=path, text=text, **fields)]


def _said_in_lines(text: str) -> Fields:
    found: Fields = {}
    if headline := HEADLINE.match(text):
        found["title"] = headline[1]
    if byline := BYLINE.search(text):
        found["author"] = byline[1] or byline[2]
    if owner := COPYRIGHT.search(text):
        found["source"] = owner[1]
    return found
