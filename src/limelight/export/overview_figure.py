"""An overview as a matplotlib figure: what matters, the attributions of rows, and how the output depends on the top."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.export.bars import LONGEST, PAD, ROW, SMALL, axes_at, blank, draw_bars, measure, names_of, write_at
from limelight.export.fonts import Letters
from limelight.export.measure import printable, shortened
from limelight.export.overview_shown import rows_of, said_of
from limelight.export.shown import AGAINST, FOR, INK, MUTED, WARNING, rgb
from limelight.export.words import label, say
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.dependence import Dependence
    from limelight.dataset.result import Overview

BARS, SWARM, GAP, CURVES = 2.1, 3.6, 0.35, 1.9
"""Inches: of the two columns, between them, and the height of the curves."""
HEAD, FOOT, LINE = 3.6, 3.4, 1.5
"""In heights of letters: the head, an axis with its name, a line."""
POINTS, SHOWN, LETTERS = 1_000, 3, 110
"""Rows whose attributions are drawn, features whose curves are, and letters in a line of a note."""
MOST_CATEGORIES = 6
"""Categories whose names have room under a curve."""


def plot(overview: Overview, top: int = 10, features: Sequence[str | int] | None = None) -> Any:
    """Draw it: see `Overview.plot`."""
    sheet = Sheet(overview, top, _curves(overview, rows_of(overview, top).features, features))
    sheet.head()
    sheet.bars()
    sheet.swarm()
    for i in range(len(sheet.curves)):
        sheet.curve(i)
    sheet.foot()
    return sheet.figure


def _curves(overview: Overview, top: Sequence[int], features: Sequence[str | int] | None) -> list[Dependence]:
    """How the output depends on some features: those that are wanted, or the first ones that are known or can be."""
    if overview.kind != "table":
        return []
    if features is not None:
        return [overview.dependence(feature) for feature in features]
    can = [j for j in top if overview.kinds[j] in ("number", "category")
           and (overview._behind is not None or j in overview.dependences)]
    return [overview.dependence(j) for j in can[:SHOWN]]


class Sheet:
    """A figure as high as what is drawn needs."""

    def __init__(self, overview: Overview, top: int, curves: list[Dependence]):
        import matplotlib

        self.overview, self.rows, self.curves = overview, rows_of(overview, top), curves
        self.said, self.notes = said_of(overview), [line for note in overview.remarks
                                                    for line in wrap(printable(note), LETTERS)]
        self.letters = Letters([*self.rows.names, self.said.name, *self.said.facts, *self.notes,
                                printable(overview.model), *self._categories(), say("mean"),
                                say(f"each of {overview.kind}s")])
        self.size = float(matplotlib.rcParams["font.size"])
        self.em = self.size / 72
        self._width_of = measure(self.size, self.letters)
        self.left = PAD + max(self._width_of(self.letters(name)) for name in names_of(self.rows)) / 72 + 0.6 * self.em
        self.numbers = max(map(self._width_of, self.rows.numbers)) / 72 + 0.5 * self.em
        self.high = ROW * self.em * len(names_of(self.rows))
        self.below = (CURVES + (FOOT + LINE) * self.em) if curves else 0.0
        self.notes_high = LINE * self.em * len(self.notes)
        self.wide = self.left + BARS + self.numbers + GAP + SWARM + PAD
        self.figure = blank(self.wide, (HEAD + FOOT) * self.em + self.high + self.below + self.notes_high + 2 * PAD)
        self.top = self.figure.get_figheight() - PAD - HEAD * self.em

    def _categories(self) -> list[str]:
        return [printable(name) for found in self.curves for name in found.categories or ()]

    def head(self) -> None:
        """The output, its mean, and how rows were explained."""
        name, mean, facts = self.said
        begin = self.figure.get_figheight() - PAD
        write_at(self.figure, PAD, begin - 0.4 * self.em, f"{shortened(name, 2 * LONGEST)} "
                 f"{say('on the mean', value=mean)}", self.letters, fontsize=1.15 * self.size, fontweight="bold")
        write_at(self.figure, PAD, begin - 1.9 * self.em, " · ".join([printable(self.overview.model), *facts]),
                 self.letters, fontsize=SMALL * self.size, color=MUTED)

    def bars(self) -> None:
        """Mean |attribution| with its intervals."""
        ax = axes_at(self.figure, self.left, self.top - self.high, BARS, self.high)
        draw_bars(ax, self.rows, self.letters)
        ax.set_xlabel(self.letters(say("mean")), fontsize=SMALL * self.size, **self.letters.style)

    def swarm(self) -> None:
        """Attributions of rows, coloured by the feature's value; a seeded sample of many."""
        ax = axes_at(self.figure, self.left + BARS + self.numbers + GAP, self.top - self.high, SWARM, self.high)
        n = self.overview.n_explained
        some = np.arange(n) if n <= POINTS else np.random.default_rng(0).choice(n, POINTS, replace=False)
        for place, j in enumerate(self.rows.features):
            values = self.overview.values[some, j]
            ax.scatter(values, place + spread(values, 0.34), s=5, lw=0, alpha=0.7,
                       c=coloured(self.overview.codes[some, j]), rasterized=True)
        ax.axvline(0, color=INK, lw=0.8)
        ax.set_ylim(len(names_of(self.rows)) - 0.5, -0.6)
        ax.set_yticks([])
        ax.tick_params(axis="x", labelsize=SMALL * self.size, color=MUTED, labelcolor=MUTED)
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.spines["bottom"].set_color(MUTED)
        ax.set_xlabel(self.letters(say(f"each of {self.overview.kind}s")), fontsize=SMALL * self.size,
                      **self.letters.style)

    def curve(self, i: int) -> None:
        """How the output depends on one feature: its rows, the mean over them, and local effects."""
        found, room = self.curves[i], (self.wide - 2 * PAD) / len(self.curves)
        left = PAD + i * room + 3.2 * self.em
        ax = axes_at(self.figure, left, PAD + self.notes_high + FOOT * self.em, room - 4.2 * self.em, CURVES)
        if found.categories:
            self._strips(ax, found)
        else:
            self._lines(ax, found)
        ax.set_title(self.letters(shortened(self.overview.feature_names[found.feature], LONGEST)),
                     fontsize=self.size, **self.letters.style)
        ax.tick_params(labelsize=SMALL * self.size, color=MUTED, labelcolor=MUTED)
        ax.spines[["top", "right"]].set_visible(False)
        if i == 0:
            ax.set_ylabel(self.letters(label(self.overview.output_space)), fontsize=SMALL * self.size,
                          **self.letters.style)
            ax.legend(fontsize=0.7 * self.size, frameon=False)

    def _lines(self, ax: Any, found: Dependence) -> None:
        ax.plot(found.grid, (found.pdp[0] + found.ice).T, color=MUTED, lw=0.4, alpha=0.35)
        ax.fill_between(found.grid, found.pdp_low, found.pdp_high, color=FOR, alpha=0.2, lw=0)
        ax.plot(found.grid, found.pdp, color=FOR, lw=1.8, label=say("partial"))
        ax.plot(found.ale_grid, found.ale + found.pdp.mean(), color=AGAINST, lw=1.4, ls="--", label=say("local"))

    def _strips(self, ax: Any, found: Dependence) -> None:
        """Of categories points, side by side: nothing lies between two of them."""
        across = np.arange(len(found.grid))
        ax.plot(across, (found.pdp[0] + found.ice).T, color=MUTED, marker="_", ls="none", alpha=0.35)
        margins = np.stack([found.pdp - found.pdp_low, found.pdp_high - found.pdp])
        ax.errorbar(across - 0.12, found.pdp, yerr=margins, color=FOR, fmt="o", ms=4, label=say("partial"))
        if len(found.ale):
            ax.plot(np.searchsorted(found.grid, found.ale_grid) + 0.12, found.ale + found.pdp.mean(), color=AGAINST,
                    marker="D", ms=4, ls="none", label=say("local"))
        self._named(ax, found)

    def _named(self, ax: Any, found: Dependence) -> None:
        names = [(found.categories or ())[int(code)] for code in found.grid]
        every = max(1, -(-len(names) // MOST_CATEGORIES))
        places = range(0, len(names), every)
        ax.set_xticks(list(places), [self.letters(shortened(names[place], 9)) for place in places], rotation=25,
                      ha="right", **self.letters.style)

    def foot(self) -> None:
        """What must be known."""
        for i, line in enumerate(reversed(self.notes)):
            write_at(self.figure, PAD, PAD + LINE * self.em * i, line, self.letters, va="baseline", color=WARNING,
                     fontsize=SMALL * self.size)


def spread(values: Array, most: float) -> Array:
    """How far to move points aside so that dense places look dense: alternately up and down within each bin."""
    width = np.ptp(values) / 40 or 1.0
    bins = np.floor((values - values.min()) / width)
    aside = np.zeros(len(values))
    counts = np.unique(bins, return_counts=True)[1].max()
    for each in np.unique(bins):
        inside = np.flatnonzero(bins == each)
        order = np.arange(len(inside))
        aside[inside] = (order + 1) // 2 * np.where(order % 2, 1, -1)
    return aside * (2 * most / max(counts, 1))


def coloured(codes: Array) -> Array:
    """Colours of a feature's values, by rank, from low (blue) to high (orange); grey where there is none."""
    known = np.isfinite(codes)
    shares = np.full(len(codes), 0.5)
    if known.sum() > 1 and np.ptp(codes[known]):
        shares[known] = np.argsort(np.argsort(codes[known], kind="stable"), kind="stable") / (known.sum() - 1)
        _, same = np.unique(codes[known], return_inverse=True)
        shares[known] = (np.bincount(same, shares[known]) / np.bincount(same))[same]
    low, high, none = (np.array(rgb(each)) / 255 for each in (AGAINST, FOR, MUTED))
    mixed = low + shares[:, None] * (high - low)
    return np.where(known[:, None], mixed, none)
