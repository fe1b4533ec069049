"""Which way leads to the attributions of a model's rows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from limelight.arguments import whole
from limelight.asked import Asked
from limelight.attribution.additive_rows import AdditiveRows
from limelight.attribution.many import ClosedRows, Found
from limelight.attribution.path_rows import PathRows
from limelight.bulk.logistic import LogisticRows
from limelight.bulk.shared import N_PROBES, SharedRows
from limelight.errors import InputError, Unsuited
from limelight.estimators import READINGS
from limelight.maskers.grouped import GroupedMasker, Groups
from limelight.maskers.tabular import TabularMasker
from limelight.models.reading import fitted_columns
from limelight.models.tabular import TabularModel
from limelight.neighborhood import least
from limelight.registry import STREAMED
from limelight.types import Array, Output, OutputSpace

log = logging.getLogger("limelight")
TAKEN_APART = ("tree_shap", "linear_shap", "additive")
METHODS = (*TAKEN_APART, *READINGS)
PER_FEATURE, FEWEST, MOST = 25, 256, 2_000
"""Evaluations a row where none are given: so many a feature, within these limits."""


class Route(Protocol):
    """A way to the attributions of rows; `route` is its name.

    One that asks rows together has `block_rows`, so many, and blocks begin at multiples of it.
    """

    route: str

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the model is given them; `first` is the number of the first in all of X."""


@dataclass(frozen=True)
class Plan:
    """A route, and what it leads to.

    Attributes
    ----------
    model : TabularModel or None
        What reads rows; None where the estimator is given them as they are.
    method : str
    route : Route
    output_space : {"probability", "logit", "log-odds", "margin", "value"}
    feature_names, output_names : tuple of str
        Empty where only rows tell.
    owner : int ndarray of shape (n_columns,)
        Which feature each column is in.
    n_evals : int
        Evaluations a row, at most.
    estimator : object
        What the rows are given to, where there is no model.
    """

    model: TabularModel | None
    method: str
    route: Route
    output_space: OutputSpace
    feature_names: tuple[str, ...]
    output_names: tuple[str, ...]
    owner: Array
    n_evals: int
    estimator: Any = None

    def read(self, X: Any, first: int) -> Any:
        """Rows as the route takes them: raises InputError where they can't be read."""
        return fitted_columns(X, self.estimator) if self.model is None else self.model.read_rows(X, first)


def by_paths(model: Any, method: str, X: Any) -> Plan | None:
    """Values of trees and of explainable boosting machines that have no background; None for what is no such thing."""
    if isinstance(model, TabularModel):
        return None
    names = tuple(str(name) for name in getattr(model, "feature_names_in_", ()))
    X = X if X is None else fitted_columns(X, model)
    ways: dict[str, Callable[[], Any]] = {"tree_shap": lambda: PathRows(model, X),
                                          "additive": lambda: AdditiveRows(model)}
    for name, made in ways.items():
        if method not in ("auto", name):
            continue
        try:
            route = made()
        except Unsuited:
            continue
        return Plan(None, name, route, route.output_space, names, route.output_names, np.zeros(0, int), 0,
                    model)
    return None


def by_background(model: TabularModel, method: str, groups: Groups | None, *, n_samples: int | str, output: Output,
                  seed: int, X: Any, kernel_width: float | None, seconds: float | None) -> Plan:
    """Take the model apart if its class is known, or prepare to ask it.

    Raises
    ------
    Unsuited
        If the method can't run on this model.
    """
    masker: Any = TabularMasker(model, rows_at(model.background, [0]))
    if groups:
        masker = GroupedMasker(masker, groups)
    asked = Asked(model, masker.data, masker, output, None, seed)
    owner = np.asarray(getattr(masker, "owner", np.arange(len(model.feature_names))))
    n = _evaluations(n_samples, len(masker.feature_names), method)
    found = _known(asked, method, owner)
    if found is None:
        method = "shapley" if method == "auto" else method
        probes = _probes(model, X) if method == "shapley" else None
        route: Route | None = _exactly(model, output, owner) if method == "shapley" else None
        found = method, route or SharedRows(model, output, owner, method=method, n_samples=n, seed=seed, probes=probes,
                                            n_outputs=len(_names(asked)), kernel_width=kernel_width,
                                            seconds=seconds), model, output
    method, route, asking, output = found
    return Plan(model, method, route, asking.output_space(output), tuple(masker.feature_names), _names(asked), owner,
                n if isinstance(route, SharedRows) else 0)


def _names(asked: Asked) -> tuple[str, ...]:
    """What the outputs are called, which some models know only once they have answered."""
    if asked.model.output_names is None:
        n_outputs = asked.game.n_outputs
        return tuple(asked.model.output_names or (f"output {i}" for i in range(n_outputs)))
    return tuple(asked.model.output_names)


def rows_at(table: Any, places: Any) -> Any:
    """Some rows of an array or a DataFrame."""
    return table.iloc[places] if hasattr(table, "iloc") else table[places]


def _known(asked: Asked, method: str, owner: Array) -> tuple[str, Route, Any, Output] | None:
    """The closed form in the space of a model's sums; None where another method was asked for, or "auto" finds none."""
    for name in TAKEN_APART:
        if method not in ("auto", name):
            continue
        try:
            summing = STREAMED[name].explained(asked)
            rows = AdditiveRows(summing.model, owner) if name == "additive" else ClosedRows(
                summing.model, summing.output, owner)
            return name, rows, summing.model, summing.output
        except Unsuited as error:
            if method == name:
                raise
            log.info("%s: %s", name, error)
    return None


def _exactly(model: TabularModel, output: Output, owner: Array) -> Route | None:
    """Shapley values that need no sampling in the space that was asked for, or None."""
    try:
        if model.output_space(output) == "probability":
            return LogisticRows(model, owner)
    except Unsuited as error:
        log.info("%s", error)
    try:
        return ClosedRows(model, output, owner)
    except Unsuited as error:
        log.info("%s", error)
    return None


def _evaluations(n_samples: int | str, n_features: int, method: str) -> int:
    """The most evaluations of a row."""
    if method == "occlusion":
        return least(n_features)
    if n_samples == "auto":
        return int(np.clip(PER_FEATURE * n_features, FEWEST, MOST))
    if whole(n_samples) < least(n_features):
        raise InputError(f"n_samples={n_samples} is too few: {n_features} features need at least "
                         f"{least(n_features)} evaluations a row")
    return int(n_samples)


def _probes(model: TabularModel, X: Any) -> tuple[Array, Any]:
    """Rows by which coalitions are chosen, behind their numbers: of those that are explained, or of the background."""
    rows = model.rows if X is None else X
    places = np.unique(np.linspace(0, len(rows) - 1, N_PROBES).round().astype(int))
    some = [rows[i] for i in places] if isinstance(rows, (list, tuple)) else rows_at(rows, places)
    return places, model.read_rows(some)
