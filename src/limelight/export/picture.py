"""The picture that stands where a view can't run: GitHub, a mail. Plain SVG, made at once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from limelight.explanation import Explanation
from limelight.export.heat import finest, heat_jpeg, marked
from limelight.export.lines import laid_out
from limelight.export.measure import FONTS, fitted, known, pixels, printable
from limelight.export.shown import (
    FAINT,
    INK,
    LINE,
    MUTED,
    WARNING,
    Rows,
    axis,
    colour,
    described,
    marks_of,
    mixed,
    pairs_of,
    rows_of,
    said_of,
    warnings_of,
)
from limelight.export.words import say

TOP, MOST_LINES = 10, 14
WIDTH, PAD, ROW, LINES, PICTURE = 660, 16, 20, 24, 232
LEAD, GAP, NUMBER = 0.34, 8, 62
"""What names take of a row, and what stands between them, the bars and the numbers: as in js/parts/bars.css."""
SIZE, SMALL, WORDS = 12, 11, 14
"""Of letters, in pixels."""
START = '<svg xmlns="http://www.w3.org/2000/svg" id="limelight-'
"""A running view hides its picture, which it finds by how it begins: js/lib/fallback.js."""


def picture(explanation: Explanation, name: str = "", note: str = "") -> str:
    """Draw the largest attributions of the target with their 95 % intervals, and a text or an image in colour, as SVG.

    Parameters
    ----------
    name : str
        Of the view that it stands for, by which that view finds it.
    note : str
        A sentence at the foot.
    """
    k = explanation.target
    rows, pairs = rows_of(explanation, k, TOP), pairs_of(explanation, k)
    parts, y = _head(explanation)
    left, room = float(PAD), float(WIDTH - 2 * PAD)
    bottom = y
    kind = explanation.subject.get("kind")
    if kind == "text":
        words, y = _words(explanation, y)
        parts += words
    elif kind == "image":
        parts += _image(explanation, rows, y)
        left, room = PAD + PICTURE + 20, WIDTH - 2 * PAD - PICTURE - 20
        bottom = y + inside(explanation.subject, PICTURE)[1]
    drawn, y = named_bars(rows, left, y, room)
    parts += drawn
    said = axis(explanation, k, printable(explanation.output_names[k]))
    more = say("more", n=rows.rest) if rows.rest else ""
    parts += [text_at(left + LEAD * room, y + 13, more, MUTED, "end", size=SMALL),
              text_at(left + room, y + 13, fitted(said, (1 - LEAD) * room - 2 * GAP, SMALL), MUTED, "end", size=SMALL)]
    y += 20
    if pairs is not None:
        parts.append(text_at(left, y + 16, say("together"), INK, weight=600))
        drawn, y = named_bars(pairs, left, y + 24, room)
        parts += drawn
    y = max(y, bottom) + 4
    last = [*((WARNING, line) for line in warnings_of(explanation)), *((INK, line) for line in marks_of(explanation)),
            *([(MUTED, note)] if note else [])]
    for fill, sentence in last:
        drawn, y = lines_at(sentence, y, fill)
        parts += drawn
    title = printable(explanation.output_names[k])
    return card(parts, WIDTH, y + PAD - 4, title, described(explanation, k, rows), name)


def card(parts: Iterable[str], width: float, height: float, title: str, description: str, name: str = "") -> str:
    """Put drawings on a white card, so that they are read on any page, with words for those who hear it."""
    begin = f'{START}{name}"' if name else START[:START.index(" id=")]
    return (f'{begin} viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
            f'height="{height:g}" role="img" aria-label={quoteattr(title)} font-family="{FONTS}" font-size="{SIZE}">'
            f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
            f'<rect x=".5" y=".5" width="{width - 1:g}" height="{height - 1:g}" rx="8" fill="#fff" stroke="{LINE}"/>'
            f"{''.join(parts)}</svg>")


def _head(explanation: Explanation) -> tuple[list[str], float]:
    """The output with what the model says of it in a chip, and beside and beneath it how that was explained."""
    name, prediction, facts = said_of(explanation, explanation.target)
    model = printable(str(explanation.subject.get("model", "")))
    shown = fitted(name, 0.6 * WIDTH, 13, bold=True)
    width = pixels(shown, 13, bold=True)
    wide = width + (6 + pixels(prediction, 13, bold=True) if prediction else 0) + 22
    room = WIDTH - 2 * PAD - wide - 12
    return [f'<rect x="{PAD}" y="12" width="{wide:.0f}" height="24" rx="12" fill="none" stroke="{INK}"/>',
            text_at(PAD + 11, 28.5, shown, INK, weight=600, size=13),
            text_at(PAD + wide - 11, 28.5, prediction, INK, "end", 600, 13) if prediction else "",
            text_at(WIDTH - PAD, 28, fitted(model, room), MUTED, "end") if model else "",
            text_at(PAD, 54, fitted(" · ".join(facts), WIDTH - 2 * PAD), MUTED)], 66.0


def _words(explanation: Explanation, y: float) -> tuple[list[str], float]:
    """The text, each word on its colour; what speaks for the output is underlined, and what against it, with dots."""
    values, signed = explanation.values[:, explanation.target], explanation.params.get("signed") is not False
    most = float(np.abs(values).max(initial=0))
    placed, left_out = laid_out(explanation.subject["pieces"], lambda text: pixels(text, WORDS), WIDTH - 2 * PAD,
                                MOST_LINES)
    marks, letters = [], []
    for text, feature, line, x, width in placed:
        left, base = PAD + x, y + LINES * line + 16
        if feature >= 0 and abs(values[feature]) > 0.02 * most:
            fill = mixed(values[feature], most, signed)
            marks.append(f'<rect x="{left - 1.5:.1f}" y="{base - 14:g}" width="{width + 3:.1f}" height="19" rx="3" '
                         f'fill="{fill}"/>')
            if abs(values[feature]) > FAINT * most:
                dots = ' stroke-dasharray="2 2"' if signed and values[feature] < 0 else ""
                marks.append(f'<path d="M{left:.1f} {base + 3.5:g}h{width:.1f}" stroke="'
                             f'{colour(values[feature], signed)}" stroke-width="2"{dots}/>')
        if not text.isspace():
            letters.append(text_at(left + width / 2, base, text, INK, "middle", size=WORDS,
                                   length=None if known(text) else width))
    count = 1 + max((each.line for each in placed), default=0)
    y += LINES * count + 8
    if left_out:
        letters.append(text_at(PAD, y + 6, say("words", n=left_out), MUTED, size=SMALL))
        y += 20
    return marks + letters, y + 4


def _image(explanation: Explanation, rows: Rows, y: float) -> list[str]:
    """The image with its heat, and the numbers of its strongest segments."""
    subject, shown = explanation.subject, finest(explanation, explanation.target)
    width, height = inside(subject, PICTURE)
    across, down = width / subject["width"], height / subject["height"]
    return [image_at(PAD, y, width, height, heat_jpeg(subject, shown, 2 * PICTURE)),
            *(text_at(PAD + mark.x * across, y + mark.y * down + 4, mark.name, INK, "middle", size=SMALL, halo=True)
              for mark in marked(explanation, rows))]


def named_bars(rows: Rows, left: float, y: float, room: float) -> tuple[list[str], float]:
    """Names with their bars and numbers."""
    lead = LEAD * room
    names = [text_at(left + lead, y + ROW * place + 14, name, INK, "end")
             for place, name in enumerate(rows.labels(lambda name, given: fitted(name, lead, end=given)))]
    drawn = bars(rows, y, left + lead + GAP, left + room - NUMBER, left + room)
    return names + drawn, y + ROW * len(rows.values)


def bars(rows: Rows, y: float, start: float, end: float, right: float) -> list[str]:
    """Bars with their intervals about a line for zero, from `start` to `end`, and numbers that end at `right`."""
    low, high = rows.reach()

    def at(value: float) -> float:
        return start + (end - start) * (min(max(value, low), high) - low) / (high - low)

    zero = at(0)
    parts = [f'<path d="M{zero:.1f} {y:g}v{ROW * len(rows.values)}" stroke="{MUTED}"/>']
    for place, (value, written, fill) in enumerate(zip(rows.values, rows.numbers, rows.colours, strict=True)):
        if np.isnan(value):
            continue
        top = y + ROW * place
        parts += [f'<rect x="{min(zero, at(value)):.1f}" y="{top + 4:g}" width="{abs(at(value) - zero):.1f}" '
                  f'height="12" rx="2" fill="{fill}"/>',
                  whisker(at(rows.low[place]), at(rows.high[place]), top + 10) if _known(rows, place) else "",
                  text_at(right, top + 14, written, MUTED, "end")]
    return parts


def _known(rows: Rows, place: int) -> bool:
    return bool(rows.high[place] > rows.low[place])


def whisker(low: float, high: float, y: float) -> str:
    """An interval, with its ends."""
    return f'<path d="M{low:.1f} {y:g}H{high:.1f}M{low:.1f} {y - 3:g}v6M{high:.1f} {y - 3:g}v6" stroke="{INK}"/>'


def inside(subject: Mapping[str, Any], side: float) -> tuple[float, float]:
    """Width and height of an image that is made to fit into a square."""
    scale = side / max(subject["width"], subject["height"])
    return round(subject["width"] * scale), round(subject["height"] * scale)


def lines_at(sentence: str, y: float, fill: str, width: float = WIDTH) -> tuple[list[str], float]:
    """A sentence in as many lines as it takes."""
    letters = max(8, int((width - 2 * PAD) / (pixels(sentence, SMALL) / max(1, len(sentence)) or SMALL)))
    lines = wrap(sentence, letters)
    return [text_at(PAD, y + 15 * i + 14, line, fill, size=SMALL) for i, line in enumerate(lines)], y + 15 * len(lines)


def image_at(x: float, y: float, width: float, height: float, jpeg: bytes) -> str:
    """A picture."""
    return (f'<image x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" preserveAspectRatio="none" '
            f'href="data:image/jpeg;base64,{b64encode(jpeg).decode()}"/>')


def text_at(x: float, y: float, text: str, fill: str, anchor: str = "start", weight: int = 400,
            size: float = SIZE, halo: bool = False, length: float | None = None) -> str:
    """One line of text, which is only ever text; on a picture with a white rim; made to be so long."""
    if not text:
        return ""
    looks = "".join(f' {name}="{value}"' for name, value, usual in
                    (("text-anchor", anchor, "start"), ("font-weight", weight, 400), ("font-size", size, SIZE))
                    if value != usual)
    looks += f' textLength="{length:.0f}" lengthAdjust="spacingAndGlyphs"' if length else ""
    looks += ' stroke="#fff" stroke-width="3" paint-order="stroke"' if halo else ""
    return f'<text x="{x:.4g}" y="{y:.4g}" fill="{fill}"{looks}>{escape(printable(text))}</text>'
