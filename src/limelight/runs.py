"""A game being asked, a chunk at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from limelight.errors import LimelightError
from limelight.estimators import interactions_of, read
from limelight.estimators.interactions import Interactions
from limelight.estimators.regression import LEAST_PAIRS
from limelight.explanation import Explanation
from limelight.neighborhood import Neighborhood, least
from limelight.others import Others
from limelight.question import Question
from limelight.sources import Batch, Chosen, MaskedGame
from limelight.stopping import Stopping
from limelight.types import Array, Estimate, Law, State

CHECK_GROWTH = 1.25
"""Stopping rules look each time there are so many times more rows: looks cost a fit."""


class Source(Protocol):
    """Coalitions in an order of their own, and what the model says to them."""

    law: Law
    n_features: int
    most: int | None
    opening: Batch
    chosen: Chosen

    @property
    def game(self) -> MaskedGame | None:
        """What is asked, or None where features can't be hidden."""

    @property
    def n_probes(self) -> int:
        """How many coalitions were asked apart from the rows."""

    def take(self, before: Neighborhood, most: int) -> Batch:
        """Evaluate the next micro-batch, `most` rows at most: fixed by the rows before."""

    def ask(self, coalitions: Array) -> Array:
        """Outputs of coalitions, (n, n_outputs)."""

    def edited(self, changes: Mapping[int, Any]) -> Array:
        """Outputs with other values."""


