"""Work that is done a little at a time: with a progress line, until it is interrupted, or from message to message."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

from limelight.progress import progress_bar

Found = TypeVar("Found")
Given = ParamSpec("Given")
Steps: TypeAlias = Generator[float, None, Found]
"""Work that yields the share that is done, from 0 to 1, now and then, and returns what it found."""


def finished(steps: Steps[Found]) -> Found:
    """Do all of it."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Found = end.value
            return found


def at_once(work: Callable[Given, Steps[Found]]) -> Callable[Given, Found]:
    """Make a function that does all of the work of one that does it in steps."""

    @wraps(work)
    def done(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        return finished(work(*args, **kwargs))

    return done


def part(steps: Steps[Found], low: float, high: float) -> Steps[Found]:
    """The same as a part of larger work: its shares go from `low` to `high`."""
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            found: Found = end.value
            return found
        yield low + (high - low) * share


@dataclass
class Share:
    """How much is done, in hundredths."""

    limit: int = 100
    n: int = 0


def with_progress(steps: Steps[Found], what: str, *, show: bool = True) -> Found:
    """Do all of it under a progress line."""
    done = Share()
    with progress_bar(done, show=show, unit="%", what=what) as advance:
        while True:
            try:
                done.n = max(done.n, int(100 * next(steps)))
            except StopIteration as end:
                found: Found = end.value
                return found
            advance()


class Begun:
    """Work that goes on for a moment whenever it is asked to.

    Attributes
    ----------
    share : float
        How much is done: it never falls.
    over : bool
    """

    def __init__(self, steps: Steps[Any]):
        self._steps = steps
        self.share, self.over = 0.0, False

    def go_on(self, seconds: float) -> None:
        """Go on for about so long, and no longer than the model takes for the rows that it is being asked about."""
        until = time.perf_counter() + seconds
        for share in self._steps:
            self.share = max(self.share, min(share, 1.0))
            if time.perf_counter() >= until:
                return
        self.share, self.over = 1.0, True
