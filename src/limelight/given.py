"""An answer that was found elsewhere, as a run that is over: views ask for nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.estimators.interactions import Interactions
from limelight.explanation import Explanation
from limelight.question import Question
from limelight.types import Array, Estimate, State


class GivenRun:
    """One estimate of every output, and no model behind it.

    Parameters
    ----------
    question : Question
    opening : ndarray of shape (2, n_outputs)
        Outputs with nothing and with everything present; NaN where they are not known.
    estimate : Estimate
        Values of outputs that were not computed are NaN.
    method : str
    label : str, optional
        What views call the method, where that is not its name.
    pixels : mapping of int to ndarray of shape (height, width), optional
        Attributions of pixels, by output.
    """

    neighborhood = None
    error: Exception | None = None
    least, seconds, kernel_width = 0, 0.0, 0.25
    answered = True

    def __init__(self, question: Question, opening: Array, estimate: Estimate, method: str, label: str = "",
                 pixels: Mapping[int, Array] | None = None):
        self.question, self.method, self._opening, self._estimate = question, method, opening, estimate
        self.n = self.limit = estimate.n_evals
        self.exact, self._pixels, self._target = estimate.exact, pixels or {}, question.target
        self.state: State = "done"
        self.no_model = "there is no model behind these numbers: call explain with the model"
        self.others = Alone(self, label or method)

    @property
    def prediction(self) -> Array:
        return np.asarray(self._opening[1])

    @property
    def warning(self) -> str:
        """What is wrong with the answer: that there is none for the output chosen; or ""."""
        names = self.question.output_names
        return "" if self._target in self._known else (
            f"{self.method} was computed for {names[self._known[0]]!r} and not for {names[self._target]!r}: explain "
            "again with the model for that")

    @property
    def _known(self) -> list[int]:
        """The outputs that were computed."""
        return [int(k) for k in np.flatnonzero(~np.isnan(self._estimate.values).any(0))]

    def aim(self, target: int) -> None:
        """Turn to another output; nothing is computed for it."""
        self._target = target

    def stop(self) -> None:
        """It is over."""

    def resume(self) -> None:
        """It stays over."""

    def links(self) -> Interactions | None:
        """What every two features do together, if that was told."""
        together = self._estimate.together
        return None if together is None else Interactions(*together, exact=self._estimate.exact)

    def step(self, seconds: float = 0.1) -> None:
        """Nothing is left to ask."""

    def more(self, n_samples: int) -> None:
        """Nothing can be asked."""

    def refit(self, method: str, kernel_width: float | None = None, n_samples: int | None = None) -> Estimate:
        """What was given."""
        return self._estimate

    def kept(self) -> list[tuple[int | None, list[Estimate]]]:
        """One estimate of all outputs, or one each where not all are known or they have pixels of their own."""
        if not self._pixels and len(self._known) == len(self.question.output_names):
            return [(None, [self._estimate])]
        return [(k, [self._column(k)]) for k in sorted(self._known, key=lambda k: k == self._target)]

    def probe(self, change: Mapping[str, Any]) -> Array:
        """Refuse: there is no model here.

        Raises
        ------
        InputError
        """
        raise InputError(self.no_model)

    def explanation(self, chosen: Mapping[str, Any] | None = None) -> Explanation:
        """The same, frozen, of the output that was chosen.

        Raises
        ------
        InputError
            If that one was not computed.
        """
        target = (chosen or {}).get("target", self.question.target)
        self.aim(target)
        if self.warning:
            raise InputError(self.warning)
        return Explanation.of(replace(self.question, target=target), self._opening, self.method,
                              replace(self._estimate, pixels=self._pixels.get(target)), {}, self.n, run=self)

    def _column(self, k: int) -> Estimate:
        """One output's part."""
        whole = self._estimate
        return replace(whole, values=whole.values[:, k:k + 1], std_error=whole.std_error[:, k:k + 1],
                       fidelity=whole.fidelity[k:k + 1], pixels=self._pixels.get(k))


class Alone:
    """The methods of a view that can turn to none but this."""

    neighborhood = None

    def __init__(self, run: GivenRun, label: str):
        self.begun = [run]
        self.methods = [{"name": run.method, "label": label, "available": True, "reason": "", "reads": False}]

    def available(self, name: str) -> bool:
        """Is it this one?"""
        return name == self.begun[0].method

    def of(self, method: str) -> GivenRun:
        """The one run there is."""
        return self.begun[0]
