"""The model that is trained, and what it takes to explain it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from limelight.training import endings
from limelight.training.estimating import estimated
from limelight.training.log import Log
from limelight.training.pace import Pace
from limelight.training.pinned import Estimated, Pinned
from limelight.training.untouched import untouched

if TYPE_CHECKING:
    from limelight.training.known import State


class Watched:
    """The pinned examples of a model, when to explain them, and where to keep it: what a tracker from a file lacks.

    Parameters
    ----------
    pinned : sequence of Pinned
    pace : Pace
    log : Log or None
    module : torch.nn.Module or None
        What is explained; None for functions.
    pin : callable, optional
        Pins the same examples, where a Trainer trains another module than before.

    Attributes
    ----------
    failed : dict of int to Exception
        Of the last estimates: why some examples, by their places, have none.
    """

    def __init__(self, pinned: Sequence[Pinned], pace: Pace, log: Log | None, module: Any = None,
                 pin: Callable[[Any], Sequence[Pinned]] | None = None):
        self.pinned, self.pace, self.log, self.module, self._pin = tuple(pinned), pace, log, module, pin
        self._process, self._open = os.getpid(), False
        self.failed: dict[int, Exception] = {}

    def estimate(self, step: int) -> list[Estimated]:
        """Explain all examples as the model is now, at this step."""
        with untouched(self.module):
            found, self.failed = estimated(self.pinned, step)
            return found

    def strange(self, module: Any) -> bool:
        """Whether a module that is trained has no part in common with what is explained, as far as that is known."""
        if module is None or self.module is None:
            return False
        return set(map(id, module.modules())).isdisjoint(map(id, self.module.modules()))

    def turn_to(self, module: Any) -> bool:
        """Explain another module from now on; whether it is known how its inputs are read."""
        if self._pin is None:
            return False
        with untouched(module):
            self.pinned, self.module = tuple(self._pin(module)), module
        return True

    def measured(self, step: int) -> list[Estimated]:
        """Do so, and tell the clock how long it took: that was before training."""
        began = time.perf_counter()
        found = self.estimate(step)
        self.pace.cost = time.perf_counter() - began
        return found

    def write(self, entry: Mapping[str, Any]) -> None:
        """Keep an entry in the log, if there is one."""
        if self.log is not None:
            self.log.add(entry)
            self._open = True

    def end(self, state: State, notes: Sequence[str]) -> None:
        """Say in the log how training ended, and have it on the disk."""
        if self.log is not None:
            try:
                self.log.add(endings.ended(state, self.pace.overhead, notes))
                self._open = False
                self.log.settle()
            finally:
                self.log.close()

    def left(self) -> None:
        """Nobody can tell of more, as the tracker or its process ends: what goes on in the log was stopped."""
        # A forked process is none that trains; and the log may have a later tracker.
        if self.log is None or os.getpid() != self._process:
            return
        with suppress(OSError):
            if self._open and self.log.ends_here:
                self.end("stopped", [])
        self.log.close()
