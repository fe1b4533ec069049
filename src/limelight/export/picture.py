"""The picture that stands where a view can't run: GitHub, a mail. Plain SVG, made at once."""

from __future__ import annotations

from base64 import b64encode
from xml.sax.saxutils import escape

import numpy as np

from limelight.explanation import Explanation
from limelight.export.heat import finest, heat_png
from limelight.export.table import decimals, headline, printable, warnings_of

FOR, AGAINST, INK, MUTED, WARNING = "#d9580d", "#2a6fbb", "#1b1f24", "#656d76", "#8f5a00"
TOP, ROW, LABELS, BARS, PICTURE, CHARACTER = 10, 20, 190, 300, 224, 7


def picture(explanation: Explanation) -> str:
    """Draw the largest attributions with their 95 % intervals, as SVG."""
    k = explanation.target
    values = explanation.values[:, k]
    order = np.argsort(-np.abs(values), kind="stable")[:TOP]
    low, high = (np.where(np.isfinite(side[:, k]), side[:, k], values) for side in explanation.interval())
    reach = max(np.abs([values[order], low[order], high[order]]).max(), 1e-12)
    width, height = LABELS + BARS + 80, 34 + ROW * len(order)
    parts = [text_at(10, 20, headline(explanation), INK, "start", 600)]
    if explanation.subject.get("kind") == "image":
        width, height = width + PICTURE + 10, max(height, PICTURE + 44)
        parts.append(image_at(width - PICTURE - 10, 34, PICTURE, heat_png(explanation.subject, finest(explanation, k))))
    signed = f"+.{decimals(values, least=3)}f"
    for place, i in enumerate(order):
        parts += _bar(34 + ROW * place, explanation.feature_names[i], values[i] / reach, f"{values[i]:{signed}}",
                      (low[i] / reach, high[i] / reach))
    for line in warnings_of(explanation, width // CHARACTER):
        parts.append(text_at(10, height + 14, line, WARNING, "start"))
        height += ROW
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" font-family="system-ui, sans-serif" font-size="12">'
            f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>')


def _bar(y: int, name: str, share: float, value: str, interval: tuple[float, float]) -> list[str]:
    zero, scale = LABELS + BARS / 2, BARS / 2 - 4
    start, low, high = (zero + scale * x for x in (min(share, 0), *interval))
    return [text_at(LABELS - 8, y + 13, name if len(name) <= 26 else name[:25] + "…", INK, "end"),
            f'<rect x="{start:.1f}" y="{y + 3}" width="{abs(share) * scale:.1f}" height="13" rx="2" '
            f'fill="{FOR if share >= 0 else AGAINST}"/>',
            "" if low == high else
            f'<path d="M{low:.1f} {y + 9.5}H{high:.1f}M{low:.1f} {y + 6}v7M{high:.1f} {y + 6}v7" stroke="{INK}"/>',
            text_at(LABELS + BARS + 70, y + 13, value, MUTED, "end")]


def image_at(x: int, y: int, side: int, png: bytes) -> str:
    """A picture in a square."""
    return (f'<image x="{x}" y="{y}" width="{side}" height="{side}" '
            f'href="data:image/png;base64,{b64encode(png).decode()}"/>')


def text_at(x: int, y: int, text: str, fill: str, anchor: str, weight: int = 400) -> str:
    """One line of text, which is only ever text."""
    return (f'<text x="{x}" y="{y}" fill="{fill}" text-anchor="{anchor}" font-weight="{weight}">'
            f"{escape(printable(text))}</text>")
