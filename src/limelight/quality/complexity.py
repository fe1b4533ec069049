"""How many features an explanation is spread over: asks no model."""

from __future__ import annotations

import numpy as np

from limelight.types import Array


def sparseness(values: Array) -> float:
    """Gini index of |values|: 0 where all are alike, near 1 where one feature has all (Chalasani et al. 2020)."""
    size = np.sort(np.abs(values))
    n, total = len(size), size.sum()
    if total == 0:
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ size / (n * total))


def complexity(values: Array) -> float:
    """Entropy, in nats, of the shares that features have of the summed |values| (Bhatt et al. 2020)."""
    size = np.abs(values)
    if size.sum() == 0:
        return float("nan")
    share = size / size.sum()
    share = share[share > 0]
    return float(0.0 - (share * np.log(share)).sum())  # and not -0.0


def effective_complexity(values: Array, least: float = 0.01) -> float:
    """How many features have more than `least` of the largest |value| (Nguyen & Martinez 2020)."""
    size = np.abs(values)
    return float((size > least * size.max()).sum())
