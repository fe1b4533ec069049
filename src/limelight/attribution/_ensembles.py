"""Which ensembles answer with a sum of trees, and their trees as shap reads them."""

from __future__ import annotations

import json
import logging
from typing import Any

import numpy as np

from limelight.attribution.trees import Trees
from limelight.types import Array, OutputSpace

_log = logging.getLogger(__name__)

AVERAGED = ("DecisionTree", "RandomForest", "ExtraTrees", "ExtraTree")
IDENTITY = {
    "sklearn": {"squared_error", "absolute_error", "huber", "quantile"},
    "xgboost": {"reg:squarederror", "reg:linear", "reg:absoluteerror", "reg:pseudohubererror",
                "reg:quantileerror"},
    "lightgbm": {"regression", "regression_l1", "huber", "fair", "quantile", "mape"},
    "catboost": {"RMSE", "MAE", "Quantile", "Huber", "MAPE"},
}
"""Losses whose predictions are the sums themselves."""
_LOGISTIC = {"sklearn": {"log_loss"}, "xgboost": {"binary:logistic"}, "lightgbm": {"binary sigmoid:1"},
             "catboost": {"Logloss", "CrossEntropy"}}
"""Losses whose sums are log-odds."""


def read_trees(head: Any, space: OutputSpace) -> Trees | None:
    """Read an estimator that answers with a sum of trees in this space; None if it does not."""
    library = type(head).__module__.partition(".")[0]
    return _parsed(head, library) if library in IDENTITY and _answers_with_sum(head, library, space) else None


def read_sums(head: Any) -> Trees | None:
    """Read an ensemble of trees, whatever it answers with, for what they sum to; None for what is not plainly that.

    catboost's have leaves that no training row came to, and only its own code knows what it does about them.
    """
    library, name = type(head).__module__.partition(".")[0], type(head).__name__
    if library not in IDENTITY or library == "catboost":
        return None
    averages = library == "sklearn" and name.removesuffix("Regressor").removesuffix("Classifier") in AVERAGED
    return _parsed(head, library) if averages or loss_of(head, library) is not None else None


def _parsed(head: Any, library: str) -> Trees | None:
    """Have shap read them; None if it can't, or they are no sums of plain conditions on numbers."""
    import shap

    try:
        parsed = shap.TreeExplainer(head).model
    except Exception as error:  # shap raises whatever came up in another library's format
        _log.info("shap can't read %s: %s", type(head).__name__, error)
        return None
    return _flattened(parsed, head, library)


def _answers_with_sum(head: Any, library: str, space: OutputSpace) -> bool:
    name = type(head).__name__
    if library == "sklearn" and name.removesuffix("Regressor").removesuffix("Classifier") in AVERAGED:
        return space == ("probability" if name.endswith("Classifier") else "value")
    loss = loss_of(head, library)
    if space == "value":
        return loss in IDENTITY[library]
    if space == "margin":
        return loss == "binary:logitraw" or (library == "sklearn" and is_binary(head, loss, library))
    return space == "log-odds" and is_binary(head, loss, library)


def is_binary(head: Any, loss: str | None, library: str) -> bool:
    return loss in _LOGISTIC[library] and len(getattr(head, "classes_", (0, 1))) == 2


def loss_of(head: Any, library: str) -> str | None:
    """Name what was minimised; None for what is no plain sum of trees over numbers."""
    if library == "xgboost":
        return _xgboost_loss(head)
    if library == "lightgbm":
        return _lightgbm_loss(head)
    if library == "catboost":
        return None if head.get_cat_feature_indices() else head.get_all_params()["loss_function"].partition(":")[0]
    boosts = "GradientBoosting" in type(head).__name__ and getattr(head, "is_categorical_", None) is None
    return head.loss if boosts else None


def _xgboost_loss(head: Any) -> str | None:
    if not np.isnan(getattr(head, "missing", np.nan)):
        return None
    booster = head.get_booster() if hasattr(head, "get_booster") else head
    learner = json.loads(booster.save_config())["learner"]
    plain = learner["gradient_booster"]["name"] == "gbtree" and "c" not in (booster.feature_types or ())
    return learner["objective"]["name"] if plain else None


