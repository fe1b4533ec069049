"""A small table for terminals."""

from __future__ import annotations

from textwrap import wrap

import numpy as np

from limelight.explanation import Explanation
from limelight.export.measure import cells, padded, printable, shortened
from limelight.export.shown import Rows, column_format, cost, how, marks_of, notes_of, pairs_of, rows_of, warnings_of
from limelight.export.words import label, say

TOP = 10
LONGEST, WIDE = 40, 96
"""Columns of a name, and of a line in a warning."""


def as_text(explanation: Explanation) -> str:
    """Return a headline and the largest attributions, each with its 95 % interval."""
    rows, pairs = rows_of(explanation, explanation.target, TOP), pairs_of(explanation, explanation.target)
    lines = [headline(explanation), *lines_of(rows)]
    lines += ["  " + say("and", n=rows.rest)] if rows.rest else []
    lines += [f"  {say('together')}:", *lines_of(pairs)] if pairs is not None else []
    return "\n".join([*lines, *(f"  {line}" for said in [*warnings_of(explanation), *notes_of(explanation),
                                                          *marks_of(explanation)]
                       for line in wrap(said, WIDE))])


def lines_of(rows: Rows) -> list[str]:
    """One row a line: its name, its value, and its interval if it has one."""
    names = rows.labels(lambda name, given: shortened(name, LONGEST, given))
    width, form = max(map(cells, names)), column_format(rows.values, rows.signed)
    ends = [f"  [{low:{form}}, {high:{form}}]" if low < high else ""
            for low, high in zip(rows.low, rows.high, strict=True)]
    return [f"  {padded(name, width)}  {value:{form}}{end}"
            for name, value, end in zip(names, rows.values, ends, strict=True)]


def headline(explanation: Explanation) -> str:
    """Return what was explained, how, and from how much."""
    k, source = explanation.target, explanation.params.get("source")
    known = not np.isnan(explanation.prediction[k])
    said = printable(explanation.output_names[k]) + (f" {explanation.prediction[k]:.3g}" if known else "")
    spent = say("from", source=printable(str(source))) if source is not None else (
        f"{cost(explanation)}, {how(explanation, k)}")
    return f"{said} ({label(explanation.output_space)}), {printable(explanation.method)}, {spent}"
