"""A build holds a batch in memory, however large the file; and real news is indexed row by row."""

import json
import lzma
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from index import build
from tests.conftest import ROOT, SHARED, HashingEmbedder

pytestmark = pytest.mark.scale
PROGRAM = """
import resource, sys
from index import build
from tests.conftest import HashingEmbedder
report = build(sys.argv[1], store=sys.argv[2], embedder=HashingEmbedder(dimension=8))
print(report.added, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
SENTENCES = [
    f"The clerk of harbour {number} wrote down {number * 7919} sacks of grain that day." for number in range(100)
]


def built_alone(rows: int, place: Path) -> tuple[int, int]:
    """Index so many rows of 8,000 characters in a process of its own: how many were added, and its peak in MB."""
    (place / f"{rows}").mkdir()
    with (place / f"{rows}" / "news.jsonl").open("w") as file:
        for row in range(rows):
            text = " ".join(
                f"Clerk {row} wrote sack {row * 100 + line} of harbour{row * 7 + line}." for line in range(170)
            )
            file.write(json.dumps({"id": row, "text": text}) + "\n")
    command = [sys.executable, "-c", PROGRAM, str(place / f"{rows}"), str(place / f"store{rows}")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return int(said[0]), int(said[1])


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    few, many = built_alone(100, tmp_path), built_alone(1500, tmp_path)
    assert (few[0], many[0]) == (100, 1500)
    assert many[1] < few[1] + 8, "1,400 more rows are 12 MB of text"


@pytest.fixture(scope="module")
def real_news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the first 500 of the articles for measuring, as lines of JSON."""
    packed = SHARED / "data" / "realtimeqa" / "articles.jsonl.xz"
    if not packed.exists():
        assert not os.environ.get("CI"), f"{packed} is absent, and CI must have it"
        pytest.skip(f"{packed} is absent: it holds real news, which may not be published with the code")
    folder = tmp_path_factory.mktemp("news")
    with lzma.open(packed, "rt") as lines:
        (folder / "news.jsonl").write_text("".join(islice(lines, 500)))
    return folder


def test_real_news_is_indexed_row_by_row(real_news: Path, store: Path) -> None:
    file = real_news / "news.jsonl"
    assert build(real_news, store=store, embedder=HashingEmbedder()).added == 500
    lines = file.read_text().splitlines(keepends=True)
    edited = json.loads(lines[7])
    edited["text"] += " A line was added."
    new = edited | {"id": "new"}
    file.write_text("".join([*lines[:7], json.dumps(edited) + "\n", *lines[9:], json.dumps(new) + "\n"]))
    embedder = HashingEmbedder(embedded=[])
    report = build(real_news, store=store, embedder=embedder)
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 1, 498)
    assert report.failed == ()
    assert len(embedder.embedded or []) <= 4
