"""How large attributions are over rows, without what their estimator's noise adds, and how sure that is."""

from __future__ import annotations

import numpy as np

from limelight.dataset.measure import Measure
from limelight.quality.intervals import critical
from limelight.types import Array, Kind

ROUNDING = 1e-13
"""Of the output: smaller attributions are taken for none."""
REPEATS = 200
"""Of the bootstrap: its standard errors are off by about 5 % then."""


def mean_size(values: Array, std_error: Array, kind: Kind, seed: int) -> Measure:
    """Mean |attribution| over rows, corrected for the estimator's noise.

    The mean of |phi + noise| is larger than that of |phi|, so each attribution counts as
    `sqrt(max(phi^2 - se^2, 0))`. Intervals are over rows, by the bootstrap, which sees the noise of inputs that were
    asked each with coalitions of its own. All rows of a table may have been asked with the same coalitions, so that
    their errors go together: the error of their mean is at most the mean of the errors, which is added.

    Parameters
    ----------
    values, std_error : ndarray of shape (n_rows, n_features)
        Standard errors are infinite where they are not known: these attributions are not corrected, and have no
        interval.
    """
    unknown = ~np.isfinite(std_error)
    noise = np.where(unknown, 0.0, std_error)
    sizes = np.sqrt(np.maximum(values**2 - noise**2, 0))
    mean = sizes.mean(0)
    shared = noise.mean(0) if kind == "table" else 0.0
    error = np.hypot(bootstrap_error(sizes, np.random.default_rng(seed)), shared)
    error = np.where(unknown.any(0), np.nan, error)
    half = critical(max(len(values) - 1, 1)) * error if len(values) > 1 else np.full(len(mean), np.nan)
    said = ("How large attributions are on the mean, in the output's units, without what the estimator's noise adds to "
            "them." if noise.any() else "How large attributions are on the mean, in the output's units.")
    notes = ("The errors of these attributions are not known, so importance is not corrected for noise and has no "
             "intervals.",) if unknown.any() else ()
    return Measure("attributions", said, mean, np.maximum(mean - half, 0), mean + half, notes=notes)


def without_rounding(values: Array, outputs: Array) -> Array:
    """Attributions without those that are nothing but rounding, which would be importance otherwise.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_features)
    outputs : ndarray of shape (n_rows, n_ends)
        What each row's attributions lead from and to.
    """
    return np.where(np.abs(values) <= ROUNDING * np.abs(outputs).max(1, keepdims=True), 0.0, values)


def bootstrap_error(values: Array, rng: np.random.Generator, repeats: int = REPEATS) -> Array:
    """Standard error of a mean over rows: rows are drawn again, with replacement, so many times.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_features)

    Returns
    -------
    ndarray of shape (n_features,)
    """
    n = len(values)
    means = [np.bincount(rng.integers(n, size=n), minlength=n) @ values / n for _ in range(repeats)]
    return np.std(means, axis=0, ddof=1)
