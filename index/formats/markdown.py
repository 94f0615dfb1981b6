"""Markdown, with or without YAML front matter -> Article. The text is what a reader sees: no marks, no addresses."""

from collections.abc import Iterator, Sequence

import frontmatter
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import ArticleError
from index.formats.encoding import decode
from index.formats.fields import read_fields
from index.records import Article


def read_markdown(path: str, data: bytes) -> list[Article]:
    """Read a .md file; its first top heading is its title when the front matter gives none."""
    try:
        said, body = frontmatter.parse(decode(data))
    except yaml.YAMLError as error:
        raise ArticleError("its front matter is not YAML") from error
    fields = read_fields(said)
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    heading = next(_paragraphs(tokens[:3]), "") if tokens and tokens[0].tag == "h1" else ""
    if heading and fields.setdefault("title", heading) == heading:
        tokens = tokens[3:]  # the title is a field; said twice, it would be found twice
    text = "\n\n".join(_paragraphs(tokens))
    if not text:
        raise ArticleError("there is no text in it")
    return [Article(id=path, path=path, text=text, **fields)]


def _paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        words = _words(token.children or []) if token.type == "inline" else _code(token)
        if words.strip():
            yield " ".join(words.split())


def _words(inline: Sequence[Token]) -> str:
    return "".join(
        " " if token.type.endswith("break") else token.content for token in inline if token.type != "html_inline"
    )


def _code(token: Token) -> str:
    return token.content if token.type in {"fence", "code_block"} else ""
