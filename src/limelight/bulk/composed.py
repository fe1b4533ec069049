"""Rows of a table, any features of which can be taken from background rows: composed and asked in large batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from limelight.errors import LimelightError, ModelError
from limelight.types import Array, Output


class Composed:
    """Some rows and the background of a model.

    The model's batches hold one row's compositions each and are cut at fixed
    places, so what it answers does not depend on the other rows.

    Parameters
    ----------
    model : TabularModel
    table : ndarray or DataFrame of shape (n_rows, n_columns)
        As the model is given them.
    output : {"probability", "logit"}
    owner : int ndarray of shape (n_columns,)
        Which feature each column is in.
    first : int
        Number of the first row, for messages.
    """

    def __init__(self, model: Any, table: Any, output: Output, owner: Array, first: int = 0):
        self._model, self._output, self._owner, self._first = model, output, owner, first
        framed = model.is_framed and not model.is_network
        self._rows: Any = (Frames if framed else Tensors if model.is_network else Arrays)(model, table)
        self._block = model.block() * len(model.background)
        self._membership = owner[:, None] == np.arange(owner.max() + 1)

    def differs(self, i: int) -> Array:
        """In which features background rows differ from row i: bool (n_background, n_features)."""
        return np.asarray(self._rows.differs(i) @ self._membership)

    def ask(self, i: int, shown: Array, which: Array) -> Array:
        """Ask about compositions of row i with background rows, float64 (n, n_outputs).

        Parameters
        ----------
        shown : bool ndarray of shape (n, n_features), or (n_coalitions, 1, n_features)
            Features that are row i's.
        which : int ndarray of shape (n,), or (n_background,)
            The background row of each; or those with which every coalition is composed in turn.

        Raises
        ------
        ModelError
            If the model raises, or answers with NaN: names the row.
        """
        each = shown.ndim == 2
        step = max(1, self._block // (1 if each else len(which)))
        blocks = (self._rows.compose(i, shown[start : start + step].take(self._owner, axis=-1),
                                     which[start : start + step] if each else which)
                  for start in range(0, len(shown), step))
        with naming(self._first + i):
            outputs = self._model.outputs(self._model.raw(blocks), self._output)
        if not np.isfinite(outputs).all():
            bad = ~np.isfinite(outputs).all(1)
            raise ModelError(f"row {self._first + i:,}: the model returned NaN or infinity for {bad.sum():,} of "
                             f"{len(bad):,} inputs with features hidden: every output must be a finite number")
        return np.asarray(outputs)

    def ask_all(self, i: int, coalitions: Array, which: Array) -> Array:
        """Ask about coalitions, each with these background rows: their summed answers, (n, n_outputs)."""
        outputs = self.ask(i, coalitions[:, None], which)
        # Outputs first: summing along a last axis is several times faster.
        return np.asarray(outputs.T.reshape(-1, len(coalitions), len(which)).sum(2).T)


@contextmanager
def naming(row: int) -> Iterator[None]:
    """Say which row was asked about when the model raises."""
    try:
        yield
    except LimelightError:
        raise
    except Exception as error:
        raise ModelError(f"row {row:,}: the model raised {type(error).__name__}: {error}. limelight hides features; "
                         "check that the model accepts such rows") from error


class Arrays:
    """Rows of one type."""

    def __init__(self, model: Any, table: Array):
        self._table, self._background = table, model.background

    def differs(self, i: int) -> Array:
        """Columns: bool (n_background, n_columns). NaN is like NaN."""
        row, background = self._table[i], self._background
        return np.asarray((row != background) & ~((row != row) & (background != background)))

    def compose(self, i: int, shown: Array, which: Array) -> Array:
        """Rows to ask about: shape (n, n_columns)."""
        return np.where(shown, self._table[i], self._background[which]).reshape(-1, shown.shape[-1])


class Tensors(Arrays):
    """Rows that are composed where the network is."""

    def __init__(self, model: Any, table: Any):
        super().__init__(model, np.asarray(table))
        self._background = np.asarray(model.background)
        self._rows, self._others = model.place(table), model.place(model.background)

    def compose(self, i: int, shown: Array, which: Array) -> Any:
        """Rows to ask about: a tensor of shape (n, n_columns)."""
        import torch

        device = self._rows.device
        others = self._others[torch.as_tensor(which, device=device)]
        return torch.where(torch.as_tensor(shown, device=device), self._rows[i], others).reshape(-1, shown.shape[-1])


class Frames:
    """Rows of mixed types: composed column by column, so that each keeps its own."""

    def __init__(self, model: Any, table: Any):
        import pandas as pd

        self._n, self._names = len(model.background), list(model.background.columns)
        # The rows come last: to be present is to point at one of them.
        pool = pd.concat([model.background, table], ignore_index=True)
        columns = [pool.iloc[:, j] for j in range(pool.shape[1])]
        self._columns = [column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array
                         for column in columns]
        self._codes = np.stack([pd.factorize(column)[0] for column in columns], axis=1)

    def differs(self, i: int) -> Array:
        """Columns: bool (n_background, n_columns)."""
        return np.asarray(self._codes[: self._n] != self._codes[self._n + i])

    def compose(self, i: int, shown: Array, which: Array) -> Any:
        """Rows to ask about: a DataFrame of shape (n, n_columns)."""
        import pandas as pd

        columns = [column.take(np.where(shown[..., j], self._n + i, which).ravel())
                   for j, column in enumerate(self._columns)]
        return pd.DataFrame(dict(zip(self._names, columns, strict=True)), copy=False)
