"""Comparisons where a view can't run: a picture in plain SVG, and a table for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.export.heat import finest, heat_jpeg
from limelight.export.measure import cells, fitted, padded, pixels, printable, shortened
from limelight.export.picture import card, image_at, inside, lines_at, text_at, whisker
from limelight.export.shown import INK, MUTED, colour, decimals, number

if TYPE_CHECKING:
    from limelight.comparison import Comparison
    from limelight.quality.agreement import Agreement, Column, Key

TOP, ROW, NAMES, BARS, SIDE, HEAD, GAP, PAD = 10, 20, 190, 130, 150, 38, 8, 16
SHORT, MOST = 24, 6
UNITS = {"text": "words", "image": "segments", "table": "features"}


def figures(comparison: Comparison) -> list[tuple[str, str]]:
    """What to say of all pairs: (what, how much)."""
    found = [pair for _, _, pair in comparison.pairs if pair.common]
    if not found:
        return [("no feature in common", "")]
    unit = UNITS[comparison.explanations[0].subject["kind"]]
    said = []
    if any(pair.common < pair.of for pair in found):
        said.append((f"{unit} in common", " · ".join(f"{pair.common} of {pair.of}" for pair in found)))
    if not all(pair.few for pair in found):
        said += [("rank agreement", " · ".join(_rank(pair) for pair in found)),
                 (f"top-{max(pair.top for pair in found if not pair.few)} shared",
                  " · ".join("too few" if pair.few else str(pair.shared) for pair in found))]
    apart = comparison.disagreements
    what = "they disagree on" if comparison.one_output else "signs differ on"
    more = f" and {len(apart) - MOST} more" if len(apart) > MOST else ""
    said += [(what, ", ".join(apart[:MOST]) + more)] if apart else []
    return [*said, *(("a scale of its own:", f"{name}, up to {scale:.3g}: its values don't add up to the prediction")
                     for name, scale, own in zip(comparison.names, comparison.scales, comparison.own_scale,
                                                 strict=True) if own)]


def _rank(pair: Agreement) -> str:
    return "too few" if pair.few else "none" if np.isnan(pair.rank) else f"{pair.rank:.2f}"


def as_text(comparison: Comparison) -> str:
    """The most important features, one a line, and a column for each explanation."""
    frame = comparison.to_frame()
    heads = [shortened(name, SHORT) for name in comparison.names]
    formats = ["+.4f" if column.signed else ".4f" for column in comparison.columns]
    rows = [[shortened(str(name), SHORT), *("" if np.isnan(v) else f"{v:{form}}" for v, form in
                                            zip(values, formats, strict=True))]
            for name, values in zip(frame.index[:TOP], frame.to_numpy()[:TOP], strict=True)]
    widths = [max(cells(row[i]) for row in [["", *heads], *rows]) for i in range(len(heads) + 1)]
    lines = ["  ".join(["  " + padded(row[0], widths[0]), *(" " * (width - cells(cell)) + cell for cell, width in
                                                           zip(row[1:], widths[1:], strict=True))])
             for row in [["", *heads], *rows]]
    rest = len(frame) - len(rows)
    lines += [f"  and {rest} more"] if rest else []
    return "\n".join([*lines, *(f"  {what} {printable(much)}" for what, much in figures(comparison))])


def picture(comparison: Comparison, name: str = "", note: str = "") -> str:
    """Bars of the same features in the same order for every explanation, as SVG; images with their heat.

    `name` and `note` are as of the picture of one explanation.
    """
    is_image = comparison.explanations[0].subject["kind"] == "image"
    keys = comparison.keys[:TOP]
    top = HEAD + (SIDE + 8 if is_image else 0)
    numbers = [_numbers(*each, keys) for each in zip(comparison.columns, comparison.scales, strict=True)]
    room = max((pixels(each) for column in numbers for each in column.values()), default=0)
    wide = max(4 + BARS + GAP + room, SIDE + 4) + 2 * GAP
    width = NAMES + wide * len(comparison.columns)
    parts = [text_at(NAMES - GAP, top + ROW * i + 14, fitted(key[0], NAMES - 2 * GAP), INK, "end")
             for i, key in enumerate(keys)]
    for i, column in enumerate(comparison.columns):
        left, scale = NAMES + wide * i, comparison.scales[i] or 1
        parts.append(text_at(left + 4, 26, fitted(column.name, wide - GAP, bold=True), INK, weight=600))
        if is_image:
            each = comparison.explanations[i]
            shown = finest(each, each.target)
            parts.append(image_at(left + 4, HEAD, *inside(each.subject, SIDE),
                                  heat_jpeg(each.subject, shown, 2 * SIDE, scale if shown.ndim == 1 else None)))
        parts += _bars(left, top, left + wide - 2 * GAP, column, keys, scale, numbers[i])
    y, said = top + ROW * len(keys) + 8.0, [f"{what} {much}".strip() for what, much in figures(comparison)]
    for sentence in [*said, *([note] if note else [])]:
        drawn, y = lines_at(printable(sentence), y, MUTED, width)
        parts += drawn
    heard = [_heard(*each, keys) for each in zip(comparison.columns, numbers, strict=True)]
    title = printable(", ".join(comparison.names))
    return card(parts, width, y + PAD - 4, title, printable(". ".join([*heard, *said])), name)


def _numbers(column: Column, scale: float, keys: tuple[Key, ...]) -> dict[Key, str]:
    digits, known = decimals(np.array([scale])), set(keys)
    return {key: number(value, digits, column.signed)
            for key, value in zip(column.keys, column.values, strict=True) if key in known}


def _heard(column: Column, numbers: dict[Key, str], keys: tuple[Key, ...]) -> str:
    """A column in words."""
    return f"{column.name}: " + ", ".join(f"{key[0]} {numbers[key]}" for key in keys if key in numbers)


def _bars(left: float, top: float, right: float, column: Column, keys: tuple[Key, ...], scale: float,
          numbers: dict[Key, str]) -> list[str]:
    """Bars about a line for zero with their intervals, and numbers flush right."""
    found = dict(zip(column.keys, zip(column.values, column.margins, strict=True), strict=True))
    zero, unit = (left + 4 + BARS / 2, BARS / 2 / 1.2 / scale) if column.signed else (left + 4, BARS / 1.2 / scale)
    parts = [f'<path d="M{zero:.1f} {top}v{ROW * len(keys)}" stroke="{MUTED}"/>']
    for row, key in enumerate(keys):
        if key not in found:
            continue
        value, margin = map(float, found[key])
        y, start = top + ROW * row, zero + unit * min(value, 0)
        parts += [f'<rect x="{start:.1f}" y="{y + 4}" width="{unit * abs(value):.1f}" height="12" rx="2" '
                  f'fill="{colour(value, column.signed)}"/>', text_at(right, y + 14, numbers[key], MUTED, "end")]
        if 0 < margin < np.inf:
            low, high = np.clip([zero + unit * (value - margin), zero + unit * (value + margin)], left, left + 8 + BARS)
            parts.append(whisker(low, high, y + 10))
    return parts
