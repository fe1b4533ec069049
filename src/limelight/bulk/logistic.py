"""Exact Shapley values of probabilities that a linear sum decides: no model is asked."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.attribution.columns import Columns
from limelight.attribution.exact import taken_apart
from limelight.attribution.linear import Linear, read_linear
from limelight.attribution.many import Found
from limelight.bulk.enumerated import Alike, alike
from limelight.errors import ModelError, Unsuited
from limelight.types import Array

MOST_FEATURES = 16
TOLERANCE = 1e-9
"""By how much a probability may differ from that of the linear sum."""
FARTHEST = 700
"""Sums up to here have exponentials that a float holds."""
_BLOCK = 32_768
"""Sums at once: what fits the cache."""


class LogisticRows:
    """Rows of a logistic or softmax regression, whose probabilities are explained.

    The sum of a composed row is that of its background row and a step for each
    feature that is present. All coalitions' sums are found by adding each
    step to those of the coalitions before it, and are then made into probabilities;
    where no exponential can overflow, exponentials are multiplied instead,
    which takes one for each step and none for each coalition.

    Parameters
    ----------
    model : TabularModel
    owner : int ndarray of shape (n_columns,)
        Which feature each column is in.

    Raises
    ------
    Unsuited
        If the model is no such model, or has more than 16 features.
    """

    route = "logistic"

    def __init__(self, model: Any, owner: Array):
        head, form = taken_apart(model)[1], None
        if model.output_space("probability") == "probability" and hasattr(head, "predict_proba"):
            form = read_linear(head, "log-odds") or read_linear(head, "margin")
        if form is None:
            raise Unsuited(f"{model.name} is no logistic regression", "shapley")
        self._model, self._form, self._columns = model, form, Columns(model, owner)
        self.n_features = self._columns.n_features
        if self.n_features > MOST_FEATURES:
            raise Unsuited(f"{self.n_features} features have too many coalitions", "shapley")
        self._sums = self._columns.background @ form.coef + form.intercept
        said, likely = model.ask(model.place(model.background), "probability"), _likely(self._sums.T.copy()).T
        if not self._same(likely, said[:, -likely.shape[1] :]).all():
            raise Unsuited(f"the probabilities of {model.name} are not those of its linear sum", "shapley")

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the model is given them.

        Raises
        ------
        ModelError
            If the model does not answer a row as its coefficients say: names it.
        """
        columns = self._columns.of(table, first)
        if (unknown := np.isnan(columns).any(1)).any():
            raise ModelError(f"row {first + int(unknown.argmax()):,} has missing values, which {self._model.name} "
                             "can't be asked about: fill them in")
        by_feature = _by_feature(self._form, self._columns.owner, self.n_features)
        found = [self._row(x, by_feature) for x in columns]
        values, ends = (np.stack(parts) for parts in zip(*found, strict=True))
        wrong = ~self._same(ends[:, 1], self._model.ask(self._model.place(table), "probability")).all(1)
        if wrong.any():
            raise ModelError(f"{self._model.name} does not answer row {first + int(wrong.argmax()):,} as its "
                             "coefficients say")
        return Found(values, np.zeros_like(values), ends[:, 0], ends[:, 1])

    def _row(self, x: Array, by_feature: Array) -> tuple[Array, Array]:
        """Values (n_features, n_outputs), and outputs with nothing and with everything (2, n_outputs)."""
        steps = ((x - self._columns.background) @ by_feature).reshape(len(self._sums), self.n_features, -1)
        values, ends = np.zeros((self.n_features, 1)), np.zeros((2, 1))
        for some in _cut(alike((steps != 0).any(2), 2**self.n_features)[0]):
            likely = _all_likely(self._sums[some.rows].T, steps[some.rows[:, None], some.features].transpose(2, 0, 1))
            values = values + some.shapley(likely, self.n_features)
            ends = ends + likely[:, :, [0, -1]].sum(1).T
        ends = ends / len(steps)
        if ends.shape[1] == 1:  # of two classes the first has what the second leaves
            values, ends = values * [-1.0, 1.0], np.hstack([1 - ends, ends])
        return values / len(steps), ends

    def _same(self, ours: Array, said: Array) -> Array:
        return np.asarray(ours.shape == said.shape) & (np.abs(ours - said) <= TOLERANCE)


def _all_likely(sums: Array, steps: Array) -> Array:
    """Find the probabilities of all coalitions, (n_sums, n_rows, 2^d): `steps` is (n_sums, n_rows, d)."""
    if (np.abs(sums) + np.abs(steps).sum(2)).max() > FARTHEST:
        return _likely(_in_all_ways(sums, steps, np.add))
    likely = _in_all_ways(np.exp(sums), np.exp(steps), np.multiply)
    likely /= likely.sum(0) + (len(likely) == 1)  # of two classes the other one's sum is 0
    return likely


def _in_all_ways(start: Array, steps: Array, join: np.ufunc) -> Array:
    """Join a start with some of its steps, in all ways: (n_sums, n_rows, 2^d)."""
    d = steps.shape[2]
    found = np.empty((*steps.shape[:2], 2**d))
    found[:, :, 0] = start
    for j in range(d):
        join(found[:, :, : 2**j], steps[:, :, j, None], out=found[:, :, 2**j : 2 ** (j + 1)])
    return found


def _likely(sums: Array) -> Array:
    """Make linear sums into probabilities, in place: the logistic function of one, else the softmax of all of them."""
    if len(sums) == 1:
        sums *= 0.5
        np.tanh(sums, out=sums)
        sums *= 0.5
        sums += 0.5
        return sums
    sums -= sums.max(0)
    np.exp(sums, out=sums)
    sums /= sums.sum(0)
    return sums


def _by_feature(form: Linear, owner: Array, n_features: int) -> Array:
    """Coefficients, each in the columns of its feature's sums: (n_columns, n_features * n_sums)."""
    placed = np.zeros((*form.coef.shape[:1], n_features, form.coef.shape[1]))
    placed[np.arange(len(owner)), owner] = form.coef
    return placed.reshape(len(owner), -1)


def _cut(found: list[Alike]) -> list[Alike]:
    """Cut into parts whose sums fit the cache."""
    parts = []
    for some in found:
        step = max(1, _BLOCK >> some.features.shape[1])
        parts += [Alike(some.rows[i : i + step], some.features[i : i + step]) for i in range(0, len(some.rows), step)]
    return parts
