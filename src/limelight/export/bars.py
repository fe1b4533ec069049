"""What all matplotlib figures are made of: bars with their intervals, and room for them in inches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import numpy as np

from limelight.export.fonts import Letters
from limelight.export.measure import shortened
from limelight.export.shown import INK, MUTED, Rows
from limelight.export.words import say

PAD = 0.1
"""Inches around a figure."""
ROW = 1.7
"""A bar, in heights of letters."""
SMALL, SCREEN = 0.85, 100
"""Of small letters, their share of the others' size; and a notebook's pixels an inch."""
LONGEST = 30
"""Letters of a name."""


def draw_bars(ax: Any, rows: Rows, letters: Letters) -> None:
    """Bars with their intervals about a line for zero, names to their left and numbers to their right."""
    import matplotlib

    places = np.arange(len(rows.values))
    ax.barh(places, rows.values, height=0.62, color=rows.colours)
    known = rows.high > rows.low
    margins = np.abs(np.stack([rows.low, rows.high])[:, known] - rows.values[known])
    ax.errorbar(rows.values[known], places[known], xerr=margins, fmt="none", ecolor=INK, elinewidth=0.9, capsize=2.2,
                capthick=0.9)
    ax.axvline(0, color=INK, lw=0.8)
    ax.set_xlim(*rows.reach())
    names = [letters(name) for name in names_of(rows)]
    ax.set_yticks(range(len(names)), names, **letters.style)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelsize=SMALL * matplotlib.rcParams["font.size"], color=MUTED, labelcolor=MUTED)
    ax.locator_params(axis="x", nbins=4)
    for place, written in zip(places, rows.numbers, strict=True):
        ax.annotate(written, (1, place), (3, 0), xycoords=ax.get_yaxis_transform(), textcoords="offset points",
                    va="center", color=INK, annotation_clip=False)
    if rows.rest:
        ax.get_yticklabels()[-1].set_color(MUTED)
    ax.set_ylim(len(names) - 0.5, -0.6)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(MUTED)


def names_of(rows: Rows) -> list[str]:
    """What stands at the left: the features, and in a last line how many more there are."""
    names = rows.labels(lambda name, given: shortened(name, LONGEST, given))
    return names + ([say("more", n=rows.rest)] if rows.rest else [])


def blank(width: float, height: float) -> Any:
    """A figure of so many inches, which a cell shows as its last line, with pyplot or without."""
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(width, height))
    figure._repr_png_ = partial(_seen, figure)
    return figure


def axes_at(figure: Any, left: float, bottom: float, width: float, height: float) -> Any:
    """Axes whose place is given in inches."""
    w, h = figure.get_size_inches()
    return figure.add_axes((left / w, bottom / h, width / w, height / h))


def write_at(figure: Any, left: float, y: float, text: str, letters: Letters, **style: Any) -> None:
    """One line of text, whose place is given in inches: y is its top, unless `va` says another."""
    w, h = figure.get_size_inches()
    figure.text(left / w, y / h, letters(text), **{"va": "top", "color": INK, **letters.style, **style})


def measure(size: float, letters: Letters) -> Callable[[str], float]:
    """A function that says how wide a text is, in points."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    fine = 4
    renderer = RendererAgg(1, 1, 72 * fine)
    font = FontProperties(family=letters.style["fontfamily"], size=size)

    def width(text: str) -> float:
        return float(renderer.get_text_width_height_descent(text, font, False)[0]) / fine if text else 0.0

    return width


def _seen(figure: Any) -> tuple[bytes, dict[str, float]]:
    """What a notebook shows, for dense screens, and how large."""
    file = BytesIO()
    figure.savefig(file, format="png", dpi=2 * SCREEN)
    width, height = figure.get_size_inches() * SCREEN
    return file.getvalue(), {"width": round(width), "height": round(height)}
