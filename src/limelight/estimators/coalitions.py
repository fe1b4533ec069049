"""How coalitions are drawn: the order in which the model is asked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from limelight.types import Array, Law

LONGEST_RUN = 8
"""Pairs of one size in a row: equal lengths make full batches of texts."""


def coalitions(n_features: int, law: Law = "uniform", *, seed: int = 0) -> Iterator[Array]:
    """Draw coalitions: each one once, and all of them in the end.

    Nothing, everything, the features left out one at a time, then pairs of a
    random coalition and its complement. Sizes are cycled, so that every size
    is asked equally often; with the "binomial" law every other pair is drawn
    by fair coins instead. The same seed gives the same rows, however many are taken.

    Parameters
    ----------
    n_features : int
    law : {"uniform", "binomial"}
    seed : int

    Yields
    ------
    ndarray of shape (n_features,), bool
        True is present.
    """
    rng = np.random.default_rng(seed)
    yield np.zeros(n_features, bool)
    yield np.ones(n_features, bool)
    if n_features > 1:
        yield from ~np.eye(n_features, dtype=bool)
    if n_features > 2:
        yield from _pairs(n_features, law, rng)


def _pairs(n_features: int, law: Law, rng: np.random.Generator) -> Iterator[Array]:
    left = {size: _Subsets(n_features, size, rng) for size in range(1, n_features // 2 + 1)}
    for size in _sizes(n_features, law, rng):
        if not left:
            return
        size = min(size, n_features - size)
        if size not in left:
            continue
        row = left[size].draw()
        yield row
        if size > 1:  # the complements of single features came first of all
            yield ~row
        if not left[size].remaining:
            del left[size]


def _sizes(n_features: int, law: Law, rng: np.random.Generator) -> Iterator[int]:
    """Cycle through the sizes 1 ... n_features - 1 in random order, in ever longer runs."""
    for cycle in itertools.count():
        for size in rng.permutation(np.arange(1, n_features)).repeat(min(2**cycle, LONGEST_RUN)):
            yield int(size)
            if law == "binomial":
                yield int(np.clip(rng.binomial(n_features, 0.5), 1, n_features - 1))


class _Subsets:
    """Subsets of one size, drawn without replacement.

    One of each pair of complements where a set and its complement are of one size.
    """

    def __init__(self, n_features: int, size: int, rng: np.random.Generator):
        self._n_features, self._size, self._rng = n_features, size, rng
        self._halved = 2 * size == n_features
        self._total = math.comb(n_features, size) // (2 if self._halved else 1)
        self._drawn: set[bytes] = set()
        self._rest: list[Array] | None = None

    @property
    def remaining(self) -> int:
        return self._total - len(self._drawn)

    def draw(self) -> Array:
        """Draw again what was drawn before; list what is left once that is less than half."""
        if self._rest is None and 2 * len(self._drawn) >= self._total:
            self._rest = self._undrawn()
        while True:
            row = self._rest.pop() if self._rest else self._row(
                self._rng.permutation(self._n_features)[: self._size])
            key = row.tobytes()
            if key not in self._drawn:
                self._drawn.add(key)
                return row

    def _row(self, members: Array | tuple[int, ...]) -> Array:
        row = np.zeros(self._n_features, bool)
        row[list(members)] = True
        return ~row if self._halved and not row[0] else row

    def _undrawn(self) -> list[Array]:
        every = (self._row(members) for members in
                 itertools.combinations(range(self._n_features), self._size)
                 if not self._halved or members[0] == 0)
        rest = [row for row in every if row.tobytes() not in self._drawn]
        return [rest[i] for i in self._rng.permutation(len(rest))]
