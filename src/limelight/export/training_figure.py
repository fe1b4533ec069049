"""A training as a matplotlib figure: metrics, what predictions rest on, and how far that moved, over one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.export.measure import printable, shortened
from limelight.export.table import LONGEST
from limelight.export.words import say

if TYPE_CHECKING:
    from limelight.training.known import Known

WIDE, HIGH = 7.5, 6.5
"""Inches."""


def plot(tracker: Known, top: int = 6) -> Any:
    """Draw it: see `Tracker.plot`."""
    from matplotlib.figure import Figure

    figure = Figure((WIDE, HIGH), layout="constrained")
    metrics, evidence, drift = figure.subplots(3, sharex=True, height_ratios=(2, 3, 2))
    _metrics(metrics, tracker)
    _evidence(evidence, tracker, top)
    _drift(drift, tracker)
    drift.set_xlabel(say("step"))
    for axes in (metrics, evidence, drift):
        axes.spines[["top", "right"]].set_visible(False)
        # The lane's first feature is at the bottom, in the list too.
        handles, labels = (each[::-1] if axes is evidence else each for each in axes.get_legend_handles_labels())
        if handles:
            axes.legend(handles, labels, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False, fontsize="small")
    return figure


def _metrics(axes: Any, tracker: Known) -> None:
    records = tracker.records
    for name in records.columns.drop("step"):
        known = records[["step", name]].dropna()
        if len(known) and name not in ("learning_rate", "grad_norm"):
            axes.plot(known["step"], known[name], label=_short(name), marker="." if len(known) < 30 else None)
    axes.set_ylabel(say("metrics"))


def _evidence(axes: Any, tracker: Known, top: int) -> None:
    names, steps, shares = tracker.evidence(top)
    if names and len(steps) > 1:
        axes.stackplot(steps, shares.T, labels=[_short(name) for name in names], alpha=0.8)
    axes.set_ylim(0, 1)
    axes.set_ylabel(say("evidence"))


def _drift(axes: Any, tracker: Known) -> None:
    drift = tracker.drift
    for against, line in (("first", "-"), ("previous", "--")):
        one = drift[(drift["against"] == against) & (drift["measure"] == "l1")]
        if len(one):
            axes.plot(one["step"], one["value"], line, color="C0", label=say(f"since {against}"))
    last = drift[(drift["against"] == "first") & (drift["measure"] == "l1")]
    if len(last):
        axes.fill_between(last["step"], 0, last["floor"], color="0.85", label=say("noise floor"))
    axes.set_ylim(0, None)
    axes.set_ylabel(say("drift"))


def _short(name: str) -> str:
    return "\u200a" * name.startswith("_") + shortened(printable(name), LONGEST)
