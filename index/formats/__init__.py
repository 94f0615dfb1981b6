"""One file a format: bytes in, Articles out, with what the file says of itself.

A reader gives the whole text of an article as paragraphs, and the fields it found; it raises ArticleError, with a
reason that a person can act on, where there is no text to be had. A file of many articles gives each the id `path#key`.
"""

from collections.abc import Callable, Mapping
from functools import partial

from index.formats.archive import read_archive
from index.formats.docx import read_docx
from index.formats.feed import read_feed
from index.formats.html import read_html
from index.formats.mail import read_mail
from index.formats.markdown import read_markdown
from index.formats.pdf import read_pdf
from index.formats.rows import read_csv, read_json, read_jsonl
from index.formats.text import read_text
from index.records import Article

Reader = Callable[[str, bytes], list[Article]]

UNPACKED: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".eml": read_mail,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}

READERS: Mapping[str, Reader] = {**UNPACKED, ".zip": partial(read_archive, readers=UNPACKED)}
