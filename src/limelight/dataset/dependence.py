"""How an output depends on one feature: partial dependence, single rows, and accumulated local effects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.dataset.ale import accumulating
from limelight.dataset.grids import named, quantiles
from limelight.dataset.partial import conditioning
from limelight.dataset.steps import Steps, at_once
from limelight.errors import InputError
from limelight.quality.intervals import critical
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.table import Table
    from limelight.models._columns import Column

GRID, PDP_ROWS, ICE_ROWS, ALE_ROWS = 30, 300, 50, 2_000
"""Points of the grid, and rows that are asked, shown alone, and asked at both ends of their bins."""
CURVE = GRID * PDP_ROWS + 2 * ALE_ROWS
"""Rows that a curve asks about, at most."""


@dataclass(frozen=True, eq=False)
class Dependence:
    """How one output depends on one column.

    Attributes
    ----------
    feature : int
    grid : ndarray of shape (n_grid,)
        Where the model was asked: numbers, or indices into `categories`.
    categories : tuple of str, or None
        What the grid's indices stand for, in the order of the reader.
    pdp, pdp_low, pdp_high : ndarray of shape (n_grid,)
        Partial dependence: the mean output with the feature set to the grid's value, in the output's units, with the
        95 % interval over rows of the curve's shape: how far a row's own curve lies from its mean, and not how high.
    ice : ndarray of shape (n_shown, n_grid)
        Single rows (individual conditional expectation), less what each is at the grid's first value.
    ice_rows : int ndarray of shape (n_shown,)
        Their numbers in the data.
    ale_grid, ale, ale_low, ale_high : ndarray of shape (n_ale,)
        Accumulated local effects, centred, with 95 % intervals over rows; empty where there are none. For categories
        `ale_grid` holds indices in the order in which effects were accumulated.
    note : str
        What to know of it, or "".
    """

    feature: int
    grid: Array
    categories: tuple[str, ...] | None
    pdp: Array
    pdp_low: Array
    pdp_high: Array
    ice: Array
    ice_rows: Array
    ale_grid: Array
    ale: Array
    ale_low: Array
    ale_high: Array
    note: str = ""


def depending(table: Table, feature: int, rows: Array | None = None) -> Steps[Dependence]:
    """Ask how the output depends on a column.

    Partial dependence (Friedman 2001) and single rows are of at most 300 rows, drawn, accumulated local effects of at
    most 2,000.

    Parameters
    ----------
    table : Table
    rows : int ndarray of shape (n_rows,), optional
        The numbers of its rows in the data; default from 0.

    Raises
    ------
    InputError
        If the column is free text, or has no value at all.
    """
    column = table.columns[feature]
    if column.kind == "text":
        raise InputError(f"{column.name!r} is free text: how the output depends on it can't be drawn along an "
                         "axis. Its attributions are in .attributions")
    ask = table.asker()
    ask.expected = min(GRID * min(table.n_rows, PDP_ROWS) + 2 * min(table.n_rows, ALE_ROWS), CURVE)
    grid, points = _grid(table, feature)
    index = np.arange(table.n_rows)
    few = index if table.n_rows <= PDP_ROWS else np.sort(table.rng().choice(table.n_rows, PDP_ROWS, replace=False))
    answers = (yield from conditioning(table.take(few), {feature: points}, ask))[:, :, table.target]
    mean, half = answers.mean(0), _half(answers - (answers @ _shares(table, feature, grid))[:, None])
    shown = np.linspace(0, len(few) - 1, min(len(few), ICE_ROWS)).astype(int)
    effects = yield from accumulating(table.drawn(ALE_ROWS), feature, ask)
    numbers = index if rows is None else rows
    return Dependence(feature, grid, _names(column), mean, mean - half, mean + half,
                      answers[shown] - answers[shown, :1], numbers[few[shown]], effects.grid, effects.values,
                      effects.low, effects.high,
                      " ".join(filter(None, [_note(table, feature, len(few)), effects.note])))


depend = at_once(depending)


def _grid(table: Table, feature: int) -> tuple[Array, Any]:
    """Where to ask: as numbers, and as the values themselves."""
    column = table.columns[feature]
    if column.kind == "category":
        known = np.unique(table.codes(feature))
        grid = known[known >= 0]
        values: Any = [(column.categories or ())[code] for code in grid]
    else:
        grid = values = _points(table.numbers(feature))
    if not len(grid):
        raise InputError(f"{column.name!r} is missing in every row: the output can't be said to depend on it")
    return grid.astype(float), values


def _points(numbers: Array) -> Array:
    """Quantiles; of the distinct values where most rows have the same one."""
    found = quantiles(numbers, GRID)
    return found if len(found) >= GRID // 2 else quantiles(np.unique(numbers), GRID)


def _names(column: Column) -> tuple[str, ...] | None:
    return None if column.kind == "number" else named(column)


def _shares(table: Table, feature: int, grid: Array) -> Array:
    """What each point of a line weighs in the line's mean over the rows' own values, between points straight."""
    column = table.codes(feature) if table.columns[feature].kind == "category" else table.numbers(feature)
    known = column[np.isfinite(column) & (column >= grid[0])]
    return np.array([np.interp(known, grid, unit).mean() for unit in np.eye(len(grid))])


def _half(answers: Array) -> Array:
    """Half the 95 % interval of each point's mean over rows."""
    n = len(answers)
    return critical(n - 1) * answers.std(0, ddof=1) / np.sqrt(n) if n > 1 else np.full(answers.shape[1], np.nan)


def _note(table: Table, feature: int, n: int) -> str:
    missing = int(np.isnan(table.numbers(feature)).sum()) if table.columns[feature].kind == "number" else int(
        (table.codes(feature) < 0).sum())
    drawn = f"Partial dependence is of {n:,} rows drawn from {table.n_rows:,}." if n < table.n_rows else ""
    return " ".join(filter(None, [drawn, f"{missing:,} rows have no value here." if missing else ""]))
