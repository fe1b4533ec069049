"""Explanations as matplotlib figures, for papers and slides."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from textwrap import wrap
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.export.bars import LONGEST, PAD, ROW, SMALL, axes_at, blank, draw_bars, measure, names_of, write_at
from limelight.export.fonts import Letters
from limelight.export.heat import AGAINST as HEAT_AGAINST
from limelight.export.heat import FOR as HEAT_FOR
from limelight.export.heat import STRONGEST, finest, heat, marked, strongest
from limelight.export.lines import laid_out
from limelight.export.measure import shortened
from limelight.export.shown import (
    FAINT,
    INK,
    MUTED,
    WARNING,
    Rows,
    axis,
    colour,
    decimals,
    marks_of,
    mixed,
    number,
    pairs_of,
    rows_of,
    said_of,
    warnings_of,
)
from limelight.export.words import say

WIDE, WIDE_IMAGE, PICTURE = 6.4, 7.4, 1.75
"""Inches: about a page's text, and a picture."""
LINE, HEAD = 1.9, 3.6
"""In heights of letters: a line of words and the head."""
MOST_LINES, LETTERS = 20, 96
"""Lines of words, and letters in a line of a warning."""


def plot(explanation: Explanation, target: int, top: int = 10, level: float = 0.95, ax: Any = None) -> Any:
    """Draw one output's strongest attributions with their intervals: see `Explanation.plot`."""
    rows, pairs = rows_of(explanation, target, top, level), pairs_of(explanation, target, level)
    if ax is not None:
        return _into(ax, explanation, target, rows)
    sheet = Sheet(explanation, target, level, rows, pairs)
    sheet.head()
    kind = explanation.subject.get("kind")
    if kind == "text":
        sheet.words()
    if kind == "image":
        sheet.beside_pictures()
    else:
        sheet.bars(rows, axis(explanation, target, sheet.name))
    if pairs is not None:
        sheet.line(say("together"), weight="bold")
        sheet.bars(pairs, say("interaction"))
    for sentence in warnings_of(explanation):
        for line in wrap(sentence, LETTERS):
            sheet.line(line, color=WARNING)
    for sentence in marks_of(explanation):
        for line in wrap(sentence, LETTERS):
            sheet.line(line)
    return sheet.figure()


def _into(ax: Any, explanation: Explanation, target: int, rows: Rows) -> Any:
    """Draw the bars alone into an author's own axes."""
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        raise InputError(f"ax={type(ax).__name__} can't be drawn into: give one of matplotlib's axes, as plt.subplots "
                         "returns them, or leave it out for a figure of its own")
    name, prediction, _ = said_of(explanation, target)
    letters = Letters([name, *rows.labels()])
    draw_bars(ax, rows, letters)
    ax.set_title(letters(f"{shortened(name, LONGEST)} {prediction}".strip()), **letters.style)
    ax.set_xlabel(letters(axis(explanation, target, shortened(name, LONGEST))), **letters.style)
    return ax.figure


