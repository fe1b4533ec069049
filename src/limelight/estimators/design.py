"""Which pairs to ask next: those that leave the least doubt about the Shapley values."""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy.linalg import solve_triangular

from limelight.estimators.odd_kernel import OddKernel
from limelight.estimators.threads import one_thread
from limelight.neighborhood import keys
from limelight.types import Array

POOL = 256
MOST_LISTED = 12
"""With more features coalitions are too many to be listed each time; they are drawn."""
LEAST_BATCH = 4
SHARE = 0.4
"""Of the pairs so far, in a batch: tests/figures/RESULTS.md has others."""


def batch_size(n_pairs: int) -> int:
    """How many pairs to choose at once when there are `n_pairs`: the rows depend on nothing else."""
    return max(LEAST_BATCH, int(SHARE * n_pairs))


def candidates(x: Array, rng: np.random.Generator, count: int = POOL) -> Array:
    """Pairs that were not asked, one row each, sizes as often as one another.

    Parameters
    ----------
    x : ndarray of shape (p, n_features)
        One row (+1 present, -1 absent) of each pair that was asked.
    rng : Generator
    count : int

    Returns
    -------
    ndarray of shape (at most count, n_features)
        Empty when all coalitions are in.
    """
    n_features = x.shape[1]
    rows = _listed(n_features, rng) if n_features <= MOST_LISTED else _drawn(n_features, 2 * count, rng)
    seen = set(keys(one_of_two(x > 0)))
    rows = np.array([row for key, row in dict(zip(keys(rows), rows, strict=True)).items() if key not in seen])
    return 2.0 * rows[:count].reshape(-1, n_features) - 1


@one_thread
def next_pairs(x: Array, kernel: OddKernel, pool: Array, count: int) -> Array:
    """Choose pairs from the pool, one after the other, without knowing what the model will say.

    Each is the one that lowers the summed variance of the Shapley values most,
    given all before it (A-optimal): summed squares of its covariance with the
    values, over its variance. One matrix holds the posterior covariance of the
    pool with itself and with the values; each choice is a rank-one step of it.

    Parameters
    ----------
    x : ndarray of shape (p, n_features)
        Pairs that were asked.
    kernel : OddKernel
    pool : ndarray of shape (n_pool, n_features)
        Pairs that were not.
    count : int

    Returns
    -------
    ndarray of shape (at most count, n_features)
    """
    n_pool = len(pool)
    factor = np.linalg.cholesky(kernel.among(x))
    asked = solve_triangular(factor, kernel.between(x, pool), lower=True)
    values = solve_triangular(factor, kernel.with_values(x), lower=True)
    doubt = np.hstack([kernel.among(pool), kernel.with_values(pool)]) - asked.T @ np.hstack([asked, values])
    chosen: list[int] = []
    for _ in range(min(count, n_pool)):
        variance = np.maximum(doubt.diagonal(), 1e-12)
        gain = (doubt[:, n_pool:] ** 2).sum(1) / variance
        gain[chosen] = -1
        best = int(gain.argmax())
        chosen.append(best)
        doubt -= np.outer(doubt[:, best] / variance[best], doubt[best])
    return pool[chosen]


def _drawn(n_features: int, count: int, rng: np.random.Generator) -> Array:
    """Rows of random sizes, bool; none that is everything or nothing."""
    sizes = rng.integers(1, n_features, size=(count, 1))
    return one_of_two(rng.random((count, n_features)).argsort(1) < sizes)


def _listed(n_features: int, rng: np.random.Generator) -> Array:
    """All pairs in random order, bool; the rarer a size, the sooner its rows come, so that sizes alternate."""
    rest = itertools.product([False, True], repeat=n_features - 1)
    rows = np.array([(True, *row) for row in rest])
    ways = np.array([math.comb(n_features, size) for size in rows.sum(1)])
    return rows[(rng.exponential(size=len(rows)) * ways).argsort(kind="stable")]


def one_of_two(rows: Array) -> Array:
    """Of a pair of complements the one that holds the first feature."""
    return rows ^ ~rows[:, :1]
