"""How much attributions change when nothing that matters does."""

from __future__ import annotations

import numpy as np

from limelight.types import Array

FLOOR = 0.01
"""Of the largest |value|: what smaller ones are taken for where something is divided by them."""


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


def sensitivity_avg(values: Array, others: Array) -> float:
    """The mean relative change (Bhatt et al. 2020, arXiv:2005.00631)."""
    return float(relative_changes(values, others).mean())


def local_lipschitz(values: Array, others: Array, distances: Array) -> float:
    """The largest `|other - values| / distance` (Alvarez-Melis & Jaakkola 2018, arXiv:1806.08049).

    Parameters
    ----------
    values : ndarray of shape (n_features,)
    others : ndarray of shape (n, n_features)
        Values of nearby inputs.
    distances : ndarray of shape (n,)
        How far from the input each of these is.

    Returns
    -------
    float
        A lower bound: inputs that were not tried may have a larger one.
    """
    return float((np.linalg.norm(others - values, axis=1) / distances).max())


def relative_stability(values: Array, others: Array, changes: Array, floor: float = FLOOR) -> Array:
    """Relative change of values, by the relative change of the input: (n,) (Agarwal et al. 2022, arXiv:2203.06877).

    `|(other - values) / values| / change`, divided feature by feature. A value
    below `floor` of the largest counts as that: the ratio would have no bound.

    Parameters
    ----------
    values, others
        As of `local_lipschitz`.
    changes : ndarray of shape (n,)
        `|(x' - x) / x|` of each nearby input.
    """
    size = np.maximum(np.abs(values), floor * np.abs(values).max())
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.linalg.norm((others - values) / size, axis=1) / changes
    return found


def similarities(values: Array, others: Array) -> Array:
    """Cosine similarity to other answers: (n,), 1 where they are alike but for their scale, NaN where one is all 0."""
    sizes = np.linalg.norm(others, axis=1) * np.linalg.norm(values)
    found: Array = others @ values / np.where(sizes > 0, sizes, np.nan)
    return found
