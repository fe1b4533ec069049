"""Pairs that are asked where the Shapley values are most in doubt."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

import numpy as np

from limelight.estimators import design, odd_process
from limelight.estimators.shapley import odd_pairs
from limelight.neighborhood import Neighborhood, keys
from limelight.sources import MaskedGame, PairedSource
from limelight.types import Array

FIRST = 3
"""Evaluations a feature before any is chosen."""
DRAWN = 1 / 3
"""Of a batch. For this and the number above see "What constants were chosen by" in tests/figures/RESULTS.md."""
MOST_CHOSEN = 300
"""With more pairs, choosing takes longer than asking most models."""


class AdaptiveSource(PairedSource):
    """Pairs for Shapley values: two of three are chosen where the values are most in doubt.

    First come those that hold one feature or lack one, then some that are
    drawn. The drawn third of the others is what LIME and Banzhaf read.

    The order depends on the rows before and on nothing else, so the first rows
    are the same whatever the limit.
    """

    def __init__(self, game: MaskedGame, seed: int):
        super().__init__(game, seed)
        self._seed = seed
        self._asked = set(keys(self.opening.coalitions))
        self._drawn = self._unasked(itertools.chain.from_iterable(self._blocks))

    def _fill(self, before: Neighborhood) -> None:
        """Choose only when all rows before are answered."""
        if self._waiting:
            return
        n = self.n_features
        if len(before) < n + 2:
            self._wait(~np.eye(n, dtype=bool), paired=False)
        elif len(before) < 2 * n + 2:
            self._wait(np.eye(n, dtype=bool), paired=False)
        elif len(before) < FIRST * n:
            self._draw(max(1, (FIRST * n - len(before)) // 2))
        else:
            self._choose(before)

    def _choose(self, before: Neighborhood) -> None:
        x, h = odd_pairs(before)
        count = design.batch_size(len(x))
        drawn = math.ceil(count * DRAWN) if len(x) <= MOST_CHOSEN else count
        if drawn < count:
            kernel = odd_process.fitted(x, h, before.memo.setdefault("odd process", {}))
            pool = design.candidates(x, np.random.default_rng([self._seed, len(x)]))
            self._wait(design.next_pairs(x, kernel, pool, count - drawn) > 0, chosen=True)
        self._draw(drawn)

    def _draw(self, count: int) -> None:
        rows = list(itertools.islice(self._drawn, count))
        if rows:
            self._wait(np.array(rows))

    def _wait(self, rows: Array, *, chosen: bool = False, paired: bool = True) -> None:
        """Have these asked next, alike ones together, and then their complements; none that was asked."""
        rows = rows[np.argsort(rows.sum(1), kind="stable")]
        for block in (rows, ~rows) if paired else (rows,):
            new = [key not in self._asked for key in keys(block)]
            self._asked.update(keys(block))
            if any(new):
                self._put(block[new], chosen)

    def _unasked(self, rows: Iterable[Array]) -> Iterator[Array]:
        """One coalition of each pair that was not asked."""
        mates: set[bytes] = set()
        for row in rows:
            key, mate = keys(np.array([row, ~row]))
            if key not in self._asked and key not in mates:
                mates.add(mate)
                yield row
