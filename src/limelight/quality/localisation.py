"""Whether attributions are where they should be, where it is known what the model goes by.

All read |values|: how much the output depends on a feature, and not which way.
Of values at random features, their mean over all orders is the share of
features that should matter; of `auroc` it is one half.
"""

from __future__ import annotations

import numpy as np

from limelight.types import Array


def relevance_mass(values: Array, truth: Array) -> float:
    """Share of the summed |values| at features that should matter (Arras et al. 2022, arXiv:2003.07258).

    Parameters
    ----------
    values : ndarray of shape (n_features,)
    truth : bool ndarray of shape (n_features,)
        Which features should matter.

    Returns
    -------
    float
        NaN where all values are 0.
    """
    size = np.abs(values)
    return float(size @ truth / size.sum()) if size.any() else float("nan")


def relevance_rank(values: Array, truth: Array) -> float:
    """Share of those that should matter among as many of the largest |values| (Arras et al. 2022)."""
    return top_k_intersection(values, truth, int(truth.sum()))


def pointing_game(values: Array, truth: Array) -> float:
    """Whether the largest |value| is at a feature that should matter: 1 or 0 (Zhang et al. 2016, arXiv:1608.00507)."""
    return top_k_intersection(values, truth, 1)


def top_k_intersection(values: Array, truth: Array, k: int) -> float:
    """Share of those that should matter among the k largest |values| (Theiner et al. 2021, arXiv:2104.14995).

    Where equal values meet at the end of these k, it is the mean over all ways to choose among them.
    """
    size = np.abs(values)
    least = np.sort(size)[-k]
    above, level = size > least, size == least
    return float(((above & truth).sum() + (k - above.sum()) * truth[level].mean()) / k)


def auroc(values: Array, truth: Array) -> float:
    """Chance that a feature that should matter has a larger |value| than one that should not; ties count half."""
    size = np.abs(values)
    gap = size[truth][:, None] - size[~truth]
    return float(((gap > 0) + (gap == 0) / 2).mean())
