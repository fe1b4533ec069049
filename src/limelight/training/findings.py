"""What a reader should look at, found as records come: flips, and candidates for shortcuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from limelight.training.alarms import FEWEST, Alarm, Watch
from limelight.training.drift import signed_shares
from limelight.training.flips import Flip, flips
from limelight.types import Array, OutputSpace

if TYPE_CHECKING:
    from limelight.training.pinned import Estimated


class Flipped(NamedTuple):
    """A flip: where it began, of which example, and against which record."""

    example: int
    step: int
    against: str
    kind: Flip


class Findings:
    """Looks at each record and each evaluation once: what was found before stays.

    Parameters
    ----------
    found : mapping of int to sequence of Estimated
        By step, one an example. It may grow; where a record changes, this has to begin anew.
    names : sequence of list of str
        Of each example, what its features are called.
    spaces : sequence of str
        Of each example, what its predictions are.
    deciding : sequence of slice
        Of each example, the outputs that say together what is predicted.
    """

    def __init__(self, found: Mapping[int, Sequence[Estimated]], names: Sequence[Sequence[str]],
                 spaces: Sequence[OutputSpace], deciding: Sequence[slice]):
        self._found, self._places, self._spaces, self._deciding = found, _places(names), spaces, deciding
        self._flips: list[Flipped] = []
        self._read = 0
        self._watch: Watch | None = None

    def flips(self) -> list[Flipped]:
        """Where prediction and evidence went different ways: by step."""
        steps = list(self._found)
        if len(steps) > max(self._read, 1):
            # Whether a flip began depends on the record before, and that on the one before it.
            seen = max(self._read - 1, 0)
            some = [0, *range(max(seen - 1, 1), len(steps))]
            new = some.index(seen + 1)
            found = [Flipped(i, steps[some[at]], against, kind)
                     for i, space in enumerate(self._spaces)
                     for at, against, kind in flips(*self._of(i, [steps[j] for j in some]), space) if at >= new]
            self._flips += sorted(found, key=lambda each: (each.step, each.against, each.example))
            self._read = len(steps)
        return list(self._flips)

    def alarms(self, metric: str, points: Sequence[tuple[int, float]], both: bool,
               lower: bool | None = None) -> list[Alarm]:
        """Candidates for shortcuts: `alarms.shortcuts` says by which test, and what the parameters are."""
        if self._watch is None or self._watch.metric != metric:
            self._watch = Watch(metric, len(self._places), both, lower)
        steps = list(self._found)
        at = np.array(steps, int)
        # The last evaluation may be told before its step is explained: it is looked at again.
        self._watch.look(points[:-1], at, lambda place: self._net(steps[place]))
        ahead = copy(self._watch)
        ahead.look(points, at, lambda place: self._net(steps[place]))
        return list(ahead.found.values())

    def _of(self, example: int, steps: Sequence[int]) -> tuple[Array, Array, Array]:
        """Values, second estimates and predictions at some records, each (n_steps, ...)."""
        each = [self._found[step][example] for step in steps]
        return (np.array([one.values for one in each]), np.array([one.other for one in each]),
                np.array([one.prediction[self._deciding[example]] for one in each]))

    def _net(self, step: int) -> dict[str, Array]:
        """What each feature has of the evidence, with its sign, in the examples that it is in."""
        shares = [signed_shares(each.values) for each in self._found[step]]
        return {name: np.array([shares[i][list(js)].sum() for i, js in places.items()])
                for name, places in self._places.items()}


def _places(names: Sequence[Sequence[str]]) -> dict[str, dict[int, list[int]]]:
    """Where each feature is that enough examples have: by example."""
    found: dict[str, dict[int, list[int]]] = {}
    for i, features in enumerate(names):
        for j, name in enumerate(features):
            found.setdefault(name, {}).setdefault(i, []).append(j)
    return {name: places for name, places in found.items() if len(places) >= FEWEST}
