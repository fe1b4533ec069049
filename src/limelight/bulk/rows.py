"""Attributions of many rows of a table: what is the same for all of them is worked out once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from limelight.arguments import check_rest
from limelight.bulk.routes import METHODS, by_background, by_paths
from limelight.errors import InputError
from limelight.estimators.lime import checked_width
from limelight.maskers.grouped import Groups
from limelight.models.tabular import TabularModel
from limelight.types import Array, Output, OutputSpace


@dataclass(frozen=True)
class Rows:
    """Attributions of some rows.

    Attributes
    ----------
    values, std_error : float64 ndarray of shape (n_rows, n_features, n_outputs)
        Errors are 0 where values are exact, and infinite where they are not
        known. Of "additive" they are the standard deviation among the
        model's bags, which were fitted to other parts of its rows: as `explain`
        has them, and no uncertainty of the reading, which is exact.
    base_values, prediction : float64 ndarray of shape (n_rows, n_outputs)
    method : str
    exact : bool
        True when nothing was left to chance in any row.
    n_evals : int
        Evaluations a row, at most; 0 where the model was taken apart.
    feature_names, output_names : tuple of str
    output_space : {"probability", "logit", "log-odds", "margin", "value"}
    """

    values: Array
    std_error: Array
    base_values: Array
    prediction: Array
    method: str
    exact: bool
    n_evals: int
    feature_names: tuple[str, ...]
    output_names: tuple[str, ...]
    output_space: OutputSpace


class RowsExplainer:
    """Explains rows of a table: takes the model apart, or asks all rows about the same coalitions.

    A model that is asked is asked about a block of rows at a time, and its
    answers are read together. Blocks begin at multiples of `block_rows`, and
    `first` tells where rows are in X: so the same rows give the same bits,
    wherever X is cut between blocks. Only where a GPU's memory runs out is a batch
    asked in halves, and what a network says may then be rounded in another way (`halved`).

    Parameters
    ----------
    model
        From `ll.tabular_model`. An ensemble of trees may come as it is: its
        values are then path-dependent. Other models may too, with `X`.
    method : {"auto", "tree_shap", "linear_shap", "additive", "shapley", "lime", "banzhaf", "occlusion"}
        "auto": tree_shap for trees, linear_shap for linear models and additive
        for explainable boosting machines, in the space of their sums; shapley
        for others. "shapley" of a logistic
        regression's probabilities is exact, up to 16 features.
    n_samples : int or "auto"
        The most evaluations of a row. "auto": 25 a feature, 256 at least and 2,000 at most.
    output : {"probability", "logit"}
    groups : mapping of name to members, or sequence of members, optional
        As `ll.explain` takes them.
    seed : int
    X : ndarray or DataFrame, optional
        Rows by which coalitions are chosen, and which tell what a Pipeline's
        columns are made of; by default the background's. And the background
        of a model that has none.
    kernel_width : float, optional
        Of LIME.
    seconds : float, optional
        How long the model may take for rows by which coalitions are chosen: fewer are looked at where they take
        longer. None: as long as it takes.
    lends : bool
        Whether X is the background of a model that has none.

    Raises
    ------
    InputError
        If an argument can't be used, or the method can't run on the model.
    """

    def __init__(self, model: Any, *, method: str = "auto", n_samples: int | str = "auto",
                 output: Output = "probability", groups: Groups | None = None, seed: int = 0, X: Any = None,
                 kernel_width: float | None = None, seconds: float | None = None, lends: bool = True):
        check_rest(output, None, seed)
        if method not in ("auto", *METHODS):
            raise InputError(f"method={method!r} is not known for many rows: there are {', '.join(METHODS)}")
        if kernel_width is not None and method != "lime":
            raise InputError(f"kernel_width={kernel_width!r} belongs to lime: leave it out")
        width = checked_width(kernel_width, "uniform", 1) if method == "lime" else None
        found = None if groups else by_paths(model, method, X)
        self._plan = found or by_background(_wrapped(model, X if lends else None), method, groups,
                                            n_samples=n_samples, output=output, seed=seed, X=X, kernel_width=width,
                                            seconds=seconds)
        self._given = {"seed": seed, "kernel_width": width}

    @property
    def method(self) -> str:
        """The method that "auto" came to, or that was asked for."""
        return self._plan.method

    @property
    def route(self) -> str:
        """How values are found.

        "tree", "linear" or "kernel": in closed form; "path-dependent"; "logistic" and "enumeration": all
        coalitions; "odd process" or "regression"; or "lime", "banzhaf", "occlusion".
        """
        return self._plan.route.route

    @property
    def block_rows(self) -> int:
        """How many rows are asked about together: X is cut at multiples of it."""
        return int(getattr(self._plan.route, "block_rows", 1))

    @property
    def halved(self) -> bool:
        """Whether a GPU's memory ran out, and batches were asked in halves."""
        return self._plan.model is not None and self._plan.model.halved

    @property
    def hide(self) -> str:
        """What is in the place of features that are absent."""
        known = {"path-dependent": "both ways of the trees' splits", "additive": "the terms' means"}.get(self.route)
        return known or f"{len(self._plan.model.background):,} background rows"  # type: ignore[union-attr]

    @property
    def settings(self) -> Mapping[str, Any]:
        """What identifies the computation, the model apart: words and numbers that JSON has."""
        plan = self._plan
        return {"method": plan.method, "route": self.route, "output_space": plan.output_space,
                "n_samples": plan.n_evals, **self._given, "features": list(plan.feature_names),
                "outputs": list(plan.output_names), "groups": plan.owner.tolist(),
                "background": _digest(None if plan.model is None else plan.model.background),
                "coalitions": _digest(getattr(plan.route, "coalitions", None))}

    def explain(self, X: Any, first: int = 0) -> Rows:
        """Explain rows.

        Parameters
        ----------
        X : ndarray, DataFrame or sequence of rows, shape (n_rows, n_features)
        first : int
            The number of the first one in all of X.

        Raises
        ------
        InputError
            If rows can't be read: names the first one.
        ModelError
            If the model raises or answers with NaN: names the row.
        """
        plan = self._plan
        rows = plan.read(X, first)
        found = plan.route.explain(rows, first)
        _, n_features, n_outputs = found.values.shape
        columns = getattr(rows, "columns", range(n_features))
        features = plan.feature_names or tuple(str(name) if hasattr(rows, "columns") else f"feature {name}"
                                               for name in columns)
        outputs = plan.output_names if len(plan.output_names) == n_outputs else (
            ("value",) if n_outputs == 1 else tuple(f"output {i}" for i in range(n_outputs)))
        exact = self.route == "additive" or not found.std_error.any()
        return Rows(*found, plan.method, exact, plan.n_evals, features, outputs, plan.output_space)


def _wrapped(model: Any, X: Any) -> TabularModel:
    """A model with a background: its own, or the rows'."""
    if isinstance(model, TabularModel):
        return model
    if getattr(model, "kind", None) in ("text", "image"):
        raise InputError(f"rows are of tables, and this is a model of {model.kind}s: explain its inputs one by one")
    if X is None:
        raise InputError("a table's model needs rows to take absent features from: give "
                         "ll.tabular_model(model, background) with, for example, 100 rows of the training data")
    return TabularModel(model, X)


def _digest(table: Any) -> str:
    """A name for the contents of an array or a DataFrame, or ""."""
    if table is None:
        return ""
    if hasattr(table, "iloc"):
        import pandas as pd

        content = pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes()
    else:
        table = np.asarray(table)
        content = repr(table.tolist()).encode() if table.dtype == object else table.tobytes()
    return hashlib.sha256(content).hexdigest()
