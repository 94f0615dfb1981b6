"""How often each fault is tried: few times in CI, many by hand."""

import os

SCALE = os.environ.get("ARTICLE_QA_FAULT_SCALE") or "ci"
TRIES = {
    "R1": {"ci": 50, "full": 1000},
    "R4": {"ci": 20, "full": 200},
    "R5": {"ci": 10_000, "full": 10_000},
    "R6": {"ci": 400, "full": 5000},
    "R7": {"ci": 50, "full": 100},
    "R8": {"ci": 200, "full": 5000},
}


def tries(fault: str) -> int:
    """Return how often to try `fault`."""
    return TRIES[fault][SCALE]
