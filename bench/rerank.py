"""What reading adds to the order of twenty passages: `python -m bench.rerank SET ... [--first N]`.

Sets as in `bench.retrieval`, whose stores it uses. The hits of each question are ranked as they were found, and as the
reader puts them (`qa.read`): by how well they were found and how likely their likeliest sentence is to answer. Of news
also where every article counts that says the answer. How long the reader takes for twenty is measured with it.
"""

import argparse
import json
import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.percentiles import percentiles
from bench.retrieval import SAYS_IT, SETS, Asked, articles_of, hits_for, key_of, says, scores
from index.choose import load_embedder
from index.embed import Embedder
from index.records import Hit
from index.settings import DEFAULT_MODEL
from index.store import Snapshot, open_store
from qa.read import EvidenceReader
from qa.spans import FILE, SpanReader


def main() -> None:
    """Ask, read, print the figures, and keep them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="+", choices=SETS)
    parser.add_argument("--first", type=int, default=500, help="questions of each set, at most")
    parser.add_argument("--file", type=Path, default=FILE, help="of the trained reader")
    parser.add_argument(
        "--work", type=Path, default=Path("bench/work"), help="where `bench.retrieval` keeps its stores"
    )
    given = parser.parse_args()
    embedder = load_embedder(DEFAULT_MODEL)
    network = SpanReader(given.file)
    reader = EvidenceReader(network, network)
    result: dict[str, Any] = {**machine(), "model": embedder.fingerprint, "sets": {}}
    for name in given.sets:
        store = given.work / name / embedder.fingerprint.replace(":", "-")
        asked = SETS[name]()[1][: given.first]
        with open_store(str(store)).snapshot(embedder.fingerprint) as snapshot:
            result["sets"][name] = {"questions": len(asked), **measure(snapshot, embedder, reader, asked)}
    print(json.dumps(result, indent=1))
    kept = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-rerank.json"
    kept.write_text(json.dumps(result, indent=1) + "\n")


def measure(
    snapshot: Snapshot, embedder: Embedder, reader: EvidenceReader, asked: Sequence[Asked]
) -> dict[str, dict[str, float]]:
    """Return how well the hits are ranked before and after they are read, and the milliseconds that reading takes."""
    ranks: dict[str, list[int | None]] = {}
    took = []
    for question in asked:
        sought, hits = hits_for(snapshot, embedder, question)
        began = time.perf_counter()
        readings = reader.read(sought, hits)
        took.append(1000 * (time.perf_counter() - began))
        say_it = {key_of(hit.article.id) for hit in hits if says(hit.text, question.answers)}
        for order, ranked in (("as found", hits), ("as read", [reading.hit for reading in readings])):
            ranks.setdefault(order, []).append(_rank(ranked, question.gold))
            if question.answers:
                ranks.setdefault(f"{order}, {SAYS_IT}", []).append(_rank(ranked, question.gold | say_it))
    return {**{order: scores(found) for order, found in ranks.items()}, "milliseconds": percentiles(took)}


def _rank(hits: Sequence[Hit], right: Collection[str]) -> int | None:
    return next((number for number, name in enumerate(articles_of(hits), 1) if name in right), None)


if __name__ == "__main__":
    main()
