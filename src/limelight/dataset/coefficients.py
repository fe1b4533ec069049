"""Coefficients of linear models, in the columns that a user knows, whatever steps lie between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from limelight.attribution._sums import linear_sums
from limelight.attribution.exact import taken_apart
from limelight.dataset.measure import Measure
from limelight.dataset.table import Table
from limelight.errors import Unsuited
from limelight.types import Array

MOST_ROWS = 2_000
_SAME = 1e-6
"""Of the largest change: by how much a column's effect may differ between rows, or from a straight line."""
_ROUNDING = 1e-12
"""Of the largest sum."""


def coefficients(table: Table) -> tuple[Measure, Measure]:
    """Read the coefficients of a linear model, as one more unit of a raw column would show them.

    A Pipeline's steps are gone through: the sum before the last step's link
    (log-odds, margin, or value) is asked what it changes with each raw column,
    which must be the same for two rows. Times the column's standard deviation
    coefficients can be compared. Of a category with two levels it is the
    second's less the first's, and with more only the standard deviation of the
    levels' effects over rows is known, without a sign; so for a number that
    goes through a step that bends it.

    Returns
    -------
    tuple of Measure
        "coefficients" and "scaled_coefficients", signed, without intervals.

    Raises
    ------
    Unsuited
        If the model is no linear one, or earlier steps mix columns.
    """
    steps, head = taken_apart(table.model)
    sums = linear_sums(head)
    if sums is None:
        raise Unsuited("coefficients need a linear or logistic model of scikit-learn")
    used, ask = table.drawn(MOST_ROWS), sums.after(steps)
    effects = np.stack([_effect(used, ask, j) for j in range(table.n_features)], axis=1)
    units = np.array([_unit(used, j, effects[:, j]) for j in range(table.n_features)])
    signs = _sign(table) * np.where(units < 0, -1, 1)
    unknown, notes = np.full(table.n_features, np.nan), _notes(table, units)
    n_evals = 2 * used.n_rows * table.n_features
    what = "the log-odds" if sums.meaning == "log-odds" else "the margin" if sums.meaning == "margin" else "the value"
    return (Measure("coefficients", values=_sign(table) * units, low=unknown, high=unknown, signed=True, notes=notes,
                    n_evals=n_evals, said=f"The change of {what} with one unit more of the column."),
            Measure("scaled_coefficients", values=signs * effects.std(0), low=unknown, high=unknown, signed=True,
                    notes=notes, n_evals=n_evals,
                    said=f"The change of {what} with one standard deviation more of the column."))


def _effect(table: Table, ask: Callable[[Any], Array], j: int) -> Array:
    """What each row's value of a column adds to the sum: (n_rows,), up to a constant.

    Asked for a first row and a last one that take the values of all others.
    """
    n = table.n_rows
    sums = [_chosen(ask(table.moved(np.full(n, row), [j], np.arange(n))), table.target) for row in (0, n - 1)]
    first, last = (each - each.mean() for each in sums)
    rounding = _ROUNDING * np.abs(sums).max()
    if np.abs(first).max() <= rounding:
        return np.zeros(n)
    if np.abs(first - last).max() > _SAME * np.abs(last).max() + rounding:
        raise Unsuited(f"coefficients need steps that act on each column alone, and {table.names[j]} is mixed with "
                       "others")
    return first


def _unit(table: Table, j: int, effect: Array) -> float:
    """The effect of one unit, or of the second of two levels; NaN where there is no such thing."""
    if not np.ptp(effect):
        return 0.0
    if table.columns[j].kind == "number":
        numbers = table.numbers(j)
    else:
        numbers = np.unique(table.codes(j), return_inverse=True)[1].astype(float)
        if numbers.max() != 1:
            return np.nan
    known = np.isfinite(numbers)
    x, y = numbers[known] - numbers[known].mean(), effect[known] - effect[known].mean()
    slope = float(x @ y / (x @ x)) if x.any() else np.nan
    return slope if np.abs(y - slope * x).max() <= _SAME * np.abs(y).max() else np.nan


def _chosen(sums: Any, target: int) -> Array:
    """The output's sum; two classes share one."""
    found = np.asarray(sums, float).reshape(len(sums), -1)
    return found[:, min(target, found.shape[1] - 1)]


def _sign(table: Table) -> int:
    """-1 for the first of two classes, whose sum is the negative of the second's."""
    return -1 if table.target == 0 and len(table.model.output_names or ()) == 2 else 1


def _notes(table: Table, units: Array) -> tuple[str, ...]:
    without = [name for name, unit in zip(table.names, units, strict=True) if np.isnan(unit)]
    if not without:
        return ()
    return (f"{', '.join(without)}: there is no one coefficient, and its spread is without a sign.",)
