"""RISE: what the output owes to a pixel's being shown, by random soft masks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.estimators.regression import LEAST_PAIRS
from limelight.estimators.windows import check_length
from limelight.scalars import is_number
from limelight.types import Array, Budget, Estimate, PixelGame

FEWEST = 2
"""Masks that a covariance takes."""


def check_rise(game: PixelGame, *, cells: int = 7, p: float = 0.5) -> None:
    """Raise InputError for options that make no masks."""
    check_length("cells", cells, min(game.segments.shape), "cells along each side of a mask")
    if not is_number(p) or not 0 < p < 1:
        raise InputError(f"p={p!r} can't be used: give the share of cells that are shown, between 0 and 1")


def rise(game: PixelGame, target: int, budget: Budget, *, cells: int = 7, p: float = 0.5,
         seed: int = 0) -> Iterator[Estimate | None]:
    """Yield E[f | pixel shown] - E[f], by random masks (Petsiuk et al. 2018, arXiv:1806.07421).

    A mask is a grid of coins, upsampled bilinearly and shifted at random. The
    paper's map is sum f M / (N p), an estimate of E[f | pixel shown]. This is
    cov(f, M) / p: the paper's less E[f], which is the same for all pixels, so
    the order of the pixels is the paper's, zero means no effect, and the
    noise of E[f] is left out.

    Parameters
    ----------
    cells : int
        Of a grid, along each side.
    p : float
        Share of cells that are shown.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1): the mean over a segment's pixels; they
        do not add up to the prediction. `pixels` holds the map. One mask is
        one sample of the standard error, which is infinite before ten.
        None where the budget is used up.

    Raises
    ------
    InputError
        If the budget is too small for two masks.
    """
    masks, means = Masks(game.segments.shape, cells, p, seed), _Means(game.segments)
    if budget.left < 2 + FEWEST:
        raise InputError(f"n_samples={budget.left} is too few: nothing, everything and two masks take four evaluations")
    budget.take(2)
    found, n = _Sums(p), 0
    while True:
        room = max(game.batch_size, FEWEST) if n < FEWEST else game.batch_size
        taken = budget.take(room)
        if not taken:
            yield None
            continue
        factors = masks.draw(n, n + taken)
        outputs = game.outputs(n, n + taken, blended, *factors)[:, target]
        shown = blended(*factors)
        found.add(outputs, shown, means(shown))
        n += taken
        yield found.estimate(n + 2)


def blended(rows: Any, grids: Any, columns: Any) -> Any:
    """Upsample grids, (n, cells, cells), by their weights for each row and column: arrays or tensors."""
    return rows @ grids @ columns.swapaxes(1, 2)


class Masks:
    """Random masks, as the factors they are made of; mask i depends on the seed and on i alone."""

    def __init__(self, shape: tuple[int, ...], cells: int, p: float, seed: int):
        self._cells, self._p, self._seed = cells, p, seed
        self._sides = [(side, math.ceil(side / cells)) for side in shape]
        self._weights = [_interpolation(cells, (cells + 1) * step) for _, step in self._sides]

    def draw(self, start: int, stop: int) -> tuple[Array, Array, Array]:
        """Weights of cells for rows and for columns, (n, height or width, cells), and the grids between them."""
        drawn = [self._one(np.random.default_rng([self._seed, i])) for i in range(start, stop)]
        rows, grids, columns = (np.stack(parts) for parts in zip(*drawn, strict=True))
        return rows, grids, columns

    def _one(self, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        grid = (rng.random((self._cells, self._cells)) < self._p).astype(float)
        rows, columns = (weights[shift : shift + side] for weights, (side, step) in zip(
            self._weights, self._sides, strict=True) for shift in [rng.integers(step)])
        return rows, grid, columns


def _interpolation(cells: int, length: int) -> Array:
    """Weights of cells for points between their centres, linear: (length, cells); rows sum to 1."""
    at = np.clip((np.arange(length) + 0.5) * cells / length - 0.5, 0, cells - 1)
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(cells)))


class _Means:
    """Means over the pixels of each segment."""

    def __init__(self, segments: Array):
        self._order = np.argsort(segments, axis=None, kind="stable")
        counts = np.bincount(segments.ravel())
        self._starts, self._counts = np.r_[0, np.cumsum(counts)[:-1]], counts

    def __call__(self, maps: Array) -> Array:
        """From (n, height, width) to (n, n_segments)."""
        flat = maps.reshape(len(maps), -1)[:, self._order]
        found: Array = np.add.reduceat(flat, self._starts, axis=1) / self._counts
        return found


class _Sums:
    """What was seen of masks and outputs so far."""

    def __init__(self, p: float):
        self._p = p
        self._outputs: list[Array] = []
        self._shown: list[Array] = []
        self._products: Any = 0.0
        self._masks: Any = 0.0

    def add(self, outputs: Array, masks: Array, shown: Array) -> None:
        """Add outputs (n,), masks (n, height, width), and how much of each segment they show (n, n_segments)."""
        self._outputs.append(outputs)
        self._shown.append(shown)
        # The first output is taken off: what all have in common would drown the rest in rounding.
        self._products = self._products + np.tensordot(outputs - self._outputs[0][0], masks, 1)
        self._masks = self._masks + masks.sum(0)

    def estimate(self, spent: int) -> Estimate:
        outputs, shown = np.concatenate(self._outputs), np.concatenate(self._shown)
        n, away = len(outputs), (outputs - outputs.mean())[:, None]
        each = away * (shown - shown.mean(0)) / self._p
        values = each.sum(0)[:, None] / (n - 1)
        errors = np.full_like(values, np.inf) if n < LEAST_PAIRS else each.std(0, ddof=1)[:, None] / math.sqrt(n)
        pixels = (self._products - (outputs.mean() - outputs[0]) * self._masks) / ((n - 1) * self._p)
        return Estimate(values, errors, n - 1, False, np.full(1, np.nan), float(n), {"adds_up": False, "masks": n},
                        n_evals=spent, pixels=pixels.astype(np.float32))
