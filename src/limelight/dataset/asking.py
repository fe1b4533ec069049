"""Asking a model about the rows of a data set, in large batches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.dataset.steps import Steps
from limelight.errors import ModelError
from limelight.types import Array, Output

if TYPE_CHECKING:
    from limelight.models.tabular import TabularModel

FIRST = 128
"""Rows of the first step: how long they take says how many the next ones hold."""
A_STEP = 0.1
"""Seconds that a step takes."""
SOME, MORE = 4, 100
"""Rows that tell how long a model takes; many answer about as fast to 100 as to few."""
A_LITTLE = 0.01
"""Of the time that there is: how long the few may take so that more are asked about."""


class Asker:
    """Asks about rows in large batches, and counts them.

    Attributes
    ----------
    n_evals : int
        Rows asked about so far.
    expected : float
        How many will be, as far as that is known.
    """

    def __init__(self, model: TabularModel, output: Output):
        self._model, self._output = model, output
        self._block = max(1, model.block() * len(model.background))
        self._size = min(FIRST, self._block)
        self.n_evals, self.expected = 0, 0.0

    def __call__(self, rows: Any) -> Array:
        """Ask: float64 of shape (n, n_outputs).

        Raises
        ------
        ModelError
            If some answer is no finite number. What the model raises comes through as it is.
        """
        starts = range(0, len(rows), self._block)
        raw = self._model.raw(self._model.place(rows_of(rows, slice(start, start + self._block))) for start in starts)
        return self._read(raw)

    def steps(self, rows: Any) -> Steps[Array]:
        """The same a little at a time."""
        parts, start = [], 0
        while start < len(rows):
            stop, began = start + self._size, time.perf_counter()
            parts.append(self._model.raw([self._model.place(rows_of(rows, slice(start, stop)))]))
            start = stop
            self._adapt(time.perf_counter() - began)
            yield (self.n_evals + min(start, len(rows))) / max(self.expected, self.n_evals + len(rows))
        return self._read(np.concatenate(parts))

    def _adapt(self, seconds: float) -> None:
        """Make the next step longer or shorter, by what the last one took."""
        if seconds < A_STEP / 2:
            self._size = min(2 * self._size, self._block)
        elif seconds > 2 * A_STEP:
            self._size = max(self._size // 2, 1)

    def _read(self, raw: Array) -> Array:
        answers = self._model.outputs(raw, self._output)
        self.n_evals += len(answers)
        if not np.isfinite(answers).all():
            row = int(np.flatnonzero(~np.isfinite(answers).all(1))[0])
            raise ModelError(f"the model answered {answers[row]} to a row of X, or to one put together of several: "
                             "importance needs a finite number for each")
        return answers


def seconds_a_row(ask: Asker, rows: Any, seconds: float) -> float:
    """How long the model takes for a row, about: it is asked about a few, and more of them where there is time for it.

    Parameters
    ----------
    seconds : float
        The time that there is.
    """
    took = 0.0
    for n in (SOME, MORE):
        few, began = rows_of(rows, slice(0, n)), time.perf_counter()
        ask(few)
        took = (time.perf_counter() - began) / len(few)
        if took * MORE > A_LITTLE * seconds:
            break
    return max(took, 1e-12)


def rows_of(rows: Any, which: Any) -> Any:
    """Some of the rows: a slice or an int array."""
    return rows.iloc[which] if hasattr(rows, "iloc") else rows[which]
