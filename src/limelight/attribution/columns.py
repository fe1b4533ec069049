"""What the last step of a table model is given for many rows, and the feature that each column is made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.attribution._inputs import Compositions, Inputs, inputs_of, numbers_of, same
from limelight.attribution.exact import taken_apart
from limelight.errors import Unsuited
from limelight.types import Array

_N_CHECKED = 4
"""Compositions by which each row is checked where a Pipeline's steps make its columns."""


class Columns:
    """What the last step of a model is given for its rows, and the feature that each column is made of.

    Parameters
    ----------
    model : TabularModel
    owner : int ndarray of shape (n_features,)
        The group that each feature is in.

    Attributes
    ----------
    background : float64 ndarray of shape (n_background, n_columns)
    precision : float
        Relative, of the numbers that the model computes with.
    """

    def __init__(self, model: Any, owner: Array):
        self._steps = taken_apart(model)[0]
        self._model, self._group_of = model, owner
        found = self._numbers(model.background)
        self.background, self.precision = found.astype(float), float(np.finfo(found.dtype).eps)
        self._owner = np.full(found.shape[1], -1) if self._steps else np.arange(found.shape[1])

    @property
    def n_features(self) -> int:
        """How many features there are, groups counted as one."""
        return int(self._group_of.max()) + 1

    @property
    def owner(self) -> Array:
        """Group of each column, as far as rows have told it; 0 for those that no row has moved."""
        return self._group_of[np.maximum(self._owner, 0)]

    @property
    def plain(self) -> bool:
        """True where each feature is one column and no two are in a group."""
        return not self._steps and len(np.unique(self._group_of)) == len(self._group_of) == self.background.shape[1]

    def of(self, table: Any, first: int) -> Array:
        """Columns of rows, float64 (n_rows, n_columns).

        Raises
        ------
        Unsuited
            If some are made of several features, or of no numbers.
        """
        found = self._numbers(table).astype(float)
        if self._steps:
            self._learn(table, found, first)
            self._check(table, found, first)
        return found

    def inputs(self, x: Array) -> Inputs:
        """One row as closed forms see it."""
        return Inputs(x, self.background, self.owner, self.n_features, self.precision)

    def _learn(self, table: Any, found: Array, first: int) -> None:
        """Find the feature of columns that no row has moved before."""
        for i in np.flatnonzero(self._moves(found).any(1)).tolist():
            if not self._moves(found[i]).any():
                continue
            inputs = inputs_of(_row(table, i), self._model.background, self._steps)
            if inputs is None:
                raise _mixed(first + i)
            told = inputs.owner_where_told()
            self._owner = np.where(self._owner < 0, told, self._owner)

    def _moves(self, found: Array) -> Array:
        """Which columns of unknown features differ from some background row's, of the shape of `found`."""
        low, high = self.background.min(0), self.background.max(0)
        moves: Array = ((found != low) | (found != high)) & (self._owner < 0)
        return moves

    def _check(self, table: Any, found: Array, first: int) -> None:
        """Raise Unsuited where columns of composed rows are not what their features make them."""
        rng, n_features = np.random.default_rng(0), len(self._group_of)
        for _ in range(_N_CHECKED):
            shown, k = rng.random(n_features) < 0.5, int(rng.integers(len(self.background)))
            one = _row(self._model.background, k)
            # With the roles changed, one background row is composed with all rows at once.
            columns = self._numbers(Compositions(one, table)(~shown[None])).astype(float)
            expected = np.where(shown[self._owner], found, self.background[k])
            wrong = ~same(columns, expected, self.precision).all(1)
            if wrong.any():
                raise _mixed(first + int(wrong.argmax()))

    def _numbers(self, rows: Any) -> Array:
        for step in self._steps:
            rows = step(rows)
        found = numbers_of(rows)
        if found is None:
            raise Unsuited(f"{self._model.name} is given columns that hold no numbers", "shapley")
        return found


def _row(table: Any, i: int) -> Any:
    return table.iloc[[i]] if hasattr(table, "iloc") else table[i : i + 1]


def _mixed(row: int) -> Unsuited:
    return Unsuited(f"a step before the last makes columns of several features (seen at row {row:,})", "shapley")
