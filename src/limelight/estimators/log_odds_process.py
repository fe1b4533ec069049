"""What processes over log-odds predict of pairs that were not asked, where outputs are probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from scipy.linalg import cho_solve, lapack
from scipy.special import expit, logit

from limelight.estimators import odd_process
from limelight.estimators.coalitions import coalitions
from limelight.estimators.design import one_of_two
from limelight.estimators.even_kernel import EvenKernel
from limelight.estimators.odd_kernel import OddKernel, kernel_weights
from limelight.estimators.threads import one_thread
from limelight.neighborhood import keys
from limelight.types import Array

MOST_FEATURES = 30
"""With more the pool is too small a share of all pairs."""
POOL = 2048
"""Pairs that are predicted: all there are of twelve features."""
MOST_FITTED = 100
"""Pairs that the hyper-parameters are fitted to: with more, the odd process, whose fit has more, counts most."""
BLOCK = 128
"""Pairs that are predicted at once: what is computed of these stays in the cache."""
NEAREST = 1e-9
"""A probability nearer to 0 or 1 counts as this near, or its log-odds would outweigh all others."""


@dataclass(frozen=True)
class Told:
    """What the log-odds say, beside the odd process.

    Attributes
    ----------
    change, variance : ndarray of shape (n_features, n_outputs)
        Their Shapley values less the odd process's, and how far that may be off because not all pairs are predicted.
    residuals : ndarray of shape (p, n_outputs)
        Of each pair's h, predicted from the other pairs.
    """

    change: Array
    variance: Array
    residuals: Array


def suits(n_features: int, outputs: Array) -> Array:
    """Outputs that are probabilities, none of them certain, where there are not too many features."""
    return (n_features <= MOST_FEATURES) & (outputs.min(0) > 0) & (outputs.max(0) < 1)


@one_thread
def told(x: Array, there: Array, gone: Array, odd: OddKernel, cache: odd_process.Cache) -> Told:
    """Predict pairs from the log-odds of both their rows.

    A network's probabilities flatten near 0 and 1; their log-odds are nearer
    to a sum. Their odd and even parts are two processes, with the same
    hyper-parameters, fitted to the odd part; both count, as a probability
    mixes them. That has no Shapley values in closed form. But what it
    predicts otherwise than the odd process, which has, is small, and nothing
    for what was asked: the Shapley values of the difference are read by
    regression from a pool of other pairs. No model is asked.

    Parameters
    ----------
    x : ndarray of shape (p, n_features)
        +1 for what is present, -1 for what is absent; one row of each pair.
    there, gone : ndarray of shape (p, n_outputs)
        Probabilities of these rows, and of their complements.
    odd : OddKernel
        That of the odd process.
    cache : dict
        Fits of these rows' log-odds by level.
    """
    up, down = (logit(np.clip(part, NEAREST, 1 - NEAREST)) for part in (there, gone))
    odd_part, even_part, level = (up - down) / 2, (up + down) / 2, (up[0] + down[0]) / 2
    kernel = odd_process.fitted(x[:MOST_FITTED], odd_part[:MOST_FITTED], cache)
    first = Predictor.of(x, odd_part, kernel)
    second = Predictor.of(x, even_part - level, EvenKernel(kernel.theta, kernel.linear, kernel.noise))
    h = (there - gone) / 2
    residuals = h - _half(odd_part - first.missed(), even_part - second.missed())
    pool = _pool(x.shape[1])
    other = _half(first(pool.x), second(pool.x) + level) - Predictor.of(x, h, odd)(pool.x)
    asked = set(keys(one_of_two(x > 0)))
    other[[name in asked for name in pool.names]] = 0
    return Told(*pool.values(other), residuals)


def _half(odd: Array, even: Array) -> Array:
    """Half the difference of the probabilities of coalitions and their complements, from their log-odds."""
    return (expit(even + odd) - expit(even - odd)) / 2


@dataclass(frozen=True)
class Predictor:
    """The mean of a process given data, shape (p, n_outputs), at coalitions x."""

    x: Array
    kernel: OddKernel | EvenKernel
    factor: Array
    solved: Array

    @classmethod
    def of(cls, x: Array, data: Array, kernel: OddKernel | EvenKernel) -> Predictor:
        factor = np.linalg.cholesky(kernel.among(x))
        return cls(x, kernel, factor, cho_solve((factor, True), data))

    def __call__(self, x: Array) -> Array:
        return np.concatenate([self.kernel.between(x[i : i + BLOCK], self.x) @ self.solved
                               for i in range(0, len(x), BLOCK)])

    def missed(self) -> Array:
        """Residuals of the data, each under the mean without it."""
        return self.solved / (lapack.dtrtri(self.factor, lower=1)[0] ** 2).sum(0)[:, None]


@dataclass(frozen=True)
class Pool:
    """Pairs to predict, and their regression.

    Attributes
    ----------
    x : ndarray of shape (n_pool, n_features)
    names : list of bytes
        Their keys.
    slopes : ndarray of shape (n_pool, n_features)
        h is about slopes' values.
    influence : ndarray of shape (n_features, n_pool)
        values = influence h.
    left : ndarray of shape (n_pool,)
        Share of the pairs of this one's size that are not in the pool.
    """

    x: Array
    names: list[bytes]
    slopes: Array
    influence: Array
    left: Array

    def values(self, h: Array) -> tuple[Array, Array]:
        """Shapley values of a game that is 0 for everything, and their variance: (n_features, n_outputs) both."""
        found = self.influence @ h
        return found, self.influence**2 @ (self.left[:, None] * (h - self.slopes @ found) ** 2)


@lru_cache(maxsize=8)
def _pool(n_features: int) -> Pool:
    """The same for all games of so many features: sizes alike, each one's mass shared by the pairs there are of it."""
    drawn = np.array(list(islice(coalitions(n_features, seed=0), 2 * POOL + n_features)))
    rows = np.unique(one_of_two(drawn[2:]), axis=0)
    x = 2.0 * rows - 1
    size = np.minimum(rows.sum(1), (~rows).sum(1))
    there = np.bincount(size)
    ways = np.array([math.comb(n_features, s) / (1 + (2 * s == n_features)) for s in range(len(there))])
    slopes = (x - x.mean(1, keepdims=True)) / 2
    mass = kernel_weights(x) / there[size] / (1 + (2 * size == n_features))
    weighed = slopes * mass[:, None]
    gram = weighed.T @ slopes
    influence = np.linalg.solve(gram + gram.trace() / n_features**2, weighed.T)  # slopes sum to 0: so do the values
    return Pool(x, keys(rows), slopes, influence, (1 - there / ways)[size])
