"""A set -> its articles, and the questions whose articles are known: `seeds`, and those of `bench.retrieval`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bench import seeds
from bench.retrieval import SETS as RETRIEVAL_SETS
from bench.retrieval import Asked
from index.load import list_files, open_file, read_articles
from index.records import Article

SEEDS = "seeds"
SETS = (SEEDS, "squad", "news-2022")
OURS_CUT = ("news-2022",)
"""Sets of which every peer is given our passages: to embed 90,000 of each peer's own takes hours."""
ROWS = "all.jsonl"


@dataclass(frozen=True)
class Corpus:
    """Articles in a folder, and questions about them."""

    name: str
    folder: Path
    articles: Sequence[Article]
    asked: Sequence[Asked]
    """By the ids of `articles`."""


def load(name: str, work: Path, *, questions: int) -> Corpus:
    """Load a set, and at most so many of its questions. Articles that lie in one file of data are put below `work`."""
    if name == SEEDS:
        folder = seeds.ROOT / "seeds"
        known = [question for question in seeds.load("test") if question.articles]
        asked = [Asked(question.text, date(2026, 1, 1), question.articles) for question in known]
    else:
        folder = work / name / "articles"
        rows, asked = RETRIEVAL_SETS[name]()
        asked = [replace(one, gold=frozenset(f"{ROWS}#{gold}" for gold in one.gold)) for one in asked]
        if not (folder / ROWS).exists():
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / ROWS).open("w") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
    return Corpus(name, folder, read(folder), asked[:questions])


def read(folder: Path) -> list[Article]:
    """Read the articles in a folder, as a build does."""
    articles = []
    for path in list_files(folder):
        with open_file(folder, path) as file:
            articles += [found for found in read_articles(path, file) if isinstance(found, Article)]
    return articles
