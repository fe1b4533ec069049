"""What pictures, figures and tables show of an overview: the features that matter most, and what must be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.export.measure import printable
from limelight.export.shown import Rows, Said, checked_top, column_format, method_label, said
from limelight.export.words import label, say

if TYPE_CHECKING:
    from limelight.dataset.cohort import Cohort
    from limelight.dataset.result import Overview


def rows_of(overview: Overview, top: int, name: str = "attributions") -> Rows:
    """The features that matter most by one measure."""
    found = overview.measure(name)
    order = np.argsort(-np.nan_to_num(np.abs(found.values), nan=-1), kind="stable")
    shown = order[:checked_top(top)]
    return Rows(tuple(shown.tolist()), tuple(printable(overview.feature_names[j]) for j in shown), found.values[shown],
                found.low[shown], found.high[shown], found.signed, len(order) - len(shown))


def differences(cohort: Cohort, top: int) -> Rows:
    """Where a cohort's mean attributions differ most from those of the rest."""
    order = np.argsort(-np.abs(cohort.difference), kind="stable")
    shown = order[:checked_top(top)]
    return Rows(tuple(shown.tolist()), tuple(printable(cohort.feature_names[j]) for j in shown),
                cohort.difference[shown], cohort.difference_low[shown], cohort.difference_high[shown], True,
                len(order) - len(shown))


def said_of(overview: Overview) -> Said:
    """The output, what the model says of it on the mean, and how rows were explained."""
    space = overview.output_space
    facts = [] if space == "value" else [label(space)]
    facts += [say("base", value=said(overview.base_value, space)), label(method_label(overview.method)),
              count(overview), say("exact") if overview.exact else say("evaluations a row", n=overview.n_evals)]
    return Said(printable(overview.output_names[overview.target]), said(float(overview.prediction.mean()), space),
                tuple(facts))


def count(overview: Overview) -> str:
    """How many rows, texts or images there are, and how many were explained."""
    if overview.n_explained == overview.n_rows:
        return say(f"all {overview.kind}s", n=overview.n_rows)
    return say(f"some {overview.kind}s", n=overview.n_explained, all=overview.n_rows)


def axis(overview: Overview) -> str:
    """What the bars measure."""
    output = printable(overview.output_names[overview.target])
    if overview.output_space != "value":
        output = say("output", space=label(overview.output_space), name=output)
    return say("mean size", output=output)


def described(overview: Overview, rows: Rows) -> str:
    """The same in words, for those who hear a picture."""
    name, _, facts = said_of(overview)
    form = column_format(rows.values, rows.signed)
    found = "; ".join(f"{each} {value:{form}}" + ("" if np.isnan(low) else ", " + say(
        "interval", low=f"{low:{form}}", high=f"{high:{form}}"))
        for each, value, low, high in zip(rows.names, rows.values, rows.low, rows.high, strict=True))
    return printable(f"{axis(overview)} ({name}, {', '.join(facts)}): {found}")
