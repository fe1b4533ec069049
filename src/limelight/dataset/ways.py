"""By which way the rows of a table are explained, and how many of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from limelight.attribution._sums import linear_sums, tree_sums
from limelight.attribution.additive import _sums as term_sums
from limelight.attribution.additive import is_additive, terms
from limelight.attribution.exact import taken_apart
from limelight.bulk.rows import Rows, RowsExplainer
from limelight.dataset.collected import Watch
from limelight.dataset.table import rows_of
from limelight.errors import InputError, ModelError, Unsuited
from limelight.models.tabular import TabularModel
from limelight.types import Array, Output, OutputSpace

TREES, OTHERS = 500, 300
"""Rows of trees with a background, and of models that are asked about coalitions, where nothing else was asked for."""
QUICK = ("path-dependent", "linear", "additive")
"""Ways that take next to no time: all rows are explained."""
OPTIONS = ("kernel_width", "path_dependent")
"""Of methods that explain many rows, and of trees."""
FIRST, FEW = 2, 10
"""Rows that are explained at first, which tells how long one takes; of trees more, to see that they answer so."""
CHOOSING = 0.2
"""Of the time that there is: how long the model may take for rows by which it is chosen what all are asked."""
SAME = 1e-3
"""Of the largest prediction: by how much values may miss it to be believed."""
PATHS = "Absent features' splits are taken both ways, weighted by the training rows that went there."
TERMS = "Attributions are the model's own terms, which are centred on the rows that it was fitted to."


@dataclass(frozen=True)
class Way:
    """How rows are explained.

    Attributes
    ----------
    explain : callable
        From rows as the model takes them, and the number of the first one, for messages.
    begun : Rows
        The first ones.
    route : str
    options : mapping
        What `explain` needs besides to do the same with one row.
    notes : tuple of str
        What absence means.
    """

    explain: Callable[[Any, int], Rows]
    begun: Rows
    route: str
    options: Mapping[str, Any]
    notes: tuple[str, ...]

    @property
    def quick(self) -> bool:
        return self.route in QUICK

    def most(self, n: int, wanted: int | str) -> int:
        """How many of n rows to explain."""
        if wanted != "auto":
            return min(n, int(wanted))
        return n if self.quick else min(n, TREES if self.route == "tree" else OTHERS)


def way_of(given: Any, model: TabularModel, rows: Any, order: Array, *, method: str, options: Mapping[str, Any],
           watch: Watch, **asked: Any) -> Way:
    """Find a way, and go the first steps.

    Trees that come without a background of their own are explained by their paths; an explainable boosting machine
    by its terms. Where the values miss what the model says, rows of the data are the background.

    Parameters
    ----------
    given
        What the user gave: `model`, or what was made into it.
    order : int ndarray
        Numbers of the rows, the first ones first.
    watch : Watch
        The time that there is.
    """
    _check(options)
    head, first = taken_apart(model)[1], order[:FEW]
    plain = not asked["groups"] and not options
    if method == "additive" or (method == "auto" and plain and is_additive(head)):
        return _by_terms(model, rows_of(rows, first), asked["groups"])
    trees = method in ("auto", "tree_shap") and not asked["groups"] and tree_sums(head) is not None
    wanted = options.get("path_dependent", given is not model and plain)
    if trees and wanted:
        found = _by_paths(_behind(given), model, rows, rows_of(rows, first))
        if found is not None:
            return found
    if "path_dependent" in options and (wanted or not trees):
        raise InputError(f"path_dependent= is for trees without groups, and can't be done with this {model.name}: "
                         "leave it out")
    rest = {name: value for name, value in options.items() if name != "path_dependent"}
    seconds = None if watch.seconds is None else CHOOSING * watch.left
    explainer = RowsExplainer(model, method=method, X=rows, seconds=seconds, **asked, **rest)
    begun = by_number(explainer.explain, rows, order[:FIRST])
    return Way(explainer.explain, begun, explainer.route, {}, tuple(model.notes))


def by_number(explain: Callable[[Any, int], Rows], rows: Any, numbers: Array) -> Rows:
    """Explain rows by their numbers in the data; what a model raises names them so.

    Raises
    ------
    ModelError
        If the model raises, or answers with NaN: rows are then explained one by one, to find the one that it is.
    """
    try:
        return explain(rows_of(rows, numbers), 0)
    except ModelError:
        for number in numbers.tolist():
            explain(rows_of(rows, [number]), number)
        raise


def _check(options: Mapping[str, Any]) -> None:
    """Raise InputError for an option that tables have not."""
    unknown = [name for name in options if name not in OPTIONS]
    if unknown:
        raise InputError(f"ll.overview of a table has no option {unknown[0]!r}: there is {', '.join(OPTIONS)}")


def _behind(given: Any) -> Any:
    """The estimator itself."""
    return given._model if isinstance(given, TabularModel) else given


def _by_paths(given: Any, model: TabularModel, rows: Any, first: Any) -> Way | None:
    """By the trees' paths; None where values have other columns, or miss what the model says."""
    try:
        explainer = RowsExplainer(given, method="tree_shap", X=rows)
        named = _named(explainer.explain, model)
        begun = named(first, 0)
    except InputError:
        return None
    asking, output = answering(model, "probability", begun.output_space)
    said = asking.ask(asking.place(first), output)
    if explainer.route != "path-dependent" or said.shape != begun.prediction.shape or not np.allclose(
            said, begun.prediction, rtol=0, atol=SAME * np.abs(said).max()):
        return None
    return Way(named, begun, explainer.route, {"path_dependent": True}, (PATHS,))


