"""Table games: one row of a data set under one model, absent features at the mean of the training rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import shap
from exact import Array, Value, by_enumeration, by_long_run, by_quadrature, coalitions
from sklearn import datasets
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
from xgboost import XGBClassifier, XGBRegressor

ROWS = 3
"""Rows explained of each data set, of those that the model did not learn from."""
MOST_ENUMERATED = 13
PAIRS = 2_000_000
"""Of the very long run for networks with more features."""


def _scored(load: Callable[..., Any], of: int) -> tuple[Array, Array]:
    """A data set and whether a row is of that class."""
    X, y = load(return_X_y=True)
    return X, y == of


def _measured(X: Any, y: Array) -> tuple[Array, Array]:
    """A data set and its target, in standard deviations."""
    return np.asarray(X, float), (y - y.mean()) / y.std()


DATA: dict[str, Callable[[], tuple[Array, Array]]] = {
    "diabetes": lambda: _measured(*datasets.load_diabetes(return_X_y=True)),
    "wine": lambda: _scored(datasets.load_wine, 1),
    "cancer": lambda: _scored(datasets.load_breast_cancer, 1),
    "digits": lambda: _scored(datasets.load_digits, 8),
    "correlated": lambda: _measured(*shap.datasets.corrgroups60()),
    "independent": lambda: _measured(*shap.datasets.independentlinear60()),
}
MODELS = ("xgb", "mlp", "svr")


@dataclass(frozen=True)
class Fitted:
    """A model and what its games need.

    Attributes
    ----------
    kind : {"xgb", "mlp", "svr"}
    model : estimator
        With what standardises its inputs, for the last two.
    baseline : ndarray of shape (n,)
    rows : ndarray of shape (ROWS, n)
    score : float
        On the rows it did not learn from: R2, or accuracy.
    """

    kind: str
    model: Any
    baseline: Array
    rows: Array
    score: float

    def outputs(self, X: Array) -> Array:
        """What is explained: the value, or the log-odds of the class (SVR: a fit of -1 and 1)."""
        if self.kind == "xgb":
            return self.model.predict(X, output_margin=True).astype(float)
        if self.kind == "svr":
            return self.model.predict(X)
        scaler, net = self.model[0], self.model[-1]
        return relu_net(net, scaler.transform(X))

    def value(self, row: int) -> Value:
        """A game: the features of that row, or the baseline's."""
        return partial(_masked, self, self.rows[row])


def _masked(fitted: Fitted, x: Array, present: Array) -> Array:
    return fitted.outputs(np.where(present, x, fitted.baseline))


def relu_net(net: Any, X: Array) -> Array:
    """What scikit-learn's network says before its last activation, shape (m,)."""
    for weights, bias in zip(net.coefs_[:-1], net.intercepts_[:-1], strict=True):
        X = np.maximum(X @ weights + bias, 0)
    return (X @ net.coefs_[-1] + net.intercepts_[-1])[:, 0]


def fit(data: str, kind: str) -> Fitted:
    """Learn one of the data sets."""
    return learned(*DATA[data](), kind)


def learned(X: Array, y: Array, kind: str) -> Fitted:
    """Learn from four fifths of the rows."""
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
    classes = y.dtype == bool
    if classes and kind == "svr":
        model = _model(kind, classes).fit(X_train, 2.0 * y_train - 1)
        score = float(np.mean((model.predict(X_test) > 0) == y_test))
    else:
        model = _model(kind, classes).fit(X_train, y_train)
        score = float(model.score(X_test, y_test))
    rows = np.random.default_rng(0).choice(len(X_test), ROWS, replace=False)
    return Fitted(kind, model, X_train.mean(0), X_test[rows], score)


def _model(kind: str, classes: bool) -> Any:
    if kind == "xgb":
        return (XGBClassifier if classes else XGBRegressor)(n_estimators=100, max_depth=4, n_jobs=1)
    if kind == "svr":
        return make_pipeline(StandardScaler(), SVR())
    net = (MLPClassifier if classes else MLPRegressor)(
        hidden_layer_sizes=(32, 16), alpha=1, learning_rate_init=0.01, max_iter=2_000, random_state=0)
    return make_pipeline(StandardScaler(), net)


def exact(fitted: Fitted, row: int) -> tuple[Array, float]:
    """Shapley values, shape (n,), and their own relative squared error (0 where they are known)."""
    value, n = fitted.value(row), len(fitted.baseline)
    if n <= MOST_ENUMERATED:
        return by_enumeration(value(coalitions(n))), 0.0
    if fitted.kind == "xgb":
        return _of_trees(fitted, row), 0.0
    if fitted.kind == "svr":
        return _of_kernel(fitted, row), 0.0
    return by_long_run(value, n, PAIRS)


def _of_trees(fitted: Fitted, row: int) -> Array:
    explainer = shap.TreeExplainer(fitted.model, fitted.baseline[None], "raw", "interventional")
    return np.asarray(explainer.shap_values(fitted.rows[row : row + 1], check_additivity=False), float)[0]


def _of_kernel(fitted: Fitted, row: int) -> Array:
    scaler, svr = fitted.model[0], fitted.model[-1]
    x, baseline = scaler.transform(np.stack([fitted.rows[row], fitted.baseline]))
    near = [np.exp(-svr._gamma * (point - svr.support_vectors_) ** 2) for point in (x, baseline)]
    return by_quadrature(svr.dual_coef_[0], *near)


def built(folder: Path) -> dict[tuple[str, str, int], tuple[Value, Array, float]]:
    """All table games by (data set, model, row): value, exact values, their error. Kept in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[tuple[str, str, int], tuple[Value, Array, float]] = {}
    for data, kind in itertools.product(DATA, MODELS):
        path = folder / f"{data}-{kind}.joblib"
        if not path.exists():
            fitted = fit(data, kind)
            joblib.dump((fitted, [exact(fitted, row) for row in range(ROWS)]), path)
        fitted, answers = joblib.load(path)
        found.update({(data, kind, row): (fitted.value(row), *answers[row]) for row in range(ROWS)})
    return found
