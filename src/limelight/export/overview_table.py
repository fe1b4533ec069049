"""Overviews and their cohorts as small tables for terminals."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from limelight.export.measure import printable
from limelight.export.overview_shown import axis, count, differences, rows_of, said_of
from limelight.export.shown import said
from limelight.export.table import TOP, WIDE, lines_of
from limelight.export.words import label, say

if TYPE_CHECKING:
    from limelight.dataset.cohort import Cohort
    from limelight.dataset.result import Overview


def as_text(overview: Overview) -> str:
    """Return a headline, the features that matter most with their 95 % intervals, and what must be known."""
    rows = rows_of(overview, TOP)
    name, mean, facts = said_of(overview)
    lines = [f"{printable(overview.model)}, {count(overview)}: {name} {say('on the mean', value=mean)} "
             f"({label(overview.output_space)}), {', '.join(facts[-3:-2])}", f"  {axis(overview)}", *lines_of(rows)]
    lines += ["  " + say("and", n=rows.rest)] if rows.rest else []
    return "\n".join([*lines, *(f"  {line}" for note in overview.notes for line in wrap(printable(note), WIDE))])


def cohort_as_text(cohort: Cohort) -> str:
    """Return how many rows there are on both sides, their predictions, and the largest differences."""
    rows = differences(cohort, TOP)
    lines = [say("cohort", n=cohort.n, rest=cohort.n_rest, name=printable(cohort.output_name),
                 value=said(cohort.prediction, ""), other=said(cohort.rest_prediction, "")),
             f"  {say('differences')}", *lines_of(rows)]
    return "\n".join([*lines, *(["  " + say("and", n=rows.rest)] if rows.rest else [])])


def as_csv(overview: Overview, cell: Callable[[Any], str]) -> bytes:
    """The attributions as a table, for other programs: a row an explained one, or of texts a row a place of a word.

    Parameters
    ----------
    cell : callable
        Writes one value, so that no spreadsheet runs it.
    """
    file = StringIO(newline="")
    table = csv.writer(file)
    if overview.corpus is not None:
        frame = overview.attributions
        table.writerow(frame.columns)
        table.writerows([cell(value) for value in row] for row in frame.itertuples(index=False, name=None))
    else:
        table.writerow([cell(name) for name in ("row", "prediction", "base_value", *overview.feature_names)])
        rows = zip(overview.rows.tolist(), overview.prediction, overview.base_values, overview.values, strict=True)
        table.writerows([cell(each) for each in (row, said, base, *values)] for row, said, base, values in rows)
    return file.getvalue().encode("utf-8-sig", "backslashreplace")
