"""Questions that we wrote, most in other words than the passage's -> examples to learn from: `written/questions.jsonl`.

More than half ask about articles that we wrote too (`written/articles.jsonl`), the others about paragraphs of the data
that the reader is trained on, which are named by their digest: no word of theirs stands in the file. A question that
its passage does not answer asks for something near by. A line says where its text is held out, so that it stays so
when more are written.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.chunk import chunk_spans, embedded_text
from index.records import Article, Span
from qa.reader.examples import Example

FOLDER = Path(__file__).parent / "written"


@dataclass(frozen=True, slots=True)
class Text:
    """What a question is about."""

    article: Article
    chunks: tuple[Span, ...]

    def passage(self, chunk: Span) -> str:
        """Return a chunk as it is read."""
        return embedded_text(self.article, chunk)


def written(paragraphs: Iterable[str], folder: Path = FOLDER) -> tuple[list[Example], list[Example]]:
    """Return what is learned from, and what is held out to judge and to fit by.

    Those about a paragraph that is not among `paragraphs` are left out. A question that an article does not answer is
    an example for each of its chunks.
    """
    texts = {name(text): Text(Article(name(text), "", text), (Span(0, len(text)),)) for text in paragraphs}
    texts |= {article.id: Text(article, tuple(chunk_spans(article.text))) for article in articles(folder)}
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    parts: tuple[list[Example], list[Example]] = ([], [])
    for one in map(json.loads, lines):
        if one["about"] in texts:
            parts[one.get("held", False)].extend(_examples(one, texts[one["about"]]))
    return parts


def name(paragraph: str) -> str:
    """Return by what a paragraph is named."""
    return hashlib.sha256(paragraph.encode()).hexdigest()[:12]


def articles(folder: Path = FOLDER) -> Iterator[Article]:
    """Read our articles: each a title, and paragraphs, which are lists of sentences."""
    for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        text = "\n\n".join(" ".join(paragraph) for paragraph in told["paragraphs"])
        yield Article(told["id"], "", text, title=told["title"])


def _examples(asked: dict[str, object], text: Text) -> Iterator[Example]:
    question, group = str(asked["question"]), f"written/{text.article.id}"
    if asked["start"] is None:
        yield from (Example(question, text.passage(chunk), (), group) for chunk in text.chunks)
        return
    answer = Span(int(asked["start"]), int(asked["end"]))  # type: ignore[call-overload]  # JSON
    chunk = next(chunk for chunk in text.chunks if chunk.start <= answer.start < chunk.end)
    passage = text.passage(chunk)
    shift = len(passage) - chunk.end
    yield Example(question, passage, (Span(answer.start + shift, min(answer.end, chunk.end) + shift),), group)
