"""Short answers from the news, the whole way: `python -m bench.open_answers [news-2022]`.

The dated dev questions are asked as of their day, of the articles published until then. What is scored is what is bold:
the words that answer in the first citation; where there are none, its whole sentence; where the articles are said not
to say, nothing. Exact match and F1 as of SQuAD. Needs the store that
`python -m bench.retrieval` leaves in `bench/work`.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.machine import machine
from bench.retrieval import DATA, key_of
from index.store import Scope
from qa.answer import Answer, Assistant
from qa.assemble import open_assistant
from qa.reader.scores import best_scores

WORK = Path("bench/work")


@dataclass(frozen=True)
class Scored:
    """What became of a question."""

    exact: float
    overlap: float
    answered: bool
    in_the_quote: bool
    """Whether the first citation holds one of the right answers."""
    right_article: bool
    short: bool
    """Whether the answer begins with a few words by themselves."""
    seconds: float


def main() -> None:
    """Ask, print the figures, and keep them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("set", nargs="?", default="news-2022", choices=("news-2022", "news"))
    parser.add_argument("--store", help="another store of the same articles")
    parser.add_argument("--show", action="store_true", help="print each question and its answer")
    given = parser.parse_args()
    year = given.set.partition("-")[2]
    store = given.store or next(str(path) for path in (WORK / given.set).iterdir() if path.name != "articles")
    questions = [json.loads(line) for line in (DATA / "realtimeqa" / "questions.dev.jsonl").read_text().splitlines()]
    asked = [one for one in questions if one["date"].startswith(year)]
    kept = open_assistant(store)
    figures = {"set": given.set, "as shipped": table([_ask(kept, one, show=given.show) for one in asked])}
    always = replace(kept, threshold=0.0)
    figures["never silent"] = table([_ask(always, one) for one in asked])
    print(json.dumps(figures, indent=1))
    file = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-open-answers.json"
    file.write_text(json.dumps({**machine(), **figures}, indent=1) + "\n")


def _ask(assistant: Assistant, question: dict[str, Any], *, show: bool = False) -> Scored:
    text, answers = str(question["question"]), list(question["answers"])
    today = date.fromisoformat(str(question["date"]).replace("/", "-"))
    began = time.perf_counter()
    *_, answer = assistant.stream(text, history=(), scope=Scope(until=today), today=today)
    seconds = time.perf_counter() - began
    said = told(answer)
    exact, overlap = best_scores(said, answers) if said else (0.0, 0.0)
    first = answer.citations[0] if answer.citations else None
    if show:
        print(f"{overlap:.2f} {text}\n     {answers} <- {said!r} ({answer.probability:.2f})")
    return Scored(
        exact,
        overlap,
        answer.answered,
        first is not None and any(one.casefold().strip('“”"') in first.quote.casefold() for one in answers),
        first is not None and key_of(first.article.id) in question["gold"],
        bool(answer.short),
        seconds,
    )


def told(answer: Answer) -> str:
    """Return the words that answer, or the sentence that they should stand in."""
    if not answer.citations:
        return ""
    first = answer.citations[0]
    return first.article.text[first.words.start : first.words.end] if first.words else first.quote


def table(scored: Sequence[Scored]) -> dict[str, float]:
    """Return the means, in percent, and the median of the seconds."""

    def share(values: Sequence[float]) -> float:
        return round(100 * statistics.fmean(values), 1)

    return {
        "questions": len(scored),
        "EM": share([one.exact for one in scored]),
        "F1": share([one.overlap for one in scored]),
        "answered": share([one.answered for one in scored]),
        "first citation holds an answer": share([one.in_the_quote for one in scored]),
        "first citation is of the right article": share([one.right_article for one in scored]),
        "begins with a short answer": share([one.short for one in scored]),
        "F1 of these": share([one.overlap for one in scored if one.short]),
        "seconds, p50": round(statistics.median(one.seconds for one in scored), 3),
    }


if __name__ == "__main__":
    main()
