"""When to explain, so that it costs little of the training: the clock of a tracker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MOST = 0.05
"""Of the training time: what `every="auto"` spends on explanations at most, but for the last one: that is made in any
case, so that a training shorter than one explanation divided by `MOST`, or than it was said to be, may not keep to it.
"""
AIM = 0.04
"""Of the training time: what it plans to spend. Some records take longer than the last ones did."""
SLOWER = 0.9
"""Of the cost of a record that took long: what the next ones are thought to take, and of that the next, and so on."""
APART = 0.01
"""Of the training so far: two records are no nearer, so that a long training has hundreds of them and not thousands."""


class Pace:
    """Counts the time of training and of tracking, and says when a record is due.

    Parameters
    ----------
    every : int or "auto"
        So many steps apart; "auto": whenever the time spent, with that of one
        more record, is at most `AIM` of the training's own so far, and with
        that of the last one, when training ends, at most `AIM` of the whole:
        that may be now, unless it was said how many steps there will be.
    clock : callable

    Attributes
    ----------
    cost : float
        Seconds that one record is thought to take.
    spent : float
        Seconds that went into tracking since training began.
    """

    def __init__(self, every: int | str, clock: Callable[[], float] = time.perf_counter):
        self.every, self.cost, self.spent, self._clock = every, 0.0, 0.0, clock
        self._began: float | None = None
        self._before = self._last = 0.0
        self._course: tuple[int, int, float] | None = None

    def expect(self, first: int, last: int) -> None:
        """Training goes from one step to another, if nothing ends it before."""
        self._course = first, last, self.trained

    def begin(self) -> None:
        """Training begins, or goes on."""
        if self._began is None:
            self._began = self._clock()

    def pause(self) -> None:
        """Training is over, for now: time that passes is none of it."""
        if self._began is not None:
            self._before, self._began = self._before + self._clock() - self._began, None
        self._course = None

    @property
    def goes_on(self) -> bool:
        """Whether time is counted now."""
        return self._began is not None

    @property
    def trained(self) -> float:
        """Seconds of training, without what went into tracking."""
        since = 0.0 if self._began is None else self._clock() - self._began
        return max(0.0, self._before + since - self.spent)

    @property
    def overhead(self) -> float:
        """What tracking adds to the training's own time, as a share of it."""
        trained = self.trained
        return self.spent / trained if trained else 0.0

    @property
    def kept(self) -> bool:
        """Whether it cost no more than was promised."""
        return self.every != "auto" or self.overhead <= MOST

    def due(self, step: int, last: int) -> bool:
        """Whether to explain now, the last explained step being that: a multiple of `every` was reached or passed."""
        if self.every != "auto":
            return step // int(self.every) > min(last, step - 1) // int(self.every)
        trained, spent = self.trained, self.spent + self.cost
        room = spent <= AIM * trained and spent + self.cost <= AIM * self._whole(step)
        return room and trained - self._last >= APART * trained

    def _whole(self, step: int) -> float:
        """How long training will have taken at its end; where nobody knows that, it may be now."""
        trained = self.trained
        if self._course is None:
            return trained
        first, last, before = self._course
        return trained + (trained - before) * max(0, last - step) / max(1, step - first)

    @contextmanager
    def spending(self, record: bool = False) -> Iterator[None]:
        """Count what is done inside; `record`: it makes one."""
        start = self._clock()
        self._last = self.trained if record else self._last
        try:
            yield
        finally:
            took = self._clock() - start
            self.spent += took
            self.cost = max(took, SLOWER * self.cost) if record else self.cost
