"""A training as a small table for terminals."""

from __future__ import annotations

from math import isfinite
from textwrap import wrap
from typing import TYPE_CHECKING

from limelight.export.measure import cells, padded, printable, shortened
from limelight.export.table import LONGEST, WIDE

if TYPE_CHECKING:
    from limelight.training.known import Known

TOP = 6
MOST_NOTES = 20
"""The latest ones; `tracker.notes` has all."""


def as_text(tracker: Known) -> str:
    """Return a headline, the latest metrics, the evidence first and last, its drift, and what must be known."""
    names, steps, shares = tracker.evidence(TOP)
    lines = [headline(tracker), *_metrics(tracker)]
    if len(steps) and names:
        lines += _evidence(names, steps.tolist(), shares)
    lines += _drift(tracker)
    said = [*tracker.alarms["said"], *tracker.notes[-MOST_NOTES:]]
    return "\n".join([*lines, *(f"  {line}" for note in said for line in wrap(printable(note), WIDE))])


def headline(tracker: Known) -> str:
    """Return what was tracked, how often, and at what cost."""
    n = len(tracker.explanations)
    model = printable(str(tracker.examples[0][1].get("model", "")))
    many = "example" if len(tracker.examples) == 1 else "examples"
    cost = tracker.overhead
    known = [] if cost != cost else [f"{cost:.1%} of the training's time"]  # NaN: of a log that has no end
    return ", ".join([model, f"{len(tracker.examples)} {many}", f"explained {n} {'time' if n == 1 else 'times'}",
                      tracker.state, *known])


def _metrics(tracker: Known) -> list[str]:
    """The last of each, and since when it has been no number."""
    from limelight.training.drawn import NO_METRICS

    rows = tracker._history.rows
    told = {name: [(step, row[name]) for step, row in rows.items() if name in row]
            for name in tracker.records.columns if name not in ("step", *NO_METRICS)}
    found = [f"{printable(name)} {_last(points)}" for name, points in told.items() if points]
    return [f"  {', '.join(found)}"] if found else []


def _last(points: list[tuple[int, float]]) -> str:
    known = max((i for i, (_, value) in enumerate(points) if isfinite(value)), default=-1)
    number = [] if known < 0 else [f"{points[known][1]:.4g} at step {points[known][0]:,}"]
    lost = [f"not finite since step {step:,}" for step, _ in points[known + 1:known + 2]]
    return ", ".join([*number, *lost])


def _evidence(names: list[str], steps: list[int], shares: object) -> list[str]:
    import numpy as np

    shown = [shortened(printable(name), LONGEST) for name in names]
    width, ends = max(map(cells, shown)), np.asarray(shares)[[0, -1] if len(steps) > 1 else [0]]
    title = f"step {steps[0]:,} to step {steps[-1]:,}" if len(steps) > 1 else f"step {steps[0]:,}"
    return [f"  share of the evidence, {title}"] + [
        "  ".join([f"  {padded(name, width)}", *(f"{share:4.0%}" for share in each)])
        for name, each in zip(shown, ends.T, strict=True)]


def _drift(tracker: Known) -> list[str]:
    steps = list(tracker.explanations)
    if len(steps) < 2:
        return []
    last = tracker._history.moved(steps[0], steps[-1])["l1"]
    change = f"{last.value:.0%} of the evidence moved" if last.detectable else "no detectable change"
    return [f"  {change} since the first record (noise floor {last.floor:.1%})"]
