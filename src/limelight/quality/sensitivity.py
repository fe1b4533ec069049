"""How much attributions change when nothing that matters does."""

from __future__ import annotations

import numpy as np

from limelight.types import Array


def relative_changes(values: Array, others: Array) -> Array:
    """`|other - values| / |values|`, Euclidean: values (n_features,), others (n, n_features) -> (n,)."""
    size = np.linalg.norm(values)
    if size == 0:
        return np.full(len(others), np.nan)
    changes: Array = np.linalg.norm(others - values, axis=1) / size
    return changes


def sensitivity_max(values: Array, others: Array) -> float:
    """The largest relative change (Yeh et al. 2019, arXiv:1901.09392): captum's `sensitivity_max`."""
    return float(relative_changes(values, others).max())


def similarity(values: Array, others: Array) -> float:
    """Mean cosine similarity to other answers to the same question: 1 where they are alike but for their scale."""
    sizes = np.linalg.norm(others, axis=1) * np.linalg.norm(values)
    return float((others @ values / np.where(sizes > 0, sizes, np.nan)).mean())
