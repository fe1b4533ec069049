"""What the trees of an ensemble, or the columns of a linear model, sum to: how to ask for it, and what it means."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from limelight.attribution._ensembles import AVERAGED, IDENTITY, is_binary, lightgbm_objective, loss_of, n_averaged
from limelight.attribution.linear import read_linear
from limelight.types import Array, OutputSpace

Means = Literal["probability", "log-odds", "margin", "value"]


class Sums(NamedTuple):
    """What a model sums up before it answers.

    Attributes
    ----------
    ask : callable
        From rows, as the last step is given them, to shape (n,) or (n, n_sums).
    meaning : {"probability", "log-odds", "margin", "value"}
    """

    ask: Callable[[Any], Array]
    meaning: Means

    def after(self, steps: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Array]:
        """Ask about rows as a Pipeline's first step is given them."""

        def ask(rows: Any) -> Array:
            for step in steps:
                rows = step(rows)
            return self.ask(rows)

        return ask


def tree_sums(head: Any) -> Sums | None:
    """What an estimator's trees sum to; None for what is no ensemble of trees."""
    library, name = type(head).__module__.partition(".")[0], type(head).__name__
    if library == "sklearn":
        return _sklearn_sums(head, name.removesuffix("Regressor").removesuffix("Classifier"))
    ask = _RAW.get(library, lambda _: None)(head)
    return None if ask is None else Sums(ask, _meaning(head, library))


def linear_sums(head: Any) -> Sums | None:
    """What a linear model's columns sum to; None for what is no linear model."""
    spaces: tuple[OutputSpace, ...] = ("value", "log-odds", "margin")
    space = next((space for space in spaces if read_linear(head, space) is not None), None)
    if space is None:
        return None
    return Sums(head.predict if space == "value" else head.decision_function, space)  # type: ignore[arg-type]


def _sklearn_sums(head: Any, name: str) -> Sums | None:
    if name in AVERAGED:
        probable = hasattr(head, "predict_proba")
        return Sums(head.predict_proba if probable else head.predict, "probability" if probable else "value")
    if not name.endswith("GradientBoosting"):
        return None
    if hasattr(head, "decision_function"):
        return Sums(head.decision_function, "log-odds" if is_binary(head, head.loss, "sklearn") else "margin")
    return Sums(head.predict, "value") if head.loss in IDENTITY["sklearn"] else None


def is_dart(head: Any) -> bool:
    """Tell whether an xgboost model weighs its trees."""
    return bool(_learner(head)["gradient_booster"]["name"] == "dart")


def _learner(head: Any) -> Any:
    """What an xgboost model says of itself."""
    booster = head.get_booster() if hasattr(head, "get_booster") else head
    return json.loads(booster.save_config())["learner"]


def _xgboost_raw(head: Any) -> Callable[[Any], Array] | None:
    if _learner(head)["gradient_booster"]["name"] == "gblinear":
        return None
    if not hasattr(head, "get_booster"):
        return lambda rows: head.inplace_predict(rows, predict_type="margin", validate_features=False)
    return lambda rows: head.predict(rows, output_margin=True)


def _lightgbm_raw(head: Any) -> Callable[[Any], Array]:
    """Its raw scores are sums, also of random forests, which answer with the mean."""
    n = n_averaged(head)
    return lambda rows: head.predict(rows, raw_score=True) / n


_RAW: dict[str, Callable[[Any], Callable[[Any], Array] | None]] = {
    "xgboost": _xgboost_raw,
    "lightgbm": _lightgbm_raw,
    "catboost": lambda head: lambda rows: head.predict(rows, prediction_type="RawFormulaVal"),
}


def _objective(head: Any, library: str) -> str | None:
    """Name what was minimised, also where trees are averaged, weighted or take categories: that changes no meaning."""
    if library == "xgboost":
        name: str = _learner(head)["objective"]["name"]
        return name
    if library == "catboost":
        return str(head.get_all_params()["loss_function"]).partition(":")[0]
    return lightgbm_objective(head) if library == "lightgbm" else loss_of(head, library)


def _meaning(head: Any, library: str) -> Means:
    """Of raw sums; what is neither the prediction itself nor log-odds is a margin."""
    loss = _objective(head, library)
    if loss in IDENTITY[library]:
        return "value"
    return "log-odds" if is_binary(head, loss, library) else "margin"
