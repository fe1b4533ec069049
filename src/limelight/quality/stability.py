"""Whether the order of the most important features is settled."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from limelight.types import Array

NEGLIGIBLE = 1e-6


def settled(values: Array, std_error: Array, top: int = 5) -> float | None:
    """Return how sure the order of the first `top` features is: a probability, at least.

    One minus the chances that neighbors in the order of |values| belong the
    other way round, summed (Boole's bound), for errors that are normal and
    independent. The last of the `top` is held against the one after it. Among
    features of less than a millionth of the largest, no order matters.

    Parameters
    ----------
    values, std_error : ndarray of shape (n_features,)
    top : int

    Returns
    -------
    float between 0 and 1, or None where an error is not known
    """
    order = np.argsort(-np.abs(values), kind="stable")[: top + 1]
    size, error = np.abs(values)[order], std_error[order]
    if not np.isfinite(error).all():
        return None
    gap, spread = size[:-1] - size[1:], np.hypot(error[:-1], error[1:])
    sure = (spread == 0) | (size[:-1] <= NEGLIGIBLE * size[0])
    swaps = np.where(sure, 0.0, ndtr(-gap / np.where(sure, 1, spread)))
    return float(max(0.0, 1 - swaps.sum()))
