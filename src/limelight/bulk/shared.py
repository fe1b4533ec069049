"""Black boxes: every row is asked about the same coalitions, and no more than it takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.attribution.many import Found
from limelight.bulk import readings
from limelight.bulk.composed import Composed
from limelight.bulk.enumerated import Alike, alike
from limelight.bulk.readings import Reading
from limelight.estimators.threads import one_thread
from limelight.types import Array, Output

N_PROBES = 8
"""Rows by which pairs and the way to read them are chosen."""
_BLOCK = 256
"""Rows whose answers are kept until they are read."""


class SharedRows:
    """Rows of any model of tables.

    For Shapley values, background rows that differ from a row in so few
    features that all their coalitions are no more than `n_samples` are asked
    about all of them, which leaves no error. The others are asked about
    `n_samples` coalitions, the same for all rows.

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
    probes : ndarray or DataFrame
        Rows as the model is given them, by which the coalitions are chosen.
    kernel_width : float, optional
        Of LIME.
    """

    def __init__(self, model: Any, output: Output, owner: Array, *, method: str, n_samples: int, seed: int,
                 probes: Any, kernel_width: float | None = None):
        self._model, self._output, self._owner = model, output, owner
        self.n_features, self.n_samples = int(owner.max()) + 1, n_samples
        self._most = n_samples if method == "shapley" else 0
        self._reading: Reading | None = None
        if method != "shapley":
            self._reading = readings.drawn(self.n_features, n_samples, method, seed, kernel_width)
        elif 2**self.n_features > n_samples:
            self._reading = readings.shapley(lambda coalitions: self._probed(coalitions, probes), self.n_features,
                                             n_samples, seed)
        self.route = "enumeration" if self._reading is None else self._reading.route

    @property
    def coalitions(self) -> Array:
        """What every row is asked about: bool (n, n_features); empty where all coalitions are asked."""
        return np.zeros((0, self.n_features), bool) if self._reading is None else self._reading.coalitions

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the model is given them.

        Raises
        ------
        ModelError
            If the model raises, or answers with NaN: names the row.
        """
        parts = [self._block(_some(table, start), first + start) for start in range(0, len(table), _BLOCK)]
        return Found(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _block(self, table: Any, first: int) -> Found:
        rows = Composed(self._model, table, self._output, self._owner, first)
        with self._model.asking():
            asked = [self._ask(rows, i) for i in range(len(table))]
        return Found(*(np.stack(part) for part in zip(*_read(self._reading, asked), strict=True)))

    def _ask(self, rows: Composed, i: int) -> _Asked:
        differs = rows.differs(i)
        few, rest = alike(differs, self._most)
        values, ends = _enumerated(rows, i, few, self.n_features)
        if not len(rest) or self._reading is None:
            return values / len(differs), ends / len(differs), None
        said = rows.ask_all(i, self._reading.coalitions, rest)
        return values / len(differs), (ends + said[:2]) / len(differs), said / len(differs)

    def _probed(self, coalitions: Array, probes: Any) -> Array:
        """What the probes say to coalitions, with all background rows: (n, n_probes * n_outputs)."""
        everyone = np.arange(len(self._model.background))
        rows = Composed(self._model, probes, self._output, self._owner)
        with self._model.asking():
            said = [rows.ask_all(i, coalitions, everyone) for i in range(len(probes))]
        return np.concatenate(said, axis=1) / len(everyone)


_Asked = tuple[Array, Array, Array | None]
"""Of a row: values that are certain, outputs with nothing and everything, and what is still to be read."""


@one_thread
def _read(reading: Reading | None, asked: list[_Asked]) -> list[Found]:
    """Read what rows said, one by one: a product of more columns may round otherwise."""
    found = []
    for values, (nothing, everything), said in asked:
        if said is None or reading is None:
            found.append(Found(values, np.zeros_like(values), nothing, everything))
        else:
            more, error = reading(said)
            found.append(Found(values + more, error, nothing, everything))
    return found


def _some(table: Any, start: int) -> Any:
    return (table.iloc if hasattr(table, "iloc") else table)[start : start + _BLOCK]


def _enumerated(rows: Composed, i: int, few: list[Alike], n_features: int) -> tuple[Array, Array]:
    """Summed Shapley values, and outputs with nothing and everything, of the games of some background rows."""
    if not few:
        return np.zeros(()), np.zeros(())
    shown = [some.coalitions(n_features).reshape(-1, n_features) for some in few]
    which = [np.repeat(some.rows, 2 ** some.features.shape[1]) for some in few]
    said = rows.ask(i, np.concatenate(shown), np.concatenate(which)).T
    values, ends, start = np.zeros(()), np.zeros(()), 0
    for some, part in zip(few, shown, strict=True):
        outputs = said[:, start : start + len(part)].reshape(len(said), len(some.rows), -1)
        values = values + some.shapley(outputs, n_features)
        ends = ends + outputs[:, :, [0, -1]].sum(1).T
        start += len(part)
    return values, ends
