"""Inputs that are explained one after the other, for as long as there is time, with what there is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from limelight.errors import InputError, warn
from limelight.progress import progress_bar

Piece = TypeVar("Piece")
FEWEST = 2
"""Inputs that make a data set."""
ALONE = "one input, and an overview is of two or more: explain it with ll.explain"
SECONDS = 60.0
"""How long an overview or a measure may take where neither a time nor a number of rows was asked for."""


class Watch:
    """How much time is left of a budget.

    Parameters
    ----------
    seconds : float or None
        None: there is no limit.

    Attributes
    ----------
    over : bool
        Whether work was left for want of time.
    """

    def __init__(self, seconds: float | None):
        self.seconds, self._began, self.over = seconds, time.perf_counter(), False

    @property
    def spent(self) -> float:
        return time.perf_counter() - self._began

    @property
    def left(self) -> float:
        """Seconds, never below 0; infinite where there is no limit."""
        return np.inf if self.seconds is None else max(self.seconds - self.spent, 0.0)

    def allows(self, seconds: float) -> bool:
        """Tell whether there is time for work that takes so long."""
        return self.seconds is None or self.spent + seconds <= self.seconds


def seconds_of(seconds: Any, *, limited: bool) -> float | None:
    """The time that there is, as a user says it; None: as long as it takes.

    Parameters
    ----------
    limited : bool
        Whether "auto" is a limit.

    Raises
    ------
    InputError
        If it is no time.
    """
    if isinstance(seconds, str) and seconds == "auto":
        return SECONDS if limited else None
    number = isinstance(seconds, (int, float, np.number)) and not isinstance(seconds, bool)
    if seconds is not None and not (number and seconds > 0):
        raise InputError(f"seconds={seconds!r} can't be used: give a number above 0, or None for as long as it takes")
    return None if seconds is None else float(seconds)


@dataclass
class Count:
    """How many are done."""

    limit: int
    n: int = 0


def collected(pieces: Iterator[Piece], size: Callable[[Piece], int], limit: int, unit: str, *, show: bool,
              watch: Watch) -> list[Piece]:
    """Collect pieces, until the time is over; interrupted (Ctrl-C), those that there were, with a warning.

    Parameters
    ----------
    pieces : iterator
    size : callable
        How many inputs a piece holds.
    limit : int
        How many there will be.
    unit : str
        What they are: "rows", "texts".
    watch : Watch
        No piece is begun that would end too late, if it takes as long as the one before did; at least two inputs are
        explained whatever they take.
    """
    found: list[Piece] = []
    done = Count(limit)
    try:
        with progress_bar(done, show=show, unit=unit) as advance:
            began = watch.spent
            for piece in pieces:
                found.append(piece)
                done.n += size(piece)
                advance()
                took, began = watch.spent - began, watch.spent
                watch.over = min(FEWEST, limit) <= done.n < limit and not watch.allows(took)
                if watch.over:
                    break
    except KeyboardInterrupt:
        if done.n < FEWEST:
            raise
        warn(f"interrupted after {done.n:,} of {limit:,} {unit}: this overview is of those")
    return found


def remarks(n: int, wanted: int, unit: str, watch: Watch) -> list[str]:
    """A sentence where fewer inputs were explained than were asked for, as the time was over."""
    if not watch.over:
        return []
    return [f"Explained are {n:,} of the {wanted:,} {unit} that were to be, as there were {watch.seconds:g} seconds: "
            "seconds=None explains all of them."]
