"""The game behind one explanation: asked in the time there is, what is known not twice, and counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from limelight.errors import InputError, Unsuited
from limelight.explanation import Explanation
from limelight.neighborhood import Neighborhood, keys
from limelight.quality.infidelity import kernel_sample, left_by_subsets
from limelight.quality.nulls import SizeMeans
from limelight.types import Array

ROUNDING = 1e-13
"""Of the output: smaller values are taken for none."""


class Unfinished(Exception):
    """There is no time left. What was asked so far is kept: who begins again goes on from there."""


class Played:
    """The attributions of one output, and the game that they explain.

    Parameters
    ----------
    truth : bool ndarray of shape (n_features,), optional
        Which features should matter, where that is known.
    pace : callable, optional
        Called before every piece of work that takes the model, of a
        micro-batch or about 100 ms; may raise `Unfinished`. Without one, all
        is asked in one go.

    Attributes
    ----------
    values : ndarray of shape (n_features,)
    n_evals : int
        Evaluations that it asked for so far.
    """

    def __init__(self, explanation: Explanation, run: Any, truth: Array | None = None,
                 pace: Callable[[], None] | None = None):
        self.explanation, self.target, self._run = explanation, explanation.target, run
        self.truth, self._pace = truth, pace
        self.values = self._cleaned(explanation.values[:, self.target])
        self.n_features = len(self.values)
        self._extra = 0
        self._listed: Array | None = None
        self._game: Any = getattr(run, "game", None)
        self._before = 0 if self._game is None else self._game.n_asked

    def _cleaned(self, values: Array) -> Array:
        """Values without those that are nothing but rounding: order and shares among these mean nothing."""
        ends = self.explanation.prediction[self.target], self.explanation.base_values[self.target]
        return np.where(np.abs(values) <= ROUNDING * np.abs(ends).max(), 0.0, values)

    @property
    def n_evals(self) -> int:
        return self._extra + (0 if self._game is None else self._game.n_asked - self._before)

    def __call__(self, coalitions: Array) -> Array:
        """The output of coalitions, (n,): what is known is not asked again."""
        return self.outputs(coalitions)[:, self.target]

    def outputs(self, coalitions: Array) -> Array:
        """All outputs of coalitions: (n, n_outputs)."""
        if self._game is not None:
            return self._paced(self._run.ask, self._knows, coalitions)
        rows = self._rows
        found = [None if rows is None else rows.find(coalition) for coalition in coalitions]
        if rows is None or any(row is None for row in found):
            raise silent(self._run)
        return np.asarray(rows.outputs[np.array(found, int)])

    def _paced(self, ask: Callable[[Array], Array], known: Callable[[Array], bool], coalitions: Array) -> Array:
        """Ask in micro-batches, where there is a pace to keep."""
        size = len(coalitions) if self._pace is None else self._game.batch_size
        found = []
        for start in range(0, len(coalitions), max(size, 1)):
            part = coalitions[start:start + size]
            if self._pace is not None and not known(part):
                self._pace()
            found.append(np.asarray(ask(part)))
        return np.concatenate(found) if found else np.asarray(ask(coalitions))

    def _knows(self, coalitions: Array) -> bool:
        """Whether all of them were answered before."""
        rows, answers = getattr(self._run, "neighborhood", None), self._game.answers
        return all(answers.get(name) is not None or (rows is not None and rows.find(coalition) is not None)
                   for name, coalition in zip(keys(coalitions), coalitions, strict=True))

    def _knows_each(self, coalitions: Array) -> bool:
        """Whether all of them were answered for each background row."""
        return all(self._game.each.get(name) is not None for name in keys(coalitions))

    def drops(self, coalitions: Array) -> Array:
        """What the output loses when only these are present: (n,)."""
        return self(np.ones((1, self.n_features), bool)) - self(coalitions)

    def gaps(self, coalitions: Array) -> Array:
        """How far the output is from the prediction with only these present: (n,).

        For a table the mean over its background rows, each by itself.
        """
        if self.explanation.subject.get("hide") != "background":
            return np.abs(self.drops(coalitions))
        if self._game is None:
            raise silent(self._run)
        each = self._paced(self._game.each, self._knows_each, coalitions)
        return np.asarray(np.abs(each[:, :, self.target] - self(coalitions[:1] | True)).mean(1))

    @cached_property
    def gain(self) -> float:
        """The output with everything present, less that with nothing."""
        nothing, everything = self(np.repeat([[False], [True]], self.n_features, axis=1))
        return float(everything - nothing)

    @property
    def _rows(self) -> Neighborhood | None:
        """What was evaluated in rows of its own."""
        found = getattr(self._run, "neighborhood", None)
        return self.explanation.neighborhood if found is None else found

    @cached_property
    def sample(self) -> tuple[Array, Array]:
        """Coalitions by the Shapley kernel, and their weights."""
        return kernel_sample(self.n_features, same_draws(), self._rows is not None and self._rows.complete)

    def left_by(self, size: int) -> Array:
        """What is left when subsets of a size are taken out, the same each time."""
        return left_by_subsets(self.n_features, size, np.random.default_rng(size))  # of each size others

    @cached_property
    def means(self) -> SizeMeans:
        """Mean outputs by size: rows that were drawn cost nothing."""
        return SizeMeans(self, self._drawn, same_draws())

    @cached_property
    def mean_gaps(self) -> SizeMeans:
        """Mean gaps by size."""
        whole = self.explanation.subject.get("hide") != "background"
        return SizeMeans(self.gaps, self._drawn if whole else self._drawn[:0], same_draws())

    @property
    def _drawn(self) -> Array:
        """Coalitions that were drawn evenly within each size, and answered."""
        if self._listed is not None:
            return self._listed
        return np.zeros((0, self.n_features), bool) if self._rows is None else self._rows.drawn().coalitions


def same_draws() -> np.random.Generator:
    """The same for each metric, so that none depends on which others are asked for."""
    return np.random.default_rng(0)


def silent(run: Any) -> InputError:
    """Why nothing can be asked."""
    rows = getattr(run, "neighborhood", None)
    if rows is not None and rows.law == "bins":
        return Unsuited("features can't be hidden under discretize='quartile', and this metric hides them: explain "
                        "without discretize")
    return InputError("this metric asks the model, and a loaded or given explanation has none: call evaluate with "
                      "model=, or for metrics=['sparseness', 'complexity']")