def _lightgbm_loss(head: Any) -> str | None:
    booster = getattr(head, "booster_", head)
    text = booster.model_to_string(num_iteration=1)
    curved = any(said in text for said in ("average_output", "is_linear=1", "[zero_as_missing: 1]"))
    return None if curved else lightgbm_objective(head)


def lightgbm_objective(head: Any) -> str | None:
    """Name what was minimised, whatever the trees are like."""
    found: str | None = getattr(head, "booster_", head).dump_model(num_iteration=1).get("objective")
    return found


def n_averaged(head: Any) -> int:
    """How many trees lightgbm's random forests answer with the mean of, an output; 1 for what answers with sums."""
    booster = getattr(head, "booster_", head)
    if not type(head).__module__.startswith("lightgbm") or (
            "average_output" not in booster.model_to_string(num_iteration=1)):
        return 1
    n: int = booster.best_iteration if booster.best_iteration > 0 else booster.current_iteration()
    return n


def _flattened(parsed: Any, head: Any, library: str) -> Trees | None:
    """Lay the trees end to end; None if shap found categories, or forests of several outputs."""
    if parsed.trees is None or (getattr(parsed, "threshold_types", np.zeros(1)) == 1).any():
        return None
    if parsed.values.shape[2] > 1 and parsed.num_stacked_models not in (1, parsed.values.shape[2]):
        return None
    limit = parsed.tree_limit if hasattr(head, "get_booster") else None
    n_trees, width = parsed.children_left[:limit].shape
    start = np.arange(n_trees)[:, None] * width
    default = _zeroed(parsed, head) if library == "lightgbm" else parsed.children_default
    low, high, missing = (np.where(children[:n_trees] < 0, -1, children[:n_trees] + start).ravel().astype(np.int32)
                          for children in (parsed.children_left, parsed.children_right, default))
    reads = np.float32 if library in ("xgboost", "catboost") else parsed.input_dtype
    threshold = parsed.thresholds[:n_trees].ravel().astype(np.float32 if library == "catboost" else float)
    return Trees(start.ravel(), low, high, missing, np.maximum(parsed.features[:n_trees], 0).ravel(),
                 threshold.astype(float), parsed.values[:n_trees].reshape(n_trees * width, -1).astype(float),
                 _intercept(parsed, head, library), reads,
                 precision=float(np.finfo(np.float32 if library == "xgboost" else float).eps),
                 takes_missing=library != "catboost",
                 weight=parsed.node_sample_weight[:n_trees].ravel().astype(float))


def _zeroed(parsed: Any, head: Any) -> Array:
    """Where lightgbm sends NaN: a column without any while it was fitted takes it for zero, which shap leaves out."""
    default = parsed.children_default.copy()
    for tree, said in enumerate(getattr(head, "booster_", head).model_to_string().split("\nTree=")[1:]):
        kinds = np.array(said.partition("decision_type=")[2].partition("\n")[0].split(), int)
        plain = np.flatnonzero(kinds >> 2 & 3 == 0)
        low, high = parsed.children_left[tree, plain], parsed.children_right[tree, plain]
        default[tree, plain] = np.where(parsed.thresholds[tree, plain] >= 0, low, high)
    return default


def _intercept(parsed: Any, head: Any, library: str) -> Array:
    if library == "catboost":
        return np.ravel(head.get_scale_and_bias()[1]).astype(float)
    # xgboost starts each class from a number of its own, and shap all of them from the first.
    own = _base_scores(head) if library == "xgboost" and parsed.values.shape[2] > 1 else parsed.base_offset
    return np.ravel(own).astype(float)


def _base_scores(head: Any) -> Any:
    booster = head.get_booster() if hasattr(head, "get_booster") else head
    return json.loads(json.loads(booster.save_config())["learner"]["learner_model_param"]["base_score"])
