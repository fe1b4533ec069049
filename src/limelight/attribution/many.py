"""Shapley values in closed form of many rows of one model, which is taken apart once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from limelight.attribution._by_shap import said_by_shap
from limelight.attribution.columns import Columns
from limelight.attribution.exact import TOLERANCE, recognise, signs_of, taken_apart
from limelight.attribution.linear import Linear
from limelight.attribution.trees import Trees
from limelight.errors import LimelightError, ModelError, Unsuited
from limelight.types import Array, Output


class Found(NamedTuple):
    """Attributions of some rows.

    Attributes
    ----------
    values, std_error : ndarray of shape (n_rows, n_features, n_outputs)
    base_values, prediction : ndarray of shape (n_rows, n_outputs)
    """

    values: Array
    std_error: Array
    base_values: Array
    prediction: Array

    @classmethod
    def exactly(cls, values: Array, base_values: Array, prediction: Array) -> Found:
        """Values without an error."""
        return cls(values, np.zeros_like(values), np.tile(base_values, (len(prediction), 1)), prediction)


class ClosedRows:
    """The closed form of a model's Shapley values, for any number of rows.

    Parameters
    ----------
    model : TabularModel
    output : {"probability", "logit"}
    owner : int ndarray of shape (n_features,)
        The group that each feature is in.

    Attributes
    ----------
    route : {"linear", "tree", "kernel"}

    Raises
    ------
    Unsuited
        If the model has none in this space, or answers otherwise than by it.
    """

    def __init__(self, model: Any, output: Output, owner: Array):
        form, space = recognise(model, output), model.output_space(output)
        if form is None or (space == "log-odds" and model._asked.meaning == "probability"):
            raise Unsuited(f"{model.name} has no closed form in this space", "shapley")
        self._model, self._output, self._form, self.route = model, output, form, form.route
        self._head, self._columns = taken_apart(model)[1], Columns(model, owner)
        if not form.takes_missing and np.isnan(self._columns.background).any():
            raise Unsuited(f"it is not known what {model.name} does with missing values", "shapley")
        one = self._columns.inputs(self._columns.background[0])
        nothing = form.answers(one, np.zeros((1, one.n_features), bool)).mean(1)
        self._signs = signs_of(self._head, space, nothing.shape[1])
        self.base_values = (nothing @ self._signs)[0]
        self.explain(model.background[:3])

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the model is given them; `first` numbers them in messages.

        Raises
        ------
        Unsuited
            If values do not add up to what the model answers: names the row.
        ModelError
            If the model answers with NaN.
        """
        x = self._columns.of(table, first)
        if not self._form.takes_missing and (unknown := np.isnan(x).any(1)).any():
            raise Unsuited(f"row {first + int(unknown.argmax()):,} has missing values, and it is not known what "
                           f"{self._model.name} does with them", "shapley")
        values, said = self._shapley(x), self._model.ask(self._model.place(table), self._output)
        wrong = self._missed(values, said)
        if wrong.any() and self._shap_does:
            # shap may read another library's trees otherwise than it does.
            values[wrong] = self._own(x[wrong])
            wrong = self._missed(values, said)
        if wrong.any():
            raise _wrong(self._model.name, first + int(wrong.argmax()), said[wrong][0])
        # What a product of matrices says of a row may depend on how many rows there are: the sum of its values doesn't.
        return Found.exactly(values, self.base_values, said if self.route == "tree" else self._summed(values))

    def _shapley(self, x: Array) -> Array:
        """Values: (n_rows, n_features, n_outputs)."""
        if isinstance(self._form, Linear):
            return self._linear(self._form, x)
        return self._by_shap(self._form, x) if self._shap_does else self._own(x)

    def _linear(self, form: Linear, x: Array) -> Array:
        """`w_i (x_i - mean_k b_ki)`, summed over the columns of a feature."""
        parts = form.coef * (x - self._columns.background.mean(0))[:, :, None]
        values = np.zeros((self._columns.n_features, len(x), parts.shape[2]))
        np.add.at(values, self._columns.owner, parts.swapaxes(0, 1))
        return np.ascontiguousarray(values.swapaxes(0, 1)) @ self._signs

    def _own(self, x: Array) -> Array:
        if isinstance(self._form, Trees):
            columns = self._columns
            return self._form.of_rows(x, columns.background, columns.owner, columns.n_features) @ self._signs
        return np.stack([self._form.shapley(self._columns.inputs(row)) for row in x]) @ self._signs

    @property
    def _shap_does(self) -> bool:
        """It is several times faster, and has no way to hide columns together."""
        return isinstance(self._form, Trees) and self._columns.plain

    def _by_shap(self, trees: Any, x: Array) -> Array:
        """Interventional values by shap, given numbers as the trees compare them."""
        try:
            return said_by_shap(self._head, trees.read(x), trees.read(self._columns.background))[0] @ self._signs
        except Unsuited:
            return self._own(x)

    def _summed(self, values: Array) -> Array:
        return np.asarray(self.base_values + values.sum(1))

    def _missed(self, values: Array, said: Array) -> Array:
        """Rows whose values do not add up to what the model said: bool (n_rows,)."""
        size = np.maximum(np.abs(values).max((1, 2)), np.abs(said).max(1))
        precision = max(self._form.precision, self._columns.precision)
        return ~(np.abs(self._summed(values) - said).max(1) <= (TOLERANCE + 64 * precision) * size)


def _wrong(name: str, row: int, said: Array) -> LimelightError:
    if not np.isfinite(said).all():
        return ModelError(f"row {row:,}: {name} answers with NaN or infinity, and every output must be a finite number")
    return Unsuited(f"the values of row {row:,} do not add up to what {name} answers", "shapley")
