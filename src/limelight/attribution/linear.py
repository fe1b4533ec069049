"""Linear models: what a feature adds is its coefficient times its distance from the background's mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from limelight.attribution._inputs import Inputs
from limelight.types import Array, OutputSpace

_LOGISTIC = ("LogisticRegression", "LogisticRegressionCV", "LinearDiscriminantAnalysis")
_CURVED = ("_GeneralizedLinearRegressor", "XGBModel")
"""Bases of estimators that have coefficients and answer with something else than the linear sum."""


@dataclass(frozen=True)
class Linear:
    """A linear sum of columns.

    Attributes
    ----------
    coef : ndarray of shape (n_columns, n_sums)
    intercept : ndarray of shape (n_sums,)
    """

    coef: Array
    intercept: Array
    precision: float
    route: ClassVar[str] = "linear"
    takes_missing: ClassVar[bool] = False

    def shapley(self, inputs: Inputs) -> Array:
        """Shapley values `w_i (x_i - mean_k b_ki)` (Strumbelj & Kononenko 2014): (n_features, n_sums)."""
        return inputs.folded(self.coef * (inputs.x - inputs.background.mean(0))[:, None])

    def answers(self, inputs: Inputs, coalitions: Array) -> Array:
        """What it says to the composed rows: (n_coalitions, n_background, n_sums)."""
        steps = [inputs.folded(self.coef * (inputs.x - row)[:, None]) for row in inputs.background]
        start = inputs.background @ self.coef + self.intercept
        return start + np.stack([coalitions @ step for step in steps], axis=1)


def read_linear(head: Any, space: OutputSpace) -> Linear | None:
    """Read an estimator that answers with a linear sum in this space; None if it does not."""
    if not _answers_with_sum(head, space):
        return None
    coef = np.atleast_2d(_dense(head.coef_)).T
    intercept = np.ravel(_dense(getattr(head, "intercept_", 0.0))).astype(float)
    return Linear(coef.astype(float), intercept, float(np.finfo(np.result_type(coef.dtype, np.float32)).eps))


def _answers_with_sum(head: Any, space: OutputSpace) -> bool:
    if not hasattr(head, "coef_") or any(base.__name__ in _CURVED for base in type(head).__mro__):
        return False
    n_classes = len(getattr(head, "classes_", ()))
    if space == "value":
        return n_classes == 0
    if space == "margin":
        # Of many classes a support vector machine's margins are votes.
        return hasattr(head, "decision_function") and (n_classes <= 2 or not hasattr(head, "dual_coef_"))
    return space == "log-odds" and n_classes == 2 and _is_logistic(head)


def _is_logistic(head: Any) -> bool:
    name = type(head).__name__
    return name in _LOGISTIC or (name == "SGDClassifier" and head.loss == "log_loss")


def _dense(values: Any) -> Array:
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values)
