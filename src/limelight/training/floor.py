"""Which change is more than noise: drift held against that between two estimates of one checkpoint."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from limelight.types import Array

SURE = 0.95
ROUNDING = 1e-6
"""Networks that are the same function differ by so much at most: no drift below it is one."""


class Found(NamedTuple):
    """A drift and its noise floor.

    Attributes
    ----------
    value : float
        The mean drift of the examples.
    noise : float
        The mean drift between two estimates of one checkpoint.
    floor : float
        What one more estimate of that checkpoint stays below, with 95 % probability.
    detectable : bool
        Whether the value is above the floor, and above rounding.
    """

    value: float
    noise: float
    floor: float
    detectable: bool


def held(drift: Array, noise: Array) -> Found:
    """Hold the drift of some examples against their noise.

    Were there no change, the mean drift would at most be one more draw of the
    mean noise. The floor is the upper end of the one-sided 95 % prediction
    interval for such a draw: mean + t * s * sqrt(1 / n + 1 / (n m)), where s^2 is
    the variance of the noise of one example among its m re-estimates, pooled
    over n examples, and t Student's with n (m - 1) degrees of freedom, or fewer
    where some examples are noisier than others (`_freedom`). Draws are
    independent, as each step and each example has seeds of its own; they should
    be near normal, which those of a network with kinks, its input moved a
    little, are not: there more than one in twenty is above. As drift is measured
    with the same masks and seeds at both checkpoints, noise alone makes less
    drift than that: the test errs on the side of "no detectable change".

    Parameters
    ----------
    drift : ndarray of shape (n_examples,)
    noise : ndarray of shape (n_examples, n_estimates)
        At least two estimates: of the two checkpoints.

    Returns
    -------
    Found
        Examples for which the measure does not exist (NaN) are left out; NaN where none is left.
    """
    known = np.isfinite(drift) & np.isfinite(noise).all(1)
    drift, noise = drift[known], noise[known]
    n, m = noise.shape
    if not n:
        return Found(np.nan, np.nan, np.nan, False)
    variances = noise.var(1, ddof=1)
    mean, spread = float(noise.mean()), np.sqrt(variances.mean())
    floor = mean + float(stdtrit(_freedom(variances, m), SURE) * spread * np.sqrt(1 / n + 1 / (n * m)))
    value = float(drift.mean())
    return Found(value, mean, floor, value > max(floor, ROUNDING))


def _freedom(variances: Array, m: int) -> float:
    """Degrees of freedom of the mean of variances, of m draws each (Satterthwaite 1946, doi:10.2307/3002019).

    (m - 1) (sum v)^2 / sum v^2, where v^2 is what is expected of it: of so few
    draws the squares of what was found are too large.
    """
    n, fourth = len(variances), (variances**2).sum()
    if not fourth:
        return float(n * (m - 1))
    alike = (variances.sum() ** 2 - 2 * fourth / (m + 1)) / (fourth * (m - 1) / (m + 1))
    return float((m - 1) * np.clip(alike, 1, n))
