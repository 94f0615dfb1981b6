"""A store of real size: 26,254 news articles in one file of JSON lines, built in one go, then changed a little.

    python -m bench.scale ../shared/data/realtimeqa/articles.jsonl.xz FOLDER [--json FILE] [--stand-in]

Each step is the command `article-qa index` in a process of its own; its time is of the whole process, its peak memory
what the system counted for it. FOLDER keeps the articles and the store, so that a second call goes on from there.

With `--stand-in` the embedding model is replaced by one that hashes words, of the same dimension, in no time: what is
measured then is everything but the model; one batch in N goes through the model all the same, so that its memory is
there too (0: none). `--first N` takes the first N articles only.
"""

import argparse
import json
import lzma
import os
import random
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from index.choose import load_embedder
from index.embed import Vectors
from index.settings import DEFAULT_MODEL

CHANGES = 100
ROWS = random.Random(0).sample(range(26_000), 3 * CHANGES)
CHOSEN = {row: order // CHANGES for order, row in enumerate(ROWS)}
"""What happens to each row that changes: 0 it goes, 1 it is edited, 2 another one comes behind it."""
MODEL = "import sys; from ui.cli import main; sys.exit(main())"
STAND_IN = (
    "import bench.scale, sys; "
    f"sys.modules['index.build'].load_embedder = lambda _: bench.scale.WordHasher(every); {MODEL}"
)


class WordHasher:
    """An Embedder that takes no time: each word turns a few of 384 numbers, so texts that share words are close."""

    def __init__(self, every: int) -> None:
        self._model, self._every, self._calls = load_embedder(DEFAULT_MODEL), every, 0
        self.fingerprint, self.dimension = self._model.fingerprint, self._model.dimension
        self._rows = np.random.default_rng(0).standard_normal((4096, self.dimension), np.float32)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what may be found; shape (len(texts), 384)."""
        self._calls += 1
        if self._every and self._calls % self._every == 0:
            return self._model.passages(texts)
        vectors = np.stack(
            [self._rows[[zlib.crc32(word.encode()) % 4096 for word in text.split()]].sum(0) for text in texts]
        )
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def question(self, text: str) -> Vectors:
        """Embed what is asked; shape (384,)."""
        return np.asarray(self.passages([text])[0])


def main() -> None:
    """Run the steps and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("packed", type=Path, help="articles.jsonl.xz")
    parser.add_argument("folder", type=Path, help="where to work: 3 GB")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--stand-in", type=int, metavar="N", help="hash words instead, but for one batch in N")
    parser.add_argument("--first", type=int, default=10**9, metavar="N", help="take the first N articles only")
    given = parser.parse_args()
    run = partial(run_index, program=MODEL if given.stand_in is None else f"every = {given.stand_in}; {STAND_IN}")
    articles = given.folder / "articles"
    file, store = articles / "articles.jsonl", given.folder / "store"
    figures: dict[str, object] = {}
    if not file.exists():
        articles.mkdir(parents=True)
        with lzma.open(given.packed) as packed, file.open("wb") as unpacked:
            unpacked.writelines(islice(packed, given.first))
        figures["built in one go"] = run(articles, store)
    figures["nothing changed"] = run(articles, store)
    edit(file, change_rows)
    figures[f"{CHANGES} added, {CHANGES} edited, {CHANGES} deleted"] = run(articles, store)
    for number in range(3):
        text = f"The harbour master of Pollensa counted {time.time_ns()} sails on the day of the regatta. " * 20
        (articles / f"one-{time.time_ns()}.txt").write_text(f"Title: Sails\n\n{text}")
        figures[f"one article added, with the model, {number + 1}"] = run_index(articles, store, program=MODEL)
    print(json.dumps(figures, indent=2))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n")


def run_index(articles: Path, store: Path, *, program: str) -> dict[str, object]:
    """Run `article-qa index` and return what it said, its seconds and its peak memory."""
    began = time.monotonic()
    command = [sys.executable, "-c", program, "index", str(articles), "--store", str(store), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = running.stdout.read()
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0, said
    report: dict[str, Any] = json.loads(said)
    took = {
        "seconds": round(time.monotonic() - began, 2),
        "processor seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak MB": used.ru_maxrss // 1024,
        "database MB": sum(file.stat().st_size for file in store.glob("articles.db*")) // 2**20,
        "vectors MB": (store / "vectors.faiss").stat().st_size // 2**20,
    }
    print(took, report | {"failed": len(report["failed"])}, file=sys.stderr, flush=True)
    return took | report | {"failed": len(report["failed"])}


def edit(file: Path, change: Callable[[int, str], list[str]]) -> None:
    """Write a file anew, each line in place of what `change` makes of it."""
    beside = file.with_suffix(".new")
    with file.open() as lines, beside.open("w") as out:
        for number, line in enumerate(lines):
            out.writelines(change(number, line))
    beside.replace(file)


def change_rows(number: int, line: str) -> list[str]:
    """Delete, edit or double a row, each of them for a hundred rows spread over the file."""
    place = CHOSEN.get(number)
    if place is None:
        return [line]
    row = json.loads(line)
    middle = len(row["text"]) // 2
    edited = row | {"text": f"{row['text'][:middle]} The clerk added {number} lines. {row['text'][middle:]}"}
    new = row | {"id": f"new/{number}/{time.time_ns()}", "text": row["text"][::2]}
    return [[], [json.dumps(edited) + "\n"], [line, json.dumps(new) + "\n"]][place]


if __name__ == "__main__":
    main()
