"""How the answers to the same coalitions are read, for every row alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import chain, islice
from typing import Protocol

import numpy as np

from limelight.estimators import design, odd_process, read
from limelight.estimators.coalitions import blocks
from limelight.estimators.odd_kernel import OddKernel, kernel_weights
from limelight.estimators.regression import LEAST_PAIRS
from limelight.estimators.shapley import (
    MOST_PAIRS,
    odd_pairs,
    regression,
    suits_choosing,
    telling,
)
from limelight.estimators.threads import one_thread
from limelight.neighborhood import Neighborhood
from limelight.types import Array, Estimate

MOST_CHOSEN = 300
"""Pairs that are chosen for what they tell; with more, choosing takes longer than asking."""
MOST_IN_A_MATRIX = 2_500
"""Coalitions: making it takes some copies of the square of them."""
_POOL, _BATCH = 512, 64


class Reading(Protocol):
    """Coalitions that all rows are asked about, and what is made of the answers.

    Attributes
    ----------
    coalitions : bool ndarray of shape (n, n_features)
        Nothing and everything come first.
    route : str
    """

    coalitions: Array
    route: str

    def __call__(self, outputs: Array) -> tuple[Array, Array]:
        """Values and errors, (n_features, n_outputs) both, of outputs of shape (n, n_outputs)."""


class Drawn:
    """Coalitions in the order in which `explain` draws them, read by one of its estimators.

    Parameters
    ----------
    coalitions : bool ndarray of shape (n, n_features)
    estimator : callable
        From a neighborhood to an Estimate.
    route : str
    """

    def __init__(self, coalitions: Array, estimator: Callable[[Neighborhood], Estimate], route: str):
        self.coalitions, self.route, self._estimator = coalitions, route, estimator

    def __call__(self, outputs: Array) -> tuple[Array, Array]:
        """See `Reading`."""
        found = self._estimator(neighborhood_of(self.coalitions, outputs))
        return found.values, found.std_error


class Regressed:
    """The paired regression as a matrix: what it says to each coalition's answer being one and all others nothing.

    Parameters
    ----------
    coalitions : bool ndarray of shape (n, n_features)
        With at least as many whole pairs as features.
    """

    route = "regression"

    def __init__(self, coalitions: Array):
        self.coalitions = coalitions
        units = neighborhood_of(coalitions, np.eye(len(coalitions)))
        fit, (earlier, later) = regression(units), (rows[1:] for rows in units.pairs)
        self._influence, self._residuals = fit.values, fit.params["residuals"]
        # A pair's rows move the values by as much, and against each other; what is left of their size to draw errs.
        sizes = coalitions.sum(1)
        found = np.bincount(sizes[np.concatenate([earlier, later])], minlength=coalitions.shape[1] + 1).tolist()
        left = np.array([1 - n / math.comb(coalitions.shape[1], size) for size, n in enumerate(found)])[sizes]
        self._spread = 4 * self._influence[:, earlier] ** 2 * left[earlier]

    def __call__(self, outputs: Array) -> tuple[Array, Array]:
        """See `Reading`."""
        return self._influence @ outputs, np.sqrt(self._spread @ (self._residuals @ outputs) ** 2)


class Designed:
    """Pairs chosen for a kernel that was fitted to some rows, read by its process: one matrix product a row.

    The process's Shapley values are linear in what the pairs say (science of
    it in `odd_process`); only the scale of its errors is each row's own.

    Parameters
    ----------
    x : ndarray of shape (p, n_features)
        One of each pair (+1 present, -1 absent); first everything.
    kernel : OddKernel
    """

    route = "odd process"

    def __init__(self, x: Array, kernel: OddKernel):
        shown = x > 0
        self.coalitions = np.concatenate([~shown[:1], shown[:1], shown[1:], ~shown[1:]])
        self._process = odd_process.conditioned(x, kernel)
        self._errors = telling(x) >= LEAST_PAIRS

    def __call__(self, outputs: Array) -> tuple[Array, Array]:
        """See `Reading`."""
        nothing, everything, *_ = outputs
        shown, hidden = np.split(outputs[2:], 2)
        found = self._process.posterior(np.concatenate([(everything - nothing)[None], shown - hidden]) / 2)
        error = np.sqrt(found.variance)
        return found.values, error if self._errors else np.full_like(error, np.inf)


def drawn(n_features: int, n: int, method: str, seed: int, kernel_width: float | None = None) -> Drawn:
    """The first `n` coalitions that `explain` asks about with this seed, read by its method of this name."""
    estimator = regression if method == "shapley" else partial(read, method=method, kernel_width=kernel_width)
    return Drawn(_first(n_features, n, seed), estimator, "regression" if method == "shapley" else method)


@one_thread
def shapley(ask: Callable[[Array], Array | None], n_features: int, n: int, seed: int) -> Reading:
    """Choose by some rows how the Shapley values of all are read: by a process, or by the paired regression.

    Whichever predicts pairs better that it has not seen, for most outputs of
    these rows. The process's pairs are then chosen anew, for the kernel that
    the rows told: each is the one that lowers the variance of the values most.

    Parameters
    ----------
    ask : callable
        From coalitions to what those rows answer, (n, n_rows * n_outputs); None where there is no time for it.
    n_features, n : int
        Features, and evaluations to spend on each row.
    seed : int
    """
    plain = _regression(n_features, n, seed)
    if not suits_choosing(n_features) or n < 2 * LEAST_PAIRS:
        return plain
    some = plain.coalitions[: 2 * odd_process.MOST_PAIRS]
    said = ask(some)
    if said is None:
        return plain
    answered = neighborhood_of(some, said)
    x, h = odd_pairs(answered)
    if len(x) < LEAST_PAIRS:
        return plain
    kernel = odd_process.fitted(x, h, {})
    unseen = odd_process.posterior(x, h, kernel).residuals[1:]
    wins = odd_process.better(unseen, regression(answered).params["residuals"], kernel_weights(x[1:]))
    n_pairs = min(n // 2, 2 ** (n_features - 1), MOST_PAIRS)
    return Designed(_chosen(kernel, n_pairs, seed), kernel) if wins.mean() >= 0.5 else plain


def _regression(n_features: int, n: int, seed: int) -> Reading:
    """The paired regression; a matrix where there are pairs enough for one, and not more than fit the memory."""
    plain = drawn(n_features, n, "shapley", seed)
    n_pairs = len(neighborhood_of(plain.coalitions, np.zeros((len(plain.coalitions), 1))).pairs[0]) - 1
    enough = max(n_features, LEAST_PAIRS) <= n_pairs and n <= MOST_IN_A_MATRIX
    return Regressed(plain.coalitions) if enough else plain


def neighborhood_of(coalitions: Array, outputs: Array) -> Neighborhood:
    """Rows as the estimators read them."""
    found = Neighborhood(coalitions.shape[1], outputs.shape[1])
    found.append(coalitions, outputs)
    return found


def _first(n_features: int, n: int, seed: int) -> Array:
    return np.array(list(islice(chain.from_iterable(blocks(n_features, seed=seed)), n)))


def _chosen(kernel: OddKernel, n_pairs: int, seed: int) -> Array:
    """Everything, each feature left out, and pairs that lower the variance most: (n_pairs, n_features)."""
    n_features = len(kernel.theta)
    x = 2.0 * np.concatenate([np.ones((1, n_features), bool), ~np.eye(n_features, dtype=bool)]) - 1
    while len(x) < n_pairs:
        rng, count = np.random.default_rng([seed, len(x)]), min(_BATCH, n_pairs - len(x))
        pool = design.candidates(x, rng, _POOL)
        x = np.concatenate([x, design.next_pairs(x, kernel, pool, count) if len(x) < MOST_CHOSEN else pool[:count]])
    return x[:n_pairs]
