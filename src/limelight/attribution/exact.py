"""Shapley values in closed form: linear sums, trees and kernels, also behind steps that act on columns one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from limelight.attribution._ensembles import read_trees
from limelight.attribution._inputs import Inputs, inputs_of
from limelight.attribution.kernels import read_kernel
from limelight.attribution.linear import read_linear
from limelight.types import Array, Output, OutputSpace

TOLERANCE = 1e-6
"""Of the largest change: by how much a model may differ from its closed form, besides its own rounding."""
MOST_ROUNDING = {np.float32: 1e-3, np.float64: 1e-6}
"""Of the largest value: how far a model's rounding and clipping may move its log-odds, by what it computes with.

A float32 probability of .9999 has three digits of log-odds, which no closed form can know."""
MOST_CHECKED = 64
_N_PROBES = 30
_NEVER_QUITE = 1e-12
"""From 0 and 1, where log-odds of probabilities are clipped."""


class Form(Protocol):
    """A model of a known kind, taken apart."""

    @property
    def route(self) -> str:
        """Its kind: "linear", "tree" or "kernel"."""

    @property
    def precision(self) -> float:
        """Relative, of the numbers that the model computes with."""

    @property
    def takes_missing(self) -> bool:
        """Whether it is known what it does with NaN."""

    def shapley(self, inputs: Inputs) -> Array:
        """Shapley values: (n_features, n_sums)."""

    def answers(self, inputs: Inputs, coalitions: Array) -> Array:
        """What it says to the composed rows: (n_coalitions, n_background, n_sums)."""


@dataclass(frozen=True)
class Exact:
    """Shapley values in closed form, and what their form says to coalitions.

    Attributes
    ----------
    values : ndarray of shape (n_features, n_outputs)
        In the model's outputs and the space that was asked for.
    route : {"linear", "tree", "kernel"}
    rounding : float
        How far the model's own rounding moves an evaluation, in the outputs' units.
    says : callable
        bool (n, n_features) -> (n, n_outputs), up to a constant.
    """

    values: Array
    route: str
    rounding: float
    says: Callable[[Array], Array]

    def of_outputs(self, columns: Array) -> Exact:
        """Keep some of the outputs."""
        return replace(self, values=self.values[:, columns],
                       says=lambda coalitions: self.says(coalitions)[:, columns])

    def agrees(self, coalitions: Array, outputs: Array) -> bool:
        """Tell whether the model said to these coalitions what its form says.

        Nothing, everything and features left out are a good choice; of many
        some are checked. A model that does not agree is not what its class
        and attributes tell, and the values aren't its own.

        Parameters
        ----------
        coalitions : bool ndarray of shape (n, n_features)
            The first is what the others are compared with; the second is checked in any case.
        outputs : ndarray of shape (n, n_outputs)
            What the masked game answered.
        """
        last = len(coalitions) - 1
        checked = np.linspace(0, last, min(last + 1, MOST_CHECKED)).round().astype(int)
        checked[1:2] = 1
        said, outputs = self.says(np.asarray(coalitions[checked], bool)), outputs[checked]
        allowed = TOLERANCE * np.abs(outputs - outputs[0]).max() + 2 * self.rounding
        return bool((np.abs(said - said[0] - outputs + outputs[0]) <= allowed).all())


def recognise(model: Any, output: Output) -> Form | None:
    """Find the closed form of a table model in a space: reads the estimator, asks it nothing.

    Parameters
    ----------
    model : TabularModel
    output : {"probability", "logit"}

    Returns
    -------
    Linear, Trees, Kernel or None
        None for networks and functions, and where no closed form holds: a boosted
        or logistic classifier's probabilities, a forest's log-odds.
    """
    if model._asked.meaning is None:
        return None
    head, space = taken_apart(model)[1], model.output_space(output)
    return read_linear(head, space) or read_trees(head, space) or read_kernel(head, space)


def exact_shapley(model: Any, x: Any, output: Output, group_of: Array | None = None) -> Exact | None:
    """Compute Shapley values of the masked game in closed form, asking the model nothing.

    The game is `v(S) = mean_k f(x_S, b_k,notS)` over the model's background rows.

    Parameters
    ----------
    model : TabularModel
    x : array, list, dict, Series, or DataFrame of one row
    output : {"probability", "logit"}
    group_of : int ndarray of shape (n_features,), optional
        Which group each feature is in: values are the groups'.

    Returns
    -------
    Exact or None
        None where no closed form holds, where a Pipeline's earlier steps mix
        columns, and where the model rounds or clips its answers too much for
        them to be those of the form. Ask `Exact.agrees` before relying on it.
    """
    form = recognise(model, output)
    if form is None:
        return None
    (steps, head), space = taken_apart(model), model.output_space(output)
    clips = space == "log-odds" and model._asked.meaning == "probability"
    inputs = inputs_of(model.table([model.read(x)]), model.background, steps)
    if inputs is None or not (form.takes_missing or _all_known(inputs)):
        return None
    inputs = inputs if group_of is None else inputs.grouped(group_of)
    values, answers = form.shapley(inputs), form.answers(inputs, _probes(inputs.n_features, clips))
    dtype = np.float32 if max(form.precision, inputs.precision) > np.finfo(float).eps else np.float64
    rounding = _rounding(answers, clips, dtype)
    if clips and rounding > MOST_ROUNDING[dtype] * np.abs(values).max():
        return None
    if not _complete(values, answers, rounding):
        return None
    signs = signs_of(head, space, values.shape[1])
    return Exact(values @ signs, form.route, rounding,
                 lambda coalitions: form.answers(inputs, coalitions).mean(1) @ signs)


def taken_apart(model: Any) -> tuple[list[Callable[[Any], Any]], Any]:
    """Split an estimator, or a table model's, into the steps before the last, in order, and the last one."""
    estimator, steps = model._model if getattr(model, "kind", None) == "table" else model, []
    while hasattr(estimator, "best_estimator_") or hasattr(estimator, "steps"):
        if hasattr(estimator, "best_estimator_"):
            estimator = estimator.best_estimator_
            continue
        if len(estimator.steps) > 1:
            steps.append(estimator[:-1].transform)
        estimator = estimator.steps[-1][1]
    return steps, estimator


