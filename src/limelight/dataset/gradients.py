"""How much outputs change with a feature, row by row: the mission's partial derivatives, averaged over a data set."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np

from limelight.attribution.gradients import gradients
from limelight.dataset.measure import Measure
from limelight.dataset.steps import Steps, at_once
from limelight.dataset.table import Asker, Table
from limelight.quality.intervals import critical
from limelight.types import Array

MOST_ROWS = 2_000
MOST_LEVELS = 10
"""Categories of a column that rows are given in turn: the most common ones."""
STEP = 0.1
"""Of a column's standard deviation: how far a number is moved each way, where there are no gradients."""


class Slopes(NamedTuple):
    """Of every row: the change with a feature, its size, and its size times the feature's spread.

    Attributes
    ----------
    signed, size, scaled : ndarray of shape (n_rows,)
        NaN where it is not known.
    """

    signed: Array
    size: Array
    scaled: Array


Three: TypeAlias = tuple[Measure, Measure, Measure]


def deriving(table: Table, *, n_rows: int = MOST_ROWS) -> Steps[Three]:
    """Average the partial derivatives of the output by each feature over rows.

    The mean of `df/dx_j`, the mean of `|df/dx_j|`, and the mean of
    `|df/dx_j| sd(x_j)` (after the derivative-based measures of Sobol' &
    Kucherenko 2009), whose unit is the output's, so that features can be
    compared. Of a torch module they are its gradients. Of other models they are
    central differences, `(f(x + h) - f(x - h)) / 2h` with h a tenth of the
    column's standard deviation, and at least 1 where it holds whole numbers;
    neither end leaves the range of the column. Of a category there is no
    derivative: size is the mean difference between two of its levels, scaled
    the standard deviation over levels as common as they are, and a sign there is
    between two levels only, the second less the first.

    Parameters
    ----------
    table : Table
    n_rows : int
        The most rows that are used.

    Returns
    -------
    tuple of Measure
        "derivative" (signed), "absolute_derivative", "scaled_derivative", with intervals over rows.

    Raises
    ------
    InputError
        If the module's output has no gradient by its input.
    """
    used = table.drawn(n_rows)
    ask, slopes = used.asker(), _gradients(used) if table.model.is_network else None
    asked = [j for j, column in enumerate(table.columns) if slopes is None or column.kind != "number"]
    ask.expected, found = sum(_n_asked(used, j) for j in asked), []
    for j in range(table.n_features):
        found.append((yield from _of_column(used, ask, j)) if slopes is None or j in asked
                     else _sized(slopes[:, j], used, j))
    n_evals = ask.n_evals + (0 if slopes is None else used.n_rows)
    names, notes = ("derivative", "absolute_derivative", "scaled_derivative"), _notes(table, used)
    first, second, third = (_measure(name, np.stack(rows, axis=1), notes, n_evals)
                            for name, rows in zip(names, zip(*found, strict=True), strict=True))
    return first, second, third


derivatives = at_once(deriving)


def _n_asked(table: Table, j: int) -> int:
    """How many rows are asked about for a column, about."""
    levels = len(table.columns[j].categories or ()) if table.columns[j].kind == "category" else 2
    return 0 if table.columns[j].kind == "text" or table.is_constant(j) else table.n_rows * min(levels, MOST_LEVELS)


def _of_column(table: Table, ask: Asker, j: int) -> Steps[Slopes]:
    kind, n = table.columns[j].kind, table.n_rows
    if kind == "text":
        return Slopes(*np.full((3, n), np.nan))
    if table.is_constant(j):
        return Slopes(*np.zeros((3, n)))
    return (yield from (_of_levels if kind == "category" else _of_numbers)(table, ask, j))


def _of_numbers(table: Table, ask: Asker, j: int) -> Steps[Slopes]:
    """Central differences; NaN where the number is missing."""
    numbers, found = table.numbers(j), np.full(table.n_rows, np.nan)
    rows = np.flatnonzero(np.isfinite(numbers))
    if not len(rows) or not np.ptp(numbers[rows]):
        return _sized(found, table, j)
    known = table.take(rows)
    low, high = _ends(numbers[rows])
    lower = yield from ask.steps(known.put(known.rows, {j: low}))
    upper = yield from ask.steps(known.put(known.rows, {j: high}))
    found[rows] = (upper - lower)[:, table.target] / (high - low)
    return _sized(found, table, j)


