"""Measure `index.copies` on real articles: `python -m bench.copies [--pairs]`.

Reads ../shared/data/realtimeqa/articles.jsonl.xz, which may not be published with the code. Three measurements: the
time that a signature takes; how many synthetic near-copies of SAMPLE articles are recognised, by kind; and which of the
articles of one year count as copies of each other. `--pairs` prints a sample of the latter, to be judged by eye;
verdicts are kept in `judged/near-copies.tsv` (a hash of the pair's ids; 1 for a near-copy, else 0) and scored here.
"""

import argparse
import hashlib
import itertools
import json
import lzma
import platform
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict

from bench.seeds import ROOT
from index.copies import COPY, RECIPE, SHORT, bands, likeness, signature
from index.sentences import sentence_spans

ARTICLES = ROOT.parent / "shared" / "data" / "realtimeqa" / "articles.jsonl.xz"
VERDICTS = Path(__file__).parent / "judged" / "near-copies.tsv"
SAMPLE = 2_000
YEAR = "2022"
LOOKED_AT = 60
ADS = (
    "Sign up here to get the day's most important stories in your inbox every morning, before anyone else does.",
    "Read more: everything you need to know today, explained by our reporters on the ground.",
    "This article contains affiliate links; we may earn a commission if you buy something through one of them.",
)
Pair = tuple[int, int]
Kind = Callable[[list[str], random.Random], list[str]]


class Row(TypedDict):
    """An article, as a line of the file has it."""

    id: str
    title: str
    text: str
    published_at: str


def own_first_line(sentences: list[str], rng: random.Random) -> list[str]:
    """Print it under the outlet's own headline, byline and dateline."""
    line = rng.choice(("By Our Foreign Staff, Updated 3:15 p.m.", "PARIS (Agency) -", "From our correspondent in Rome"))
    return ["What we know so far about a story that everybody is talking about", line, *sentences]


def cut(share: float) -> Kind:
    """Print the first sentences only, up to a share of the text."""

    def kept(sentences: list[str], _: random.Random) -> list[str]:
        room = share * sum(map(len, sentences))
        sizes = itertools.accumulate(map(len, sentences))
        return [one for one, size in zip(sentences, sizes, strict=True) if size <= room] or sentences[:1]

    return kept


def light_edits(sentences: list[str], rng: random.Random) -> list[str]:
    """Change a word, drop one or add one in a third of the sentences."""

    def edited(sentence: str) -> str:
        words = sentence.split()
        at = rng.randrange(len(words))
        words[at : at + 1] = rng.choice(([], ["reportedly"], [words[at], "also"]))
        return " ".join(words)

    return [edited(one) if rng.random() < 1 / 3 else one for one in sentences]


def advertisements(sentences: list[str], rng: random.Random) -> list[str]:
    """Put three lines of the outlet's own between the sentences."""
    found = list(sentences)
    for line in ADS:
        found.insert(rng.randint(0, len(found)), line)
    return found


def own_lead(sentences: list[str], rng: random.Random) -> list[str]:
    """Tell the first two sentences in other words."""
    words = " ".join(sentences[2:]).split() or ["nothing"]
    return [" ".join(rng.choices(words, k=45)), *sentences[2:]]


def all_but_the_lead(sentences: list[str], rng: random.Random) -> list[str]:
    """Cut it to 60 %, edit it, and add the outlet's own lines."""
    return own_first_line(advertisements(light_edits(cut(0.6)(sentences, rng), rng), rng), rng)


KINDS: dict[str, Kind] = {
    "own headline, byline, dateline": own_first_line,
    "cut to 80 %": cut(0.8),
    "cut to 60 %": cut(0.6),
    "cut to 50 %": cut(0.5),
    "a third of the sentences edited": light_edits,
    "three lines of advertisement": advertisements,
    "first two sentences in own words": own_lead,
    "cut to 60 %, edited, own lines": all_but_the_lead,
}


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description="Measure how well near-copies are recognised.")
    parser.add_argument("--pairs", action="store_true", help="print pairs to judge by eye, and keep nothing")
    if not ARTICLES.exists():
        sys.exit("skipped: the articles to measure on are absent (../shared/data/realtimeqa/articles.jsonl.xz)")
    look = parser.parse_args().pairs
    articles = list(_read())
    year = [article for article in articles if (article["published_at"] or "").startswith(YEAR)]
    if look:
        _show(year)
        return
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"2 cores, shared with another job; {platform.system()} {platform.machine()}",
        "versions": {"python": platform.python_version(), "rensa": version("rensa"), "numpy": version("numpy")},
        "recipe": RECIPE,
        "counts as a copy from": COPY,
        "milliseconds": _time(random.Random(0).sample(articles, SAMPLE)),
        "synthetic near-copies": _recall(random.Random(0).sample(articles, SAMPLE)),
        f"articles of {YEAR}": _pairs_of_a_year(year),
    }
    print(json.dumps(result, indent=2))
    kept = Path(__file__).parent / "results" / f"{result['date']}-near-copies.json"
    kept.write_text(json.dumps(result, indent=2) + "\n")


