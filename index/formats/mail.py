"""A mail -> Article: what was written, with its subject, its sender's name, its date and its language.

Attachments are not read. Of what it quotes the marks are left away, and lines that were cut at a width are joined.
"""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.formats.fields import Fields, read_fields
from index.formats.html import fragment_paragraphs
from index.records import Article

if TYPE_CHECKING:
    from datetime import datetime

UNREADABLE = (ArithmeticError, ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)
"""What the email package raises on headers and bodies that break its rules, instead of reporting them."""


def read_mail(path: str, data: bytes) -> list[Article]:
    """Read an .eml file, with what it quotes."""
    try:
        mail = message_from_bytes(data, policy=policy.default)
        if not {"from", "date", "subject"} & {name.lower() for name in mail}:
            raise ArticleError("not a mail: it has no From, Date or Subject")
        text, fields = _body(mail), _fields(mail)
    except UNREADABLE as error:
        raise ArticleError("a mail that breaks the rules of its format: save its text as .txt") from error
    if not text.strip():
        raise ArticleError("there is no text in it")
    return [Article(id=path, path=path, text=text, **fields)]


def _body(mail: EmailMessage) -> str:
    """Return the plain text of a mail, else the text of its HTML."""
    plain = mail.get_body(("plain",))
    text = str(plain.get_content()) if plain else ""
    if text.strip():
        return _unquoted(text)
    page = mail.get_body(("html",))
    return "\n\n".join(fragment_paragraphs(str(page.get_content()))) if page else ""


def _unquoted(text: str) -> str:
    r"""Return a text without the marks of what it quotes, and with its lines whole; a quotation is a paragraph.

    >>> _unquoted("Yes.\n> They found two cracks in the north pier, neither of them\n> deep.\n>> Is it true?")
    'Yes.\n\nThey found two cracks in the north pier, neither of them deep.\n\nIs it true?'
    """
    lines: list[str] = []
    deep, width = 0, 0
    for line in text.split("\n"):
        marks = QUOTED.match(line)
        said, depth = (line[marks.end() :], marks[0].count(">")) if marks else (line, 0)
        cut = width >= CUT and depth == deep and GOES_ON.match(said) is not None
        if cut:
            lines[-1] = f"{lines[-1].rstrip()} {said.strip()}"
        else:
            lines += [""] * (depth != deep and bool(said)) + [said]
        deep, width = depth, len(said.rstrip())
    return "\n".join(lines)


QUOTED = re.compile(r"(?:> ?)+")
CUT = 50
"""Characters of a line that may have been cut where the width ended."""
GOES_ON = re.compile(r"[a-z(]")
"""How the rest of a line begins that was cut."""


def _fields(mail: EmailMessage) -> Fields:
    sent: datetime | None = getattr(mail["date"], "datetime", None)
    senders = getattr(mail["from"], "addresses", ())
    names = [sender.display_name for sender in senders if sender.display_name]
    said = {"title": mail["subject"], "author": names, "published": sent, "language": mail["content-language"]}
    return read_fields(said)