class Sheet:
    """A figure that grows downwards, block by block, and is as high as they come to."""

    def __init__(self, explanation: Explanation, target: int, level: float, rows: Rows, pairs: Rows | None):
        import matplotlib

        self.explanation, self.target, self.rows = explanation, target, rows
        self.said = said_of(explanation, target, level)
        self.name = shortened(self.said.name, LONGEST)
        pieces = explanation.subject.get("pieces", ())
        self.letters = Letters([self.said.name, *self.said.facts, *rows.labels(), *(pairs.names if pairs else ()),
                                *marks_of(explanation),
                                *(text for text, _ in pieces)])
        self.size = float(matplotlib.rcParams["font.size"])
        self.em = self.size / 72
        self.wide = WIDE_IMAGE if explanation.subject.get("kind") == "image" else WIDE
        self._blocks: list[tuple[float, Callable[[Any, float], None]]] = []
        self._measure = measure(self.size, self.letters)

    def head(self) -> None:
        """The output and what the model says of it; beneath, how that was explained."""
        name, prediction, facts = self.said

        def draw(figure: Any, top: float) -> None:
            write_at(figure, PAD, top - 0.4 * self.em, f"{shortened(name, 2 * LONGEST)} {prediction}".strip(),
                     self.letters, fontsize=1.15 * self.size, fontweight="bold")
            write_at(figure, PAD, top - 1.9 * self.em, " · ".join(facts), self.letters, fontsize=SMALL * self.size,
                     color=MUTED)

        self._blocks.append((HEAD * self.em, draw))

    def line(self, text: str, **style: Any) -> None:
        """One line of text."""
        self._blocks.append((1.5 * self.em, lambda figure, top: write_at(
            figure, PAD, top, text, self.letters, fontsize=SMALL * self.size, **style)))

    def words(self) -> None:
        """The text, each word on its colour; underlined, with dots where it speaks against the output."""
        values = self.explanation.values[:, self.target]
        signed, most = self.rows.signed, float(np.abs(values).max(initial=0))
        room = 72 * (self.wide - 2 * PAD)
        pieces = [(self.letters(text), feature) for text, feature in self.explanation.subject["pieces"]]
        placed, left_out = laid_out(pieces, self._measure, room, MOST_LINES)
        height = LINE * self.size * (1 + max((each.line for each in placed), default=0))

        def draw(figure: Any, top: float) -> None:
            ax = axes_at(figure, PAD, top - height / 72, room / 72, height / 72)
            ax.set_axis_off()
            ax.set(xlim=(0, room), ylim=(height, 0))
            for text, feature, line, x, width in placed:
                base = self.size * (LINE * line + 1.2)
                if feature >= 0 and most:
                    self._mark(ax, x, base, width, values[feature], most, signed)
                if not text.isspace():
                    ax.text(x + width / 2, base, text, ha="center", va="baseline", color=INK, **self.letters.style)

        self._blocks.append((height / 72 + 0.6 * self.em, draw))
        if left_out:
            self.line(say("words", n=left_out), color=MUTED)

    def _mark(self, ax: Any, x: float, base: float, width: float, value: float, most: float, signed: bool) -> None:
        from matplotlib.patches import Rectangle

        em = self.size
        ax.add_patch(Rectangle((x - 0.1 * em, base - em), width + 0.2 * em, 1.35 * em, lw=0,
                               facecolor=mixed(value, most, signed)))
        if abs(value) > FAINT * most:
            style = (0, (1.2, 1.2)) if signed and value < 0 else "solid"
            ax.plot([x, x + width], [base + 0.25 * em] * 2, color=colour(value, signed), lw=1.4, ls=style,
                    solid_capstyle="butt")

    def bars(self, rows: Rows, label: str) -> None:
        """Bars with their intervals, all across."""
        self._blocks.append((self._height(rows), lambda figure, top: self._draw_bars(figure, rows, 0.0, top, label)))

    def _height(self, rows: Rows) -> float:
        """Of bars with their axis, in inches."""
        return (ROW * len(names_of(rows)) + 3.7) * self.em

    def _draw_bars(self, figure: Any, rows: Rows, left: float, top: float, label: str) -> None:
        names = max(self._measure(self.letters(name)) for name in names_of(rows)) / 72
        numbers = max(map(self._measure, rows.numbers)) / 72 + 0.5 * self.em
        start, height = left + PAD + names + 0.6 * self.em, ROW * self.em * len(names_of(rows))
        ax = axes_at(figure, start, top - height, self.wide - PAD - numbers - start, height)
        draw_bars(ax, rows, self.letters)
        ax.set_xlabel(self.letters(label), fontsize=SMALL * self.size, **self.letters.style)

    def beside_pictures(self) -> None:
        """The image, the same with its heat and a scale, and the bars beside them."""
        subject, values = self.explanation.subject, finest(self.explanation, self.target)
        left = 2 * PICTURE + 3 * PAD
        high = PICTURE * subject["height"] / subject["width"]

        def draw(figure: Any, top: float) -> None:
            from PIL import Image

            with Image.open(BytesIO(subject["picture"])) as picture:
                plain = np.asarray(picture.convert("RGB"))
            for place, pixels in enumerate((plain, heat(subject, values))):
                ax = axes_at(figure, PAD + place * (PICTURE + PAD), top - high, PICTURE, high)
                ax.imshow(pixels, interpolation="nearest", aspect="auto")
                ax.set_axis_off()
                ax.set_autoscale_on(False)
            self._outlines(ax)
            self._scale(figure, PAD + PICTURE + PAD, top - high - 0.9 * self.em, strongest(values))
            self._draw_bars(figure, self.rows, left, top, axis(self.explanation, self.target, self.name))

        self._blocks.append((max(high + 4 * self.em, self._height(self.rows)), draw))

    def _outlines(self, ax: Any) -> None:
        """Draw round the strongest segments, broken where they speak against the output, and write their numbers."""
        from matplotlib.patheffects import withStroke

        for mark in marked(self.explanation, self.rows):
            inside = np.pad(mark.inside, 1)
            against = self.rows.signed and mark.value < 0
            edge = np.arange(inside.shape[1]) - 1, np.arange(inside.shape[0]) - 1
            for color, width in (("white", 1.8), (INK, 0.8)):
                ax.contour(*edge, inside, [0.5], colors=color, linewidths=width,
                           linestyles=[(0, (2, 1.5))] if against and color == INK else "solid")
            ax.text(mark.x, mark.y, self.letters(mark.name), ha="center", va="center", color=INK,
                    fontsize=0.75 * self.size, path_effects=[withStroke(linewidth=2, foreground="white")],
                    **self.letters.style)

    def _scale(self, figure: Any, left: float, top: float, most: float) -> None:
        """What the colours stand for."""
        shares = np.linspace(-1 if self.rows.signed else 0, 1, 128)[None, :, None]
        cover = STRONGEST * np.abs(shares)
        inks = np.where(shares > 0, HEAT_FOR, HEAT_AGAINST)
        ax = axes_at(figure, left, top - 0.5 * self.em, PICTURE, 0.5 * self.em)
        ax.imshow((1 - cover) + cover * inks / 255, aspect="auto", extent=(shares.min() * most, most, 0, 1))
        ax.set_yticks([])
        ends = [-most, 0.0, most] if self.rows.signed else [0.0, most]
        ax.set_xticks(ends, [number(end, decimals(np.array([most])), self.rows.signed) for end in ends])
        ax.tick_params(axis="x", labelsize=0.75 * self.size, length=2, color=MUTED, labelcolor=MUTED)
        for text, side in zip(ax.get_xticklabels()[::len(ends) - 1], ("left", "right"), strict=True):
            text.set_horizontalalignment(side)
        ax.spines[:].set_visible(False)
        unit = "segment" if self.explanation.pixels is None else "pixel"
        ax.set_xlabel(say(unit), fontsize=0.75 * self.size, color=MUTED)

    def figure(self) -> Any:
        """Draw all blocks."""
        high = sum(height for height, _ in self._blocks) + 2 * PAD
        figure = blank(self.wide, high)
        top = high - PAD
        for height, draw in self._blocks:
            draw(figure, top)
            top -= height
        return figure
