"""One file a format: bytes in, Articles out, with what the file says of itself.

A reader gives the whole text of an article as paragraphs, and the fields it found; it raises ArticleError, with a
reason that a person can act on, where there is no text to be had.
"""

from collections.abc import Callable, Mapping

from index.formats.html import read_html
from index.formats.markdown import read_markdown
from index.formats.text import read_text
from index.records import Article

Reader = Callable[[str, bytes], list[Article]]

READERS: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
}
