"""The model that is trained, and what it takes to explain it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from limelight.training.log import Log
from limelight.training.pace import Pace
from limelight.training.pinned import Estimated, Pinned, undisturbed


class Watched:
    """The pinned examples of a model, when to explain them, and where to keep it: what a tracker from a file lacks.

    Parameters
    ----------
    pinned : sequence of Pinned
    pace : Pace
    log : Log or None
    """

    def __init__(self, pinned: Sequence[Pinned], pace: Pace, log: Log | None):
        self.pinned, self.pace, self.log = tuple(pinned), pace, log

    def estimate(self) -> list[Estimated]:
        """Explain all examples as the model is now."""
        with undisturbed():
            return [each.estimate() for each in self.pinned]

    def measured(self) -> list[Estimated]:
        """Do so, and tell the clock how long it took: that was before training."""
        began = time.perf_counter()
        found = self.estimate()
        self.pace.cost = time.perf_counter() - began
        return found

    def write(self, entry: Mapping[str, Any]) -> None:
        """Keep an entry in the log, if there is one."""
        if self.log is not None:
            self.log.add(entry)

    def settle(self) -> None:
        """Have the log on the disk."""
        if self.log is not None:
            self.log.settle()
