"""A mail -> Article: what was written, with its subject, its sender's name, its date and its language.

Attachments are not read.
"""

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
    """Read an .eml file; its lines are kept as they were sent, those it quotes included."""
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
        return text
    page = mail.get_body(("html",))
    return "\n\n".join(fragment_paragraphs(str(page.get_content()))) if page else ""


def _fields(mail: EmailMessage) -> Fields:
    sent: datetime | None = getattr(mail["date"], "datetime", None)
    senders = getattr(mail["from"], "addresses", ())
    names = [sender.display_name for sender in senders if sender.display_name]
    said = {"title": mail["subject"], "author": names, "published": sent, "language": mail["content-language"]}
    return read_fields(said)
