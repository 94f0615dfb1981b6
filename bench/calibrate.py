"""Fit the weights of `qa.read.EvidenceReader`: `python -m bench.calibrate SQUAD_2_TRAIN.json`.

The file is SQuAD 2.0 in its own format; give the half that may be trained on. Its articles are split in two folders.
Each folder is indexed and asked three kinds of questions: those that its articles answer; those of the other folder's
articles ("off topic"); and those that were written to look answerable and are not ("hard"). Our dev questions on the
sample articles join them, with more weight each: their wording is farther from the articles', as people's is. The
weights maximise the likelihood of a sentence that holds the answer, or of "none". Each folder scores the weights fitted
without it; the weights to ship are fitted on everything. It prints them and keeps them, with the scores, in `results/`.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp

from bench.seeds import ROOT, load
from index import build
from index.choose import load_embedder
from index.sentences import sentence_spans
from index.settings import DEFAULT_MODEL
from index.store import Snapshot, open_store
from qa.answer import READ_PASSAGES
from qa.read import WEIGHTS, EvidenceReader, spans_of
from qa.retrieve import search

ASKED = {"answered": 300, "off topic": 120, "hard": 120}
KIND_WEIGHT = {"answered": 1.0, "off topic": 1.0, "hard": 0.3}
"""Hard ones count less: no feature here tells them apart, and silence about everything is no remedy."""
SEEDS_WEIGHT = 20.0
"""Of each of our dev questions against one of SQuAD."""
RIDGE = 5e-4
Features = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question, what was read for it, and which of the sentences hold the gold answer."""

    kind: str
    features: Features
    gold: NDArray[np.bool_]
    weight: float


def main(data: Path) -> None:
    """Fit, score, print and keep."""
    articles = json.loads(data.read_text())["data"]
    random.Random(0).shuffle(articles)
    half = len(articles) // 2
    folders = [articles[:half], articles[half:]]
    asked = [list(_ask(own, other)) for own, other in (folders, folders[::-1])]
    ours = list(_ask_seeds())
    scores = [_score(_fit(asked[1 - held] + ours), asked[held]) for held in (0, 1)]
    weights = _fit(asked[0] + asked[1] + ours)
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "questions": {kind: sum(one.kind == kind for half in asked for one in half) for kind in ASKED},
        "weights": dict(zip([*WEIGHTS, "bias"], weights.round(2).tolist(), strict=True)),
        "scores of each half under the weights of the other": scores,
    }
    print(json.dumps(result, indent=2))
    kept = Path(__file__).parent / "results" / f"{result['date']}-evidence-reader.json"
    kept.write_text(json.dumps(result, indent=2) + "\n")


def _ask(own: Sequence[dict], other: Sequence[dict]) -> Iterator[Asked]:
    embedder = load_embedder(DEFAULT_MODEL)
    reader = EvidenceReader(embedder)
    with tempfile.TemporaryDirectory() as place:
        _write(own, Path(place) / "articles")
        build(Path(place) / "articles", store=Path(place) / "store")
        with open_store(f"{place}/store").snapshot(embedder.fingerprint) as snapshot:
            for kind, question, gold in _sample(own, other):
                yield _read(snapshot, reader, kind, question, {gold} - {""}, weight=KIND_WEIGHT[kind])


def _ask_seeds() -> Iterator[Asked]:
    embedder = load_embedder(DEFAULT_MODEL)
    with tempfile.TemporaryDirectory() as store:
        build(ROOT / "seeds", store=store)
        with open_store(store).snapshot(embedder.fingerprint) as snapshot:
            for question in load("dev"):
                kind = "answered" if question.gold else "off topic"
                gold = {sentence for _, sentence in question.gold}
                yield _read(snapshot, EvidenceReader(embedder), kind, question.text, gold, weight=SEEDS_WEIGHT)


def _write(articles: Sequence[dict], folder: Path) -> None:
    folder.mkdir()
    for article in articles:
        title = article["title"].replace("_", " ")
        body = "\n\n".join(_folded(paragraph["context"]) for paragraph in article["paragraphs"])
        (folder / f"{article['title']}.txt").write_text(f"Title: {title}\n\n{body}\n")


