"""Ask each turn of the CAsT 2021 conversations with the turns before it: `python -m bench.followups`.

Data: `../shared/data/cast2021` and `squad` (see `../shared/data/README.md`). The 239 passages stand among the 2,067
paragraphs of SQuAD 1.1, each an article of its own. A turn is asked raw, as people rewrote it by hand, and as
`qa.followup` understands it; its passage, or one of the same text, should be among the first five articles found. The
answers before it are the passages that the data gives for the earlier turns; the questions before it are those that
were understood. `--store FOLDER` keeps the index, so that a second call embeds nothing.
"""

import argparse
import json
import platform
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index import build
from index.store import Scope, Snapshot
from qa import Turn
from qa.answer import Assistant
from qa.assemble import open_assistant
from qa.followup import rarity_in, stand_alone

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
DEPTH = 40
"""Passages that are asked for, so that five articles are among them."""
AT = (1, 5, 20)


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn in its three wordings, and the rank at which each finds its passage; 0 where it does not."""

    turn: int
    wordings: tuple[str, str, str]
    ranks: tuple[int, int, int]


def conversations() -> list[list[dict[str, str]]]:
    """Return the turns of each conversation."""
    said = json.loads((DATA / "cast2021" / "conversations.dev.json").read_text())
    return [conversation["turn"] for conversation in said]


def write_articles(folder: Path) -> None:
    """Write the passages and the paragraphs as rows of one file."""
    rows = [json.loads(line) for line in (DATA / "cast2021" / "passages.jsonl").read_text().splitlines()]
    for half in ("train", "test"):
        for article in json.loads((DATA / "squad" / f"{half}-v1.1.json").read_text())["data"]:
            for number, paragraph in enumerate(article["paragraphs"]):
                rows.append({"id": f"{article['title']}/{number}", "text": paragraph["context"]})
    (folder / "passages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def ask_all(assistant: Assistant) -> Iterator[Asked]:
    """Ask every turn of every conversation."""
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        for turns in conversations():
            yield from ask_in_turn(assistant, snapshot, turns)


def ask_in_turn(assistant: Assistant, snapshot: Snapshot, turns: list[dict[str, str]]) -> Iterator[Asked]:
    """Ask the turns of one conversation, each with those before it."""
    history: list[Turn] = []
    for number, turn in enumerate(turns):
        raw, by_hand = turn["raw_utterance"], turn["manual_rewritten_utterance"].removeprefix("Utterance: ")
        ours = stand_alone(raw, history, rarity_in(snapshot))
        ranks = tuple(rank(assistant, wording, turn["passage"]) for wording in (raw, by_hand, ours))
        yield Asked(number, (raw, by_hand, ours), (ranks[0], ranks[1], ranks[2]))
        history.append(Turn(ours, turn["passage"]))


def rank(assistant: Assistant, question: str, passage: str) -> int:
    """Return the place of `passage` among the articles found for `question`, from 1; 0 where it is not there."""
    hits = assistant.retrieve(question, k=DEPTH, scope=Scope(), today=date.today())
    articles = list(dict.fromkeys(hit.article for hit in hits))
    wanted = passage.split()
    return next((place for place, article in enumerate(articles, start=1) if article.text.split() == wanted), 0)


def figures(asked: list[Asked]) -> dict[str, object]:
    """Return R@1, R@5 and R@20 of each wording, and how much of the gap at 5 is closed."""
    found = {f"R@{k}": [sum(0 < one.ranks[wording] <= k for one in asked) for wording in range(3)] for k in AT}
    raw, by_hand, ours = found["R@5"]
    first = [one for one in asked if one.turn == 0]
    return {
        "turns": len(asked),
        "raw, by hand, ours": found,
        "share of the gap closed": round((ours - raw) / (by_hand - raw), 3),
        "first turns left as they were": f"{sum(one.wordings[0] == one.wordings[2] for one in first)} of {len(first)}",
        "turns left as they were": sum(one.wordings[0] == one.wordings[2] for one in asked),
    }


def main() -> None:
    """Print the table, and write it to `bench/results/`."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--store", type=Path, help="keep the index here")
    parser.add_argument("--turns", action="store_true", help="print each turn")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_articles(Path(folder))
        store = given.store or Path(folder) / "store"
        build(folder, store=store)
        assistant = open_assistant(store)
        asked = list(ask_all(assistant))
    if given.turns:
        for one in asked:
            print(*one.ranks, one.wordings[2], sep="\t")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
    result = {
        "what": "CAsT 2021 dev turns among SQuAD 1.1 paragraphs; answers before: the passages that the data gives",
        "model": assistant.embedder.fingerprint,
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        **figures(asked),
    }
    print(json.dumps(result, indent=2))
    place = ROOT / "bench" / "results" / f"{date.today().isoformat()}-followups.json"
    place.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
