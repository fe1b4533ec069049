"""How coalitions are drawn: the order in which the model is asked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from limelight.neighborhood import keys
from limelight.types import Array, Law

LONGEST_RUN = 16
"""Pairs of one size in a row, twice as many for a size and its complement's."""
ALIKE = 32
"""Rows of like sizes in a block: texts of like lengths make full batches with little padding."""

Plan = list[tuple[int, int]]
"""Sizes, and how many pairs to draw of each."""


def coalitions(n_features: int, law: Law = "uniform", *, seed: int = 0) -> Iterator[Array]:
    """Draw coalitions, bool (n_features,): the rows of `blocks`, one at a time."""
    return itertools.chain.from_iterable(blocks(n_features, law, seed=seed))


def blocks(n_features: int, law: Law = "uniform", *, seed: int = 0) -> Iterator[Array]:
    """Draw coalitions: each one once, and all of them in the end.

    Nothing and everything, the features left out one at a time, then random
    coalitions: blocks of like sizes, each followed by its complements. Sizes
    are cycled, so that every size is asked equally often; with the "binomial"
    law every other pair is drawn by fair coins instead. The same seed gives
    the same rows, however many are taken.

    Parameters
    ----------
    n_features : int
    law : {"uniform", "binomial"}
    seed : int

    Yields
    ------
    ndarray of shape (n, n_features), bool
        True is present.
    """
    rng = np.random.default_rng(seed)
    yield np.repeat([[False], [True]], n_features, axis=1)
    if n_features > 1:
        yield ~np.eye(n_features, dtype=bool)
    if n_features > 2:
        plans = _by_coins(n_features, rng) if law == "binomial" else _by_size(n_features, rng)
        yield from _pairs(n_features, plans, rng)


def _pairs(n_features: int, plans: Iterator[Plan], rng: np.random.Generator) -> Iterator[Array]:
    left = {size: _Subsets(n_features, size, rng) for size in range(1, n_features // 2 + 1)}
    for plan in plans:
        if not left:
            return
        drawn = [left[size].draw(n) for size, n in plan if size in left]
        for size, _ in plan:
            if size in left and not left[size].remaining:
                del left[size]
        if drawn:
            rows = np.concatenate(drawn)
            again = rows.sum(1) > 1  # the complements of single features came first of all
            yield from (part for part in (~rows[again], rows) if len(part))


def _by_size(n_features: int, rng: np.random.Generator) -> Iterator[Plan]:
    """Cycle through the sizes, in groups of neighbours; the longer the runs, the smaller the groups."""
    sizes = range(1, n_features // 2 + 1)
    for cycle in itertools.count():
        run = min(2**cycle, LONGEST_RUN)
        # Pairs of half the features are of one size, all others of two.
        plan = [(size, run if 2 * size == n_features else 2 * run) for size in sizes]
        group = ALIKE // (2 * run)
        for start in group * rng.permutation(math.ceil(len(plan) / group)):
            yield plan[start : start + group]


def _by_coins(n_features: int, rng: np.random.Generator) -> Iterator[Plan]:
    """Cycle through the sizes, and after each one draw a size by fair coins."""
    while True:
        for size in rng.permutation(np.arange(1, n_features)):
            for drawn in (size, np.clip(rng.binomial(n_features, 0.5), 1, n_features - 1)):
                yield [(int(min(drawn, n_features - drawn)), 1)]


class _Subsets:
    """Subsets of one size, drawn without replacement.

    One of each pair of complements where a set and its complement are of one size.
    """

    def __init__(self, n_features: int, size: int, rng: np.random.Generator):
        self._n_features, self._size, self._rng = n_features, size, rng
        self._halved = 2 * size == n_features
        self._total = math.comb(n_features, size) // (2 if self._halved else 1)
        self._drawn: set[bytes] = set()
        self._rest: Array | None = None

    @property
    def remaining(self) -> int:
        return self._total - len(self._drawn)

    def draw(self, n: int) -> Array:
        """Draw `n` subsets, or as many as are left: bool (n, n_features).

        What was drawn before is drawn again; once that is half of all, what is left is listed.
        """
        n = min(n, self.remaining)
        if self._rest is None and 2 * (len(self._drawn) + n) >= self._total:
            self._rest = self._undrawn()
        if self._rest is not None:
            rows, self._rest = self._rest[:n], self._rest[n:]
            self._drawn.update(keys(rows))
            return rows
        parts: list[Array] = []
        while n:
            rows = self._random(n)
            parts.append(rows[[self._is_new(name) for name in keys(rows)]])
            n -= len(parts[-1])
        return np.concatenate(parts)

    def _is_new(self, name: bytes) -> bool:
        """Tell, and remember it."""
        if name in self._drawn:
            return False
        self._drawn.add(name)
        return True

    def _random(self, n: int) -> Array:
        order = self._rng.random((n, self._n_features)).argsort(1)
        rows = order < self._size
        return rows ^ ~rows[:, :1] if self._halved else rows

    def _undrawn(self) -> Array:
        """What is left, in random order."""
        members = np.array(list(itertools.combinations(range(self._n_features), self._size)))
        if self._halved:
            members = members[members[:, 0] == 0]
        rows = np.zeros((len(members), self._n_features), bool)
        np.put_along_axis(rows, members, True, axis=1)
        rest = [key not in self._drawn for key in keys(rows)]
        return self._rng.permutation(rows[rest])
