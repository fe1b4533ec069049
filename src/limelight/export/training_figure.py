"""A training as a matplotlib figure: metrics, what predictions rest on, and how far that moved, over one axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.export.bars import blank
from limelight.export.measure import printable, shortened
from limelight.export.table import LONGEST
from limelight.export.training_picture import FILLS, SUSPECT
from limelight.export.words import say

if TYPE_CHECKING:
    from limelight.training.known import Known

WIDE, HIGH = 7.5, 6.5
"""Inches."""


def plot(tracker: Known, top: int = 6) -> Any:
    """Draw it: see `Tracker.plot`."""
    figure = blank(WIDE, HIGH)
    figure.set_layout_engine("constrained")
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
    suspects = set(tracker.alarms["feature"])
    colors = [SUSPECT if name in suspects else FILLS[j % len(FILLS)] for j, name in enumerate(names)]
    labels = [_short(name) for name in names]
    if names and len(steps) > 1:
        axes.stackplot(steps, shares.T, labels=labels, colors=colors, edgecolor="white", linewidth=0.7)
    elif names and len(steps):
        for j, share in enumerate(shares[0]):
            axes.bar(steps[0], share, bottom=shares[0, :j].sum(), color=colors[j], label=labels[j])
    axes.set_ylim(0, 1)
    axes.set_ylabel(say("evidence"))


def _drift(axes: Any, tracker: Known) -> None:
    drift = tracker._history.drift(["l1"])
    for against, line in (("first", "-"), ("previous", "--")):
        one = drift[drift["against"] == against]
        if len(one):
            steps, values, floors = ([start, *one[name]] for name, start in _starts(tracker, one, against))
            axes.plot(steps, values, line, color="C0", label=say(f"since {against}"))
            if against == "first":
                axes.fill_between(steps, 0, floors, color="0.85", label=say("noise floor"))
    axes.set_ylim(0, None)
    axes.set_ylabel(say("drift"))


def _starts(tracker: Known, drift: Any, against: str) -> list[tuple[str, float]]:
    """What stands at the first record: nothing had moved since then; else what was found at the second one."""
    second = drift.iloc[0]
    return [("step", min(tracker.explanations)), ("value", 0.0 if against == "first" else second["value"]),
            ("floor", second["floor"])]


def _short(name: str) -> str:
    return "\u200a" * name.startswith("_") + shortened(printable(name), LONGEST)
