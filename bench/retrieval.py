"""Questions whose articles are known, and what each stage of retrieval adds: `python -m bench.retrieval SET ...`.

Sets: `squad` (the 2,067 paragraphs of SQuAD 1.1's development set, each an article; questions of the half that is for
measuring), `news-2022` (news articles of 2022 and the dated questions of that year) and `news` (all of them). The data
is looked for in `../shared/data`. An article's rank is that of its best passage; of news, only articles published until
the day of the question are searched. A store is kept in the working folder, so that a second run asks only.
"""

import argparse
import json
import lzma
import random
import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bench.machine import machine
from bench.percentiles import percentiles
from index import build
from index.choose import load_embedder
from index.embed import Embedder
from index.records import Hit
from index.settings import read_settings
from index.store import Found, Scope, Snapshot, open_store
from qa.answer import understood_in
from qa.leaning import Leaning
from qa.retrieve import DEPTH, find, fuse, search, weigh

DATA = Path(__file__).parents[2] / "shared" / "data"
DEEP = 20
"""Articles of which the ranks are counted."""
SQUAD_QUESTIONS = 2000


@dataclass(frozen=True)
class Asked:
    """A question, the day on which it is asked, and the articles that answer it."""

    text: str
    today: date
    gold: frozenset[str]
    until: date | None = None
    answers: tuple[str, ...] = ()
    """What answers it, where that is known."""


def main() -> None:
    """Build the store of each set, ask, print a table, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sets", nargs="+", choices=SETS)
    parser.add_argument("--work", type=Path, default=Path("bench/work"), help="where articles and stores are kept")
    parser.add_argument("--name", default="retrieval", help="names the file of results")
    given = parser.parse_args()
    embedder = load_embedder(read_settings().model)
    sets: dict[str, object] = {}
    result = {**machine(), "model": embedder.fingerprint, "sets": sets}
    for name in given.sets:
        place = given.work / name
        articles, asked = SETS[name]()
        if not (place / "articles").exists():
            (place / "articles").mkdir(parents=True)
            with (place / "articles" / "all.jsonl").open("w") as file:
                file.writelines(json.dumps(article) + "\n" for article in articles)
        store = place / embedder.fingerprint.replace(":", "-")
        began = time.monotonic()
        report = build(place / "articles", store=store, embedder=embedder)
        built = time.monotonic() - began
        table = measure(str(store), embedder, asked)
        show(name, table)
        sets[name] = {"questions": len(asked), "added": report.added, "build seconds": built, **table}
    kept = Path(__file__).parent / "results" / f"{datetime.now(UTC).date().isoformat()}-{given.name}.json"
    kept.write_text(json.dumps(result, indent=1) + "\n")


def measure(store: str, embedder: Embedder, asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Return R@1, R@5, R@10, R@20 and MRR@10 by article of each stage, and the milliseconds that a question takes."""
    ranks: dict[str, list[int | None]] = {}
    took = []
    with open_store(store).snapshot(embedder.fingerprint) as snapshot:
        for question in asked:
            for stage, keys in _stages(snapshot, embedder, question):
                ranks.setdefault(stage, []).append(_rank(snapshot, keys, question.gold))
            began = time.perf_counter()
            hits = hits_for(snapshot, embedder, question)[1]
            took.append(1000 * (time.perf_counter() - began))
            ranks.setdefault("as hits", []).append(_place(articles_of(hits), question.gold))
            if question.answers:
                say_it = {key_of(hit.article.id) for hit in hits if says(hit.text, question.answers)}
                ranks.setdefault(SAYS_IT, []).append(_place(articles_of(hits), question.gold | say_it))
    table = {stage: scores(found) for stage, found in ranks.items()}
    table["milliseconds"] = percentiles(took)
    return table


SAYS_IT = "or another that says it"
"""The row `as hits`, where an article counts too if its passage holds the words of an answer: the labels name the
articles that a question was made of, and other outlets tell the same. Of 147 answers 15 have three characters or fewer,
numbers most of them, which may stand there by chance."""


def says(text: str, answers: Sequence[str]) -> bool:
    """Tell whether the words of an answer stand in a text.

    >>> says("Ford recalls 2.9M vehicles", ["“Ford”"]), says("Fords", ["Ford"])
    (True, False)
    """
    said = [answer.strip("“”\"' ") for answer in answers]
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text, re.IGNORECASE) for one in said if one)


def _place(articles: Sequence[str], right: Collection[str]) -> int | None:
    return next((number for number, name in enumerate(articles, 1) if name in right), None)


def scores(ranks: Sequence[int | None]) -> dict[str, float]:
    """Return the shares of ranks within some depths, and the mean of their reciprocals within ten.

    >>> scores([1, None])["R@1"]
    0.5
    """
    found = {f"R@{k}": sum(rank is not None and rank <= k for rank in ranks) / len(ranks) for k in (1, 5, 10, 20)}
    found["MRR@10"] = sum(1 / rank for rank in ranks if rank is not None and rank <= 10) / len(ranks)
    return {name: round(value, 4) for name, value in found.items()}