def _named(explain: Callable[[Any, int], Rows], model: TabularModel) -> Callable[[Any, int], Rows]:
    """With the names that the model has."""
    def explained(rows: Any, number: int) -> Rows:
        found = explain(rows, number)
        _, n_features, n_outputs = found.values.shape
        if n_features != len(model.feature_names):
            raise InputError("the trees are given other columns than the model")
        names = model.output_names
        return replace(found, feature_names=tuple(model.feature_names),
                       output_names=tuple(names) if names and len(names) == n_outputs else found.output_names)
    return explained


def _by_terms(model: TabularModel, first: Any, groups: Any) -> Way:
    """By the terms of an explainable boosting machine.

    Raises
    ------
    Unsuited
        If it is none.
    """
    if groups:
        raise InputError("groups= can't be used with method='additive': leave one of them out")
    head = taken_apart(model)[1]
    sums = term_sums(head)
    if sums is None:
        raise Unsuited(f"additive needs an explainable boosting machine of interpret, and this is {model.name}",
                       "shapley")

    def explained(rows: Any, number: int) -> Rows:
        values, base = terms(model, rows)
        if values.shape[2] == 1 and len(model.output_names or ()) == 2:
            values, base = values @ [[-1.0, 1.0]], base @ [[-1.0, 1.0]]
        bases = np.broadcast_to(base, (len(values), len(base)))
        names = tuple(model.output_names or (f"output {i}" for i in range(len(base))))
        return Rows(values, np.zeros_like(values), bases, bases + values.sum(1), "additive", True, 0,
                    tuple(model.feature_names), names, sums.meaning)

    return Way(explained, explained(first, 0), "additive", {}, (TERMS,))


def answering(model: TabularModel, output: Output, space: OutputSpace) -> tuple[TabularModel, Output]:
    """The model and what to ask it for, so that it answers in the space of the attributions.

    Trees, linear models and sums of terms are explained in the space of their sums, whatever `output` says.
    """
    if model.output_space(output) == space:
        return model, output
    steps, head = taken_apart(model)
    sums = tree_sums(head) or linear_sums(head) or term_sums(head)
    if sums is not None and sums.meaning == space:
        return model.summing(sums.after(steps), sums.meaning), "logit"
    return model, "logit" if model.output_space("logit") == space else "probability"
