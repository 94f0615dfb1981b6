"""A web page -> Article: its main text, without menus and footers, and what its metadata says.

trafilatura finds the main text. Its lower bounds on length are lifted: a short page is an article too, and below the
bounds it falls back to one run-on paragraph that holds the menu as well.
"""

import codecs
import re
from collections.abc import Iterator
from configparser import ConfigParser
from typing import Any, cast

import trafilatura
from lxml import etree, html
from trafilatura.settings import use_config

from index.errors import ArticleError
from index.formats.encoding import decode
from index.formats.fields import Fields, read_fields, read_published
from index.records import Article

BOUNDS = ("MIN_EXTRACTED_SIZE", "MIN_EXTRACTED_COMM_SIZE", "MIN_OUTPUT_SIZE", "MIN_OUTPUT_COMM_SIZE")
BLOCKS = frozenset({"p", "head", "list", "item", "row", "cell", "quote", "code", "div"})
PUBLISHED = "//meta[@property='article:published_time' or @name='date' or @itemprop='datePublished']/@content"
CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
UTF8_ONLY = ("utf-8", "utf8", "ascii", "us-ascii")


def read_html(path: str, data: bytes) -> list[Article]:
    """Read an .html file."""
    page = _decode(data)
    found: Any = trafilatura.bare_extraction(  # its Document, as nothing asks for a dict
        page,
        include_comments=False,
        with_metadata=True,
        config=_no_bounds(),
        date_extraction_params={"extensive_search": False},
    )
    if found is None or found.body is None:
        raise ArticleError("there is no main text in it")
    fields = read_fields({"title": found.title, "author": found.author, "source": found.sitename, "url": found.url})
    fields |= _published(page, found.date)
    paragraphs = _paragraphs(found.body)
    if paragraphs and paragraphs[0] == fields.get("title"):
        del paragraphs[0]  # the title is a field; said twice, it would be found twice
    if not paragraphs:
        raise ArticleError("there is no main text in it")
    return [Article(id=path, path=path, text="\n\n".join(paragraphs), **fields)]


def _decode(data: bytes) -> str:
    declared = CHARSET.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in UTF8_ONLY:
        try:
            return codecs.decode(data, name)
        except (LookupError, UnicodeDecodeError):
            pass  # the page is wrong about itself: let the bytes say
    return decode(data)


def _no_bounds() -> ConfigParser:
    config: ConfigParser = use_config()
    for bound in BOUNDS:
        config.set("DEFAULT", bound, "1")
    return config


def _published(page: str, day: str | None) -> Fields:
    """Prefer the moment that the metadata names: trafilatura keeps the day only."""
    tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    said = [read_published(str(value)) for value in cast("list[str]", tree.xpath(PUBLISHED))]
    published = next(filter(None, said), None) or read_published(day)
    return {"published": published} if published else {}


def _paragraphs(body: etree._Element) -> list[str]:
    """Return the text of the page in reading order, cut where a block begins or ends."""
    lines = (" ".join(line.split()) for line in "".join(_flow(body)).split("\n"))
    return [line for line in lines if line]


def _flow(node: etree._Element) -> Iterator[str]:
    """Yield the text below `node`; a newline stands where a block begins or ends, and nowhere else."""
    edge = "\n" if node.tag in BLOCKS else " " if node.tag == "lb" else ""
    yield edge + " ".join((node.text or "").split("\n"))
    for child in node:
        yield from _flow(child)
        yield " ".join((child.tail or "").split("\n"))
    yield edge
