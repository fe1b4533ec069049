"""Rows with some of their columns set to other values, and what the model says to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.dataset.steps import Steps, at_once
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.asking import Asker
    from limelight.dataset.table import Table

MOST_AT_ONCE = 65_536
"""Rows composed at once, so that memory stays bounded whatever the grid."""


def conditioning(table: Table, points: Mapping[int, Any], ask: Asker) -> Steps[Array]:
    """Ask about every row with columns set to each of some points in turn.

    Their mean over rows is the partial dependence of these columns (Friedman 2001); each row alone is its individual
    conditional expectation (Goldstein et al. 2015, arXiv:1309.6392).

    Parameters
    ----------
    table : Table
        The rows: their own values of the other columns stay.
    points : mapping of column to n_points values
        The columns that are set, together.
    ask : Asker

    Returns
    -------
    ndarray of shape (n_rows, n_points, n_outputs)
    """
    n_points = len(next(iter(points.values())))
    some = max(1, MOST_AT_ONCE // table.n_rows)
    found = []
    for start in range(0, n_points, some):
        now = {j: list(values)[start : start + some] for j, values in points.items()}
        found.append((yield from _asked(table, now, ask)))
    return np.concatenate(found, axis=1)


conditional = at_once(conditioning)


def _asked(table: Table, points: Mapping[int, Any], ask: Asker) -> Steps[Array]:
    n, n_points = table.n_rows, len(next(iter(points.values())))
    every = table.take(np.tile(np.arange(n), n_points))
    rows = table.put(every.rows, {j: repeated(values, n) for j, values in points.items()})
    answers = yield from ask.steps(rows)
    return answers.reshape(n_points, n, -1).transpose(1, 0, 2)


def repeated(values: Any, n: int) -> Any:
    """Each of some values so many times, of their own types."""
    if all(isinstance(value, (int, float, np.number)) and not isinstance(value, bool) for value in values):
        return np.repeat(np.asarray(values), n)
    found = np.empty(len(values) * n, object)
    found[:] = [value for value in values for _ in range(n)]
    return found