def signs_of(head: Any, space: OutputSpace, n_sums: int) -> Array:
    """From sums to outputs, (n_sums, n_outputs): both classes' log-odds are one sum, and its negative."""
    return np.array([[-1.0, 1.0]]) if space == "log-odds" and hasattr(head, "predict_proba") else np.eye(n_sums)


def _all_known(inputs: Inputs) -> bool:
    return not (np.isnan(inputs.x).any() or np.isnan(inputs.background).any())


def _probes(n_features: int, clips: bool) -> Array:
    """Nothing, everything, and for log-odds, which may be clipped, random coalitions of all sizes."""
    n_drawn, rng = _N_PROBES if clips else 0, np.random.default_rng(0)
    drawn = rng.random((n_drawn, n_features)) < rng.random((n_drawn, 1))
    return np.concatenate([np.repeat([[False], [True]], n_features, axis=1), drawn])


def _complete(values: Array, answers: Array, rounding: float) -> bool:
    """Tell whether values sum to everything's answer less nothing's."""
    gap = np.abs(values.sum(0) - (answers[1] - answers[0]).mean(0)).max()
    return bool(gap <= TOLERANCE * np.abs(values).max() + rounding)


def _rounding(answers: Array, clips: bool, dtype: type) -> float:
    """How far a model that computes with `dtype` is from answers of shape (n, n_background, n_sums), on average.

    Log-odds are read from probabilities: do as the model does.
    """
    if not clips:
        return float(4 * np.finfo(dtype).eps * np.abs(answers).max())
    from scipy.special import expit

    likely = expit(answers.astype(dtype))
    for_, against = _log_odds(likely) - answers, _log_odds(1 - likely) + answers
    return float(max(np.abs(for_.mean(1)).max(), np.abs(against.mean(1)).max()))


def _log_odds(probabilities: Array) -> Array:
    inside = np.clip(probabilities.astype(float), _NEVER_QUITE, 1 - _NEVER_QUITE)
    return np.log(inside / (1 - inside))