def _sample(own: Sequence[dict], other: Sequence[dict]) -> Iterator[tuple[str, str, str]]:
    pools: dict[str, list[tuple[str, str]]] = {kind: [] for kind in ASKED}
    for article in own:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                if asked["is_impossible"]:
                    pools["hard"].append((asked["question"], ""))
                else:
                    pools["answered"].append(
                        (asked["question"], _gold_sentence(paragraph["context"], asked["answers"][0]))
                    )
    for article in other:
        answered = (
            asked for paragraph in article["paragraphs"] for asked in paragraph["qas"] if not asked["is_impossible"]
        )
        pools["off topic"] += [(asked["question"], "") for asked in answered]
    for kind, pool in pools.items():
        for question, gold in random.Random(0).sample(pool, min(ASKED[kind], len(pool))):
            yield kind, question, gold


def _gold_sentence(context: str, answer: dict) -> str:
    at = answer["answer_start"]
    return next((_folded(context[start:end]) for start, end in sentence_spans(context) if start <= at < end), "")


def _read(
    snapshot: Snapshot, reader: EvidenceReader, kind: str, question: str, gold: set[str], *, weight: float
) -> Asked:
    vector = reader.embedder.question(question)
    hits = search(snapshot, question, vector, spread=reader.embedder.spread, k=READ_PASSAGES)
    spans = [spans_of(hit) for hit in hits]
    texts = [
        _folded(hit.article.text[start:end]) for hit, inside in zip(hits, spans, strict=True) for start, end in inside
    ]
    features = reader.features(snapshot, question, vector, hits, spans)
    return Asked(kind, features, np.array([text in gold for text in texts]), weight)


def _folded(text: str) -> str:
    return " ".join(text.split())


def _fit(asked: Sequence[Asked]) -> Features:
    known = [one for one in asked if one.kind != "answered" or one.gold.any()]

    def loss(weights: Features) -> tuple[float, Features]:
        """Return the mean negative log likelihood and its gradient, each with the ridge."""
        total, slope = 0.0, np.zeros_like(weights)
        for one in known:
            scores = one.features @ weights[:-1] + weights[-1]
            everything = logsumexp(np.append(scores, 0.0))
            pull = np.exp(scores - everything)
            total += one.weight * everything
            if one.kind == "answered":
                right = logsumexp(scores[one.gold])
                total -= one.weight * right
                pull[one.gold] -= np.exp(scores[one.gold] - right)
            slope += one.weight * np.append(pull @ one.features, pull.sum())
        share = sum(one.weight for one in known)
        ridge = np.append(weights[:-1], 0.0)
        return float(total / share + RIDGE * ridge @ ridge), slope / share + 2 * RIDGE * ridge

    fitted: Features = minimize(loss, np.zeros(len(WEIGHTS) + 1), jac=True, method="L-BFGS-B").x
    return fitted


def _score(weights: Features, asked: Sequence[Asked]) -> dict[str, float]:
    probability: dict[str, list[float]] = {kind: [] for kind in ASKED}
    first = []
    for one in asked:
        scores = one.features @ weights[:-1] + weights[-1]
        probability[one.kind].append(float(1 / (1 + np.exp(-logsumexp(scores)))))
        if one.kind == "answered":
            first.append(bool(one.gold.any() and one.gold[scores.argmax()]))
    return {
        "gold sentence first": round(float(np.mean(first)), 3),
        "AUC against off topic": _auc(probability["answered"], probability["off topic"]),
        "AUC against hard": _auc(probability["answered"], probability["hard"]),
        **{
            f"answered at .5: {kind}": round(float(np.mean(np.array(values) >= 0.5)), 3)
            for kind, values in probability.items()
        },
    }


def _auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    above, below = np.array(positive)[:, None], np.array(negative)[None, :]
    return round(float((above > below).mean() + (above == below).mean() / 2), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
