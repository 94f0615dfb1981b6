"""A web page -> Article: its main text, without menus and footers, and what its metadata says.

A fragment of HTML, as feeds and mails carry, has neither menus nor metadata: all of its text is read.

trafilatura finds the main text. Its lower bounds on length are lifted: a short page is an article too, and below the
bounds it falls back to one run-on paragraph that holds the menu as well.
"""

import codecs
import re
from collections.abc import Iterator, Set
from configparser import ConfigParser
from typing import Any, cast

import trafilatura
from lxml import etree, html
from trafilatura.settings import use_config

from index.errors import ArticleError
from index.formats.encoding import decode, printable
from index.formats.fields import Fields, read_fields, read_published
from index.records import Article

BOUNDS = ("MIN_EXTRACTED_SIZE", "MIN_EXTRACTED_COMM_SIZE", "MIN_OUTPUT_SIZE", "MIN_OUTPUT_COMM_SIZE")
BLOCKS = frozenset({"p", "head", "list", "item", "row", "cell", "quote", "code", "div"})
FRAGMENT_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figcaption", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
UNSEEN = ("head", "script", "style", "template", "noscript")
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
    paragraphs = _paragraphs(found.body, BLOCKS)
    if paragraphs and paragraphs[0] == fields.get("title"):
        del paragraphs[0]  # the title is a field; said twice, it would be found twice
    if not paragraphs:
        raise ArticleError("there is no main text in it")
    return [Article(id=path, path=path, text="\n\n".join(paragraphs), **fields)]


def fragment_paragraphs(markup: str) -> list[str]:
    """Return the text of a fragment of HTML, one string a paragraph.

    >>> fragment_paragraphs("It <b>rained</b>.<script>x</script><ul><li>Grain<li>A &amp; B</ul>")
    ['It rained.', 'Grain', 'A & B']
    """
    try:
        tree = html.document_fromstring(printable(markup).encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return []  # there is nothing in it
    etree.strip_elements(tree, *UNSEEN, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return _paragraphs(tree, FRAGMENT_BLOCKS)


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


def _paragraphs(body: etree._Element, blocks: Set[str]) -> list[str]:
    """Return the text of the page in reading order, cut where a block begins or ends."""
    lines = (" ".join(line.split()) for line in "".join(_flow(body, blocks)).split("\n"))
    return [line for line in lines if line]


def _flow(body: etree._Element, blocks: Set[str]) -> Iterator[str]:
    """Yield the text below `body`; a newline stands where a block begins or ends, and nowhere else.

    It walks, as a page may be nested deeper than calls can be.
    """
    for event, node in etree.iterwalk(body, events=("start", "end")):
        yield "\n" if node.tag in blocks else " " if node.tag == "lb" else ""
        said = node.text if event == "start" else node.tail
        yield " ".join((said or "").split("\n"))
