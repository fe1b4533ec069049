"""The picture that stands where the view of a training can't run, in plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from limelight.export.measure import fitted, printable
from limelight.export.picture import PAD, SMALL, WIDTH, card, lines_at, text_at
from limelight.export.shown import INK, LINE, MUTED, WARNING
from limelight.export.training_table import MOST_NOTES, as_text, headline
from limelight.export.words import say
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.training.drawn import Drawn
    from limelight.training.known import Known

PLOT, HIGH = 440, (84, 110, 64)
"""Pixels: how wide the plots are, and how high each."""
MOST = 300
DASHES = ("", "6 3", "2 3", "8 3 2 3")
FILLS = ("#6a9ad0", "#a6a8aa", "#a5c2e3", "#cfd0d1", "#d9e5f3", "#ededee")
SUSPECT = "#e38857"
"""Blue and grey by turns, and candidates for shortcuts orange, as in js/parts/training.css."""
COLUMN = 18.0
"""Pixels: how wide a band of one record is."""
DRIFT = "#d9580d"


def picture(tracker: Known, name: str = "", note: str = "") -> str:
    """Draw metrics, evidence and drift over the steps; `name` and `note` are as of the picture of one explanation."""
    drawn = tracker.view.drawn
    steps, metrics = drawn.steps(), drawn.metrics()
    names, shares = drawn.evidence(steps)
    last = float(max([0, *steps[-1:], *(each[-1] for _, each, _ in metrics)]))
    span = 0.0, last or 1.0
    room = WIDTH - 2 * PAD
    parts = [text_at(PAD, 28, fitted(headline(tracker), room, bold=True), INK, weight=600)]
    y = 44.0
    lines = [(printable(each), *points) for each, *points in metrics]
    parts += [*_title("metrics", y), *_lines(lines, span, y + 18, HIGH[0])]
    y += 32 + HIGH[0]
    suspects = set(tracker.alarms["feature"])
    fills = [SUSPECT if each in suspects else FILLS[j % len(FILLS)] for j, each in enumerate(names)]
    parts += [*_title("evidence", y), *_bands(names, fills, np.array(steps), shares, span, y + 18, HIGH[1])]
    y += 32 + HIGH[1]
    parts += [*_title("drift", y), *_moved(_drift(drawn, steps), span, y + 18, HIGH[2])]
    y += 24 + HIGH[2]
    parts.append(text_at(PAD + PLOT, y + 10, f"{say('step')} {last:,.0f}", MUTED, "end", size=SMALL))
    y += 16
    said = [(WARNING, each) for each in [*tracker.alarms["said"], *tracker.notes[-MOST_NOTES:]]]
    said += [(MUTED, note)] if note else []
    for fill, sentence in said:
        written, y = lines_at(printable(sentence), y, fill)
        parts += written
    return card(parts, WIDTH, y + PAD - 4, headline(tracker), as_text(tracker), name)


def _drift(drawn: Drawn, steps: Sequence[int]) -> tuple[Array, Array, Array]:
    """Steps, the share of the evidence that moved since the first record, and the noise floor.

    At the first record nothing had moved; the floor of the second one is that of all steps between.
    """
    found = [each["l1"] for each in drawn.drift(steps)["first"]][1:]
    if not found:
        return (np.zeros(0),) * 3
    return (np.array(steps, float), np.array([0.0, *(each.value for each in found)]),
            np.array([each.floor for each in (found[0], *found)]))


def _title(what: str, y: float) -> list[str]:
    return [text_at(PAD, y + 12, say(what), MUTED)]


def _path(x: Array, y: Array, span: tuple[float, float], ends: tuple[float, float], top: float, high: float) -> str:
    """Points as a path: x over `span`, y over `ends`."""
    some = np.unique(np.linspace(0, len(x) - 1, min(len(x), MOST)).astype(int))
    across = PAD + PLOT * (x[some] - span[0]) / (span[1] - span[0])
    down = top + high * (1 - (y[some] - ends[0]) / ((ends[1] - ends[0]) or 1))
    return "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(across, down, strict=True))


def _lines(lines: Sequence[tuple[str, Array, Array]], span: tuple[float, float], y: float, high: float) -> list[str]:
    """Metrics, each from its least to its most, with its last value beside it."""
    parts = []
    for i, (name, x, values) in enumerate(lines[:4]):
        dash = f' stroke-dasharray="{DASHES[i]}"' if DASHES[i] else ""
        parts += [_line(x, values, span, y, high, dash),
                  f'<path d="M{PAD + PLOT + 12} {y + 16 * i + 6:g}h22" stroke="{INK}" stroke-width="1.5"{dash}/>',
                  text_at(PAD + PLOT + 40, y + 16 * i + 10, fitted(f"{values[-1]:.3g} {name}", 130, SMALL), INK,
                          size=SMALL)]
    return [*parts, _floor(y + high)]


def _line(x: Array, values: Array, span: tuple[float, float], y: float, high: float, dash: str) -> str:
    """One metric where it is finite; a dot where that is at one step only."""
    known = np.isfinite(values)
    x, values = x[known], values[known]
    if not len(x):
        return ""
    ends = float(values.min()), float(values.max())
    path = _path(x, values, span, ends if ends[0] < ends[1] else (ends[0] - 1, ends[0] + 1), y, high)
    if len(x) == 1:
        return f'<path d="M{path}h0" stroke="{INK}" stroke-width="6" stroke-linecap="round"/>'
    return f'<path d="M{path}" fill="none" stroke="{INK}" stroke-width="1.5"{dash}/>'


def _bands(names: Sequence[str], fills: Sequence[str], steps: Array, shares: Array, span: tuple[float, float], y: float,
           high: float) -> list[str]:
    """Shares, one upon the other, the first at the bottom; of one record they are a column."""
    if not names or not len(steps):
        return [_floor(y + high)]
    if len(steps) == 1:
        wide = COLUMN * (span[1] - span[0]) / PLOT
        start = min(float(steps[0]), span[1] - wide)
        steps, shares = np.array([start, start + wide]), np.repeat(shares, 2, axis=0)
    ends = (0.0, float(shares.sum(1).max()) or 1.0)
    tops = np.cumsum(shares, axis=1)
    parts = []
    for j, name in enumerate(names):
        low = tops[:, j - 1] if j else np.zeros(len(steps))
        upper = _path(steps, tops[:, j], span, ends, y, high)
        lower = _path(steps[::-1], low[::-1], span, ends, y, high)
        fill, at = fills[j], y + 16 * (len(names) - 1 - j)
        parts += [f'<path d="M{upper}L{lower}Z" fill="{fill}" stroke="#fff" stroke-width=".7"/>',
                  f'<rect x="{PAD + PLOT + 12}" y="{at:g}" width="12" height="12" rx="2" fill="{fill}"/>',
                  text_at(PAD + PLOT + 30, at + 10, fitted(f"{shares[-1, j]:.0%} {printable(name)}", 140, SMALL), INK,
                          size=SMALL)]
    return [*parts, _floor(y + high)]


def _moved(drift: tuple[Array, Array, Array], span: tuple[float, float], y: float, high: float) -> list[str]:
    """How far explanations moved, above the noise floor."""
    x, values, floors = drift
    if not len(x):
        return [_floor(y + high)]
    ends = (0.0, float(max(values.max(), floors.max())) or 1.0)
    base = _path(x[[-1, 0]], np.zeros(2), span, ends, y, high)
    last = f"{values[-1]:.0%}, {say('noise floor')} {floors[-1]:.0%}"
    return [f'<path d="M{_path(x, floors, span, ends, y, high)}L{base}Z" fill="#d8dce1"/>',
            f'<path d="M{_path(x, values, span, ends, y, high)}" fill="none" stroke="{DRIFT}" stroke-width="1.5"/>',
            text_at(PAD + PLOT + 12, y + 10, fitted(last, 160, SMALL), INK, size=SMALL), _floor(y + high)]


def _floor(y: float) -> str:
    return f'<path d="M{PAD} {y:g}h{PLOT}" stroke="{LINE}"/>'
