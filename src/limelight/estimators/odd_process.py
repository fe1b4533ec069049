"""Shapley values by a Gaussian process over odd games, with its hyper-parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack, solve_triangular
from scipy.optimize import minimize

from limelight.estimators._evidence import evidence
from limelight.estimators.odd_kernel import OddKernel
from limelight.estimators.threads import one_thread
from limelight.types import Array

FIRST_LEVEL = 8
MOST_PAIRS = 300
"""The hyper-parameters are fitted to no more: a fit costs the cube of them.

For this and the numbers below see "What constants were chosen by" in tests/figures/RESULTS.md."""
GROWTH = 1.4
FIRST_STEPS, STEPS = 25, 8
"""Most iterations at the first level and at a later one, which starts where the last one ended."""

# Priors of the logarithms of theta (of all features together), linear and noise: medians, spreads, bounds (`_prior`).
# What counts is that they are weak, and that the more features there are, the less each theta is: or interactions of
# all of them would be expected.
MEDIAN = (math.log(0.5), 0.0, -7.0)
SPREAD = (1.0, 2.0, 3.0)
BOUNDS = ((-14, 1), (-12, 12), (-20, 4))

MODEL_SHARE, JACKKNIFE_SHARE, SHARED_BY = 0.3, 0.55, 200
"""Of the posterior variance and of the jackknife's in a variance, whose part falls up to so many pairs: see
`_variance`."""

Cache = dict[int, OddKernel]


@dataclass(frozen=True)
class Posterior:
    """What the process says, given pairs.

    Attributes
    ----------
    values : ndarray of shape (n_features, n_outputs)
    variance : ndarray of shape (n_features, n_outputs)
        Calibrated. Intervals are Student's t with p - 1 degrees of freedom.
    residuals : ndarray of shape (p, n_outputs)
        Of each pair's h, under the posterior without it.
    influence : ndarray of shape (p, n_features)
        values = influence' h.
    """

    values: Array
    variance: Array
    residuals: Array
    influence: Array


@one_thread
def fitted(x: Array, h: Array, cache: Cache) -> OddKernel:
    """Kernel of the highest marginal likelihood at the last level that was passed.

    Levels are numbers of pairs that grow by two fifths; each fit starts where
    the one before ended. So the answer depends on the rows alone, not on how
    a run was cut into chunks.

    Parameters
    ----------
    x : ndarray of shape (p, n_features)
        +1 for what is present, -1 for what is absent; one row of each pair.
    h : ndarray of shape (p, n_outputs)
        (v(S) - v(not S)) / 2.
    cache : dict
        Fits of these rows by level: what is missing is added.
    """
    kernel = prior_kernel(x.shape[1])
    for level in levels(len(x)):
        if level not in cache:
            steps = FIRST_STEPS if level == FIRST_LEVEL else STEPS
            cache[level] = refitted(kernel, x[:level], h[:level], steps)
        kernel = cache[level]
    return kernel


def levels(n_pairs: int) -> list[int]:
    """Numbers of pairs, up to this one, at which hyper-parameters are fitted."""
    passed, level = [], FIRST_LEVEL
    while level <= min(n_pairs, MOST_PAIRS):
        passed.append(level)
        level = math.ceil(level * GROWTH)
    return passed


def prior_kernel(n_features: int) -> OddKernel:
    """The kernel before anything was asked."""
    return _kernel_of(_medians(n_features))


def refitted(kernel: OddKernel, x: Array, h: Array, steps: int) -> OddKernel:
    """Climb from this kernel towards the highest posterior density of the hyper-parameters.

    Outputs share the kernel but for their scales, which are profiled out; the
    log likelihood is their mean, so that copies of an output change nothing.
    Outputs that are zero tell nothing.
    """
    h = h[:, h.any(0)]
    if not h.shape[1]:
        return kernel
    h = h / abs(h).max(0)
    start = np.log(np.concatenate([kernel.theta, [kernel.linear, kernel.noise]]))
    bounds = _per_parameter(BOUNDS, len(kernel.theta))
    found = minimize(_loss, start, (x, h), "L-BFGS-B", jac=True, bounds=bounds,
                     options={"maxiter": steps, "maxfun": steps + 5})
    return _kernel_of(found.x)


@dataclass(frozen=True)
class Conditioned:
    """The process given which pairs are asked, before what they say: made once for any number of games.

    Attributes
    ----------
    x : ndarray of shape (p, n_features)
    influence : ndarray of shape (p, n_features)
        values = influence' h.
    inverse : ndarray of shape (p, p)
        Of the Cholesky factor of the covariance.
    left : ndarray of shape (n_features,)
        Variance of the values that the pairs leave, but for an output's scale.
    """

    x: Array
    influence: Array
    inverse: Array
    left: Array

    @classmethod
    def on(cls, x: Array, among: Array, with_values: Array, variance: Array) -> Conditioned:
        """Condition any process on pairs, given their covariance, that with the values, and the values' variance."""
        factor = np.linalg.cholesky(among)
        half = solve_triangular(factor, with_values, lower=True)
        influence = solve_triangular(factor, half, lower=True, trans=1)
        left = np.maximum(variance - (half**2).sum(0), 0)
        return cls(x, influence, lapack.dtrtri(factor, lower=1)[0], left)

    def posterior(self, h: Array, model_share: float = MODEL_SHARE) -> Posterior:
        """What the process says of games whose pairs say `h`, shape (p, n_outputs)."""
        solved = self.inverse.T @ (self.inverse @ h)
        residuals = solved / (self.inverse**2).sum(0)[:, None]
        expected = model_share * np.outer(self.left, (h * solved).sum(0) / len(self.x))
        return Posterior(self.influence.T @ h, _variance(expected, self.x, self.influence, residuals), residuals,
                         self.influence)


