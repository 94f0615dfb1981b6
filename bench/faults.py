"""Try every fault at the larger numbers, by hand: `python -m bench.faults [full|ci]`.

Runs the fault tests themselves, and writes what they tried and what passed to `bench/results/<date>-faults.json`:
R1 kills, R2 a failing disk, R3 a full or read-only one, R4 two builds, R5 questions while it is rebuilt, R6 a damaged
snapshot, R7 a damaged database, R8 random sequences, R9 another model or format, H1 strange files.
"""

import json
import os
import platform
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
TODAY = date.today().isoformat()
RESULT = ROOT / "bench" / "results" / f"{TODAY}-faults.json"
LIBRARIES = ("faiss-cpu", "filelock", "hypothesis", "numpy")


class Recorder:
    """Adds up what each test says of itself."""

    def __init__(self, scale: str) -> None:
        self.scale = scale
        self.figures: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.outcomes: Counter[str] = Counter()
        self.not_passed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the figures of a test that has run."""
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.outcome] += 1
            if report.outcome != "passed":
                self.not_passed.append(f"{report.nodeid}: {report.outcome}")
        if report.when != "call":
            return
        figures: list[tuple[str, Any]] = report.user_properties  # as `tests.faults.tally` records them
        for fault, said in figures:
            self.figures[fault] += Counter({name: said[name] for name in ("tried", "passed")})
            self.figures[fault]["seconds"] += round(report.duration)
            self.kinds[fault] += Counter(said.get("kinds", {}))
        RESULT.write_text(
            json.dumps(_result(self.scale, self), indent=2) + "\n"
        )  # the run takes long: keep what is done


def main(scale: str) -> int:
    """Run the tests at `scale`, write the result and return the exit code of pytest."""
    os.environ["ARTICLE_QA_FAULT_SCALE"] = scale
    recorder = Recorder(scale)
    code = pytest.main(["-m", "fault", "-q", str(ROOT / "tests" / "faults")], plugins=[recorder])
    RESULT.write_text(json.dumps(_result(scale, recorder), indent=2) + "\n")
    print(RESULT.read_text())
    return int(code)


def _result(scale: str, recorder: Recorder) -> dict[str, object]:
    faults = {
        fault: {**figures, **({"kinds": dict(recorder.kinds[fault])} if recorder.kinds[fault] else {})}
        for fault, figures in sorted(recorder.figures.items())
    }
    return {
        "date": TODAY,
        "scale": scale,
        "machine": f"{os.cpu_count()} cores, {platform.system()}",
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{name: version(name) for name in LIBRARIES},
        },
        "commit": _commit(),
        "faults": faults,
        "tests": dict(recorder.outcomes),
        "not passed": recorder.not_passed,
    }


def _commit() -> str:
    ended = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "full"))