def _stages(snapshot: Snapshot, embedder: Embedder, asked: Asked) -> Iterator[tuple[str, Sequence[Found]]]:
    """Yield what each stage adds, best first."""
    scope = Scope(until=asked.until)
    vector = embedder.question(asked.text)
    dense, lexical = snapshot.nearest(vector, DEPTH, scope), snapshot.matching(asked.text, DEPTH, scope)
    yield "lexical", lexical
    yield "dense", dense
    fused = fuse(dense, lexical, spread=embedder.spread)
    yield "fused", fused
    yield "and the article around", weigh(snapshot, fused)
    sought, leaning, among = _understood(snapshot, asked)
    vector = embedder.question(sought)
    found = find(snapshot, sought, vector, spread=embedder.spread, k=DEEP, scope=among, leaning=leaning)
    yield "and time, outlet", weigh(snapshot, found, leaning)


def _understood(snapshot: Snapshot, asked: Asked) -> tuple[str, Leaning, Scope]:
    understood = understood_in(snapshot, asked.text, Scope(until=asked.until), asked.today)
    return understood.sought, understood.leaning, understood.scope


def hits_for(snapshot: Snapshot, embedder: Embedder, asked: Asked) -> tuple[str, list[Hit]]:
    """Return what is sought, and the hits that a person gets, best first: near-copies folded, neighbours joined."""
    sought, leaning, scope = _understood(snapshot, asked)
    vector = embedder.question(sought)
    return sought, search(snapshot, sought, vector, spread=embedder.spread, k=DEEP, scope=scope, leaning=leaning)


def articles_of(hits: Sequence[Hit]) -> list[str]:
    """Return the articles of `hits`, each once, in their order."""
    return list(dict.fromkeys(key_of(hit.article.id) for hit in hits))


def _rank(snapshot: Snapshot, found: Sequence[Found], gold: frozenset[str]) -> int | None:
    """Return the rank of the first article of `gold`."""
    heads = snapshot.heads(found)
    articles = dict.fromkeys(key_of(heads[one.key].id) for one in found if one.key in heads)
    return next((number for number, name in enumerate(articles, 1) if name in gold), None)


def key_of(name: str) -> str:
    """Return the row's own id of an article in a file of many."""
    return name.split("#", 1)[1]


def show(name: str, table: dict[str, dict[str, float]]) -> None:
    """Print a table in Markdown."""
    print(f"\n{name}\n\n| | R@1 | R@5 | R@10 | R@20 | MRR@10 |\n|---|---|---|---|---|---|")
    for stage, figures in table.items():
        if stage != "milliseconds":
            print(f"| {stage} | " + " | ".join(f"{value:.3f}" for value in figures.values()) + " |")
    print(f"\na question: {', '.join(f'{name} {value:.0f} ms' for name, value in table['milliseconds'].items())}")


Loaded = tuple[Iterator[dict[str, object]], list[Asked]]


def _squad() -> Loaded:
    paragraphs: dict[str, str] = {}
    asked = []
    for half in ("train", "test"):
        for article in json.loads((DATA / "squad" / f"{half}-v1.1.json").read_text())["data"]:
            for number, paragraph in enumerate(article["paragraphs"]):
                name = f"{half}-{article['title']}-{number}"
                paragraphs[name] = paragraph["context"]
                if half == "test":
                    questions = [one["question"] for one in paragraph["qas"]]
                    asked += [Asked(text, date(2026, 1, 1), frozenset({name})) for text in questions]
    rows: Iterator[dict[str, object]] = ({"id": name, "text": text} for name, text in paragraphs.items())
    return rows, random.Random(0).sample(asked, SQUAD_QUESTIONS)


def _news(year: str = "") -> Loaded:
    with lzma.open(DATA / "realtimeqa" / "articles.jsonl.xz", "rt") as file:
        articles = [article for article in map(json.loads, file) if (article["published_at"] or "").startswith(year)]
    there = {article["id"] for article in articles}
    asked = []
    for line in (DATA / "realtimeqa" / "questions.dev.jsonl").read_text().splitlines():
        question = json.loads(line)
        today = date.fromisoformat(question["date"].replace("/", "-"))
        if str(today).startswith(year) and there & set(question["gold"]):
            gold, answers = frozenset(question["gold"]), tuple(question["answers"])
            asked.append(Asked(question["question"], today, gold, until=today, answers=answers))
    return iter(articles), asked


SETS: dict[str, Callable[[], Loaded]] = {"squad": _squad, "news-2022": lambda: _news("2022"), "news": _news}

if __name__ == "__main__":
    main()
