"""Pairwise Shapley interactions, from the pairs of a neighborhood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from limelight.errors import InputError
from limelight.estimators._evidence import evidence
from limelight.estimators.even_kernel import EvenKernel, interaction_weights
from limelight.estimators.odd_process import Conditioned, levels
from limelight.estimators.regression import LEAST_PAIRS
from limelight.estimators.shapley import telling
from limelight.estimators.threads import one_thread
from limelight.neighborhood import Neighborhood
from limelight.types import Array

MOST_FEATURES = 30
MOST_FITTED, MOST_PAIRS = 300, 1500
"""Pairs that the hyper-parameters are fitted to, and pairs that are read: the work grows with the cube of them."""
MODEL_SHARE = 1.0
"""Of the posterior variance in a variance, beside the jackknife's: more than of Shapley values."""
ROUNDING = 1e-9
"""Of the largest output: what is less is no interaction."""
STEPS = 40

# Log-normal priors of theta, pairwise and noise, as weak as the odd process's: medians, spreads, bounds.
MEDIAN, SPREAD = (np.log(0.1), 0.0, -7.0), (1.5, 2.0, 3.0)
BOUNDS = ((-12, 3), (-12, 12), (-20, 4))


@dataclass(frozen=True)
class Interactions:
    """What two features do together and not alone.

    Attributes
    ----------
    values, std_error : ndarray of shape (n_features, n_features, n_outputs)
        Symmetric, with zeros on the diagonal. Infinite errors: not known yet.
    exact : bool
    """

    values: Array
    std_error: Array
    exact: bool


@one_thread
def interactions(neighborhood: Neighborhood) -> Interactions:
    """Estimate the Shapley interaction index of every two features (Grabisch & Roubens 1999).

    `I_ij = sum over S without i and j of |S|! (n - |S| - 2)! / (n - 1)! *
    (v(S + ij) - v(S + i) - v(S + j) + v(S))`. Only e(S) = (v(S) + v(not S)) / 2
    counts in it. With all coalitions in it is exact; otherwise it is that of a
    Gaussian process over even games (see `EvenKernel`), with errors as those of the odd process.

    Parameters
    ----------
    neighborhood : Neighborhood
        Of 2 to 30 features.

    Raises
    ------
    InputError
        If there are more features, or fewer.
    """
    n_features = neighborhood.n_features
    check_count(n_features)
    earlier, later = neighborhood.pairs
    least = ROUNDING * np.abs(neighborhood.outputs).max(0)
    x = 2.0 * neighborhood.coalitions[earlier] - 1
    even = (neighborhood.outputs[earlier] + neighborhood.outputs[later]) / 2
    if neighborhood.complete:
        values = np.einsum("pij,pk->ijk", interaction_weights(x), even)
        return _symmetric(values, np.zeros_like(values), True, least)
    if telling(x) < LEAST_PAIRS:
        shape = (n_features, n_features, even.shape[1])
        return _symmetric(np.zeros(shape), np.full(shape, np.inf), False, least)
    x, even = x[:MOST_PAIRS], even[:MOST_PAIRS]
    values, std_error = posterior(x, even, _kernel(x, even, neighborhood.memo.setdefault("even process", {})))
    return _symmetric(values, std_error, False, least)


def _kernel(x: Array, even: Array, cache: dict[int, EvenKernel]) -> EvenKernel:
    """The kernel fitted at the last level that was passed: levels as those of the odd process."""
    level = max(level for level in levels(len(x)) if level <= MOST_FITTED)
    if level not in cache:
        cache[level] = fitted(x[:level], even[:level])
    return cache[level]


def check_count(n_features: int) -> None:
    """Raise InputError if there are too many features, or no two."""
    if n_features < 2:
        raise InputError("order=2 takes two features at least, and there is one")
    if not 2 <= n_features <= MOST_FEATURES:
        raise InputError(f"order=2 takes 2 to {MOST_FEATURES} features, and there are {n_features}: "
                         "join some with groups=, or take coarser words or segments")


def fitted(x: Array, even: Array) -> EvenKernel:
    """Kernel of the highest posterior density of its hyper-parameters.

    Outputs share it but for their scales, which are profiled out; those that
    do not move tell nothing.
    """
    even = even - even[0]
    even = even[:, even.any(0)]
    start = np.array([*x.shape[1] * MEDIAN[:1], *MEDIAN[1:]])
    if not even.shape[1]:
        return _kernel_of(start)
    bounds = [*x.shape[1] * BOUNDS[:1], *BOUNDS[1:]]
    found = minimize(_loss, start, (x, even / abs(even).max(0)), "L-BFGS-B", jac=True, bounds=bounds,
                     options={"maxiter": STEPS})
    return _kernel_of(found.x)


def posterior(x: Array, even: Array, kernel: EvenKernel) -> tuple[Array, Array]:
    """Interactions and their standard errors, (n_features, n_features, n_outputs) each."""
    two = np.triu_indices(x.shape[1], 1)
    given = Conditioned.on(x, kernel.among(x), kernel.with_interactions(x)[:, *two], kernel.interaction_variance[two])
    found = given.posterior(even - even[0], MODEL_SHARE)
    both = np.zeros((2, x.shape[1], x.shape[1], even.shape[1]))
    both[:, *two] = found.values, np.sqrt(found.variance)
    values, std_error = both + both.swapaxes(1, 2)
    return values, std_error


def _symmetric(values: Array, std_error: Array, exact: bool, least: Array) -> Interactions:
    """Without what a feature does with itself, and without what is `least` and less, shape (n_outputs,)."""
    alone = np.arange(len(values))
    values[alone, alone] = std_error[alone, alone] = 0
    return Interactions(np.where(np.abs(values) <= least, 0.0, values), std_error, exact)


def _kernel_of(parameters: Array) -> EvenKernel:
    *theta, pairwise, noise = np.exp(parameters)
    return EvenKernel(np.array(theta), float(pairwise), float(noise))


def _loss(parameters: Array, x: Array, even: Array) -> tuple[float, Array]:
    """Negative log posterior density of the hyper-parameters' logarithms, and its gradient."""
    kernel = _kernel_of(parameters)
    found = evidence(kernel.among(x), even)
    if found is None:
        return 1e12, np.zeros_like(parameters)
    loss, slope = found
    far = (parameters - [*x.shape[1] * MEDIAN[:1], *MEDIAN[1:]]) / [*x.shape[1] * SPREAD[:1], *SPREAD[1:]]
    return (loss + far @ far / 2,
            _by_parameter(kernel, x, slope) + far / [*x.shape[1] * SPREAD[:1], *SPREAD[1:]])


def _by_parameter(kernel: EvenKernel, x: Array, slope: Array) -> Array:
    """Turn a derivative by the covariance into one by the parameters' logarithms."""
    theta, total, share = kernel.theta, kernel.total, kernel.pairwise / kernel.pairs
    b = (x * theta) @ x.T
    sinh, cosh = kernel.halves(b)
    of_pairs = float((slope * kernel.of_pairs(b)).sum())
    by_theta = np.einsum("ij,ij->j", (slope * (sinh * cosh + 2 * share * b)) @ x, x)
    by_theta -= (slope * sinh**2).sum() / np.tanh(total / 2)
    by_theta -= 2 * share * (theta * slope.sum() + of_pairs * (total - theta))
    trace = slope.trace()
    return np.concatenate([theta * by_theta, [kernel.pairwise * (of_pairs + kernel.noise * trace),
                                              kernel.jitter * trace]])