def _read() -> Iterator[Row]:
    with lzma.open(ARTICLES, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _time(articles: Sequence[Row]) -> dict[str, float]:
    started = time.perf_counter()
    made = [signature(article["text"]) for article in articles]
    signed = time.perf_counter()
    for one in made:
        bands(one)
    banded = time.perf_counter()
    for one in made:
        likeness(one, made[0])
    compared = time.perf_counter()
    return {
        "mean characters of an article": round(sum(len(article["text"]) for article in articles) / len(articles)),
        "signature of an article": round((signed - started) / len(articles) * 1e3, 3),
        "bands of a signature": round((banded - signed) / len(articles) * 1e3, 4),
        "likeness of two": round((compared - banded) / len(articles) * 1e3, 4),
    }


def _recall(articles: Sequence[Row]) -> dict[str, object]:
    """Return, of the near-copies of each kind, which share is COPY alike, and which also shares a band."""
    texts = [article["text"] for article in articles if len(article["text"].split()) >= 2 * SHORT]
    rng = random.Random(0)
    alike, found = defaultdict[str, int](int), defaultdict[str, int](int)
    for text in texts:
        sentences = [text[start:end] for start, end in sentence_spans(text)]
        original = signature(text)
        for kind, changed in KINDS.items():
            copy = signature("\n".join(changed(sentences, rng)))
            is_copy = likeness(original, copy) >= COPY
            alike[kind] += is_copy
            found[kind] += is_copy and bool(set(bands(original)) & set(bands(copy)))
    return {
        "articles": len(texts),
        "alike": {kind: round(alike[kind] / len(texts), 3) for kind in KINDS},
        "alike, and found by a band": {kind: round(found[kind] / len(texts), 3) for kind in KINDS},
    }


def _pairs_of_a_year(articles: Sequence[Row]) -> dict[str, object]:
    made = [signature(article["text"]) for article in articles]
    candidates = _candidates(made)
    likenesses = {pair: likeness(made[pair[0]], made[pair[1]]) for pair in candidates}
    pairs = [pair for pair in candidates if likenesses[pair] >= COPY]
    verdicts = dict(line.split("\t") for line in VERDICTS.read_text().splitlines())
    judged = [verdicts[key] for one, two in pairs if (key := _name(articles[one], articles[two])) in verdicts]
    return {
        "articles": len(articles),
        "pairs that share a band": len(candidates),
        "pairs that count as copies": len(pairs),
        "of them, the same text": sum(_same(articles, pair) for pair in pairs),
        "judged by eye, of the others": len(judged),
        "judged to be near-copies": judged.count("1"),
    }


def _candidates(signatures: Sequence[bytes]) -> list[Pair]:
    sharing = defaultdict[int, list[int]](list)
    for number, one in enumerate(signatures):
        for band in bands(one):
            sharing[band].append(number)
    return sorted({pair for numbers in sharing.values() for pair in itertools.combinations(numbers, 2)})


def _same(articles: Sequence[Row], pair: Pair) -> bool:
    return articles[pair[0]]["text"].split() == articles[pair[1]]["text"].split()


def _name(one: Row, two: Row) -> str:
    return hashlib.sha256("\n".join(sorted((one["id"], two["id"]))).encode()).hexdigest()[:16]


def _show(articles: Sequence[Row]) -> None:
    made = [signature(article["text"]) for article in articles]
    alike = [(likeness(made[one], made[two]), (one, two)) for one, two in _candidates(made)]
    others = [(score, pair) for score, pair in alike if score >= COPY and not _same(articles, pair)]
    print(f"{len(others)} pairs")
    for score, pair in sorted(random.Random(0).sample(others, min(LOOKED_AT, len(others)))):
        one, two = (articles[number] for number in pair)
        print(f"\n{_name(one, two)}  {score:.2f}")
        for article in (one, two):
            print(f"  {article['published_at'][:10]} {len(article['text']):6} {article['title'][:70]}")
            print(f"    {' '.join(article['text'].split())[:220]}")


if __name__ == "__main__":
    main()
