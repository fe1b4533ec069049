"""What the last step of a table model is given, and which feature each of its columns is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from limelight.types import Array

N_PROBES = 48
"""Random coalitions that tell one feature from another: two of 1,000 are confused once in 10^8 times."""
_MOST_NUMBERS = 4_000_000
"""Numbers that a Pipeline's earlier steps are let to make at once: 32 MB."""


@dataclass(frozen=True)
class Inputs:
    """A row and the background as the last step sees them, column by column.

    Every column depends on one feature alone, so a row composed for a
    coalition has, in each column, what `x` has there or what its background row has.

    Attributes
    ----------
    x : float64 ndarray of shape (n_columns,)
    background : float64 ndarray of shape (n_background, n_columns)
    owner : int ndarray of shape (n_columns,)
        The feature each column is made of.
    n_features : int
    precision : float
        Relative, of the numbers that the model computes with.
    """

    x: Array
    background: Array
    owner: Array
    n_features: int
    precision: float

    def grouped(self, group_of: Array) -> Inputs:
        """Make features of groups: int (n_features,) says which each is in."""
        return replace(self, owner=group_of[self.owner], n_features=int(group_of.max()) + 1)

    def owner_where_told(self) -> Array:
        """The feature each column is made of; -1 where the row and its background are alike, which tells nothing."""
        near = 8 * self.precision * np.maximum(np.abs(self.background), np.abs(self.x))
        unknown = np.isnan(self.background) & np.isnan(self.x)
        alike = ((np.abs(self.background - self.x) <= near) | (self.background == self.x) | unknown).all(0)
        return np.where(alike, -1, self.owner)

    def folded(self, columns: Array) -> Array:
        """Sum numbers of columns over the feature they are made of: (n_columns, ...) -> (n_features, ...)."""
        features = np.zeros((self.n_features, *columns.shape[1:]))
        np.add.at(features, self.owner, columns)
        return features


class Compositions:
    """Rows with some features of one row and the others of each background row in turn.

    Parameters
    ----------
    row : ndarray or DataFrame of shape (1, n_features)
    background : ndarray or DataFrame of shape (n_background, n_features)
    """

    def __init__(self, row: Any, background: Any):
        self.row, self.background = row, background
        self._n = len(background)
        self._columns: list[Any] = []
        if hasattr(row, "iloc"):
            import pandas as pd

            # The row comes last: to be present is to point at it.
            pool = pd.concat([background, row], ignore_index=True)
            self._columns = [pool.iloc[:, j].array for j in range(pool.shape[1])]

    def __call__(self, coalitions: Array) -> Any:
        """Compose n coalitions: n * n_background rows, coalition by coalition."""
        if not self._columns:
            return np.where(coalitions[:, None], self.row, self.background).reshape(-1, coalitions.shape[1])
        import pandas as pd

        columns = [column.take(np.where(shown[:, None], self._n, np.arange(self._n)).ravel())
                   for shown, column in zip(coalitions.T, self._columns, strict=True)]
        return pd.DataFrame(dict(zip(self.background.columns, columns, strict=True)), copy=False)


def inputs_of(row: Any, background: Any, steps: Sequence[Callable[[Any], Any]]) -> Inputs | None:
    """Find what the last step is given, asking the steps before it and never the last.

    Parameters
    ----------
    row : ndarray or DataFrame of shape (1, n_features)
    background : ndarray or DataFrame of shape (n_background, n_features)
    steps : sequence of callable
        The transformations before the last step, in order.

    Returns
    -------
    Inputs or None
        None if there are columns made of more features than one, or of no numbers.
    """
    compose, n_features = Compositions(row, background), background.shape[1]

    def columns_of(coalitions: Array) -> Array | None:
        rows = compose(coalitions)
        for step in steps:
            rows = step(rows)
        return numbers_of(rows)

    if steps:
        return _owned(columns_of, len(background), n_features)
    ends = columns_of(_ends(n_features))
    return None if ends is None else _inputs(ends[-1], ends[: len(background)], np.arange(n_features), n_features)


def telling(rows: Any, steps: Sequence[Callable[[Any], Any]]) -> Any:
    """Take few rows that tell what columns are made of: the first, and for each column one that differs from it.

    Where steps make no numbers, the first is enough: `inputs_of` is None then.
    """
    columns = rows
    for step in steps:
        columns = step(columns)
    numbers = numbers_of(columns)
    chosen = [0] if numbers is None else np.unique([0, *(~same(numbers, numbers[:1])).argmax(0)])
    return rows.iloc[chosen] if hasattr(rows, "iloc") else rows[chosen]


def _owned(columns_of: Callable[[Array], Array | None], n_background: int, n_features: int) -> Inputs | None:
    """Find each column's feature: the one that was present whenever the column held the row's value."""
    ends = columns_of(_ends(n_features))
    if ends is None:
        return None
    absent, present = ends[:n_background], ends[n_background:]
    probes = np.random.default_rng(0).random((N_PROBES, n_features)) < 0.5
    shown = _shown(columns_of, probes, absent, present)
    if shown is None or not same(present, present[:1]).all():
        return None
    agree = (2.0 * shown.T - 1) @ (2.0 * probes - 1)
    moves = (~same(absent, present)).any(0)
    if (agree.max(1) < N_PROBES)[moves].any():
        return None
    return _inputs(present[0], absent, np.where(moves, agree.argmax(1), 0), n_features)


def _shown(columns_of: Callable[[Array], Array | None], probes: Array, absent: Array,
           present: Array) -> Array | None:
    """Tell which columns hold the row's value for which coalitions: (n_probes, n_columns).

    None if some number is neither the row's nor its background row's, or the
    row's in some background rows only: then it is not made of one feature.
    """
    moves, shown = ~same(absent, present), []
    step = max(1, _MOST_NUMBERS // max(absent.size, 1))
    for start in range(0, len(probes), step):
        composed = columns_of(probes[start : start + step])
        if composed is None or composed.shape[1:] != absent.shape[1:]:
            return None
        for rows in composed.reshape(-1, *absent.shape):
            taken, left = same(rows, present), same(rows, absent)
            some = (taken & moves).any(0)
            if not (taken | left).all() or (some & (left & moves).any(0)).any():
                return None
            shown.append(some)
    return np.array(shown)


def _ends(n_features: int) -> Array:
    """Nothing and everything."""
    return np.repeat([[False], [True]], n_features, axis=1)


def _inputs(x: Array, background: Array, owner: Array, n_features: int) -> Inputs:
    return Inputs(x.astype(float), background.astype(float), owner, n_features, float(np.finfo(x.dtype).eps))


def numbers_of(rows: Any) -> Array | None:
    """Rows as a dense array of floats; None if they hold words, or pandas' categories, which are codes to some."""
    if hasattr(rows, "toarray"):
        rows = rows.toarray()
    if hasattr(rows, "dtypes") and any(hasattr(dtype, "categories") for dtype in rows.dtypes):
        return None
    values = np.asarray(rows)
    if values.dtype.kind == "f" and values.dtype.itemsize >= 4:
        return values
    try:
        return values.astype(float)
    except (TypeError, ValueError):
        return None


def same(a: Array, b: Array, precision: float | None = None) -> Array:
    """Tell numbers that are equal but for the rounding of one step, by their type's precision or another."""
    precision = float(np.finfo(a.dtype).eps) if precision is None else precision
    with np.errstate(invalid="ignore", over="ignore"):
        apart, size = np.abs(a - b), np.maximum(np.abs(a), np.abs(b))
    near = (apart <= 8 * precision * size) & np.isfinite(size)
    return near | (np.isnan(a) & np.isnan(b)) | (a == b)
