"""Fit the weights of `qa.read.EvidenceReader`: `python -m bench.calibrate [--file READER.onnx]`.

The weights maximise the likelihood of a sentence that holds the answer, or of "none", over the questions of
`bench.asked`; twice, with and without the words that the trained reader marks, as `qa.read` uses them. Each half of the
questions scores the weights fitted on the other; the weights to ship are fitted on everything. It prints them and keeps
them, with the scores, in `results/`.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from bench.asked import ASKED, Asked, Features, held_out, news, ours
from index.choose import load_embedder
from index.settings import DEFAULT_MODEL
from qa.read import WHETHER, WHICH, EvidenceReader
from qa.spans import FILE, SpanReader

RIDGE = 5e-4
SMALLEST = 1e-300
"""Odds that are no smaller, so that they have a logarithm."""
NOT_FOR_SILENCE = {"words that answer"}
"""The best words are nearly as sure where nothing answers. Over our dev questions, each held out in its turn, the AUC
of silence is .81 with them and .87 without; 11 of 26 first sentences are right with them, and 5 without."""
FOLDS = 6


def main() -> None:
    """Fit, score, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--file", type=Path, default=FILE)
    reader = EvidenceReader(load_embedder(DEFAULT_MODEL), SpanReader(parser.parse_args().file))
    asked, of_news, of_seeds = list(held_out(reader)), list(news(reader)), list(ours(reader))
    halves = [asked[::2], asked[1::2]]
    parts = [of_news[::2], of_news[1::2]]
    which, whether = _fit(asked + of_news + of_seeds)
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "questions": {kind: sum(one.kind == kind for one in asked) for kind in ASKED},
        "which": dict(zip([*WHICH, "bias"], which.round(2).tolist(), strict=True)),
        "whether": dict(zip([*WHETHER, "bias"], whether.round(2).tolist(), strict=True)),
        "scores of each half under the weights of the other": [
            _score(_fit(halves[1 - held] + of_news + of_seeds), halves[held]) for held in (0, 1)
        ],
        "the same of news": [_score(_fit(parts[1 - held] + asked + of_seeds), parts[held]) for held in (0, 1)],
        "ours, held out in parts": _score_ours(asked + of_news, of_seeds),
    }
    print(json.dumps(result, indent=2))
    kept = Path(__file__).parent / "results" / f"{result['date']}-evidence-reader.json"
    kept.write_text(json.dumps(result, indent=2) + "\n")


def _fit(asked: Sequence[Asked]) -> tuple[Features, Features]:
    """Return the weights that tell which sentence answers, and those that tell whether any does."""
    fewer = np.array([name not in NOT_FOR_SILENCE for name in WHICH])
    whether = np.zeros(len(WHICH) + 1)
    whether[np.append(fewer, True)] = _likeliest([replace(one, features=one.features[:, fewer]) for one in asked])
    return _likeliest(asked), whether


def _likeliest(asked: Sequence[Asked]) -> Features:
    known = [one for one in asked if len(one.features) and (one.kind != "answered" or one.gold.any())]
    features = np.concatenate([one.features for one in known])
    lengths = np.array([len(one.features) for one in known])
    starts = np.cumsum(lengths) - lengths
    answered = np.array([one.kind == "answered" for one in known])
    gold = np.concatenate([one.gold & (one.kind == "answered") for one in known])
    weights = np.array([one.weight for one in known])
    weights /= weights.sum()

    def loss(fitted: Features) -> tuple[float, Features]:
        """Return the mean negative log likelihood and its gradient, each with the ridge."""
        scores = features @ fitted[:-1] + fitted[-1]
        most = np.maximum(np.maximum.reduceat(scores, starts), 0.0)  # the option "none" has the score 0
        odds, none = np.exp(scores - np.repeat(most, lengths)), np.exp(-most)
        everything = np.add.reduceat(odds, starts) + none
        right = np.where(answered, np.maximum(np.add.reduceat(odds * gold, starts), SMALLEST), none)
        total = float(weights @ np.log(everything / right))
        pull = odds / np.repeat(everything, lengths) - gold * odds / np.repeat(right, lengths)
        pull *= np.repeat(weights, lengths)
        ridge = np.append(fitted[:-1], 0.0)
        return total + RIDGE * float(ridge @ ridge), np.append(pull @ features, pull.sum()) + 2 * RIDGE * ridge

    found: Features = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return found


def _answers(whether: Features, one: Asked) -> float:
    """Return how likely it is that any sentence answers."""
    return float(1 / (1 + np.exp(-logsumexp(one.features @ whether[:-1] + whether[-1]))))


def _score(weights: tuple[Features, Features], asked: Sequence[Asked]) -> dict[str, float]:
    probability: dict[str, list[float]] = {kind: [] for kind in ASKED}
    first = []
    which, whether = weights
    for one in asked:
        probability[one.kind].append(_answers(whether, one))
        if one.kind == "answered":
            first.append(bool(one.gold.any() and one.gold[(one.features @ which[:-1]).argmax()]))
    return {
        "gold sentence first": round(float(np.mean(first)), 3),
        "AUC against withheld": _auc(probability["answered"], probability["withheld"]),
        "AUC against hard": _auc(probability["answered"], probability["hard"]),
        **{
            f"answered at .5: {kind}": round(float(np.mean(np.array(values) >= 0.5)), 3)
            for kind, values in probability.items()
        },
    }


def _score_ours(asked: Sequence[Asked], ours: Sequence[Asked]) -> dict[str, float]:
    """Score each of our dev questions under weights that were fitted without it and its five neighbours."""
    parts = [[one for place, one in enumerate(ours) if place % FOLDS == fold] for fold in range(FOLDS)]
    scores: dict[str, list[float]] = {"first": [], "answered": [], "declined": []}
    for fold, part in enumerate(parts):
        others = [one for place, one in enumerate(ours) if place % FOLDS != fold]
        which, whether = _fit([*asked, *others])
        for one in part:
            probability = _answers(whether, one)
            if one.kind == "answered":
                scores["first"].append(bool(one.gold.any() and one.gold[(one.features @ which[:-1]).argmax()]))
                scores["answered"].append(probability >= 0.5)
            else:
                scores["declined"].append(probability < 0.5)
    return {name: round(float(np.mean(values)), 3) for name, values in scores.items()}


def _auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    above, below = np.array(positive)[:, None], np.array(negative)[None, :]
    return round(float((above > below).mean() + (above == below).mean() / 2), 3)


if __name__ == "__main__":
    main()
