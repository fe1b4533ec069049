"""Comparisons where a view can't run: a picture in plain SVG, and a table for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.export.heat import finest, heat_jpeg
from limelight.export.measure import cells, fitted, padded, pixels, printable, shortened
from limelight.export.picture import GAP, PAD, ROW, bars, card, image_at, inside, lines_at, text_at
from limelight.export.shown import INK, MUTED, Rows, column_format, marks_of
from limelight.export.words import say

if TYPE_CHECKING:
    from limelight.comparison import Comparison
    from limelight.quality.agreement import Agreement, Column, Key

TOP, NAMES, BARS, SIDE, HEAD = 10, 190, 130, 150, 38
SHORT, MOST = 24, 6


def figures(comparison: Comparison) -> list[tuple[str, str]]:
    """What to say of all pairs: (what, how much)."""
    found = [pair for _, _, pair in comparison.pairs if pair.common]
    if not found:
        return [(say("nothing common"), "")]
    kind = comparison.explanations[0].subject["kind"]
    said = []
    if any(pair.common < pair.of for pair in found):
        said.append((say(f"{kind} common"), " · ".join(say("of", some=pair.common, all=pair.of) for pair in found)))
    if not all(pair.few for pair in found):
        said += [(say("rank"), " · ".join(_rank(pair) for pair in found)),
                 (say("shared", top=max(pair.top for pair in found if not pair.few)),
                  " · ".join(say("few") if pair.few else str(pair.shared) for pair in found))]
    apart = comparison.disagreements
    what = say("disagree" if comparison.one_output else "differ")
    more = " " + say("and", n=len(apart) - MOST) if len(apart) > MOST else ""
    said += [(what, ", ".join(apart[:MOST]) + more)] if apart else []
    said += [(f"{name}:", sentence) for name, each in zip(comparison.names, comparison.explanations, strict=True)
             for sentence in marks_of(each)]
    return [*said, *((say("own scale"), say("own", name=name, scale=scale))
                     for name, scale, own in zip(comparison.names, comparison.scales, comparison.own_scale,
                                                 strict=True) if own)]


def _rank(pair: Agreement) -> str:
    return say("few") if pair.few else say("none") if np.isnan(pair.rank) else f"{pair.rank:.2f}"


def as_text(comparison: Comparison) -> str:
    """The most important features, one a line, and a column for each explanation."""
    frame = comparison.to_frame()
    heads = [shortened(name, SHORT) for name in comparison.names]
    formats = [column_format(np.array([scale]), column.signed)
               for column, scale in zip(comparison.columns, comparison.scales, strict=True)]
    rows = [[shortened(str(name), SHORT), *("" if np.isnan(v) else f"{v:{form}}" for v, form in
                                            zip(values, formats, strict=True))]
            for name, values in zip(frame.index[:TOP], frame.to_numpy()[:TOP], strict=True)]
    widths = [max(cells(row[i]) for row in [["", *heads], *rows]) for i in range(len(heads) + 1)]
    lines = ["  ".join(["  " + padded(row[0], widths[0]), *(" " * (width - cells(cell)) + cell for cell, width in
                                                           zip(row[1:], widths[1:], strict=True))])
             for row in [["", *heads], *rows]]
    rest = len(frame) - len(rows)
    lines += ["  " + say("and", n=rest)] if rest else []
    return "\n".join([*lines, *(f"  {what} {printable(much)}" for what, much in figures(comparison))])


def picture(comparison: Comparison, name: str = "", note: str = "") -> str:
    """Bars of the same features in the same order for every explanation, as SVG; images with their heat.

    `name` and `note` are as of the picture of one explanation.
    """
    is_image = comparison.explanations[0].subject["kind"] == "image"
    top = HEAD + (SIDE + 8 if is_image else 0)
    columns = rows_of(comparison, TOP)
    names = columns[0].names
    room = max(pixels(written) for rows in columns for written in rows.numbers)
    wide = max(4 + BARS + GAP + room, SIDE + 4) + 2 * GAP
    width = NAMES + wide * len(comparison.columns)
    parts = [text_at(NAMES - GAP, top + ROW * i + 14, fitted(each, NAMES - 2 * GAP), INK, "end")
             for i, each in enumerate(names)]
    for i, (rows, each) in enumerate(zip(columns, comparison.explanations, strict=True)):
        left = NAMES + wide * i + 4
        parts.append(text_at(left, 26, fitted(comparison.names[i], wide - GAP, bold=True), INK, weight=600))
        if is_image:
            shown = finest(each, each.target)
            parts.append(image_at(left, HEAD, *inside(each.subject, SIDE),
                                  heat_jpeg(each.subject, shown, 2 * SIDE, rows.scale if shown.ndim == 1 else None)))
        parts += bars(rows, top, left, left + BARS, NAMES + wide * (i + 1) - 2 * GAP)
    y, said = top + ROW * len(names) + 8.0, [f"{what} {much}".strip() for what, much in figures(comparison)]
    for sentence in [*said, *([note] if note else [])]:
        drawn, y = lines_at(printable(sentence), y, MUTED, width)
        parts += drawn
    heard = [_heard(*each) for each in zip(comparison.names, columns, strict=True)]
    title = printable(", ".join(comparison.names))
    return card(parts, width, y + PAD - 4, title, printable(". ".join([*heard, *said])), name)


def rows_of(comparison: Comparison, top: int) -> list[Rows]:
    """The `top` most important features of every column; NaN where it has no such feature."""
    keys = comparison.keys[:top]
    return [_rows(column, keys, scale or 1.0)
            for column, scale in zip(comparison.columns, comparison.scales, strict=True)]


def _rows(column: Column, keys: tuple[Key, ...], scale: float) -> Rows:
    found = dict(zip(column.keys, zip(column.values, column.margins, strict=True), strict=True))
    values, margins = np.array([found.get(key, (np.nan, np.nan)) for key in keys]).T
    margins = np.where(np.isfinite(margins), margins, np.nan)
    return Rows((), tuple(printable(name) for name, _ in keys), values, values - margins, values + margins,
                column.signed, scale=scale)


def _heard(name: str, rows: Rows) -> str:
    """A column in words."""
    return f"{name}: " + ", ".join(f"{each} {written}" for each, written in zip(rows.names, rows.numbers, strict=True)
                                   if written)
