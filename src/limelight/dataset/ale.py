"""Accumulated local effects: how an output changes with a feature among rows that have about that value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.dataset.grids import quantiles
from limelight.dataset.similarity import order_of
from limelight.dataset.steps import Steps, at_once
from limelight.quality.intervals import critical
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.asking import Asker
    from limelight.dataset.table import Table

BINS, ROWS_A_BIN = 40, 10
"""At most so many bins, with at least about so many rows in each."""


@dataclass(frozen=True)
class Effects:
    """Accumulated local effects at the ends of bins, or at categories, with 95 % intervals; centred."""

    grid: Array
    values: Array
    low: Array
    high: Array
    note: str = ""


def accumulating(table: Table, feature: int, ask: Asker) -> Steps[Effects]:
    """Compute accumulated local effects (Apley & Zhu 2020, arXiv:1612.08468).

    For numbers the bins are quantiles `z_0 < ... < z_K`, and the effect at `z_k` is
    `sum_{m <= k} mean over rows of bin m of f(z_m, the rest) - f(z_(m - 1), the rest)`; for categories, put into an
    order, rows of each two neighbors are asked with the other one's value. What rows of a bin are like decides, and
    not what they would be like with any value: so it is right for correlated columns, where partial dependence asks
    about rows that can't be. Centred: the mean over rows is zero, linearly between the ends of bins.

    Returns
    -------
    Effects
        Empty where all rows have the same value.
    """
    if table.columns[feature].kind == "category":
        return (yield from _of_categories(table, feature, ask))
    numbers = table.numbers(feature)
    rows = np.flatnonzero(np.isfinite(numbers))
    edges = quantiles(numbers, 1 + int(np.clip(len(rows) // ROWS_A_BIN, 1, BINS)))
    if len(edges) < 2:
        return _none()
    x = numbers[rows]
    last = np.clip(np.searchsorted(edges, x, "left"), 1, len(edges) - 1)
    some = table.take(rows)
    upper = yield from _answers(some, feature, edges[last], ask)
    steps = upper - (yield from _answers(some, feature, edges[last - 1], ask))
    share = (x - edges[last - 1]) / (edges[last] - edges[last - 1])
    return _summed(edges, steps, last - 1, _passed(last - 1, share, len(edges) - 1))


accumulate = at_once(accumulating)


def _of_categories(table: Table, feature: int, ask: Asker) -> Steps[Effects]:
    codes, categories = table.codes(feature), table.columns[feature].categories or ()
    order, note = order_of(table, feature)
    if len(order) < 2:
        return _none()
    place = np.full(len(categories), -1)
    place[order] = np.arange(len(order))
    rows = np.flatnonzero(codes >= 0)
    some, at = table.take(rows), place[codes[rows]]
    own, steps, bins = (yield from _at(some, feature, at, order, ask)), [], []
    for move in (1, -1):
        can = np.flatnonzero((at + move >= 0) & (at + move < len(order)))
        there = yield from _at(some.take(can), feature, at[can] + move, order, ask)
        steps.append(move * (there - own[can]))
        bins.append(np.minimum(at[can], at[can] + move))
    passed = (at[:, None] > np.arange(len(order) - 1)).mean(0)
    return _summed(order.astype(float), np.concatenate(steps), np.concatenate(bins), passed, note)


def _at(table: Table, feature: int, place: Array, order: Array, ask: Asker) -> Steps[Array]:
    categories = table.columns[feature].categories or ()
    values = np.empty(len(place), object)
    values[:] = [categories[code] for code in order[place]]
    return (yield from _answers(table, feature, values, ask))


def _answers(table: Table, feature: int, values: Any, ask: Asker) -> Steps[Array]:
    return (yield from ask.steps(table.put(table.rows, {feature: values})))[:, table.target]


def _passed(bins: Array, share: Array, n_bins: int) -> Array:
    """How much of each bin's effect rows have on the mean: all of the bins below theirs, and a share of their own."""
    below = (bins[:, None] > np.arange(n_bins)).mean(0)
    return below + np.bincount(bins, share, n_bins) / len(bins)


def _summed(grid: Array, steps: Array, bins: Array, passed: Array, note: str = "") -> Effects:
    """Add up the bins' mean effects, less what rows have of them on the mean."""
    n_bins = len(grid) - 1
    counts = np.bincount(bins, minlength=n_bins)
    mean = np.bincount(bins, steps, n_bins) / np.maximum(counts, 1)
    apart = (steps - mean[bins]) ** 2
    # A bin of one row tells nothing of its spread: it takes that of all.
    pooled = apart.sum() / max(len(steps) - (counts > 0).sum(), 1)
    variance = np.where(counts > 1, np.bincount(bins, apart, n_bins) / np.maximum(counts - 1, 1), pooled)
    weights = np.tri(n_bins + 1, n_bins, -1) - passed
    values = weights @ mean
    half = critical(max(len(steps) - n_bins, 1)) * np.sqrt(weights**2 @ (variance / np.maximum(counts, 1)))
    return Effects(grid, values, values - half, values + half, note)


def _none() -> Effects:
    empty = np.empty(0)
    return Effects(empty, empty, empty, empty, note="All rows have one value here: there are no local effects.")
