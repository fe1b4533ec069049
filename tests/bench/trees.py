"""Path-dependent tree SHAP of many rows: tables of leaves against shap's TreeExplainer, reading the trees included."""

from __future__ import annotations

import warnings
from statistics import median
from typing import Any

import numpy as np
import shap
from timing import Figure, interleaved, ratio

from limelight.attribution.leaf_tables import path_dependent

N_ROWS, N_COLUMNS, N_TREES, DEPTH = 10_000, 30, 100, 6


def figures(quick: bool) -> list[Figure]:
    """Measure all of them; `quick` with fewer rows and repeats, for development."""
    rows, y = data()
    return [figure for model in (boosted(rows, y), forest(rows, y))
            for figure in against_shap(model, rows[: 1_000 if quick else None], 1 if quick else 3)]


def data() -> tuple[np.ndarray, np.ndarray]:
    """Rows (10,000, 30) and what there is to learn of them."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(N_ROWS, N_COLUMNS))
    return rows, rows[:, 0] * rows[:, 1] + rows @ rng.normal(size=N_COLUMNS) + np.sin(3 * rows[:, 2])


def boosted(rows: np.ndarray, y: np.ndarray) -> Any:
    """Trees of xgboost, whose own code is what shap calls."""
    import xgboost

    return xgboost.XGBRegressor(n_estimators=N_TREES, max_depth=DEPTH, n_jobs=1).fit(rows, y)


def forest(rows: np.ndarray, y: np.ndarray) -> Any:
    """Trees of scikit-learn, which shap walks itself."""
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(N_TREES, max_depth=DEPTH, random_state=0).fit(rows, y)


def against_shap(model: Any, rows: np.ndarray, repeats: int) -> list[Figure]:
    """Times over ours, and by how much the values differ."""
    found: dict[str, np.ndarray] = {}

    def theirs() -> None:
        found["shap"] = by_shap(model, rows)

    def ours() -> None:
        found["limelight"] = path_dependent(model, rows)[0][:, :, 0]

    path_dependent(model, rows[:1])  # what is compiled once, and kept in numba's cache of files
    times = interleaved({"shap": theirs, "limelight": ours}, repeats)
    name = f"trees: {type(model).__name__}, {len(rows):,} x {N_COLUMNS}, {N_TREES} trees of depth {DEPTH}, by paths"
    apart = np.abs(found["shap"] - found["limelight"]).max() / np.abs(found["shap"]).max()
    return [Figure(f"{name}: TreeExplainer / limelight", ratio(times["shap"], times["limelight"]), "at least", 10, "x",
                   f"{median(times['shap']):.3g} s and {median(times['limelight']):.3g} s"),
            Figure(f"{name}: largest difference of the values, of the largest", apart, "at most", 1e-5, "")]


def by_shap(model: Any, rows: np.ndarray) -> np.ndarray:
    """What shap's TreeExplainer says, trees read anew."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
        return np.asarray(explainer.shap_values(rows, check_additivity=False))
