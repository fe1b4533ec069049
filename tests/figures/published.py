"""The games of LeverageSHAP's published table (Musco & Witter 2025), for the data that come with packages.

XGBoost of 100 trees and depth 4 on all rows, the column means for absent features, and the row
that a run's seed draws; values equal to the baseline's are replaced by other rows', as in their
benchmark. Exact values are those of interventional TreeSHAP.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import shap
from exact import Array, Value
from xgboost import XGBRegressor

DATA = {"IRIS": shap.datasets.iris, "Diabetes": shap.datasets.diabetes,
        "Correlated": shap.datasets.corrgroups60, "Independent": shap.datasets.independentlinear60}
RUNS = 100


def runs() -> Iterator[tuple[str, Value, Array]]:
    """Name ("Diabetes, run 17"), value and exact values of every run."""
    for name, load in DATA.items():
        X, y = load()
        X = np.asarray(X, float)
        model = XGBRegressor(n_estimators=100, max_depth=4, n_jobs=1).fit(X, y)
        baseline = X.mean(0)
        rows = np.stack([drawn(X, baseline, RUNS * run) for run in range(RUNS)])
        explainer = shap.TreeExplainer(model, baseline[None], "raw", "interventional")
        exact = np.asarray(explainer.shap_values(rows, check_additivity=False), float)
        for run, row in enumerate(rows):
            yield f"{name}, run {run}", partial(_value, model, row, baseline), exact[run]


def drawn(X: Array, baseline: Array, seed: int) -> Array:
    """The row that a seed draws, shape (n,)."""
    rng = np.random.RandomState(seed)
    row = X[rng.choice(len(X))].copy()
    for i in range(len(row)):
        while row[i] == baseline[i]:
            row[i] = X[rng.choice(len(X)), i]
    return row


def _value(model: XGBRegressor, x: Array, baseline: Array, present: Array) -> Array:
    return model.predict(np.where(present, x, baseline)).astype(float)
