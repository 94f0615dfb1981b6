"""Fit the weights of `qa.read.EvidenceReader`: `python -m bench.calibrate [--file READER.onnx]`.

The weights maximise the likelihood of a sentence that holds the answer, or of "none", over the questions of
`bench.asked`. Each sixth of a set scores the weights fitted to all else; the weights to ship are fitted to everything.
It prints them and keeps them, with the scores, in `results/`.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from bench.asked import Asked, Features, held_out, news, ours, written
from index.choose import load_embedder
from index.settings import DEFAULT_MODEL
from qa.read import WEIGHTS, EvidenceReader
from qa.spans import FILE, SpanReader

RIDGE = 5e-4
SMALLEST = 1e-300
"""Odds that are no smaller, so that they have a logarithm."""
PARTS = 6


def main() -> None:
    """Fit, score, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--file", type=Path, default=FILE)
    embedder = load_embedder(DEFAULT_MODEL)
    network = SpanReader(parser.parse_args().file)
    reader = EvidenceReader(network, network)
    sets = {"others'": held_out, "written": written, "news": news, "ours": ours}
    asked = {name: list(read(embedder, reader)) for name, read in sets.items()}
    fitted = _fit(list(chain(*asked.values())))
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "questions": {name: Counter(one.kind for one in some) for name, some in asked.items()},
        "weights": dict(zip([*WEIGHTS, "bias"], fitted.round(2).tolist(), strict=True)),
        "scores of a part under weights fitted to the other parts and to the other sets": {
            name: _score_parts(asked, name) for name in sets
        },
    }
    print(json.dumps(result, indent=2))
    kept = Path(__file__).parent / "results" / f"{result['date']}-evidence-reader.json"
    kept.write_text(json.dumps(result, indent=2) + "\n")


def _fit(asked: Sequence[Asked]) -> Features:
    """Return the weights under which what was right was likeliest, and the bias."""
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


def _answers(fitted: Features, one: Asked) -> float:
    """Return how likely it is that any sentence answers."""
    return float(1 / (1 + np.exp(-logsumexp(one.features @ fitted[:-1] + fitted[-1]))))


def _score_parts(asked: Mapping[str, Sequence[Asked]], name: str) -> dict[str, float]:
    """Score each question of a set under weights that were fitted without it and the other questions of its part."""
    some = asked[name]
    beside = [one for other, of in asked.items() if other != name for one in of]
    first: list[bool] = []
    probability: dict[str, list[float]] = {}
    for part in range(PARTS):
        others = [one for place, one in enumerate(some) if place % PARTS != part]
        fitted = _fit([*beside, *others])
        for one in some[part::PARTS]:
            probability.setdefault(one.kind, []).append(_answers(fitted, one))
            if one.kind == "answered":
                first.append(bool(one.gold.any() and one.gold[(one.features @ fitted[:-1]).argmax()]))
    return {
        "gold sentence first": round(float(np.mean(first)), 3),
        **{
            f"AUC against {kind}": _auc(probability["answered"], values)
            for kind, values in probability.items()
            if kind != "answered"
        },
        **{
            f"answered at .5: {kind}": round(float(np.mean(np.array(values) >= 0.5)), 3)
            for kind, values in probability.items()
        },
    }


def _auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    above, below = np.array(positive)[:, None], np.array(negative)[None, :]
    return round(float((above > below).mean() + (above == below).mean() / 2), 3)


if __name__ == "__main__":
    main()
