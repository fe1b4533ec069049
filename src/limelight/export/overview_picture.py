"""The picture that stands where the view of an overview can't run, in plain SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limelight.export.measure import fitted, pixels, printable
from limelight.export.overview_shown import axis, described, rows_of, said_of
from limelight.export.picture import (
    GAP,
    LEAD,
    PAD,
    SMALL,
    TOP,
    WIDTH,
    card,
    lines_at,
    named_bars,
    text_at,
)
from limelight.export.shown import INK, MUTED, WARNING
from limelight.export.words import say

if TYPE_CHECKING:
    from limelight.dataset.result import Overview


def picture(overview: Overview, name: str = "", note: str = "") -> str:
    """Draw the features that matter most with their 95 % intervals, and what must be known.

    `name` and `note` are as of the picture of one explanation.
    """
    rows = rows_of(overview, TOP)
    parts = _head(overview)
    room = float(WIDTH - 2 * PAD)
    drawn, y = named_bars(rows, PAD, 66.0, room)
    parts += drawn
    more = say("more", n=rows.rest) if rows.rest else ""
    parts += [text_at(PAD + LEAD * room, y + 13, more, MUTED, "end", size=SMALL),
              text_at(PAD + room, y + 13, fitted(axis(overview), (1 - LEAD) * room - 2 * GAP, SMALL), MUTED, "end",
                      size=SMALL)]
    y += 24
    for fill, sentence in [*((WARNING, each) for each in overview.remarks), *([(MUTED, note)] if note else [])]:
        drawn, y = lines_at(printable(sentence), y, fill)
        parts += drawn
    return card(parts, WIDTH, y + PAD - 4, printable(overview.model), described(overview, rows), name)


def _head(overview: Overview) -> list[str]:
    """The output with its mean in a chip, the model beside it, and beneath it how rows were explained."""
    name, mean, facts = said_of(overview)
    shown = fitted(name, 0.6 * WIDTH, 13, bold=True)
    wide = pixels(shown, 13, bold=True) + (6 + pixels(mean, 13, bold=True) if mean else 0) + 22
    return [f'<rect x="{PAD}" y="12" width="{wide:.0f}" height="24" rx="12" fill="none" stroke="{INK}"/>',
            text_at(PAD + 11, 28.5, shown, INK, weight=600, size=13),
            text_at(PAD + wide - 11, 28.5, mean, INK, "end", 600, 13) if mean else "",
            text_at(WIDTH - PAD, 28, fitted(printable(overview.model), WIDTH - 2 * PAD - wide - 12), MUTED, "end"),
            text_at(PAD, 54, fitted(" · ".join(facts), WIDTH - 2 * PAD), MUTED)]
