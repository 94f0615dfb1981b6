"""Who holds an office, asked of the news of 2022: `python -m bench.offices`.

Counted is how often the first citation names the right one, and how often the short answer does, of those that
`judged/offices.jsonl` gives. Needs the store that `python -m bench.retrieval news-2022` leaves in `bench/work`.
"""

import argparse
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.open_answers import WORK
from index.store import Scope
from qa.answer import Assistant
from qa.assemble import open_assistant

QUESTIONS = Path(__file__).parent / "judged" / "offices.jsonl"
TODAY = date(2022, 12, 31)


@dataclass(frozen=True)
class Named:
    """Whether the right one is named."""

    cited: bool
    short: bool


def main() -> None:
    """Ask, print the figures and what is wrong, and keep the figures."""
    argparse.ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    store = next(str(path) for path in (WORK / "news-2022").iterdir() if path.name != "articles")
    asked = [json.loads(line) for line in QUESTIONS.read_text().splitlines()]
    kept = open_assistant(store)
    named = [_ask(kept, one) for one in asked]
    figures = {
        "questions": len(asked),
        "the first citation names the right one": sum(one.cited for one in named),
        "the short answer does": sum(one.short for one in named),
        "wrong or not short": [one["question"] for one, was in zip(asked, named, strict=True) if not was.short],
    }
    print(json.dumps(figures, indent=1))
    file = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-offices.json"
    file.write_text(json.dumps({**machine(), **figures}, indent=1) + "\n")


def _ask(assistant: Assistant, question: dict[str, Any]) -> Named:
    *_, answer = assistant.stream(question["question"], history=(), scope=Scope(until=TODAY), today=TODAY)
    names = question["named"]
    first = answer.citations[0].quote if answer.citations else ""
    return Named(any(name in first for name in names), any(name in answer.short for name in names))


if __name__ == "__main__":
    main()
