"""The model behind an overview of a table: what it is asked for when a reader wants to know more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limelight import api
from limelight.attribution.additive import is_additive
from limelight.attribution.exact import taken_apart
from limelight.dataset.collected import Watch
from limelight.dataset.dependence import Dependence, depending
from limelight.dataset.kinds import READ, Related, Wanted, computed, of_all, offered
from limelight.dataset.labels import Labels
from limelight.dataset.steps import Steps
from limelight.dataset.table import Table, rows_of
from limelight.dataset.terms import own_term
from limelight.errors import InputError
from limelight.models.tabular import TabularModel

if TYPE_CHECKING:
    from limelight.bulk.rows import Rows
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
    labels : tuple of str, optional
        What all rows are called in their index.
    """

    def __init__(self, table: Table, explained: Rows, asked: Mapping[str, Any], *, grouped: bool,
                 labels: Labels | None = None):
        self.table, self.asked, self.labels = table, asked, labels
        self.method = explained.method
        self.features = explained.feature_names
        self.related = Related(table)
        self.offers: Mapping[str, str] = {} if grouped else offered(self.related, table)
        self.at_once = [name for name in self.offers if name in READ]

    def of_all(self, name: str, options: Mapping[str, Any]) -> bool:
        """Tell a measure that is the same whichever output is shown."""
        return of_all(name, self.table, options)

    def measure(self, name: str, target: int, order: Sequence[int], options: Mapping[str, Any],
                watch: Watch) -> Steps[tuple[Any, ...]]:
        """Compute a measure of one output, and what comes with it."""
        return computed(name, Wanted(self._aimed(target), self.related, order), options, watch)

    def dependence(self, feature: int, target: int) -> Steps[Dependence]:
        """Ask how one output depends on a feature."""
        if self.features[feature] not in self.table.names:
            raise InputError(f"{self.features[feature]!r} is a group of columns: call ll.overview without groups to "
                             "see how the output depends on each")
        table, column = self._aimed(target), self.table.names.index(self.features[feature])
        own = is_additive(taken_apart(table.model)[1]) and self.method == "additive"
        found = own_term(table, column) if own else (yield from depending(table, column))
        return replace(found, feature=feature)

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
