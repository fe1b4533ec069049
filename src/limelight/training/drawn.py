"""What a view draws of a training: of a long one a part of its records, so that what crosses is bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from limelight.training.drift import MEASURES
from limelight.training.evidence import gathered, lane
from limelight.training.flips import predicted
from limelight.training.floor import Found
from limelight.training.history import AGAINST, History
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.training.known import Known
    from limelight.training.pace import Pace

MOST_RECORDS, LEAST_RECORDS = 200, 20
MOST_NUMBERS = 60_000
"""Attributions of all examples that are drawn: fewer records of long texts, but never below `LEAST_RECORDS`."""
MOST_POINTS, MOST_BREAKS, MOST_METRICS = 400, 100, 12
TOP = 6
MOST_FLIPS, MOST_ALARMS = 100, 12
NO_METRICS = ("learning_rate", "grad_norm")
"""What is told with the metrics, and says nothing of how well a model does."""


class Lane(NamedTuple):
    """Numbers over steps: `values` of shape (n_steps, ...)."""

    names: list[str]
    values: Array


class Drawn:
    """Draws a history again and again while it grows.

    Parameters
    ----------
    tracker : Tracker

    Attributes
    ----------
    measures : tuple of str
        Of the drift.
    """

    measures = tuple(MEASURES)

    def __init__(self, tracker: Known):
        self.tracker, self.history, self.pinned = tracker, tracker._history, tracker._history.pinned

    @property
    def state(self) -> str:
        return str(self.tracker.state)

    @property
    def notes(self) -> list[str]:
        return self.tracker.notes

    @property
    def overhead(self) -> float:
        return float(self.tracker.overhead)

    @property
    def last(self) -> int:
        """The latest step that was told."""
        return self.tracker.last

    @property
    def closed(self) -> bool:
        """Whether it came from a file: then no training can go on."""
        return self._pace is None

    @property
    def goes_on(self) -> bool:
        """Whether training has begun, and was not ended."""
        return self._pace is not None and self._pace.goes_on

    def stop(self) -> None:
        """Have the training end after its next step."""
        from limelight.training.tracker import Tracker

        if isinstance(self.tracker, Tracker):
            self.tracker.stop()

    @property
    def _pace(self) -> Pace | None:
        watched = getattr(self.tracker, "_watched", None)
        return None if watched is None else watched.pace

    def metrics(self) -> list[tuple[str, Array, Array]]:
        """Name, steps and values of each metric: at most so many of both, the least and the most among them.

        Where a metric was no finite number it is NaN at the first of these steps, and the others are left out.
        """
        points: dict[str, list[tuple[int, float]]] = {}
        for step, row in list(self.history.rows.items()):
            for name, value in row.items():
                if name not in NO_METRICS:
                    points.setdefault(name, []).append((step, value))
        return [(name, *broken(np.array(found, float))) for name, found in list(points.items())[:MOST_METRICS]]

    def steps(self, wanted: Sequence[int] = ()) -> list[int]:
        """The records that are drawn: every second, fourth, ..., the last, and those that are wanted besides.

        Which ones depends on how many there are alone, so that the next record moves none of them.
        """
        steps = list(self.history.found)
        stride, most = 1, most_records(self.history)
        while len(steps) > most * stride:
            stride *= 2
        return sorted({*steps[::stride], *steps[-1:], *(step for step in wanted if step in self.history.found)})

    def evidence(self, steps: Sequence[int], wanted: Sequence[str] = ()) -> Lane:
        """Shares of the features that have most of the evidence at any of these steps, and of those that are wanted."""
        history = self.history
        values = [self.values(i, steps) for i in range(len(self.pinned))]
        found = gathered(history.names, values)
        names, shares = lane(found, history.explained(steps), len(found))
        shown = [j for j, name in enumerate(names) if j < TOP or name in wanted]
        return Lane([names[j] for j in shown], shares[:, shown])

    def values(self, example: int, steps: Sequence[int]) -> Array:
        """Attributions of one example: (n_steps, n_features)."""
        found = [self.history.found[step][example].values for step in steps]
        return np.stack(found) if found else np.zeros((0, len(self.pinned[example].feature_names)))

    def drift(self, steps: Sequence[int]) -> dict[str, list[dict[str, Found]]]:
        """By what it is held against, for each step every measure; nothing at the first record."""
        all_steps = list(self.history.found)
        before = dict(zip(all_steps[1:], all_steps, strict=False))
        others = {"first": dict.fromkeys(before, all_steps[0] if all_steps else 0), "previous": before}
        none = dict.fromkeys(MEASURES, Found(np.nan, np.nan, np.nan, False))
        return {against: [self.history.moved(others[against][step], step) if step in before else none for step in steps]
                for against in AGAINST}

    def predicted(self, i: int, steps: Sequence[int]) -> Array:
        """Which output is predicted for an example, as `flips.predicted` counts: (n_steps,)."""
        deciding = self.history.decides(i)
        return predicted(np.array([self.history.found[step][i].prediction[deciding] for step in steps]),
                         self.pinned[i].output_space)

    def told(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Flips, the latest ones, and the first alarms."""
        flips, alarms = self.history.flips(), self.history.alarms()
        return flips.to_dict("records")[-MOST_FLIPS:], alarms.to_dict("records")[:MOST_ALARMS]

    def figures(self, steps: Sequence[int]) -> Lane:
        """How explainable the model is: (n_steps, n_figures)."""
        rows = [self.history.moves.figures(step) for step in steps]
        names = list(rows[0]) if rows else []
        return Lane(names, np.array([[row[name] for name in names] for row in rows]).reshape(len(rows), len(names)))


def most_records(history: History) -> int:
    """How many records are drawn, beside the last and those worth a look."""
    d = sum(len(each.feature_names) for each in history.pinned)
    return int(np.clip(MOST_NUMBERS // max(d, 1), LEAST_RECORDS, MOST_RECORDS))


def broken(points: Array) -> tuple[Array, Array]:
    """The finite points, `thinned`, and NaN at the first of each run of others: there a line is broken.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
        Steps and values.
    """
    lost = ~(np.abs(points[:, 1]) < np.finfo(np.float32).max)
    first = np.flatnonzero(lost & ~np.concatenate([[False], lost])[:-1])[:MOST_BREAKS]
    steps, values = thinned(points[~lost])
    steps = np.concatenate([steps, points[first, 0]])
    order = np.argsort(steps)
    return steps[order], np.concatenate([values, np.full(len(first), np.nan)])[order]


def thinned(points: Array) -> tuple[Array, Array]:
    """Of many points the least and the most of each of equal runs: a line through them looks the same.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
        Steps and values.
    """
    n = len(points)
    if n > MOST_POINTS:
        runs = np.array_split(np.arange(n), MOST_POINTS // 2 - 1)
        ends = [run[[points[run, 1].argmin(), points[run, 1].argmax()]] for run in runs]
        points = points[np.unique([0, *np.concatenate(ends), n - 1])]
    return points[:, 0], points[:, 1]
