"""The run of an explanation that came from a file: all of its rows, or its one answer, and no model to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.estimators import options_of
from limelight.explanation import OF_ESTIMATES, Explanation
from limelight.given import GivenRun
from limelight.neighborhood import Neighborhood
from limelight.question import Question
from limelight.registry import STREAMED
from limelight.runs import NeighborhoodRun
from limelight.sources import Batch, Chosen
from limelight.stopping import Stopping
from limelight.types import Array, Estimate

NO_MODEL = "loaded from a file: there is no model to ask; explain again with the model"
OF_RUNS = (*OF_ESTIMATES, "degrees_of_freedom", "kernel_width", "n_probes")
"""Entries of `params` that a run adds by itself."""


def with_run(explanation: Explanation) -> Explanation:
    """The same with a run that answers from what it holds; as it is where it was never asked as a question."""
    question = explanation._question
    if question is None:
        return explanation
    rows = explanation.neighborhood
    run = _found(explanation, question) if rows is None else _read(explanation, question, rows)
    return replace(explanation, _run=run)


class StoredRows:
    """Where rows come from when all of them are there already.

    Parameters
    ----------
    rows : Neighborhood
    question : Question
    n_probes : int
        Coalitions that were asked apart from the rows.
    """

    game = None

    def __init__(self, rows: Neighborhood, question: Question, n_probes: int):
        self.law, self.n_features, self.n_probes = rows.law, rows.n_features, n_probes
        self.most: int | None = len(rows)
        self.chosen = Chosen(np.arange(rows.n_outputs), question.output_names, question.target)
        self.opening = Batch(rows.coalitions, rows.outputs, rows.chosen)

    def take(self, before: Neighborhood, most: int) -> Batch:
        """Refuse: there are no more."""
        raise InputError(NO_MODEL)

    def ask(self, coalitions: Array) -> Array:
        """Refuse: what was evaluated is among the rows."""
        raise InputError(NO_MODEL)

    def edited(self, changes: Mapping[int, Any]) -> Array:
        """Refuse: other values were never tried."""
        raise InputError(NO_MODEL)


def _read(explanation: Explanation, question: Question, rows: Neighborhood) -> NeighborhoodRun:
    """What reads the rows there are, and has its limit where they end."""
    method, params = explanation.method, explanation.params
    source = StoredRows(rows, question, int(params.get("n_probes", 0)))
    options = {name: params[name] for name in options_of(method) if name in params}
    run = NeighborhoodRun(source, question, method=method, kernel_width=params.get("kernel_width") or 0.25,
                          options=options, params={name: each for name, each in params.items() if name not in OF_RUNS},
                          limit=len(rows), stopping=Stopping())
    run.neighborhood = rows  # the same, with what was computed from the model itself
    run.no_model = NO_MODEL
    return run


def _together(explanation: Explanation) -> tuple[Array, Array] | None:
    values, errors = explanation.interactions, explanation.interactions_std_error
    return None if values is None or errors is None else (values, errors)


def _found(explanation: Explanation, question: Question) -> GivenRun:
    """What tells the one answer there is."""
    params, n_outputs = explanation.params, len(explanation.output_names)
    fidelity = np.full(n_outputs, np.nan)
    known = explanation.quality["fidelity"]
    fidelity[explanation.target] = np.nan if known is None else known
    estimate = Estimate(explanation.values, explanation.std_error, params["degrees_of_freedom"], explanation.exact,
                        fidelity, 0.0, params, explanation.n_evals, together=_together(explanation))
    pixels = {} if explanation.pixels is None else {explanation.target: explanation.pixels}
    method = STREAMED.get(explanation.method)
    run = GivenRun(question, np.stack([explanation.base_values, explanation.prediction]), estimate,
                   explanation.method, "" if method is None else method.label, pixels)
    run.no_model = NO_MODEL
    return run
