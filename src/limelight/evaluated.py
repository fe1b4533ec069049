"""One explanation, ready for whatever a metric needs to see of it: its game, its nulls, and itself found again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from limelight.errors import InputError, Unsuited
from limelight.estimators import shapley
from limelight.explanation import Explanation
from limelight.maskers.nearby import Near
from limelight.neighborhood import Neighborhood, keys
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


class Unfinished(Exception):
    """There is no time left. What was asked so far is kept: who begins again goes on from there."""


class Neighbors(NamedTuple):
    """Values of nearby inputs.

    Attributes
    ----------
    values : ndarray of shape (n, n_features)
    distances, changes : ndarray of shape (n,)
        How far from the input each is: see `limelight.maskers.nearby.Near`.
    alike : bool ndarray of shape (n,)
        Which of them the model predicts the same output for.
    """

    values: Array
    distances: Array
    changes: Array
    alike: Array


class Evaluated:
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
        self._begun: dict[str, Any] = {}
        self._explained: dict[str, Explanation] = {}

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
            raise _silent(self._run)
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
            raise _silent(self._run)
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
        return kernel_sample(self.n_features, _rng(), self._rows is not None and self._rows.complete)

    def left_by(self, size: int) -> Array:
        """What is left when subsets of a size are taken out, the same each time."""
        return left_by_subsets(self.n_features, size, np.random.default_rng(size))  # of each size others

    @cached_property
    def means(self) -> SizeMeans:
        """Mean outputs by size: rows that were drawn cost nothing."""
        return SizeMeans(self, self._drawn, _rng())

    @cached_property
    def mean_gaps(self) -> SizeMeans:
        """Mean gaps by size."""
        whole = self.explanation.subject.get("hide") != "background"
        return SizeMeans(self.gaps, self._drawn if whole else self._drawn[:0], _rng())

    @property
    def _drawn(self) -> Array:
        """Coalitions that were drawn evenly within each size, and answered."""
        if self._listed is not None:
            return self._listed
        return np.zeros((0, self.n_features), bool) if self._rows is None else self._rows.drawn().coalitions

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
        for means in ("means", "mean_gaps"):  # these coalitions tell them better
            self.__dict__.pop(means, None)
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
        return np.array([self._again(f"seed {i}", seed=first + 1 + i) for i in range(SEEDS)])

    @cached_property
    def neighbors(self) -> Neighbors:
        """Nearby inputs, explained."""
        near, own = self._near, self.explanation
        found = [self._anew(f"nearby {i}", near=near) for i in range(NEARBY)]
        return Neighbors(np.array([each.values[:, each.target] for each in found]), np.array(near.distances),
                         np.array(near.changes), np.array([_predicted(each) == _predicted(own) for each in found]))

    @cached_property
    def _near(self) -> Near:
        return Near(_rng())

    @cached_property
    def n_steps(self) -> int:
        """How many steps it takes to make all weights random."""
        return len(cascade(self._module()))

    def of_random_weights(self, step: int) -> Array:
        """Values after a step of the cascade, (n_features,); -1 is the last one."""
        step %= self.n_steps
        if step not in self._randomised:
            with randomised(cascade(self._module())[step], seed=step):
                self._randomised[step] = self._again(f"weights {step}", afresh=True)
        return self._randomised[step]

    @cached_property
    def _randomised(self) -> dict[int, Array]:
        return {}

    def _module(self) -> Any:
        module = getattr(getattr(self._game, "model", None), "module", None)
        if module is None:
            raise Unsuited("weights can be made random in a torch model only")
        return module

    def _again(self, name: str, **changes: Any) -> Array:
        """Values that `_anew` finds."""
        found = self._anew(name, **changes)
        return np.array(found.values[:, found.target])

    def _anew(self, name: str, **changes: Any) -> Explanation:
        """What the same method finds with as many evaluations: of another seed, input or weights, called `name`."""
        if name not in self._explained:
            run = self._begun.get(name) or self._begin(**changes)
            self._begun[name] = run
            self._explained[name] = self._ended(name, run)
        return self._explained[name]

    def _begin(self, **changes: Any) -> Any:
        begin = getattr(getattr(self._run, "others", None), "again", None)
        if begin is None:
            raise _silent(self._run)
        self._wait()
        explanation = self.explanation
        method, params = explanation.method, explanation.params
        limits: Mapping[str, Any] = {"n_samples": explanation.n_evals}
        if method == "lime":
            limits = {**limits, "kernel_width": params.get("kernel_width")}
        return begin(method, options_given(method, explanation.subject["kind"], params), target=self.target, **changes,
                     **limits)

    def _ended(self, name: str, run: Any) -> Explanation:
        """What a run found, once it is over."""
        while run.state == "running":
            self._wait()
            run.step()
        del self._begun[name]
        if run.error is not None:
            raise run.error
        if run.neighborhood is None or run.game is None:
            self._extra += run.n
        if run.game is not self._game:
            self._extra += run.game.n_asked
        found: Explanation = run.explanation(
            {"target": self.target if run.game is self._game else run.question.target})
        return found

    def _wait(self) -> None:
        if self._pace is not None:
            self._pace()


def _predicted(explanation: Explanation) -> str:
    return explanation.output_names[int(explanation.prediction.argmax())]


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
