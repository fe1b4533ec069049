"""Comparisons where a view can't run: a picture in plain SVG, and a table for terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.export.heat import heat_png
from limelight.export.picture import AGAINST, FOR, INK, MUTED, image_at, text_at
from limelight.export.table import printable

if TYPE_CHECKING:
    from limelight.comparison import Comparison
    from limelight.quality.agreement import Column, Key

TOP, ROW, NAMES, WIDE, SIDE, HEAD = 10, 20, 170, 190, 150, 30
SHORT, MOST = 24, 6
OWN = "not all values add up to the prediction"


def figures(comparison: Comparison) -> list[tuple[str, str]]:
    """What to say of all pairs: (what, how much)."""
    found = [pair for _, _, pair in comparison.pairs if pair.common]
    if not found:
        return [("no feature in common", "")]
    ranks = ["none" if np.isnan(pair.rank) else f"{pair.rank:.2f}" for pair in found]
    said = [("rank agreement", " · ".join(ranks)),
            (f"top-{max(pair.top for pair in found)} shared", " · ".join(str(pair.shared) for pair in found))]
    apart = comparison.disagreements
    what = "they disagree on" if comparison.one_output else "signs differ on"
    more = f" and {len(apart) - MOST} more" if len(apart) > MOST else ""
    said += [(what, ", ".join(apart[:MOST]) + more)] if apart else []
    return said if comparison.shared_scale else [*said, ("each has its own scale:", OWN)]


def as_text(comparison: Comparison) -> str:
    """The most important features, one a line, and a column for each explanation."""
    frame = comparison.to_frame()
    heads = [_short(name) for name in comparison.names]
    rows = [[_short(str(name)), *("" if np.isnan(v) else f"{v:+.4f}" for v in values)]
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
    said = [f"{what} {much}" for what, much in figures(comparison)]
    below = top + ROW * len(keys) + 10
    width, height = NAMES + WIDE * len(comparison.columns) + 10, below + 17 * len(said) + 6
    parts = [text_at(NAMES - 8, top + ROW * i + 13, _short(key[0]), INK, "end") for i, key in enumerate(keys)]
    for i, column in enumerate(comparison.columns):
        left = NAMES + WIDE * i
        parts.append(text_at(left + 4, 20, _short(column.name), INK, "start", 600))
        scale = comparison.scales[i] or 1
        if is_image:
            subject = comparison.explanations[i].subject
            parts.append(image_at(left + 4, HEAD, SIDE, heat_png(subject, column.values, scale)))
        parts += _bars(left, top, column, keys, scale)
    parts += [text_at(10, below + 17 * (i + 1) - 5, line, MUTED, "start") for i, line in enumerate(said)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" font-family="system-ui, sans-serif" font-size="12">'
            f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>')


def _bars(left: int, top: int, column: Column, keys: tuple[Key, ...], scale: float) -> list[str]:
    places = {key: i for i, key in enumerate(column.keys)}
    half = (WIDE - 60) / 2
    zero, parts = left + 4 + half, []
    digits = int(np.clip(1 - np.floor(np.log10(scale)), 0, 6))
    for row, key in enumerate(keys):
        if key in places:
            value, y = float(column.values[places[key]]), top + ROW * row
            start = zero + half * min(value, 0) / scale
            parts += [f'<rect x="{start:.1f}" y="{y + 3}" width="{half * abs(value) / scale:.1f}" height="13" rx="2" '
                      f'fill="{FOR if value >= 0 else AGAINST}"/>',
                      text_at(left + WIDE - 8, y + 13, f"{value:+.{digits}f}", MUTED, "end")]
    return [*parts, f'<path d="M{zero:.1f} {top}v{ROW * len(keys)}" stroke="{MUTED}"/>']


def _short(name: str) -> str:
    name = printable(name)
    return name if len(name) <= SHORT else name[:SHORT - 1] + "…"
