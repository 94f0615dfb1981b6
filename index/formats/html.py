"""A web page -> Article: its main text, without menus and footers, and what its metadata says.

A fragment of HTML, as feeds and mails carry, has neither menus nor metadata: all of its text is read.

trafilatura finds the main text. Its lower bounds on length are lifted: a short page is an article too, and below the
bounds it falls back to one run-on paragraph that holds the menu as well.
"""

import json
import re
from collections.abc import Iterator, Set
from configparser import ConfigParser
from itertools import islice
from typing import Any, cast

from lxml import etree, html

from index.errors import ArticleError
from index.formats.encoding import BYTE_ORDER_MARKS, decode, printable
from index.formats.fields import read_fields, read_language, read_published
from index.formats.latin import composed
from index.formats.tables import row_of
from index.records import Article

BOUNDS = ("MIN_EXTRACTED_SIZE", "MIN_EXTRACTED_COMM_SIZE", "MIN_OUTPUT_SIZE", "MIN_OUTPUT_COMM_SIZE")
BLOCKS = frozenset({"p", "head", "list", "item", "row", "cell", "quote", "code", "div"})
FRAGMENT_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figcaption", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
UNSEEN = ("head", "script", "style", "template", "noscript")
PUBLISHED = (
    *("article:published_time", "og:published_time", "datepublished", "pubdate", "publish-date", "publish_date"),
    *("publication_date", "parsely-pub-date", "sailthru.date", "citation_publication_date", "dc.date.issued"),
    *("dcterms.issued", "dc.date", "date"),
)
"""Names of meta elements, in small letters, the plainest first."""
ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|WebPage)$")
SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4,}\)(https?://\S+) -->")
"""What browsers write at the top of a page that they save."""
TOP = 4096
MOST_TAGS = 100_000
"""A third of a millisecond each, in trafilatura; the longest pages of an encyclopedia have fewer."""
CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,20})", re.IGNORECASE)
MARKS = tuple(mark for mark, _ in BYTE_ORDER_MARKS)
UTF8_ONLY = ("utf-8", "utf8")
MEANT = {
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "latin1", "latin-1"), "cp1252"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601", "korean"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis"), "cp932"),
    "iso-8859-8-i": "iso-8859-8",
    "windows-1258": "cp1258",
}
"""What pages mean by these names, and browsers read: the standard of the Web, WHATWG's, says so."""


def read_html(path: str, data: bytes) -> list[Article]:
    """Read an .html file."""
    import trafilatura

    page = _decode(data)
    tree = _parse(page)
    if tree is None:
        raise ArticleError("there is no main text in it")
    metadata = _metadata(tree)
    found: Any = trafilatura.bare_extraction(  # its Document, as nothing asks for a dict
        tree,
        include_comments=False,
        with_metadata=True,
        config=_no_bounds(),
        date_extraction_params={"extensive_search": False},
    )
    if found is None or found.body is None:
        raise ArticleError("there is no main text in it")
    said = {"title": found.title, "author": found.author, "source": found.sitename}
    fields = read_fields(said | metadata | {"url": found.url or _saved_from(page)})
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

    Raises ArticleError where its tags are nested too deep, or too many.
    """
    tree = _parse(markup)
    if tree is None:
        return []
    etree.strip_elements(tree, *UNSEEN, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return _paragraphs(tree, FRAGMENT_BLOCKS)


def _parse(markup: str) -> html.HtmlElement | None:
    """Return the tree of a page or a fragment, None where there is nothing in it.

    What stands deeper than the parser's bound it drops, and all that comes after it: that must not happen in silence.
    """
    # Without huge_tree the bound is 256, and a text is cut at 10 MB.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(printable(markup).encode(), parser=parser)
    except etree.ParserError:
        return None
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise ArticleError("its tags are nested more than 2,000 deep: save its text as .txt")
    if sum(1 for _ in islice(tree.iter(), MOST_TAGS + 1)) > MOST_TAGS:
        raise ArticleError(f"more than {MOST_TAGS:,} tags: split it")
    return tree


def _decode(data: bytes) -> str:
    """Decode a page by its mark, else by what it says of itself, else by its bytes."""
    declared = CHARSET.search(data[:TOP])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name not in UTF8_ONLY and not data.startswith(MARKS):
        try:
            encoding = MEANT.get(name, name)
            return composed(data.decode(encoding), encoding)
        except (LookupError, ValueError):
            pass  # the page is wrong about itself: let the bytes say
    return decode(data)


def _no_bounds() -> ConfigParser:
    from trafilatura.settings import use_config

    config: ConfigParser = use_config()
    for bound in BOUNDS:
        config.set("DEFAULT", bound, "1")
    return config


def _metadata(tree: html.HtmlElement) -> dict[str, object]:
    """Return when the page says that it was published, with the time, and its language.

    trafilatura keeps the day only, and takes dates that can be read in two ways.
    """
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if (meta.get("http-equiv") or "").lower() == "content-language":
            name = "content-language"
        metas.setdefault(name.lower(), meta.get("content") or "")
    dates = [metas.get(name) for name in PUBLISHED] + [*_marked_dates(tree), *_linked_dates(tree)]
    tags = (tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang"), tree.get("xml:lang"))
    languages = (*tags, metas.get("og:locale"), metas.get("content-language"))
    return {
        "published": next(filter(None, map(read_published, dates)), None),
        "language": next(filter(None, map(read_language, languages)), None),
    }


def _marked_dates(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the dates that elements of the page are marked with as those of publication."""
    for node in cast("list[html.HtmlElement]", tree.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]")):
        yield node.get("content") or node.get("datetime") or str(node.text or "")


