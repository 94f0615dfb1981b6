"""Answers, hits and builds -> the JSON that the commands print and the API returns; pure.

The classes are what the API's schema is made of.
"""

from collections.abc import Iterable
from typing import TypedDict

from index.records import Article, BuildReport, Hit
from qa.answer import Answer
from qa.compose import Citation


class FailureFields(TypedDict):
    """A file that could not be read, and why."""

    path: str
    reason: str


class ReportFields(TypedDict):
    """What a build did, in articles."""

    added: int
    changed: int
    removed: int
    unchanged: int
    failed: list[FailureFields]


class ArticleFields(TypedDict):
    """The id of an article, and what it says of itself."""

    article: str
    title: str | None
    source: str | None
    published: str | None
    url: str | None


class HitFields(ArticleFields):
    """A passage that was found: `text` is the article's text from `start` to `end`."""

    start: int
    end: int
    score: float
    text: str


class HitsFields(TypedDict):
    """The passages found, best first."""

    hits: list[HitFields]


class CitationFields(ArticleFields):
    """A number in an answer: `quote` is the article's text from `start` to `end`."""

    number: int
    start: int
    end: int
    quote: str


class AnswerFields(TypedDict):
    """An answer and what it rests on; `answered` is false when the articles do not say."""

    answered: bool
    text: str
    citations: list[CitationFields]


def report_fields(report: BuildReport) -> ReportFields:
    """Return what `article-qa index --json` prints."""
    return {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "failed": [{"path": failure.path, "reason": failure.reason} for failure in report.failed],
    }


def hits_fields(hits: Iterable[Hit]) -> HitsFields:
    """Return what `article-qa retrieve --json` prints."""
    return {"hits": [_hit_fields(hit) for hit in hits]}


def answer_fields(answer: Answer) -> AnswerFields:
    """Return what `article-qa ask --json` prints."""
    citations = [_citation_fields(citation) for citation in answer.citations]
    return {"answered": answer.answered, "text": answer.text, "citations": citations}


def _hit_fields(hit: Hit) -> HitFields:
    return {**_article_fields(hit.article), "start": hit.start, "end": hit.end, "score": hit.score, "text": hit.text}


def _citation_fields(citation: Citation) -> CitationFields:
    return {
        "number": citation.number,
        **_article_fields(citation.article),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }


def _article_fields(article: Article) -> ArticleFields:
    return {
        "article": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "url": article.url,
    }
