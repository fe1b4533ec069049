"""Estimates that were made for a view: kept, and not made when they would take too long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from limelight.types import Estimate, Run
from limelight.widgets import payload

N_PREFIXES = 12
GROWTH = 1.1
"""While streaming, an estimate is made each time there are so many times more rows,"""
SHARE = 0.05
"""and this share of the time goes into estimates,"""
LONGEST_PAUSE = 5.0
"""but the pause between two is never longer, in seconds of the run."""
DEAR_SECONDS = 0.1
"""Estimates of a method that takes longer are made only when they are asked for."""
MANY_ROWS, LONG_RUN = 2_000, 10.0
"""Shapley values of more rows take seconds: only after a run of so many seconds are they made unasked."""
MOST_KEPT = 200
"""Of more, the oldest are made again when they are asked for again: pages may ask for any number."""
WHOLE_SECONDS = 10.0
"""So long a page may wait for its estimates at twelve prefixes; then it has six, three, or only the last."""
VIEW_FITS = 400
"""Up to so many features the view fits LIME itself, also to streaming rows (js/lib/answering.js)."""


def readings_of(run: Run) -> Readings | Kept:
    """What can be shown of a run."""
    return Kept(run) if run.neighborhood is None else Readings(run)


class Kept:
    """What a method without a neighborhood found on its way.

    Parameters
    ----------
    run : Run
    """

    def __init__(self, run: Any):
        self._run = run

    def due(self, method: str) -> bool:
        """Every answer brings an estimate, once there is one."""
        return bool(self._run.answered)

    def at(self, method: str, kernel_width: float | None, n: int) -> dict[str, Any]:
        """The latest, of the output that is explained."""
        target, kept = self._run.kept()[-1]
        return self._payload(kept[-1], target)

    def asked(self, method: str, kernel_width: float, n: int | None) -> list[dict[str, Any]]:
        """All of them."""
        return self.all(method)

    def all(self, method: str) -> list[dict[str, Any]]:
        """Those of the output that is explained come last; pixels cross with the last of each output only."""
        return [self._payload(one if one is kept[-1] else replace(one, pixels=None), target)
                for target, kept in self._run.kept() for one in kept]

    def whole(self) -> list[dict[str, Any]]:
        """All of them."""
        return self.all("")

    def _payload(self, found: Estimate, target: int | None) -> dict[str, Any]:
        return payload.estimate(self._run.method, None, found.n_evals, found, target)


class Readings:
    """What a run's rows say, by method, kernel width and number of rows.

    Parameters
    ----------
    run : Run
    """

    def __init__(self, run: Run):
        self._run = run
        self._made: dict[tuple[str, float | None, int], dict[str, Any]] = {}
        self._last = 0
        self._made_at = 0.0
        self._seconds: dict[str, float] = {}  # that each method took last
        self._whole: tuple[int, list[dict[str, Any]]] = 0, []

    def due(self, method: str) -> bool:
        """True when the next answer should bring an estimate."""
        n, run = self._run.n, self._run
        if not run.answered or run.state != "running":
            return run.answered
        if method == "lime" and len(run.question.feature_names) <= VIEW_FITS:
            return False
        pause = min(self._seconds.get(method, 0) / SHARE, LONGEST_PAUSE)
        return n >= self._last * GROWTH and run.seconds >= self._made_at + pause

    def at(self, method: str, kernel_width: float | None, n: int) -> dict[str, Any]:
        """Read the first `n` rows."""
        key = (method, kernel_width if method == "lime" else None, n)
        self._last = max(self._last, n)
        if key not in self._made:
            if len(self._made) >= MOST_KEPT:
                del self._made[next(iter(self._made))]
            started = time.perf_counter()
            self._made[key] = self._read(*key)
            self._seconds[method] = time.perf_counter() - started
            self._made_at = self._run.seconds
        return self._made[key]

    def asked(self, method: str, kernel_width: float, n: int | None) -> list[dict[str, Any]]:
        """Read the first `n` rows, or twelve growing numbers of them."""
        rows, lowest = self._run.n, self._run.least
        wanted = self._prefixes() if n is None else [min(max(n, lowest), rows)]
        return [self.at(method, kernel_width, m) for m in wanted if lowest <= m]

    def all(self, method: str) -> list[dict[str, Any]]:
        """All at the usual width: `method` now, and where these are quick every other and twelve prefixes.

        The view fits LIME to prefixes itself.
        """
        run, width, n = self._run, self._run.kernel_width, self._run.n
        if run.answered:
            self.at(method, width, n)
            others = [(found["name"], n) for found in run.others.readings if found["available"] and found["reads"]]
            kept = run.state != "running" and method != "lime"
            earlier = [(method, m) for m in self._prefixes()] if kept else []
            for name, m in others + earlier:
                if self._quick(name):
                    self.at(name, width, m)
        usual = [found for found in self._made.values() if found["kernel_width"] in (None, width)]
        return sorted(usual, key=lambda found: found["n"])

    def _quick(self, name: str) -> bool:
        """As far as it is known."""
        run = self._run
        long = name == "shapley" and run.n > MANY_ROWS and run.seconds < LONG_RUN and not run.exact
        return not long and self._seconds.get(name, 0) < DEAR_SECONDS

    def whole(self) -> list[dict[str, Any]]:
        """Every method's at twelve prefixes, at fewer once that took `WHOLE_SECONDS`; the same as long as no row comes.

        Of LIME's only the last: the view fits it to prefixes itself.
        """
        if self._run.answered and self._whole[0] != self._run.n:
            self._whole = self._run.n, list(self._filled())
        return self._whole[1]

    def _filled(self) -> Iterator[dict[str, Any]]:
        run, started = self._run, time.perf_counter()
        done: set[int] = set()
        names = [found["name"] for found in run.others.readings if found["available"] and found["reads"]]
        for stride in (N_PREFIXES, 4, 2, 1):
            for n in self._prefixes()[::-1][::stride]:
                if done and time.perf_counter() - started > WHOLE_SECONDS:
                    return
                for name in names if n not in done else ():
                    if name != "lime" or n == run.n:
                        yield self._read(name, run.kernel_width, n)
                done.add(n)

    def _read(self, method: str, kernel_width: float | None, n: int) -> dict[str, Any]:
        key = (method, kernel_width if method == "lime" else None, n)
        return self._made.get(key) or payload.estimate(*key, self._run.refit(method, kernel_width, n))

    def _prefixes(self) -> list[int]:
        n, lowest = self._run.n, self._run.least
        return sorted({round(m) for m in np.geomspace(lowest, n, N_PREFIXES)}) if n >= lowest else []
