"""Independent samples of attributions: their mean, and how far to trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.types import Array, Estimate, TensorGame

if TYPE_CHECKING:
    import torch

FEWEST = 10
"""Of fewer samples no error is told."""
BEYOND_CHANCE = 4.0
"""Standard errors."""


class Samples:
    """Attributions that were drawn independently of one another, summed as they come.

    Parameters
    ----------
    game : TensorGame
    gain : float, optional
        What the values of a feature each should add up to on average. What
        samples lack of it is a control variate: its mean is known to be zero,
        so what it has in common with a feature's values is taken out of these,
        by least squares. From ten samples on; values then add up to the gain.

    Attributes
    ----------
    n : int
        How many there are.
    """

    def __init__(self, game: TensorGame, gain: float | None = None):
        self._game, self._gain = game, gain
        self.n = 0
        # Of each feature and, last, of what the sample lacks: means, squares, and products with the last.
        self._mean, self._squares, self._products = np.zeros((3, game.n_features + 1))
        self._total: torch.Tensor | float = 0.0

    def add(self, attributions: torch.Tensor) -> None:
        """Take samples: attributions of the input's numbers, shape (n, *shape)."""
        self._total = self._total + attributions.sum(0)
        values = self._game.each(attributions)
        lack = values.sum(1) - (self._gain or 0.0)
        self._merge(np.column_stack([values, lack]))

    def _merge(self, rows: Array) -> None:
        n, mean = len(rows), rows.mean(0)
        apart, step = rows - mean, mean - self._mean
        share = n * self.n / (n + self.n)
        self._squares += (apart**2).sum(0) + share * step**2
        self._products += apart.T @ apart[:, -1] + share * step * step[-1]
        self.n += n
        self._mean = self._mean + step * n / self.n

    @property
    def lack(self) -> float:
        """What the mean's values lack of the gain, before any correction."""
        return float(self._mean[-1])

    @property
    def agrees(self) -> bool:
        """Tell whether that may be chance."""
        return self.n > 1 and self.lack**2 <= BEYOND_CHANCE**2 * self._squares[-1] / (self.n - 1) / self.n

    def estimate(self, **known: object) -> Estimate:
        """The mean; standard errors with the degrees of freedom that samples leave, infinite before ten samples."""
        values, variance, dof = self._corrected() if self._corrects else self._plain()
        if self.n < FEWEST:
            variance = np.full_like(values, np.inf)
        mean = self._total / self.n
        return Estimate(values[:, None], np.sqrt(variance)[:, None], dof, False, np.full(1, np.nan), float(self.n),
                        pixels=self._game.pixels(mean), **known)  # type: ignore[arg-type]

    @property
    def _corrects(self) -> bool:
        return self._gain is not None and self.n >= FEWEST and self.agrees and self._squares[-1] > 0

    def _plain(self) -> tuple[Array, Array, float]:
        dof = max(self.n - 1, 1)
        return self._mean[:-1], self._squares[:-1] / dof / self.n, dof

    def _corrected(self) -> tuple[Array, Array, float]:
        """Values where the lack is zero, on lines through all samples: intercepts of simple regressions."""
        slope = self._products[:-1] / self._squares[-1]
        rest = np.maximum(self._squares[:-1] - slope * self._products[:-1], 0)
        leverage = 1 / self.n + self.lack**2 / self._squares[-1]
        return self._mean[:-1] - slope * self.lack, rest / (self.n - 2) * leverage, self.n - 2