def _ends(numbers: Array) -> tuple[Array, Array]:
    """Where each number is moved to: a step down and up, inside the range of all."""
    step = STEP * numbers.std()
    if (numbers == np.round(numbers)).all():
        step = max(1.0, np.round(step))
    return np.maximum(numbers - step, numbers.min()), np.minimum(numbers + step, numbers.max())


def _of_levels(table: Table, ask: Asker, j: int) -> Steps[Slopes]:
    """What each of the most common levels would give every row."""
    counts = np.bincount(table.codes(j) + 1, minlength=len(table.columns[j].categories or ()) + 1)[1:]
    levels = np.sort(np.argsort(-counts, kind="stable")[: min(MOST_LEVELS, int((counts > 0).sum()))])
    if len(levels) < 2:
        return Slopes(*np.full((3, table.n_rows), np.nan))
    donors = np.array([np.flatnonzero(table.codes(j) == level)[0] for level in levels])
    said = []
    for donor in donors:
        said.append((yield from ask.steps(table.moved(np.arange(table.n_rows), [j], np.full(table.n_rows, donor)))))
    answers = np.stack(said, axis=1)[:, :, table.target]
    shares = counts[levels] / counts[levels].sum()
    apart = np.abs(answers[:, :, None] - answers[:, None]).sum((1, 2)) / (len(levels) * (len(levels) - 1))
    spread = np.sqrt(((answers - (answers @ shares)[:, None]) ** 2) @ shares)
    signed = answers[:, 1] - answers[:, 0] if len(levels) == 2 else np.full(table.n_rows, np.nan)
    return Slopes(signed, apart, spread)


def _sized(slopes: Array, table: Table, j: int) -> Slopes:
    return Slopes(slopes, np.abs(slopes), np.abs(slopes) * _spread(table.numbers(j)))


def _spread(numbers: Array) -> float:
    known = numbers[np.isfinite(numbers)]
    return float(known.std()) if len(known) else np.nan


class _Rows:
    """A torch module asked about many rows: as much of a TensorGame as taking gradients needs."""

    kind = "table"

    def __init__(self, table: Table):
        self._model, self._output = table.model, table.output
        self.batch_size = table.model.block() * len(table.model.background)
        self.open = table.model.derivable

    def __call__(self, inputs: Any) -> Any:
        return self._model.keep_gradient(inputs, self._output)


def _gradients(table: Table) -> Array:
    """The output's gradient by every row: (n_rows, n_features)."""
    table.model.output_space(table.output)  # which the module's answer tells first
    game: Any = _Rows(table)
    found: Array = gradients(game, table.model.place(table.rows), table.target).cpu().double().numpy()
    return found


def _measure(name: str, rows: Array, notes: tuple[str, ...], n_evals: int) -> Measure:
    """Average over the rows of which it is known: (n_rows, n_features)."""
    known = np.isfinite(rows)
    n = np.where(known.any(0), known.sum(0), np.nan)
    mean = np.where(known, rows, 0.0).sum(0) / n
    error = np.sqrt((np.where(known, rows - mean, 0.0) ** 2).sum(0) / np.where(n > 1, n - 1, np.nan) / n)
    half = critical(len(rows) - 1) * error
    return Measure(name, said=_said(name), values=mean, low=mean - half, high=mean + half,
                   signed=name == "derivative", notes=notes, n_evals=n_evals)


def _said(name: str) -> str:
    if name == "derivative":
        return "The mean change of the output with one unit more of the feature."
    if name == "absolute_derivative":
        return "The mean size of the output's change with one unit more of the feature, or from level to level."
    return "The mean size of the output's change with the feature, times the feature's standard deviation."


def _notes(table: Table, used: Table) -> tuple[str, ...]:
    asked = ("" if table.model.is_network else
             "Derivatives are differences, each way over a tenth of the column's standard deviation, and over 1 at "
             "least where it holds whole numbers.")
    levels = ("Of categories, it is what an exchange of one level for another changes."
              if any(column.kind == "category" for column in table.columns) else "")
    drawn = (f"Derivatives are of {used.n_rows:,} of {table.n_rows:,} rows." if used.n_rows < table.n_rows else "")
    return tuple(filter(None, (asked, levels, drawn)))