@one_thread
def conditioned(x: Array, kernel: OddKernel) -> Conditioned:
    """Condition on pairs, whatever they will say: shape (p, n_features)."""
    return Conditioned.on(x, kernel.among(x), kernel.with_values(x), kernel.value_variance)


@one_thread
def posterior(x: Array, h: Array, kernel: OddKernel) -> Posterior:
    """Shapley values, their variance and held-out residuals, given pairs.

    The values sum to v(everything) - v(nothing) once that pair is in: they
    are those of the process, and all its draws agree there.

    Parameters
    ----------
    x : ndarray of shape (p, n_features)
    h : ndarray of shape (p, n_outputs)
    kernel : OddKernel
    """
    return conditioned(x, kernel).posterior(h)


def better(odd_residuals: Array, other_residuals: Array, weights: Array) -> Array:
    """Where the process predicts pairs at least as well as another estimator, bool (n_outputs,).

    Both are asked about pairs that they have not seen. The weights of the
    Shapley kernel make an error count for what it does to the values.

    Parameters
    ----------
    odd_residuals, other_residuals : ndarray of shape (p, n_outputs)
        Leave-one-out residuals of h; everything and nothing left out.
    weights : ndarray of shape (p,)
    """
    return weights @ odd_residuals**2 <= weights @ other_residuals**2


def _variance(expected: Array, x: Array, influence: Array, residuals: Array) -> Array:
    """Variance of the values, from what the process expects (its share of it) and what it missed.

    The posterior variance holds if the kernel does. The jackknife (summed
    squares of each pair's influence times its held-out residual, HC3 for a
    Gaussian process) also sees where the kernel is wrong. It is needed most
    while there are few pairs for each hyper-parameter, and by the square root
    of n / p less later. No doubt is left when all pairs are in. The shares
    were chosen for 90 % intervals at fixed budgets and where a rule stopped
    the run; what they cover is in tests/figures/RESULTS.md.
    """
    n_pairs, n_features = x.shape
    left = 1 - n_pairs / 2.0 ** (n_features - 1)
    share = JACKKNIFE_SHARE * math.sqrt(min(1.0, n_features / min(n_pairs, SHARED_BY))) * left
    return expected + share * (influence**2).T @ residuals**2


def _loss(parameters: Array, x: Array, h: Array) -> tuple[float, Array]:
    """Negative log posterior density of the hyper-parameters' logarithms, and its gradient."""
    kernel = _kernel_of(parameters)
    theta, total = kernel.theta, kernel.total
    b = (x * theta) @ x.T
    matrix, odd, even = kernel.parts(b)
    matrix[np.diag_indices_from(matrix)] += kernel.jitter
    found = evidence(matrix, h)
    if found is None:
        return 1e12, np.zeros_like(parameters)
    loss, slope = found
    trace, along = slope.trace(), (slope * b).sum() / total
    by_theta = np.einsum("ij,ij->j", (slope * even + (kernel.linear / total) * slope) @ x, x)
    by_theta -= (slope * odd).sum() / math.tanh(total) + kernel.linear * along / total
    gradient = np.concatenate([theta * by_theta,
                               [kernel.linear * (along + kernel.noise * trace), kernel.jitter * trace]])
    cost, slope_of_prior = _prior(parameters)
    return loss + cost, gradient + slope_of_prior


def _prior(parameters: Array) -> tuple[float, Array]:
    """Negative log prior density of the hyper-parameters' logarithms, and its gradient.

    Linear and noise are log-normal. How much the features' theta differ is not
    known, and there are about as many of them as pairs at first. So they have
    one spread together: a multivariate Student's t, n_features degrees of
    freedom. They stay alike until pairs tell them apart, and where some
    features count for nothing the others are free. Each by itself, a theta
    near 0 from few pairs would rule out what its feature does with others.
    """
    n_features = len(parameters) - 2
    spread = _per_parameter(SPREAD, n_features)
    far = (parameters - _medians(n_features)) / spread
    theta, rest = far[:-2], far[-2:]
    wide = 1 + theta @ theta / n_features
    return (n_features * math.log(wide) + rest @ rest / 2,
            np.concatenate([2 * theta / wide, rest]) / spread)


def _kernel_of(parameters: Array) -> OddKernel:
    *theta, linear, noise = np.exp(parameters)
    return OddKernel(np.array(theta), float(linear), float(noise))


def _medians(n_features: int) -> Array:
    total, linear, noise = MEDIAN
    return _per_parameter((total - math.log(n_features), linear, noise), n_features)


def _per_parameter(of: tuple, n_features: int) -> Array:
    """One entry a parameter: theta's for each feature, then linear's and noise's."""
    return np.array([*n_features * of[:1], *of[1:]])
