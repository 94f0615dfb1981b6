"""What many runs took -> the half of them, and nearly all of them."""

from collections.abc import Sequence

import numpy as np


def percentiles(took: Sequence[float], digits: int = 1) -> dict[str, float]:
    """Return the median and the 95th percentile, interpolated; nothing of nothing.

    >>> percentiles([1, 2, 3, 4]), percentiles([])
    ({'p50': 2.5, 'p95': 3.8}, {})
    """
    return {f"p{share}": round(float(np.percentile(took, share)), digits) for share in (50, 95) if len(took)}