class NeighborhoodRun:
    """Grows a neighborhood up to a limit. No threads: work is done inside `step`.

    Micro-batches are fixed by row index, so time decides how many go into one
    step and never what is asked.

    Attributes
    ----------
    neighborhood : Neighborhood
    limit : int
        The most evaluations that may be spent.
    state : {"running", "done", "stopped", "failed"}
    error : Exception or None
        Why the run failed.
    seconds : float
        Time spent asking.
    no_model : str
        Why no more can be asked, where there is no model behind it; or "".
    """

    warning = ""
    no_model = ""
    _last: tuple[Any, Estimate] | None = None

    def __init__(self, source: Source, question: Question, *, method: str, kernel_width: float,
                 options: Mapping[str, Any], params: Mapping[str, Any], limit: int, stopping: Stopping,
                 closed_form: Callable[[Neighborhood], Estimate | None] | None = None):
        self.source, self.question = source, question
        self.method, self.kernel_width, self.options, self.params = method, kernel_width, options, params
        self.stopping, self._closed_form = stopping, closed_form
        self.limit = min(limit, source.most or limit)
        self.state: State = "running"
        self.error: Exception | None = None
        self.seconds = 0.0
        self._next_look = 0
        self.neighborhood = Neighborhood(source.n_features, len(source.chosen.names), source.law)
        self.others = Others(self)
        self._append(source.opening)
        self._finish_if_full()

    def step(self, seconds: float = 0.1) -> None:
        """Evaluate whole micro-batches for about so long; nothing when not running.

        A model that fails ends the run: `state` is "failed", `error` says why,
        and what came before is kept.
        """
        started = time.perf_counter()
        try:
            while self.state == "running":
                self._micro_batch()
                if time.perf_counter() - started >= seconds:
                    break
        except LimelightError as error:
            self.error, self.state = error, "failed"
        finally:
            self.seconds += time.perf_counter() - started

    def stop(self) -> None:
        """Ask no more, until `resume` or `more`."""
        if self.state == "running":
            self.state = "stopped"

    def more(self, n_samples: int) -> None:
        """Raise the limit and go on."""
        self.limit = max(self.limit, min(n_samples, self.source.most or n_samples))
        self.stopping = Stopping()
        self.resume()

    def resume(self) -> None:
        """Go on up to the limit, also after a failure."""
        self.error, self.state = None, "running"
        self._finish_if_full()

    def refit(self, method: str, kernel_width: float | None, n_samples: int | None = None) -> Estimate:
        """Read the first rows. Asks no model."""
        if method == "shapley":
            self._look_for_closed_form()
        rows = self.neighborhood if n_samples is None else self.neighborhood.first(n_samples)
        return self._read(rows, method, kernel_width)

    def _read(self, rows: Neighborhood, method: str, kernel_width: float | None) -> Estimate:
        """What rows say. The last answer is kept: a view, its picture and `explanation` ask for the same."""
        asked = len(rows), rows.closed_form is None, method, kernel_width
        last = self._last  # once: another thread may ask meanwhile
        if last is None or last[0] != asked:
            last = asked, read(rows, method, kernel_width, self.options if method == self.method else {})
            self._last = last
        return last[1]

    @property
    def n(self) -> int:
        return len(self.neighborhood)

    @property
    def least(self) -> int:
        return least(self.neighborhood.n_features)

    @property
    def exact(self) -> bool:
        return self.neighborhood.complete

    @property
    def prediction(self) -> Array:
        return self.neighborhood.outputs[0 if self.neighborhood.law == "bins" else 1]

    def aim(self, target: int) -> None:
        """Nothing to do: rows hold all outputs."""

    def links(self) -> Interactions | None:
        """What every two features do together, if that was asked for and there are rows enough."""
        asked = self.params.get("order") == 2 and self.answered
        return interactions_of(self.neighborhood) if asked else None

    def probe(self, change: Mapping[str, Any]) -> Array:
        """Outputs of one what-if, shape (n_outputs,).

        Parameters
        ----------
        change : mapping
            `{"absent": [feature, ...]}` or `{"values": {feature: value}}`.
        """
        if "values" in change:
            return np.asarray(self.source.edited(change["values"]))
        coalition = np.ones(self.neighborhood.n_features, bool)
        coalition[list(change["absent"])] = False
        return self.ask(coalition[None])[0]

    @property
    def game(self) -> MaskedGame | None:
        """What is asked, or None where features can't be hidden."""
        return self.source.game

    def ask(self, coalitions: Array) -> Array:
        """What the model says to coalitions, (n, n_outputs): kept beside the rows, and none of it asked twice."""
        rows = [self.neighborhood.find(coalition) for coalition in coalitions]
        known = np.array([row is not None for row in rows], bool)
        outputs = np.empty((len(rows), self.neighborhood.n_outputs))
        outputs[known] = self.neighborhood.outputs[[row for row in rows if row is not None]]
        if not known.all():
            outputs[~known] = self.source.ask(coalitions[~known])
        return outputs

    @property
    def answered(self) -> bool:
        """True when there are rows enough for an answer."""
        return self.n >= self.least

    def explanation(self, chosen: Mapping[str, Any] | None = None) -> Explanation:
        """What there is now, frozen.

        Parameters
        ----------
        chosen : mapping, optional
            A reader's settings: method, target, kernel_width, n_samples (None: all there is).
        """
        chosen = {"method": self.method, "target": self.question.target, "kernel_width": self.kernel_width,
                  "n_samples": None, **(chosen or {})}
        method, width = chosen["method"], chosen["kernel_width"]
        if method == "shapley":
            self._look_for_closed_form()
        wanted = chosen["n_samples"] or len(self.neighborhood)
        rows = self.neighborhood.first(max(wanted, least(self.neighborhood.n_features)))
        own = self.options if method == self.method else {}
        params = {**self.params, **own, "kernel_width": width, "n_probes": self.source.n_probes}
        return Explanation.read(replace(self.question, target=chosen["target"]), rows, method,
                                self._read(rows, method, width), params, self)

    def _micro_batch(self) -> None:
        if self._awaits_closed_form and self.answered:
            self._look_for_closed_form()
            self._finish_if_full()
            return
        self._append(self.source.take(self.neighborhood, self.limit - len(self.neighborhood)))
        self._finish_if_full()
        if self.state == "running" and self._good_enough():
            self.state = "done"

    def _append(self, batch: Batch) -> None:
        self.neighborhood.append(batch.coalitions, batch.outputs, batch.chosen)

    @property
    def _awaits_closed_form(self) -> bool:
        return self._closed_form is not None and self.method == "shapley"

    def _look_for_closed_form(self) -> None:
        """Once there are answers to check it against; where it holds there is nothing left to ask."""
        if self._closed_form is None or not self.answered:
            return
        self.neighborhood.closed_form, self._closed_form = self._closed_form(self.neighborhood), None
        enough = self.neighborhood.closed_form is not None and self.params.get("order", 1) == 1
        if enough and self.method == "shapley" and self.state == "running":
            self.state = "done"

    def _finish_if_full(self) -> None:
        if len(self.neighborhood) >= self.limit and not self._awaits_closed_form:
            self.state = "done"

    def _good_enough(self) -> bool:
        n = len(self.neighborhood)
        samples = n if self.neighborhood.law == "bins" else len(self.neighborhood.pairs[0])
        if self.stopping == Stopping() or n < self._next_look or samples < LEAST_PAIRS:
            return False
        self._next_look = math.ceil(n * CHECK_GROWTH)
        links = self.links()
        if links is not None and not self.stopping.near(links.std_error[..., self.question.target], samples - 1):
            return False
        return self.stopping.reached(self.refit(self.method, self.kernel_width), self.question.target)
