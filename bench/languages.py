"""Questions about the samples in German and French: `python -m bench.languages`.

Those of `questions/seeds.dev.jsonl` in German, by which it was chosen what is read, and fifty of the held-out ones of
`questions/seeds.test.jsonl` in French. Counted is how often the first quote, or one of all, holds the sentence that
answers, and how often something is quoted where none does.
"""

import argparse
import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.machine import machine
from index import build
from index.store import Scope
from qa.answer import Assistant
from qa.assemble import open_assistant
from qa.questions import folded

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "bench" / "questions" / "languages.jsonl"
TODAY = date(2026, 2, 1)


def main() -> None:
    """Ask, print the figures, and keep them."""
    argparse.ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    asked = [json.loads(line) for line in QUESTIONS.read_text().splitlines()]
    with tempfile.TemporaryDirectory() as place:
        build(ROOT / "seeds", store=Path(place))
        assistant = open_assistant(place)
        figures = {
            language: _figures(assistant, [one for one in asked if one["language"] == language])
            for language in ("de", "fr")
        }
    print(json.dumps(figures, indent=1))
    file = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-languages.json"
    file.write_text(json.dumps({**machine(), **figures}, indent=1) + "\n")


def _figures(assistant: Assistant, asked: list[dict[str, Any]]) -> dict[str, int]:
    figures = dict.fromkeys(("answerable", "first quote", "one of the quotes", "silent", "not answerable", "quoted"), 0)
    for one in asked:
        *_, answer = assistant.stream(one["question"], history=(), scope=Scope(), today=TODAY)
        wanted = [one["sentence"]] if isinstance(one.get("sentence"), str) else one.get("sentence", [])
        right = [any(folded(text) in folded(cited.quote) for text in wanted) for cited in answer.citations]
        if wanted:
            figures["answerable"] += 1
            figures["first quote"] += any(right[:1])
            figures["one of the quotes"] += any(right)
            figures["silent"] += not answer.answered
        else:
            figures["not answerable"] += 1
            figures["quoted"] += answer.answered
    return figures


if __name__ == "__main__":
    main()
