"""The model behind an overview of a table: what it is asked for when a reader wants to know more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight import api
from limelight.attribution.additive import is_additive
from limelight.attribution.exact import taken_apart
from limelight.dataset.dependence import Dependence, depend
from limelight.dataset.kinds import COMPUTED, READ, Related, Wanted, offered
from limelight.dataset.table import Table, rows_of
from limelight.dataset.terms import own_term
from limelight.errors import InputError
from limelight.models.tabular import TabularModel
from limelight.types import Output

if TYPE_CHECKING:
    from limelight.bulk.rows import Rows
    from limelight.dataset.result import Overview
    from limelight.explanation import Explanation


class TableBehind:
    """Asks the model of a table, by the rows that it was given.

    Parameters
    ----------
    table : Table
        In the space that is explained; its target is not looked at.
    explained : Rows
        Some of what was found: names and method.
    asked : dict
        What `overview` was called with.
    grouped : bool
        Whether features are groups of columns, of which measures know nothing.
    """

    def __init__(self, table: Table, explained: Rows, asked: Mapping[str, Any], *, grouped: bool):
        self.table, self.asked = table, asked
        self.method = explained.method
        self.features = explained.feature_names
        self.related = Related(table)
        self.offers: Mapping[str, str] = {} if grouped else offered(self.related, table)
        self.at_once = [name for name in self.offers if name in READ]

    def measure(self, name: str, target: int, order: Sequence[int]) -> tuple[Any, ...]:
        """Compute a measure of one output, and what comes with it."""
        return COMPUTED[name](Wanted(self._aimed(target), self.related, order))

    def dependence(self, feature: int, target: int) -> Dependence:
        """Ask how one output depends on a feature."""
        if self.features[feature] not in self.table.names:
            raise InputError(f"{self.features[feature]!r} is a group of columns: call ll.overview without groups to "
                             "see how the output depends on each")
        table, column = self._aimed(target), self.table.names.index(self.features[feature])
        own = is_additive(taken_apart(table.model)[1]) and self.method == "additive"
        return replace(own_term(table, column) if own else depend(table, column), feature=feature)

    def explain(self, row: int, target: int, options: Mapping[str, Any]) -> Explanation:
        """Explain one row as all of them were."""
        asked = self.asked
        given = {"method": self.method if asked["method"] == "auto" else asked["method"],
                 "target": target, "output": asked["output"], "n_samples": asked["n_samples"],
                 "groups": asked["groups"], "seed": asked["seed"], **asked["options"]}
        return explain_row(self.table.model, self.table.rows, row, given, options)

    def _aimed(self, target: int) -> Table:
        """The table, of one of the outputs: all of the model's are kept, in its order."""
        return replace(self.table, target=target)


def explain_row(model: TabularModel, rows: Any, row: int, given: Mapping[str, Any],
                options: Mapping[str, Any]) -> Explanation:
    """Explain one row; what belongs to a method goes where another one is asked for."""
    kept = dict(given)
    if options.get("method", kept["method"]) != kept["method"]:
        kept = {name: value for name, value in kept.items() if name in ("target", "output", "groups", "seed")}
    return api.explain(model, rows_of(rows, slice(row, row + 1)) if hasattr(rows, "iloc") else rows[row],
                       **{**kept, **options})


def row_again(overview: Overview, row: int, model: Any, options: Mapping[str, Any]) -> Explanation:
    """Explain a row of an overview that came from a file, by a model that is given again.

    Raises
    ------
    InputError
        If the row is not in the file, or the model says something else of it.
    """
    i = overview.place_of(row)
    if i is None:
        raise InputError(f"row {row} was not explained, and a file holds only rows that were: .rows has their numbers")
    x = overview.data.iloc[[i]] if hasattr(overview.data, "iloc") else overview.data[i]
    output: Output = "probability" if overview.output_space in ("probability", "value", "margin") else "logit"
    kept = {name: value for name, value in overview.params.items() if name in ("seed", "groups")}
    own = {name: value for name, value in overview.params.items() if name not in kept}
    name = overview.output_names[overview.target]
    target = overview.target if overview.kind == "table" else name  # of texts and images some outputs are kept
    given = {"method": overview.method, "target": target, "output": output, **kept,
             **(own if options.get("method", overview.method) == overview.method else {}), **options}
    explanation = api.explain(model, x, **given)
    place = explanation.target if "target" not in options else None
    if name in explanation.output_names:
        place = explanation.output_names.index(name)
    if place is not None and explanation.output_space == overview.output_space:
        came = explanation.prediction[place]
        expected = overview.all_predictions[i, overview.target]
        if not abs(came - expected) <= SAME * max(np.abs(overview.prediction).max(), 1e-12):
            raise InputError(f"model= does not answer as the model that was explained: {expected:.4g} was expected of "
                             f"row {row} and {came:.4g} came. Give that model, or call ll.overview again")
    return explanation


SAME = 1e-3
"""Of the largest prediction: by how much a model may differ from the one that was explained."""
