"""Permutation Shapley values: what each feature adds when features come in one by one, in random orders."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from limelight.errors import InputError
from limelight.estimators.regression import LEAST_PAIRS
from limelight.estimators.shapley import regression
from limelight.neighborhood import Neighborhood, keys
from limelight.types import Array, Budget, Estimate, Game

MOST_PAIRS = 256
"""In one batch: where all coalitions are known already, a pair of orders costs no evaluation."""


def permutation_shapley(game: Game, budget: Budget, *, seed: int = 0) -> Iterator[Estimate | None]:
    """Yield the mean of what features add in random orders, each order taken forward and backward.

    Shapley sampling (Castro et al. 2009; ShapleySampling in DeepExplain), with
    antithetic pairs (Mitchell et al. 2022, arXiv:2104.12199): games whose
    features act alone or two by two are exact after one pair. In every order
    the values add up to v(everything) - v(nothing). No coalition is asked
    twice, and once all of them are known the mean over all orders is too.

    Parameters
    ----------
    game : Game
        `game.opening` holds its outputs with nothing and everything, two evaluations.
    seed : int

    Yields
    ------
    Estimate
        Values of shape (n_features, n_outputs). A pair of orders is one sample
        of the standard error, which is infinite before ten pairs. None where
        the budget is too small for the next pair.

    Raises
    ------
    InputError
        If the budget is too small for one pair.
    """
    pairs, known, moments = _Pairs(game.n_features, seed), _opened(game), Moments()
    spent = _checked(budget, game.n_features).take(2)
    while not known.complete:
        orders, rows = pairs.fitting(known, min(budget.left, game.batch_size), max(1, min(moments.n, MOST_PAIRS)))
        if not orders:
            orders, rows = pairs.fitting(known, budget.left, 1)  # one that is longer than a micro-batch
        if not orders:
            yield None
            continue
        spent += budget.take(len(rows))
        if len(rows):
            known.append(rows, _asked(game, rows))
        moments.add(np.array([_gains(order, known) for order in orders]))
        if not known.complete:
            yield _estimate(moments, spent)
    exact = regression(known)
    yield Estimate(exact.values, exact.std_error, np.inf, True, np.full(game.n_outputs, np.nan), float(len(known)),
                   {"route": "enumeration"}, n_evals=spent)


class Moments:
    """Mean and spread of samples that come in batches (Chan et al. 1979)."""

    def __init__(self) -> None:
        self.n = 0
        self.mean: Array = np.zeros(1)
        self._squares: Array = np.zeros(1)

    def add(self, samples: Array) -> None:
        """Add samples of shape (n, ...)."""
        n, mean = len(samples), samples.mean(0)
        step = mean - self.mean
        self._squares = self._squares + ((samples - mean) ** 2).sum(0) + step**2 * self.n * n / (self.n + n)
        self.mean = self.mean + step * n / (self.n + n)
        self.n += n

    @property
    def std_error(self) -> Array:
        """Of the mean; infinite before there are samples enough."""
        if self.n < LEAST_PAIRS:
            return np.full_like(self.mean, np.inf)
        return np.sqrt(self._squares / (self.n * (self.n - 1)))


class _Pairs:
    """Random orders, drawn one after another; those that did not fit a budget come first the next time."""

    def __init__(self, n_features: int, seed: int):
        self._n, self._rng = n_features, np.random.default_rng(seed)
        self._waiting: Array | None = None

    def fitting(self, known: Neighborhood, room: int, most: int) -> tuple[list[Array], Array]:
        """Take orders, `most` of them at most, that need no more than `room` coalitions that are not known.

        Returns
        -------
        orders : list of ndarray of shape (n_features,)
        rows : bool ndarray of shape (n, n_features)
            The coalitions to ask for.
        """
        orders: list[Array] = []
        rows: dict[bytes, Array] = {}
        while len(orders) < most:
            order = self._rng.permutation(self._n) if self._waiting is None else self._waiting
            chain = np.concatenate(_chains(order))
            needed = {name: row for name, row in zip(keys(chain), chain, strict=True) if known.find(row) is None}
            self._waiting = order
            if len(rows | needed) > room:
                break
            rows |= needed
            orders.append(order)
            self._waiting = None
        return orders, np.array(list(rows.values()), bool).reshape(-1, self._n)


def _opened(game: Game) -> Neighborhood:
    """What is known at first: nothing and everything."""
    known = Neighborhood(game.n_features, game.n_outputs, game.law)
    known.append(np.repeat([[False], [True]], game.n_features, axis=1), game.opening)
    return known


def _asked(game: Game, rows: Array) -> Array:
    """Ask in micro-batches."""
    return np.concatenate([game(rows[i : i + game.batch_size]) for i in range(0, len(rows), game.batch_size)])


def _chains(order: Array) -> tuple[Array, Array]:
    """Coalitions from nothing to everything, features coming in order and in reverse: (n + 1, n) each."""
    rank, length = np.argsort(order), np.arange(len(order) + 1)[:, None]
    return rank < length, rank >= len(order) - length


def _gains(order: Array, known: Neighborhood) -> Array:
    """What features add, meant over an order and its reverse: (n_features, n_outputs)."""
    gains = np.zeros((len(order), known.n_outputs))
    for chain, way in zip(_chains(order), (order, order[::-1]), strict=True):
        met = np.array([known.find(row) for row in chain], int)
        gains[way] += np.diff(known.outputs[met], axis=0) / 2
    return gains


def _estimate(moments: Moments, spent: int) -> Estimate:
    return Estimate(moments.mean, moments.std_error, max(1, moments.n - 1), False,
                    np.full(moments.mean.shape[1], np.nan), float(moments.n), {"pairs": moments.n}, n_evals=spent)


def _checked(budget: Budget, n_features: int) -> Budget:
    needed = min(2 * n_features, 2**n_features)
    if budget.left < needed:
        raise InputError(f"n_samples={budget.left} is too few: an order of {n_features} features and its reverse "
                         f"take {needed} evaluations")
    return budget