def _linked_dates(tree: html.HtmlElement) -> Iterator[str]:
    """Yield the dates of publication in what the page says of itself in JSON (schema.org's linked data)."""
    for script in cast("list[html.HtmlElement]", tree.xpath("//script[@type='application/ld+json']")):
        try:
            said = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for thing in _things(said):
            kinds = thing.get("@type")
            if any(ARTICLE_TYPE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                yield str(thing.get("datePublished"))


def _things(said: object) -> Iterator[dict[str, object]]:
    """Yield the objects of linked data: one, a list, or a graph of them."""
    for thing in said if isinstance(said, list) else [said]:
        if isinstance(thing, dict):
            graph = thing.get("@graph")
            yield from (part for part in (graph if isinstance(graph, list) else [thing]) if isinstance(part, dict))


def _saved_from(page: str) -> str | None:
    found = SAVED_FROM.search(page, 0, TOP)
    return found[1] if found else None


def _paragraphs(body: etree._Element, blocks: Set[str]) -> list[str]:
    """Return the text of the page in reading order, cut where a block begins or ends."""
    for row in list(body.iter("row", "tr")):
        _flatten(row, blocks)
    return _lines(body, blocks)


def _lines(body: etree._Element, blocks: Set[str]) -> list[str]:
    lines = (" ".join(line.split()) for line in "".join(_flow(body, blocks)).split("\n"))
    return [line for line in lines if line]


def _flatten(row: etree._Element, blocks: Set[str]) -> None:
    """Put the cells of a row in one line, unless they hold more than a line each: then the table is for looks."""
    if next(row.iterdescendants("row", "tr"), None) is not None:
        return
    cells = [_lines(cell, blocks) for cell in row if cell.tag in {"cell", "td", "th"}]
    line = row_of([" ".join(cell) for cell in cells]) if all(len(cell) < 2 for cell in cells) else None
    if line:
        tail = row.tail
        row.clear()
        row.text, row.tail = line, tail


def _flow(body: etree._Element, blocks: Set[str]) -> Iterator[str]:
    """Yield the text below `body`; a newline stands where a block begins or ends, and nowhere else.

    It walks, as a page may be nested deeper than calls can be.
    """
    for event, node in etree.iterwalk(body, events=("start", "end")):
        yield "\n" if node.tag in blocks else " " if node.tag == "lb" else ""
        said = node.text if event == "start" else node.tail
        yield " ".join((said or "").split("\n"))
