"""Asking a model about the rows of a data set, in large batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import ModelError
from limelight.types import Array, Output

if TYPE_CHECKING:
    from limelight.models.tabular import TabularModel


class Asker:
    """Asks about rows in large batches, and counts them.

    Attributes
    ----------
    n_evals : int
        Rows asked about so far.
    """

    def __init__(self, model: TabularModel, output: Output):
        self._model, self._output = model, output
        self._block = max(1, model.block() * len(model.background))
        self.n_evals = 0

    def __call__(self, rows: Any) -> Array:
        """Ask: float64 of shape (n, n_outputs).

        Raises
        ------
        ModelError
            If some answer is no finite number. What the model raises comes through as it is.
        """
        starts = range(0, len(rows), self._block)
        raw = self._model.raw(self._model.place(rows_of(rows, slice(start, start + self._block))) for start in starts)
        answers = self._model.outputs(raw, self._output)
        self.n_evals += len(rows)
        if not np.isfinite(answers).all():
            row = int(np.flatnonzero(~np.isfinite(answers).all(1))[0])
            raise ModelError(f"the model answered {answers[row]} to a row of X, or to one put together of several: "
                             "importance needs a finite number for each")
        return answers


def rows_of(rows: Any, which: Any) -> Any:
    """Some of the rows: a slice or an int array."""
    return rows.iloc[which] if hasattr(rows, "iloc") else rows[which]
