"""An answer that was found elsewhere, as a run that is over: views ask for nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from limelight.errors import InputError
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
        Its pixels, where there are any, are of shape (height, width, n_outputs).
    method : str
        What views call the method.
    """

    neighborhood = None
    error: Exception | None = None
    warning = ""
    n = limit = least = 0
    seconds, kernel_width = 0.0, 0.25
    warning = ""
    answered, exact = True, False

    def __init__(self, question: Question, opening: Array, estimate: Estimate, method: str):
        self.question, self.method, self._opening, self._estimate = question, method, opening, estimate
        self.state: State = "done"
        self.others = Alone(self)

    @property
    def prediction(self) -> Array:
        return np.asarray(self._opening[1])

    def aim(self, target: int) -> None:
        """All outputs are there."""

    def stop(self) -> None:
        """It is over."""

    def resume(self) -> None:
        """It stays over."""

    def links(self) -> None:
        """None: features alone were explained."""

    def step(self, seconds: float = 0.1) -> None:
        """Nothing is left to ask."""

    def more(self, n_samples: int) -> None:
        """Nothing can be asked."""

    def refit(self, method: str, kernel_width: float | None = None, n_samples: int | None = None) -> Estimate:
        """What was given."""
        return self._estimate

    def kept(self) -> list[tuple[int | None, list[Estimate]]]:
        """One estimate of all outputs, or one each where every output has pixels of its own."""
        if self._estimate.pixels is None:
            return [(None, [self._estimate])]
        target = self.question.target
        order = sorted(range(len(self.question.output_names)), key=lambda k: k == target)
        return [(k, [self._column(k)]) for k in order]

    def probe(self, change: Mapping[str, Any]) -> Array:
        """Refuse: there is no model here.

        Raises
        ------
        InputError
        """
        raise InputError(f"there is no model behind what {self.method} found: call explain with the model to try this")

    def explanation(self, chosen: Mapping[str, Any] | None = None) -> Explanation:
        """The same, frozen, of the output that was chosen."""
        target = (chosen or {}).get("target", self.question.target)
        pixels = None if self._estimate.pixels is None else self._estimate.pixels[..., target]
        return Explanation.of(replace(self.question, target=target), self._opening, self.method,
                              replace(self._estimate, pixels=pixels), {}, 0, run=self)

    def _column(self, k: int) -> Estimate:
        """One output's part."""
        whole = self._estimate
        assert whole.pixels is not None
        return replace(whole, values=whole.values[:, k:k + 1], std_error=whole.std_error[:, k:k + 1],
                       fidelity=whole.fidelity[k:k + 1], pixels=whole.pixels[..., k])


class Alone:
    """The methods of a view that can turn to none but this."""

    neighborhood = None

    def __init__(self, run: GivenRun):
        self.begun = [run]
        self.methods = [{"name": run.method, "label": run.method, "available": True, "reason": "", "reads": False}]

    def of(self, method: str) -> GivenRun:
        """The one run there is."""
        return self.begun[0]
