"""Comparisons where a view can't run: a picture in plain SVG, and a table for terminals."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import numpy as np

from limelight.export.heat import finest, heat_png
from limelight.export.picture import AGAINST, FOR, INK, MUTED, image_at, text_at
from limelight.export.table import printable

if TYPE_CHECKING:
    from limelight.comparison import Comparison
    from limelight.quality.agreement import Agreement, Column, Key

TOP, ROW, NAMES, BARS, SIDE, HEAD = 10, 20, 190, 130, 150, 30
SHORT, MOST = 24, 6
CHARACTER, BOLD, GAP = 7, 8, 8
"""Pixels a letter, and a digit or a bold letter, of a font that is not known: rather too many."""
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
    heads = [_short(name) for name in comparison.names]
    formats = ["+.4f" if column.signed else ".4f" for column in comparison.columns]
    rows = [[_short(str(name)), *("" if np.isnan(v) else f"{v:{form}}" for v, form in
                                  zip(values, formats, strict=True))]
            for name, values in zip(frame.index[:TOP], frame.to_numpy()[:TOP], strict=True)]
    widths = [max(len(row[i]) for row in [["", *heads], *rows]) for i in range(len(heads) + 1)]
    lines = ["  ".join([f"  {row[0]:<{widths[0]}}", *(f"{cell:>{w}}" for cell, w in
                                                    zip(row[1:], widths[1:], strict=True))])
             for row in [["", *heads], *rows]]
    rest = len(frame) - len(rows)
    lines += [f"  and {rest} more"] if rest else []
    return "\n".join([*lines, *(f"  {what} {printable(much)}" for what, much in figures(comparison))])


def picture(comparison: Comparison) -> str:
    """Bars of the same features in the same order for every explanation, as SVG; images with their heat."""
    is_image = comparison.explanations[0].subject["kind"] == "image"
    keys = comparison.keys[:TOP]
    top = HEAD + (SIDE + 8 if is_image else 0)
    numbers = [_numbers(column, keys, scale) for column, scale in zip(comparison.columns, comparison.scales,
                                                                      strict=True)]
    room = BOLD * max((len(each) for column in numbers for each in column.values()), default=0)
    wide = max(4 + BARS + GAP + room, SIDE + 4) + 2 * GAP
    width = NAMES + wide * len(comparison.columns)
    said = [line for what, much in figures(comparison) for line in
            wrap(printable(f"{what} {much}"), (width - 2 * TOP) // CHARACTER)]
    below = top + ROW * len(keys) + 10
    height = below + 17 * len(said) + 6
    parts = [text_at(NAMES - GAP, top + ROW * i + 13, fitted(key[0], NAMES - 2 * GAP, CHARACTER), INK, "end")
             for i, key in enumerate(keys)]
    for i, column in enumerate(comparison.columns):
        left, scale = NAMES + wide * i, comparison.scales[i] or 1
        parts.append(text_at(left + 4, 20, fitted(column.name, wide - GAP, BOLD), INK, "start", 600))
        if is_image:
            each = comparison.explanations[i]
            shown = finest(each, each.target)
            parts.append(image_at(left + 4, HEAD, SIDE, heat_png(each.subject, shown,
                                                                 scale if shown.ndim == 1 else None)))
        parts += _bars(left, top, left + wide - 2 * GAP, column, keys, scale, numbers[i])
    parts += [text_at(10, below + 17 * (i + 1) - 5, line, MUTED, "start") for i, line in enumerate(said)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" font-family="system-ui, sans-serif" font-size="12">'
            f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>')


def _numbers(column: Column, keys: tuple[Key, ...], scale: float) -> dict[Key, str]:
    digits = int(np.clip(1 - np.floor(np.log10(scale or 1)), 0, 6))
    known = set(keys)
    return {key: f"{value:{'+' if column.signed else ''}.{digits}f}"
            for key, value in zip(column.keys, column.values, strict=True) if key in known}


def _bars(left: int, top: int, right: int, column: Column, keys: tuple[Key, ...], scale: float,
          numbers: dict[Key, str]) -> list[str]:
    """Bars about a line for zero, and their numbers flush right; grey where values say nothing of for and against."""
    values = dict(zip(column.keys, column.values, strict=True))
    half = BARS / 2
    zero, parts = left + 4 + half, []
    for row, key in enumerate(keys):
        if key in values:
            value, y = float(values[key]), top + ROW * row
            start = zero + half * min(value, 0) / scale
            colour = MUTED if not column.signed else FOR if value >= 0 else AGAINST
            parts += [f'<rect x="{start:.1f}" y="{y + 3}" width="{half * abs(value) / scale:.1f}" height="13" rx="2" '
                      f'fill="{colour}"/>', text_at(right, y + 13, numbers[key], MUTED, "end")]
    return [*parts, f'<path d="M{zero:.1f} {top}v{ROW * len(keys)}" stroke="{MUTED}"/>']


def fitted(name: str, room: int, character: int) -> str:
    """As much of a name as there is room for; letters of East Asia take twice as much."""
    taken, name = 0, printable(name)
    widths = [character * (2 if east_asian_width(letter) in "WF" else 1) for letter in name]
    if sum(widths) <= room:
        return name
    for i, width in enumerate(widths):
        taken += width
        if taken > room - character:
            return name[:i] + "…"
    return name


def _short(name: str) -> str:
    name = printable(name)
    return name if len(name) <= SHORT else name[:SHORT - 1] + "…"
