"""Explanations side by side, as a matplotlib figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.export.compare import figures
from limelight.export.figure import LONGEST, PAD, ROW, SMALL, blank, draw_bars, measure
from limelight.export.fonts import Letters
from limelight.export.heat import finest, heat
from limelight.export.measure import printable, shortened
from limelight.export.shown import INK, MUTED, Rows

if TYPE_CHECKING:
    from limelight.comparison import Comparison
    from limelight.quality.agreement import Column, Key

COLUMN, GAP = 2.1, 0.25
"""Inches: the bars of one explanation, and what stands between two."""


def plot(comparison: Comparison, top: int = 10) -> Any:
    """Draw the same features in the same order for every explanation: see `Comparison.plot`."""
    import matplotlib

    keys = comparison.keys[:top]
    columns = [_rows(column, keys) for column in comparison.columns]
    said = [f"{what} {much}".strip() for what, much in figures(comparison)]
    letters = Letters([*columns[0].names, *map(printable, comparison.names), *map(printable, said)])
    em = matplotlib.rcParams["font.size"] / 72
    width_of = measure(72 * em, letters)
    names = [letters(shortened(name, LONGEST)) for name in columns[0].names]
    left = PAD + max(map(width_of, names)) / 72 + 0.6 * em
    room = COLUMN - max(width_of(number) for rows in columns for number in rows.numbers) / 72 - 0.5 * em
    is_image = comparison.explanations[0].subject["kind"] == "image"
    pictures = room + 0.6 * em if is_image else 0.0
    bars, foot = ROW * em * len(keys), (3.9 + 1.5 * len(said)) * em
    wide, high = left + (COLUMN + GAP) * len(columns) - GAP + PAD, 2.2 * em + pictures + bars + foot + 2 * PAD
    figure = blank(wide, high)
    for i, (rows, name) in enumerate(zip(columns, comparison.names, strict=True)):
        x, y = left + i * (COLUMN + GAP), high - PAD - 2.2 * em - pictures - bars
        ax = figure.add_axes((x / wide, y / high, room / wide, bars / high))
        scale = comparison.scales[i] or 1.0
        draw_bars(ax, rows, letters, (-1.25 * scale if rows.signed else 0.0, 1.25 * scale))
        ax.set_xlabel(f"attribution ({comparison.explanations[i].output_space})", fontsize=SMALL * 72 * em, color=MUTED)
        if i:
            ax.set_yticklabels([])
        figure.text(x / wide, 1 - PAD / high, letters(shortened(name, LONGEST)), va="top", color=INK,
                    fontweight="bold", **letters.style)
        if is_image:
            above = figure.add_axes((x / wide, (y + bars + 0.6 * em) / high, room / wide, (pictures - 0.6 * em) / high))
            each = comparison.explanations[i]
            shown = finest(each, each.target)
            above.imshow(heat(each.subject, shown, scale if shown.ndim == 1 else None), interpolation="nearest")
            above.set_axis_off()
    for i, line in enumerate(said):
        figure.text(PAD / wide, (PAD + 1.5 * em * (len(said) - 1 - i)) / high, letters(printable(line)), color=MUTED,
                    fontsize=SMALL * 72 * em, **letters.style)
    return figure


def _rows(column: Column, keys: tuple[Key, ...]) -> Rows:
    """One explanation's values of these features; NaN where it has no such feature."""
    found = dict(zip(column.keys, zip(column.values, column.margins, strict=True), strict=True))
    values, margins = np.array([found.get(key, (np.nan, np.nan)) for key in keys]).T
    margins = np.where(np.isfinite(margins), margins, np.nan)
    return Rows((), tuple(printable(name) for name, _ in keys), values, values - margins, values + margins,
                column.signed)
