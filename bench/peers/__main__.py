"""Measure ours and its peers side by side: `python -m bench.peers SET ...`, `python -m bench.peers --speed`.

Sets: `seeds`, `squad`, `news-2022`. Peers are installed by `make .venv-peers/done` into an environment of their own,
whose python runs this. `--only NAME ...` chooses among them. What is measured is kept in `bench/results/DAY-peers.json`
and `DAY-peers-speed.json`, set by set, so that a later run of the same day adds to it or replaces it.
"""

import argparse
import importlib
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.peers import corpus, ours
from bench.peers.measure import above_and_below, figures, measure
from bench.peers.passage import Peer, day_number, our_passages
from bench.peers.vectors import KeptVectors
from bench.retrieval import Asked
from index.choose import load_embedder
from index.encoder import MODELS
from index.settings import read_settings

PEERS = ("bm25s", "txtai", "llama_index", "haystack", "langchain")
LIBRARIES = ("bm25s", "txtai", "llama-index-core", "haystack-ai", "langchain-classic", "sentence-transformers", "torch")
INSTALL = "run `make .venv-peers/done`, then this with .venv-peers/bin/python"
SILENT = {
    "HF_HUB_OFFLINE": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}

"""Nothing is fetched, and nothing is told to anybody."""
RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    """Measure what is asked for, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"one of {' '.join(corpus.SETS)}")
    parser.add_argument("--speed", action="store_true", help="how fast passages are embedded, instead of quality")
    parser.add_argument("--only", nargs="+", choices=PEERS, default=PEERS, help="the peers to measure")
    parser.add_argument("--questions", type=int, default=500, help="of a set, at most")
    parser.add_argument("--articles", type=int, default=30, help="of news, whose passages --speed embeds: some 300")
    parser.add_argument("--work", type=Path, default=Path("bench/work"), help="where articles and vectors are kept")
    given = parser.parse_args()
    if set(given.sets) - set(corpus.SETS) or bool(given.sets) == given.speed:
        parser.error(f"give --speed, or some of the sets {' '.join(corpus.SETS)}")
    os.environ.update(SILENT)
    given.work.mkdir(parents=True, exist_ok=True)
    peers = [_peer(name) for name in given.only]
    if given.speed:
        from bench.peers import speed

        rows = random.Random(0).sample(_rows(given.work), given.articles)
        for name in MODELS:
            keep("peers-speed", name, said() | speed.measure(name, rows, peers, given.work))
        return
    for name in given.sets:
        one = corpus.load(name, given.work, questions=given.questions)
        rows_of: dict[str, Mapping[str, object]] = {}
        result = said() | {"articles": len(one.articles), "questions": len(one.asked), "rows": rows_of}
        for title, row in beside(one, peers, given.work):
            print(title, row, flush=True)
            rows_of[title] = row
            keep("peers", name, result)


def beside(one: corpus.Corpus, peers: Sequence[Peer], work: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the figures of each way of searching, ours first."""
    embedder = KeptVectors(load_embedder(read_settings().model), work / "vectors")
    passages = our_passages(one.articles)
    embedder.learn([passage.text for passage in passages])
    with tempfile.TemporaryDirectory(dir=work) as store:
        search, built = timed(lambda: ours.index(one.folder, Path(store), embedder))
        best = measure(lambda asked: search(asked.text, asked.today, asked.until), one.asked)
    yield ours.TITLE, {"passages": len(passages), "build seconds": built} | figures(best)
    for peer in peers:
        own = passages if one.name in corpus.OURS_CUT else peer.cut(one.articles)
        embedder.learn([passage.text for passage in own])
        searches, built = timed(lambda: peer.build(own, embedder))  # noqa: B023 - called at once
        for way, of_words in searches.items():
            theirs = measure(_until(of_words), one.asked)
            above, below = above_and_below(best.ranks, theirs.ranks)
            sizes = {"passages": len(own), "build seconds": built}
            compared: dict[str, float] = {"ours above": above, "ours below": below}
            yield f"{peer.title}, {way}".rstrip(", "), sizes | figures(theirs) | compared


def _until(search: Callable[[str, int | None], list[str]]) -> Callable[[Asked], list[str]]:
    return lambda asked: search(asked.text, day_number(asked.until) if asked.until else None)


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `run` gives, and the seconds that it took."""
    began = time.perf_counter()
    given = run()
    return given, round(time.perf_counter() - began, 2)


def _peer(name: str) -> Peer:
    try:
        found: Peer = importlib.import_module(f"bench.peers.{name}").PEER
    except ModuleNotFoundError as error:
        sys.exit(f"{name} cannot be measured, {error.name} is not installed: {INSTALL}")
    return found


def _rows(work: Path) -> list[str]:
    """Return the news of 2022 as rows of JSON."""
    folder = corpus.load("news-2022", work, questions=1).folder
    return (folder / corpus.ROWS).read_text().splitlines()


def said() -> dict[str, object]:
    """Return what it is measured with, and how busy the machine is before."""
    of_peers = {library: version(library) for library in LIBRARIES}
    return {
        **machine(),
        "peers": of_peers,
        "model": load_embedder(read_settings().model).fingerprint,
        "load": round(os.getloadavg()[0], 1),
    }


def keep(kind: str, name: str, result: Mapping[str, object]) -> None:
    """Put a result into the file of the day, beside what else was measured that day."""
    file = RESULTS / f"{datetime.now(UTC).date().isoformat()}-{kind}.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(kept | {name: result}, indent=1) + "\n")


if __name__ == "__main__":
    main()
