"""LIME: a linear surrogate, weighted by closeness to the unperturbed input."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import gammaln

from limelight.errors import InputError, warn
from limelight.estimators.regression import Rows, size_weights, surrogate
from limelight.neighborhood import Neighborhood
from limelight.scalars import is_finite
from limelight.types import Array, Estimate, Law

DEFAULT_WIDTH, WIDEST = 0.25, 2.0
Distance = Literal["cosine", "euclidean"]


def lime(neighborhood: Neighborhood, *, kernel_width: float | None = None, ridge: float = 0.0) -> Estimate:
    """Fit LIME's linear surrogate (Ribeiro, Singh & Guestrin 2016).

    Rows weigh exp(-d^2 / (2 kernel_width^2)) times the probability of their
    size under the reference law: sizes 0 ... n_features - 1 alike ("uniform",
    as the lime package draws texts), or fair coins ("binomial", as it draws
    images). d is the cosine distance 1 - sqrt(kept share). Under the "bins"
    law rows weigh exp(-d^2 / (2 kernel_width^2)) alone, with d the Euclidean
    distance of the binary rows. Rows that were chosen and not drawn are left
    out: no law weighs them.

    Parameters
    ----------
    neighborhood : Neighborhood
    kernel_width : float, optional
        Default 0.25; under the "bins" law 0.75 sqrt(n_features).
    ridge : float
        The lime package fits with 1.

    Returns
    -------
    Estimate

    Raises
    ------
    InputError
        If `kernel_width` is not a positive number or `ridge` is negative.
    """
    check_ridge(ridge)
    rows = Rows.of(neighborhood.drawn())
    width = checked_width(kernel_width, neighborhood.law, neighborhood.n_features)
    weights = lime_weights(rows, neighborhood.law, width)
    if not weights[rows.sizes < neighborhood.n_features].any():
        raise _narrow(width, checked_width(None, neighborhood.law, neighborhood.n_features))
    return surrogate(rows, weights, ridge)


def check_ridge(ridge: float) -> None:
    """Raise InputError unless it is a finite number, 0 or more."""
    if not (is_finite(ridge) and ridge >= 0):
        raise InputError(f"ridge={ridge!r} can't be used: give 0 (none) or a positive number (lime uses 1)")


def checked_width(kernel_width: float | None, law: Law, n_features: int) -> float:
    """Return the kernel width to use, or raise InputError."""
    if kernel_width is None:
        return 0.75 * float(np.sqrt(n_features)) if law == "bins" else DEFAULT_WIDTH
    if not (is_finite(kernel_width) and kernel_width > 0):
        raise InputError(f"kernel_width={kernel_width!r} can't be used: give a positive number, "
                         f"or None for the default of {checked_width(None, law, n_features):.3g}")
    if not closeness(n_features, law, kernel_width)[-2]:
        raise _narrow(kernel_width, checked_width(None, law, n_features))
    return float(kernel_width)


def warn_wide(width: float, law: Law) -> None:
    """Warn of a width that was meant for the lime package."""
    if width > WIDEST and law != "bins":
        warn(f"kernel_width={width:g} weighs all perturbations alike: the cosine distance is between 0 and 1. "
             "The lime package multiplies it by 100 for texts and calls the same width 25 what is 0.25 here")


def _narrow(width: float, usual: float) -> InputError:
    return InputError(f"kernel_width={width:g} is so narrow that no perturbation weighs anything: take a wider one, "
                      f"such as {usual:.3g}")


def lime_weights(rows: Rows, law: Law, width: float) -> Array:
    """Weigh the rows, shape (n,)."""
    n_features = rows.present.shape[1]
    close = closeness(n_features, law, width)
    return close[rows.sizes] if law == "bins" else size_weights(rows, size_law(n_features, law) * close)


def closeness(n_features: int, law: Law, width: float) -> Array:
    """Weigh coalitions of each size 0 ... n_features by their distance alone."""
    with np.errstate(over="ignore"):  # of widths next to nothing, whose square would be nothing
        return np.asarray(np.exp(-((distances(np.arange(n_features + 1), law) / width) ** 2) / 2))


def distances(sizes: Array, law: Law) -> Array:
    """Distance of a coalition from the unperturbed input, by its size."""
    n_features = sizes[-1]
    if law == "bins":
        return np.sqrt(n_features - sizes)
    return 1 - np.sqrt(sizes / n_features)


def size_law(n_features: int, law: Law) -> Array:
    """Probability of each size 0 ... n_features under LIME's own drawing."""
    if law == "binomial":
        s = np.arange(n_features + 1)
        choose = gammaln(n_features + 1) - gammaln(s + 1) - gammaln(n_features - s + 1)
        return np.exp(np.maximum(choose - n_features * np.log(2), -700))  # rare sizes of many features: never 0
    if n_features == 1:
        return np.array([0.5, 0.5])
    return np.append(np.full(n_features, 1 / n_features), 0.0)
