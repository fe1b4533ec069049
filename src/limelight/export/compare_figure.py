"""Explanations side by side, as a matplotlib figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.export.bars import LONGEST, PAD, ROW, SMALL, axes_at, blank, draw_bars, measure, names_of, write_at
from limelight.export.compare import figures, rows_of
from limelight.export.fonts import Letters
from limelight.export.heat import finest, heat
from limelight.export.measure import printable, shortened
from limelight.export.shown import MUTED, checked_top

if TYPE_CHECKING:
    from limelight.comparison import Comparison

COLUMN, GAP = 2.1, 0.25
"""Inches: the bars of one explanation, and what stands between two."""
HEAD, FOOT, LINE, ABOVE = 2.2, 3.9, 1.5, 0.6
"""In heights of letters: a column's name, the axes and what is beneath, a line there, and the gap above bars."""


def plot(comparison: Comparison, top: int = 10) -> Any:
    """Draw the same features in the same order for every explanation: see `Comparison.plot`."""
    sheet = Sheet(comparison, checked_top(top))
    for i, explanation in enumerate(comparison.explanations):
        sheet.column(i)
        if explanation.subject["kind"] == "image":
            sheet.picture(i)
    sheet.foot()
    return sheet.figure


class Sheet:
    """A figure with a column an explanation, as wide as names and numbers need."""

    def __init__(self, comparison: Comparison, top: int):
        import matplotlib

        self.comparison, self.columns = comparison, rows_of(comparison, top)
        self.said = [printable(f"{what} {much}".strip()) for what, much in figures(comparison)]
        names = names_of(self.columns[0])
        self.letters = Letters([*names, *map(printable, comparison.names), *self.said])
        self.size = float(matplotlib.rcParams["font.size"])
        self.em = self.size / 72
        width_of = measure(self.size, self.letters)
        numbers = [number for rows in self.columns for number in rows.numbers]
        self.left = PAD + max(width_of(self.letters(name)) for name in names) / 72 + 0.6 * self.em
        self.room = COLUMN - max(map(width_of, numbers)) / 72 - 0.5 * self.em
        self.bars = ROW * self.em * len(names)
        self.foot_high = (FOOT + LINE * len(self.said)) * self.em
        is_image = comparison.explanations[0].subject["kind"] == "image"
        pictures = self.room + ABOVE * self.em if is_image else 0.0
        self.figure = blank(self.left + (COLUMN + GAP) * len(self.columns) - GAP + PAD,
                            HEAD * self.em + pictures + self.bars + self.foot_high + 2 * PAD)

    def column(self, i: int) -> None:
        """One explanation's bars under its name."""
        left = self.left + i * (COLUMN + GAP)
        ax = axes_at(self.figure, left, PAD + self.foot_high, self.room, self.bars)
        draw_bars(ax, self.columns[i], self.letters)
        space = self.comparison.explanations[i].output_space
        ax.set_xlabel(f"attribution ({space})", fontsize=SMALL * self.size, color=MUTED)
        if i:
            ax.set_yticklabels([])
        write_at(self.figure, left, self.figure.get_figheight() - PAD, shortened(self.comparison.names[i], LONGEST),
                 self.letters, fontweight="bold")

    def picture(self, i: int) -> None:
        """The image with its heat, above the bars."""
        each, rows = self.comparison.explanations[i], self.columns[i]
        ax = axes_at(self.figure, self.left + i * (COLUMN + GAP),
                     PAD + self.foot_high + self.bars + ABOVE * self.em, self.room, self.room)
        shown = finest(each, each.target)
        ax.imshow(heat(each.subject, shown, rows.scale if shown.ndim == 1 else None), interpolation="nearest")
        ax.set_axis_off()

    def foot(self) -> None:
        """How far they agree."""
        for i, line in enumerate(reversed(self.said)):
            write_at(self.figure, PAD, PAD + LINE * self.em * i, line, self.letters, va="baseline", color=MUTED,
                     fontsize=SMALL * self.size)
