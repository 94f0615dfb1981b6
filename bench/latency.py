"""How long one question takes, and what a process that answers weighs: `python -m bench.latency STORE ...`.

Of each store, whose files are read once before: `retrieve`, and `ask` to its first words and its end, warm, one
question after another, each once, as what was read is remembered, and as of the day on which it was asked; then a cold
`article-qa retrieve` and `ask`, each in a process of its own; and the memory of a process that has answered all of
them. Writes `bench/results/<date>-latency.json`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.machine import machine
from bench.percentiles import percentiles
from bench.retrieval import DATA
from qa import retrieve, stream
from qa.assemble import open_assistant

WARM_UP = 10
"""Questions that are asked before, and not timed."""
COLD = 5
Question = tuple[str, str]
"""What is asked, and on which day."""
HERE = Path(__file__).parents[1]


def main() -> None:
    """Measure each store in a process of its own, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("stores", type=Path, nargs="+")
    parser.add_argument("--one", action="store_true", help="print the figures of one store only")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.stores[0])))
        return
    figures = {}
    for store in given.stores:
        command = [sys.executable, "-m", "bench.latency", "--one", str(store)]
        said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE)
        chunks, warm = json.loads(said.stdout)
        figures[f"{chunks} chunks"] = warm | {
            f"cold article-qa {verb}, s": cold(store, verb) for verb in ("retrieve", "ask")
        }
        print(json.dumps({chunks: figures[f"{chunks} chunks"]}, indent=1), file=sys.stderr, flush=True)
    result = {**machine(), "load before": os.getloadavg(), "stores": figures}
    kept = HERE / "bench" / "results" / f"{datetime.now(UTC).date().isoformat()}-latency.json"
    kept.write_text(json.dumps(result, indent=1) + "\n")


def measure(store: Path) -> tuple[int, dict[str, object]]:
    """Return the number of chunks, and the figures of a warm process: milliseconds and megabytes."""
    lines = map(json.loads, (DATA / "realtimeqa" / "questions.dev.jsonl").read_text().splitlines())
    asked = [(str(one["question"]), str(one["date"]).replace("/", "-")) for one in lines]
    for file in store.iterdir():
        _read_through(file)
    assistant = open_assistant(store)
    assistant.warm()
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        chunks = snapshot.count_chunks()

    def find(question: Question) -> list[float]:
        began = time.perf_counter()
        retrieve(question[0], store=store, today=question[1], until=question[1])
        return [time.perf_counter() - began]

    def answer(question: Question) -> list[float]:
        began = time.perf_counter()
        moments = [
            time.perf_counter() - began
            for answer in stream(question[0], store=store, today=question[1], until=question[1])
            if answer.text or not answer.answered
        ]
        return [moments[0], moments[-1]]

    found, answered = _timed(find, asked), _timed(answer, asked)
    return chunks, {
        "questions": len(asked) - WARM_UP,
        "retrieve, ms": found[0],
        "ask, first words, ms": answered[0],
        "ask, whole, ms": answered[1],
        "memory, MB": _memory(),
    }


def _timed(does: Callable[[Question], list[float]], asked: Sequence[Question]) -> list[dict[str, float]]:
    for question in asked[:WARM_UP]:
        does(question)
    columns = zip(*(does(question) for question in asked[WARM_UP:]), strict=True)
    return [percentiles([1000 * seconds for seconds in column]) for column in columns]


def _read_through(file: Path) -> None:
    """Read a file, so that the system has it at hand: what is measured is not the disk."""
    with file.open("rb") as opened:
        while opened.read(2**22):
            pass


def _memory() -> dict[str, int]:
    """Return what the process holds: all of it, and that without pages of files, which others can have."""
    lines = Path("/proc/self/status").read_text().splitlines()
    told = dict(line.split(":", 1) for line in lines)
    return {"resident": int(told["VmRSS"].split()[0]) // 1024, "without files": int(told["RssAnon"].split()[0]) // 1024}


def cold(store: Path, verb: str) -> float:
    """Return the median seconds of a whole process that is asked one question."""
    command = [sys.executable, "-m", "ui.cli", verb, "Which country left the grain deal?", "--store", str(store)]
    took = []
    for _ in range(COLD):
        began = time.monotonic()
        subprocess.run(command, capture_output=True, check=False, cwd=HERE)
        took.append(time.monotonic() - began)
    return round(statistics.median(took), 2)


if __name__ == "__main__":
    main()
