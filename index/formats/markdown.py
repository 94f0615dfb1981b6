"""Markdown, with or without YAML front matter -> Article. The text is what a reader sees: no marks, no addresses."""

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from index.errors import ArticleError
from index.formats.encoding import decode
from index.formats.fields import read_fields
from index.formats.tables import row_of
from index.records import Article

DEEPEST = 100
"""Lists and quotes inside each other. What stands deeper the parser would drop, in silence: its own bound is 20."""
MOST_MARKS = 10_000
"""In one paragraph: the time that the parser takes grows with their square, 5 s for 100,000 brackets."""
MARKS = re.compile(r"[\[\]*_`<!]")
NAME_AND_VALUE = re.compile(r"(?P<name>[A-Za-z][\w-]*)\s*:\s+(?P<value>\S.*)$")
OPENS = frozenset("[{&*|>!%@`")
"""What a value of YAML begins with that is no plain text."""
NULLS = ("", "~", "null", "Null", "NULL")


def read_markdown(path: str, data: bytes) -> list[Article]:
    """Read a .md file; its first top heading is its title when the front matter gives none."""
    said, body = _front_matter(decode(data))
    fields = read_fields(said)
    tokens = _parser().parse(body)
    heading = next(_paragraphs(tokens[:3]), "") if tokens and tokens[0].tag == "h1" else ""
    if heading and fields.setdefault("title", heading) == heading:
        tokens = tokens[3:]  # the title is a field; said twice, it would be found twice
    text = "\n\n".join(_paragraphs(tokens))
    if not text:
        raise ArticleError("there is no text in it")
    return [Article(id=path, path=path, text=text, **fields)]


def _front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """Cut a file in its front matter and its text; the values are left as they are written."""
    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    try:
        front, body = handler.split(text)
    except ValueError:
        return {}, text  # it only begins with a rule
    try:
        said = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506 - it makes strings, lists and dicts only
    except RecursionError as error:
        raise ArticleError("its front matter is not YAML") from error
    except yaml.YAMLError as error:
        said = _line_by_line(front)
        if not said:
            raise ArticleError("its front matter is not YAML") from error
    if not isinstance(said, dict):
        return {}, text
    return {str(name): value for name, value in said.items() if value not in NULLS}, body


def _line_by_line(front: str) -> dict[str, object]:
    r"""Read front matter as people type it, each line a name and a value; nothing where a line is none.

    YAML refuses a title that begins with a quotation, or has a colon.

    >>> _line_by_line('title: "I stopped": the poet at 80\nsource: "The Post"')
    {'title': '"I stopped": the poet at 80', 'source': 'The Post'}
    >>> _line_by_line("title: [a\nno value")
    {}
    """
    lines = [line for line in front.splitlines() if line.strip() and not line.startswith("#")]
    said = [match for match in map(NAME_AND_VALUE.match, lines) if match]
    try:
        values = {match["name"]: _value(match["value"].rstrip()) for match in said}
    except (yaml.YAMLError, RecursionError):
        return {}
    return values if len(said) == len(lines) else {}


def _value(text: str) -> object:
    """Return a value as YAML reads it, or as it is written where that makes no sense; raise if it is no plain text."""
    try:
        value = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - as above
    except yaml.YAMLError:
        if text[0] in OPENS:
            raise
        return text
    return text if isinstance(value, dict) and text[0] not in OPENS else value


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable("table")
    parser.core.ruler.after("block", "bounds", _require_bearable)
    return parser


def _require_bearable(state: StateCore) -> None:
    """Refuse what the parser would cut off, or never be done with."""
    for token in state.tokens:
        if token.level >= DEEPEST - 1 and token.type in {"blockquote_open", "list_item_open"}:
            raise ArticleError(f"lists or quotes are nested more than {DEEPEST - 1} deep: save its text as .txt")
        if token.type == "inline" and len(MARKS.findall(token.content)) > MOST_MARKS:
            raise ArticleError(f"a paragraph with more than {MOST_MARKS:,} marks: save its text as .txt")


def _paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    cells: list[str] | None = None  # of the row that is open
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            line = row_of(cells)
            yield from [line] if line else filter(None, cells)
            cells = None
        words = " ".join((_words(token.children or []) if token.type == "inline" else _code(token)).split())
        if cells is not None and token.type == "inline":
            cells.append(words)
        elif words:
            yield words


def _words(inline: Sequence[Token]) -> str:
    return "".join(
        " " if token.type.endswith("break") else token.content for token in inline if token.type != "html_inline"
    )


def _code(token: Token) -> str:
    return token.content if token.type in {"fence", "code_block"} else ""
