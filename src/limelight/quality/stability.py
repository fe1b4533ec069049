"""Whether the order of the most important features is settled."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from limelight.types import Array

NEGLIGIBLE = 1e-6
ALIKE = 0.01
"""Of the largest |value|: features whose values differ by less have no order that matters."""


def settled(values: Array, std_error: Array, top: int = 5) -> float | None:
    """Return how sure the order of the first `top` features is: a probability, at least.

    One minus the chances that neighbors in the order of |values| belong the
    other way round, summed (Boole's bound), for errors that are normal and
    independent. The last of the `top` is held against the one after it. No
    order matters among features that are alike to 1 % of the largest, so a
    pair counts with the chance that it is not, where that is smaller; nor
    among those of less than a millionth of the largest.

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
    unit, alike = np.where(sure, 1, spread), ALIKE * size[0]
    swapped, differ = ndtr(-gap / unit), ndtr((gap - alike) / unit) + ndtr((-gap - alike) / unit)
    return float(max(0.0, 1 - np.where(sure, 0.0, np.minimum(swapped, differ)).sum()))
