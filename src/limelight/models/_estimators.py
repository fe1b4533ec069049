"""How to ask estimators, boosters and functions, and what their answers mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from limelight.errors import InputError
from limelight.models._gradients import plain
from limelight.models._outputs import Meaning

_METHODS: dict[str, Meaning] = {"predict_proba": "probability", "decision_function": "margin", "predict": "value"}
_LOG_ODDS = ("LogisticRegression", "LogisticRegressionCV", "GradientBoostingClassifier",
             "HistGradientBoostingClassifier")
"""Whose decision function is the log-odds of two classes: probabilities near 0 and 1 have few digits left for them."""
_ONLY_CLASSES = {"multi:softmax": "multi:softprob", "binary:hinge": "binary:logistic"}
"""What xgboost can minimise and answers with the number of a class, and what it answers with probabilities for."""
_TAKE_MISSING = ("xgboost", "lightgbm", "catboost")


class Asked(NamedTuple):
    """What was found in a table model."""

    name: str
    ask: Callable[[Any], Any]
    meaning: Meaning | None
    names: list[str] | None
    is_network: bool = False


def asked(model: Any) -> Asked:
    """Find how a model is asked: torch, Booster, estimator (or a method of one), function.

    Raises
    ------
    InputError
        If there is nothing to ask.
    """
    if hasattr(model, "named_parameters") and hasattr(model, "modules"):
        return Asked(type(plain(model)).__name__, model, None, None, is_network=True)
    if _is_booster(model):
        return _booster(model)
    if type(model).__name__ == "Booster" and hasattr(model, "dump_model"):
        return _lightgbm_booster(model)
    if is_estimator(model):
        method = next(method for method in _METHODS if hasattr(model, method))
        return _estimator(model, method)
    method = getattr(model, "__name__", "")
    if estimator_of(model) is not model:
        return _estimator(estimator_of(model), method)
    if not callable(model):
        raise InputError(f"{type(model).__name__} is no table model: it should have predict_proba or predict, be a "
                         "torch module, or a function of rows")
    return Asked(method or type(model).__name__, model, None, None)


def is_estimator(model: Any) -> bool:
    """Tell what has predict_proba, decision_function or predict; a Booster's predict wants a DMatrix."""
    return any(hasattr(model, method) for method in _METHODS) and not _is_booster(model)


def estimator_of(model: Any) -> Any:
    """The estimator that a method such as `forest.predict_proba` belongs to; or `model` itself."""
    owner = getattr(model, "__self__", None)
    return owner if is_estimator(owner) and getattr(model, "__name__", "") in _METHODS else model


def accepts_missing(model: Any) -> bool:
    """Tell whether a model, or the first step of a Pipeline, is known to accept NaN."""
    model = model.steps[0][1] if hasattr(model, "steps") else model
    if type(model).__module__.partition(".")[0] in _TAKE_MISSING:
        return True
    if not hasattr(model, "__sklearn_tags__"):
        return False
    return bool(model.__sklearn_tags__().input_tags.allow_nan)


def _estimator(model: Any, method: str) -> Asked:
    tags = model.__sklearn_tags__() if hasattr(model, "__sklearn_tags__") else None
    if method == "predict" and tags is not None and tags.estimator_type == "classifier":
        raise InputError(f"{type(model).__name__} only predicts classes, which have no slope to explain: use one with "
                         "predict_proba or decision_function (SVC(probability=True), or a calibrated classifier)")
    if method == "predict" and tags is not None and tags.estimator_type == "clusterer":
        raise InputError(f"{type(model).__name__} only predicts numbers of clusters, which have no slope to explain: "
                         "give a function of rows that tells how near a cluster is")
    if isinstance(getattr(model, "classes_", None), list):
        raise InputError(f"{type(model).__name__} predicts several targets, and one is explained at a time: give, for "
                         "the first, tabular_model(lambda rows: model.predict_proba(rows)[0], background)")
    last = model.steps[-1][1] if hasattr(model, "steps") else model
    if method == "predict_proba" and _says_log_odds(last):
        return Asked(type(last).__name__, lambda rows: _of_both(model.decision_function(rows)), "log-odds",
                     classes_of(model, method))
    return Asked(type(last).__name__, getattr(model, method), _METHODS[method], classes_of(model, method))


def _says_log_odds(last: Any) -> bool:
    return (type(last).__name__ in _LOG_ODDS and type(last).__module__.startswith("sklearn.")
            and len(getattr(last, "classes_", ())) == 2 and getattr(last, "loss", "log_loss") == "log_loss")


def _of_both(log_odds: Any) -> Any:
    """Log-odds of the second of two classes, as those of each: shape (n, 2)."""
    return np.column_stack([-log_odds, log_odds])


def classes_of(model: Any, method: str) -> list[str] | None:
    """Names of the outputs of an estimator's method, as far as its classes tell."""
    known = getattr(model, "classes_", ())
    names = [] if isinstance(known, list) else [str(name) for name in known]  # a list has those of several targets
    if method == "predict" or not names:
        return None
    if method == "decision_function" and len(names) == 2:
        return names[1:]
    pairwise = method == "decision_function" and getattr(model, "decision_function_shape", "ovr") == "ovo"
    return None if pairwise else names


def _is_booster(model: Any) -> bool:
    return hasattr(model, "inplace_predict") and hasattr(model, "save_config")


def _booster(model: Any) -> Asked:
    import json

    objective = json.loads(model.save_config())["learner"]["objective"]["name"]
    meaning: Meaning = "value"
    if objective in _ONLY_CLASSES:
        raise InputError(f"this Booster only predicts classes ({objective}), which have no slope to explain: train it "
                         f"with {_ONLY_CLASSES[objective]}")
    if objective in ("binary:logistic", "multi:softprob"):
        meaning = "probability"
    elif objective == "binary:logitraw":
        meaning = "margin"
    # Columns come in the background's order; arrays have no names to compare.
    return Asked("Booster", lambda rows: model.inplace_predict(rows, validate_features=False), meaning,
                 ["1"] if objective.startswith("binary:") else None)


def _lightgbm_booster(model: Any) -> Asked:
    objective = str(model.dump_model(num_iteration=1).get("objective")).partition(" ")[0]
    likely = objective in ("binary", "cross_entropy", "multiclass", "multiclassova")
    return Asked("Booster", model.predict, "probability" if likely else "value",
                 ["1"] if objective == "binary" else None)
