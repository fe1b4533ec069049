"""How far explanations moved from one record to another: each pair of records is measured once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.quality.complexity import complexity, sparseness
from limelight.training.drift import DISTANCES, l1
from limelight.training.floor import Found, held
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.training.pinned import Estimated


class Moves:
    """What was measured of records and pairs of them, kept as long as these are there.

    Parameters
    ----------
    found : mapping of int to sequence of Estimated
        By step, one an example. It may grow; of what else changes `forget` is told.
    """

    def __init__(self, found: Mapping[int, Sequence[Estimated]]):
        self._found = found
        self._kept: dict[tuple[Any, ...], Any] = {}

    def moved(self, other: int, step: int, measure: str) -> Found:
        """The drift from one record to a later one, by one measure, held against its noise."""
        return self._once((measure, other, step, "held"), lambda: held(
            self._apart(measure, other, step),
            np.stack([self._noise(measure, each) for each in (other, step)], 1)))

    def figures(self, step: int) -> dict[str, float]:
        """How explainable the model is at one record, by name: `History.figures` says what each is."""
        return self._once(("figures", step, step), lambda: _figures([each for each in self._found[step] if each.known]))

    def forget(self, step: int) -> None:
        """Forget what was measured of a step and of later ones."""
        self._kept = {key: each for key, each in self._kept.items() if max(key[1:3]) < step}

    def _apart(self, measure: str, other: int, step: int) -> Array:
        """From record to record: (n_examples,)."""
        return np.array([DISTANCES[measure](a.values, b.values) if a.known and b.known else np.nan
                         for a, b in zip(self._found[other], self._found[step], strict=True)])

    def _noise(self, measure: str, step: int) -> Array:
        """Between two estimates at one record: (n_examples,)."""
        return self._once((measure, step, step), lambda: np.array(
            [DISTANCES[measure](each.values, each.other) if each.known else np.nan for each in self._found[step]]))

    def _once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


def _figures(found: Sequence[Estimated]) -> dict[str, float]:
    return {"fidelity": _mean([each.fidelity for each in found]),
            "comprehensiveness": _mean([each.lost for each in found]),
            "sparseness": _mean([sparseness(each.values) for each in found]),
            "complexity": _mean([complexity(each.values) for each in found]),
            "stability": 1 - _mean([l1(each.values, each.other) for each in found])}


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")
