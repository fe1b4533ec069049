"""An explanation found again: with other seeds, of nearby inputs, and of random weights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from limelight.errors import Unsuited
from limelight.explanation import Explanation
from limelight.maskers.nearby import Near
from limelight.played import Played, same_draws, silent
from limelight.quality.sanity import cascade, randomised
from limelight.registry import options_given
from limelight.types import Array

SEEDS = 3
NEARBY = 10
"""Inputs (captum's default)."""


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


class FoundAgain(Played):
    """The attributions of one output, and what the same method finds where something is changed."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._begun: dict[str, Any] = {}
        self._explained: dict[str, Explanation] = {}

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
        return Near(same_draws())

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
            raise silent(self._run)
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
