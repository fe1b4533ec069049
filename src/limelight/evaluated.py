"""One explanation, ready for whatever a metric needs to see of it: its game, its nulls, and itself found again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from limelight.errors import InputError, Unsuited
from limelight.estimators import shapley
from limelight.explanation import Explanation
from limelight.neighborhood import Neighborhood
from limelight.quality.infidelity import every, kernel_sample, left_by_subsets
from limelight.quality.nulls import SizeMeans, normals, of_input, shuffles
from limelight.quality.sanity import cascade, randomised
from limelight.registry import options_given
from limelight.types import Array

MOST_ASKED = 1024
"""Coalitions that are asked for exact Shapley values where these are not known."""
ROUNDING = 1e-13
"""Of the output: smaller values are taken for none."""
SEEDS = 3
NEARBY = 10
"""Inputs (captum's default)."""
SHAPLEY = ("shapley", "tree_shap", "linear_shap")


class Evaluated:
    """The attributions of one output, and the game that they explain.

    Attributes
    ----------
    values : ndarray of shape (n_features,)
    n_evals : int
        Evaluations that it asked for so far.
    """

    def __init__(self, explanation: Explanation, run: Any):
        self.explanation, self.target, self._run = explanation, explanation.target, run
        self.values = self._cleaned(explanation.values[:, self.target])
        self.n_features = len(self.values)
        self._extra = 0
        self._listed: Array | None = None
        self._game = getattr(run, "game", None)
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
            return np.asarray(self._run.ask(coalitions))
        rows = self._rows
        found = [None if rows is None else rows.find(coalition) for coalition in coalitions]
        if rows is None or any(row is None for row in found):
            raise _silent(self._run)
        return np.asarray(rows.outputs[np.array(found, int)])

    def drops(self, coalitions: Array) -> Array:
        """What the output loses when only these are present: (n,)."""
        return self(np.ones((1, self.n_features), bool)) - self(coalitions)

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
        return kernel_sample(self.n_features, _rng(), self._rows is not None and self._rows.complete)

    @cached_property
    def subsets(self) -> Array:
        """What is left when subsets of a few sizes are taken out."""
        return left_by_subsets(self.n_features, _rng())

    @cached_property
    def means(self) -> SizeMeans:
        """Mean outputs by size: rows that were drawn cost nothing."""
        if self._listed is not None:
            drawn = self._listed
        else:
            drawn = np.zeros((0, self.n_features), bool) if self._rows is None else self._rows.drawn().coalitions
        return SizeMeans(self, drawn, _rng())

    @cached_property
    def shuffled(self) -> Array:
        """The same values at random features: (n_features, n)."""
        return shuffles(self.values, _rng())

    @cached_property
    def normal(self) -> Array:
        """Random attributions: (n, n_features)."""
        return normals(self.values, _rng())

    @cached_property
    def of_input(self) -> Array | None:
        """Attributions that look at the input alone, as shares of the gain; None where there are none."""
        found = of_input(self.explanation.subject, self.explanation.data)
        return None if found is None else found / found.sum() * self.gain

    @cached_property
    def known_exact(self) -> Array | None:
        """Exact Shapley values, where they cost nothing; else None."""
        explanation, rows = self.explanation, self._rows
        by_shapley = explanation.method in SHAPLEY and not explanation.params.get("path_dependent", False)
        if explanation.exact and by_shapley:
            return self.values
        if rows is not None and (rows.complete or rows.closed_form is not None):
            return self._cleaned(shapley(rows).values[:, self.target])
        return None

    @cached_property
    def exact(self) -> Array | None:
        """Exact Shapley values, asked for where there are few coalitions; else None."""
        if self.known_exact is not None or self.n_features > 30 or 2**self.n_features > MOST_ASKED:
            return self.known_exact
        coalitions = every(self.n_features)
        coalitions = np.concatenate([coalitions[[0, -1]], coalitions[1:-1]])  # the order of a neighborhood
        rows = Neighborhood(self.n_features, 1)
        rows.append(coalitions, self(coalitions)[:, None])
        self._listed = coalitions
        self.__dict__["known_exact"] = self._cleaned(shapley(rows).values[:, 0])
        return self.known_exact

    @cached_property
    def likely(self) -> Array | None:
        """Shapley values as estimated from the rows there are; None where there are none."""
        rows = self._rows
        return None if rows is None or rows.law == "bins" else self._cleaned(shapley(rows).values[:, self.target])

    @cached_property
    def of_other_seeds(self) -> Array:
        """Values that other seeds give, (n, n_features)."""
        if self._game is not None and self._rows is not None:
            self._game.answers.add(self._rows.coalitions, self._rows.outputs)
        first = int(self.explanation.params.get("seed", 0))
        return np.array([self._again(seed=first + 1 + i) for i in range(SEEDS)])

    @cached_property
    def of_nearby(self) -> Array:
        """Values of nearby inputs, (n, n_features)."""
        rng = _rng()
        return np.array([self._again(near=rng) for _ in range(NEARBY)])

    @cached_property
    def n_steps(self) -> int:
        """How many steps it takes to make all weights random."""
        return len(cascade(self._module()))

    def of_random_weights(self, step: int) -> Array:
        """Values after a step of the cascade, (n_features,); -1 is the last one."""
        step %= self.n_steps
        if step not in self._randomised:
            with randomised(cascade(self._module())[step], seed=step):
                self._randomised[step] = self._again(afresh=True)
        return self._randomised[step]

    @cached_property
    def _randomised(self) -> dict[int, Array]:
        return {}

    def _module(self) -> Any:
        module = getattr(getattr(self._game, "model", None), "module", None)
        if module is None:
            raise Unsuited("weights can be made random in a torch model only")
        return module

    def _again(self, **changes: Any) -> Array:
        """Values that the same method finds with as many evaluations: of another seed, input or weights."""
        begin = getattr(getattr(self._run, "others", None), "again", None)
        if begin is None:
            raise _silent(self._run)
        explanation = self.explanation
        method, params = explanation.method, explanation.params
        limits: Mapping[str, Any] = {"n_samples": explanation.n_evals}
        if method == "lime":
            limits = {**limits, "kernel_width": params.get("kernel_width")}
        run = begin(method, options_given(method, explanation.subject["kind"], params), target=self.target, **changes,
                    **limits)
        while run.state == "running":
            run.step()
        if run.error is not None:
            raise run.error
        if run.neighborhood is None or run.game is None:
            self._extra += run.n
        if run.game is not self._game:
            self._extra += run.game.n_asked
        target = self.target if run.game is self._game else run.question.target
        found = run.explanation({"target": target})
        return np.array(found.values[:, found.target])


def _rng() -> np.random.Generator:
    """The same for each metric, so that none depends on which others are asked for."""
    return np.random.default_rng(0)


def _silent(run: Any) -> InputError:
    """Why nothing can be asked."""
    rows = getattr(run, "neighborhood", None)
    if rows is not None and rows.law == "bins":
        return Unsuited("features can't be hidden under discretize='quartile', and this metric hides them: explain "
                        "without discretize")
    return InputError("this metric asks the model, and a loaded or given explanation has none: call evaluate with "
                      "model=, or for metrics=['sparseness', 'complexity']")
