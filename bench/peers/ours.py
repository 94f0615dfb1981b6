"""Ours, as a person has it: `index.build`, then `qa.retrieve` as of the day of the question."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from index import build
from index.embed import Embedder
from qa import retrieve

TITLE = "article-qa"
ASKED_FOR = 40
"""Passages, at most two of an article before those of others: so twenty articles."""


def index(folder: Path, store: Path, embedder: Embedder) -> Callable[[str, date, date | None], list[str]]:
    """Build a store, and return what searches it on a day, until a day."""
    build(folder, store=store, embedder=embedder)

    def search(question: str, today: date, until: date | None) -> list[str]:
        hits = retrieve(question, k=ASKED_FOR, store=store, today=today, until=until)
        return [hit.article.id for hit in hits]

    return search
