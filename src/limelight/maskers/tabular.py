"""One row of a table, any feature of which can be taken from the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.maskers._compose import Mixture
from limelight.types import Array, Law, Output


class TabularMasker:
    """A row whose absent features take the values of each background row in turn.

    An evaluation is the mean of the model's outputs over the background rows:
    `v(S) = mean_k f(x_S, b_k,notS)`, in the space that is explained.

    Parameters
    ----------
    model : TabularModel
    x : array, list, dict, Series, or DataFrame of one row

    Raises
    ------
    InputError
        If `x` does not fit the background: see TabularModel.read.
    """

    law: Law = "uniform"
    hide = "background"

    def __init__(self, model: Any, x: Any):
        self.model = model
        self.data: list[Any] = model.read(x)
        self.feature_names = model.feature_names
        self.notes = model.notes
        self.batch_size: int = model.batch_size()
        row = model.table([self.data])
        self._composed = (FrameMixture(row, model.background) if model.is_framed and not model.is_network
                          else ArrayMixture(model.place(row), model.place(model.background)))

    @property
    def subject(self) -> Mapping[str, Any]:
        """What the view draws: see CONTRIBUTING.md."""
        columns = [column.shown(value) for column, value in zip(self.model.columns, self.data, strict=True)]
        return {"kind": "table", "model": self.model.name, "hide": self.hide, "notes": list(self.notes),
                "features": list(self.feature_names), "columns": columns}

    def __call__(self, coalitions: Array, output: Output) -> Array:
        """Ask the model about the row with some features absent.

        Parameters
        ----------
        coalitions : bool ndarray of shape (n, n_features)
            True is the row's own value.

        Returns
        -------
        outputs : float64 ndarray of shape (n, n_outputs)
        """
        parts = range(0, len(coalitions), self.batch_size)
        with self.model.asking():
            return np.concatenate([self._means(coalitions[i : i + self.batch_size], output) for i in parts])

    def edited(self, changes: Mapping[int, Any], output: Output) -> Array:
        """Ask about the row with some features given other values: (n_outputs,).

        Raises
        ------
        InputError
            If there is no such feature, or a value does not fit it.
        """
        values = list(self.data)
        for feature, value in changes.items():
            if not 0 <= feature < len(values):
                raise InputError(f"there is no feature {feature}: the row has {len(values)}, counted from 0")
            values[feature] = self.model.columns[feature].read(value)
        return self.model.ask(self.model.place(self.model.table([values])), output)[0]

    def _means(self, coalitions: Array, output: Output) -> Array:
        outputs = self.model.outputs(self._raw(coalitions), output)
        # Outputs first: averaging along a last axis is several times faster.
        return outputs.T.reshape(outputs.shape[1], len(coalitions), -1).mean(2).T

    def each(self, coalitions: Array, output: Output) -> Array:
        """Ask as `__call__` does, and take no mean: float64 (n, n_background, n_outputs)."""
        with self.model.asking():
            outputs: Array = self.model.outputs(self._raw(coalitions), output)
        return outputs.reshape(len(coalitions), -1, outputs.shape[1])

    def _raw(self, coalitions: Array) -> Array:
        """What the model answers to each background row of each coalition."""
        placed, block = self._composed.place(coalitions), self.model.block()
        return self.model.raw(self._composed(placed[start : start + block])
                              for start in range(0, len(coalitions), block))


class ArrayMixture:
    """Rows of one type: arrays, or tensors on their device.

    Parameters
    ----------
    row : shape (1, n_features)
    background : shape (n_background, n_features)
    """

    def __init__(self, row: Any, background: Any):
        # Of the same shape, for a last axis that needs no broadcasting.
        self._mixture = Mixture(row[0], background)
        self._n_features = background.shape[1]

    def place(self, coalitions: Array) -> Any:
        """Bring coalitions to where rows are composed, in one copy."""
        return self._mixture.place(coalitions)

    def __call__(self, placed: Any) -> Any:
        """Compose n coalitions: shape (n * n_background, n_features), coalition by coalition."""
        return self._mixture(placed[:, None]).reshape(-1, self._n_features)


class FrameMixture:
    """Rows of mixed types: composed column by column, so that each keeps its own.

    Parameters
    ----------
    row : DataFrame of shape (1, n_features)
    background : DataFrame of shape (n_background, n_features)
    """

    def __init__(self, row: Any, background: Any):
        import pandas as pd

        self._n = len(background)
        self._names = list(background.columns)
        # The row comes last: to be present is to point at it.
        pool = pd.concat([background.set_axis(row.columns, axis=1), row], ignore_index=True)
        self._columns = [_values(pool.iloc[:, j]) for j in range(pool.shape[1])]
        self._one_type = len({column.dtype for column in self._columns}) == 1 and all(
            isinstance(column, np.ndarray) and column.dtype.kind in "fiu" for column in self._columns)
        self._block = np.stack(self._columns, axis=1) if self._one_type else None

    def place(self, coalitions: Array) -> Array:
        """Leave coalitions where they are."""
        return coalitions

    def __call__(self, coalitions: Array) -> Any:
        """Compose n coalitions: a DataFrame of n * n_background rows, coalition by coalition."""
        import pandas as pd

        if self._block is not None:
            block = np.where(coalitions[:, None], self._block[-1], self._block[:-1])
            return pd.DataFrame(block.reshape(-1, len(self._names)), columns=self._names, copy=False)
        own = np.arange(self._n)
        columns = [column.take(np.where(shown[:, None], self._n, own).ravel())
                   for shown, column in zip(coalitions.T, self._columns, strict=True)]
        return pd.DataFrame(dict(zip(self._names, columns, strict=True)), copy=False)


def _values(column: Any) -> Any:
    """A numpy array where the type is numpy's, else pandas' own array."""
    return column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array
