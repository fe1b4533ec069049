"""Black boxes: rows are asked about the same coalitions, some of them at once, and about no more than it takes."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from limelight.attribution.many import Found
from limelight.bulk import readings
from limelight.bulk.composed import Composed
from limelight.bulk.patterns import Known, patterns
from limelight.bulk.questions import Question
from limelight.bulk.readings import Reading
from limelight.estimators.threads import one_thread
from limelight.types import Array, Output

N_PROBES, A_FEW = 8, 16
"""Rows by which pairs and the way to read them are chosen; and coalitions that tell how long one of them takes."""
MOST_ANSWERS, MOST_ROWS = 262_144, 256
"""Of a block, which is asked and read at once: 2 MB of numbers."""


class SharedRows:
    """Rows of any model of tables.

    For Shapley values, background rows that differ from a row in so few
    features that all their coalitions are no more than `n_samples` are asked
    about all of them, which leaves no error. The others are asked about
    `n_samples` coalitions, the same for all rows.

    Rows are asked and read in blocks, because a model that is asked for little
    at a time spends its time on being asked. A block begins where the number
    of its first row is a multiple of `block_rows`, so that a row has the same
    company, and the same bits, wherever chunks are cut between blocks.

    Parameters
    ----------
    model : TabularModel
    output : {"probability", "logit"}
    owner : int ndarray of shape (n_columns,)
        Which feature each column is in.
    method : {"shapley", "lime", "banzhaf", "occlusion"}
    n_samples : int
        The most evaluations of a row, each the mean over the background rows.
    seed : int
    probes : tuple of (int ndarray, ndarray or DataFrame)
        Rows as the model is given them, by which the coalitions are chosen, and before them their numbers.
    n_outputs : int
    kernel_width : float, optional
        Of LIME.
    seconds : float, optional
        How long the model may take for the probes: fewer of them are looked at where it takes longer, and pairs are
        not chosen where one takes longer. None: as long as it takes.

    Attributes
    ----------
    block_rows : int
        A function of evaluations, background rows and outputs.
    """

    def __init__(self, model: Any, output: Output, owner: Array, *, method: str, n_samples: int, seed: int,
                 probes: Any, n_outputs: int, kernel_width: float | None = None, seconds: float | None = None):
        self._model, self._output, self._owner = model, output, owner
        self.n_features, self.n_samples = int(owner.max()) + 1, n_samples
        self._most = n_samples if method == "shapley" else 0
        self._reading: Reading | None = None
        if method != "shapley":
            self._reading = readings.drawn(self.n_features, n_samples, method, seed, kernel_width)
        elif 2**self.n_features > n_samples:
            self._reading = readings.shapley(lambda coalitions: self._probed(coalitions, probes, seconds),
                                             self.n_features, n_samples, seed)
        self.route = "enumeration" if self._reading is None else self._reading.route
        asked = len(self.coalitions) or 2**self.n_features
        self.block_rows = _block_rows(asked * len(model.background) * n_outputs)

    @property
    def coalitions(self) -> Array:
        """What every row is asked about: bool (n, n_features); empty where all coalitions are asked."""
        return np.zeros((0, self.n_features), bool) if self._reading is None else self._reading.coalitions

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the model is given them; `first` is the number of the first.

        Raises
        ------
        ModelError
            If the model raises, or answers with NaN: names the row.
        """
        places = range(first - first % self.block_rows, first + len(table), self.block_rows)
        parts = [self._block(_some(table, max(0, place - first), place - first + self.block_rows), max(place, first))
                 for place in places]
        return Found(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _block(self, table: Any, first: int) -> Found:
        """Explain rows that are asked and read together."""
        rows = Composed(self._model, table, self._output, self._owner, first)
        found = patterns(rows.differs(), self._most, self.coalitions)
        with self._model.asking():
            answers = iter(rows.ask([question for pattern in found for question in pattern.questions]))
        several = [_read(self._reading, pattern.read([next(answers) for _ in pattern.questions])) for pattern in found]
        order = np.argsort(np.concatenate([pattern.rows for pattern in found]))
        return Found(*(np.concatenate(part)[order] for part in zip(*several, strict=True)))

    def _probed(self, coalitions: Array, probes: Any, seconds: float | None) -> Array | None:
        """What the probes say to coalitions, with all background rows: (n, n_probes * n_outputs).

        Of as many probes as there is time for; None where there is time for none.
        """
        n = len(probes[0])
        if seconds is not None:
            began, few = time.perf_counter(), coalitions[:A_FEW]
            self._said(few, probes, 1)
            one = (time.perf_counter() - began) * len(coalitions) / len(few)
            n = min(n, int(seconds / max(one, 1e-9)))
        return self._said(coalitions, probes, n) if n else None

    def _said(self, coalitions: Array, probes: Any, n: int) -> Array:
        """What the first n of the probes say to coalitions."""
        n_background, (numbers, rows) = len(self._model.background), probes
        everything = Question(np.arange(n), coalitions, np.arange(n_background))
        with self._model.asking():
            (said,) = Composed(self._model, _some(rows, 0, n), self._output, self._owner, numbers).ask([everything])
        return said.sum(3).transpose(2, 1, 0).reshape(len(coalitions), -1) / n_background


@one_thread
def _read(reading: Reading | None, known: Known) -> Found:
    """Read what rows said, all of them in one product."""
    values, (nothing, everything), said = known.values, known.ends.swapaxes(0, 1), known.said
    if said is None or reading is None:
        return Found(values, np.zeros_like(values), nothing, everything)
    n_rows, n_coalitions, n_outputs = said.shape
    more, error = (each.reshape(-1, n_rows, n_outputs).swapaxes(0, 1)
                   for each in reading(said.swapaxes(0, 1).reshape(n_coalitions, -1)))
    return Found(values + more, error, nothing, everything)


def _block_rows(of_row: int) -> int:
    """So many rows that their answers, a number `of_row` each, are no more than may be: a power of two."""
    return 2 ** int(np.log2(np.clip(MOST_ANSWERS // of_row, 1, MOST_ROWS)))


def _some(table: Any, start: int, stop: int) -> Any:
    return (table.iloc if hasattr(table, "iloc") else table)[start:stop]
