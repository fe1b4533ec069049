"""Which measures of importance there are for a table, and how each is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from limelight.attribution._sums import linear_sums, tree_sums
from limelight.attribution.exact import taken_apart
from limelight.dataset.coefficients import coefficients
from limelight.dataset.conditional import conditional_permutation
from limelight.dataset.correlation import Groups, associations, clusters
from limelight.dataset.gradients import derivatives
from limelight.dataset.interaction import MOST_FEATURES, interactions
from limelight.dataset.measure import LABELS
from limelight.dataset.permutation import grouped_permutation, permutation
from limelight.dataset.sage import sage
from limelight.dataset.splits import gains_of, splits
from limelight.dataset.table import Table
from limelight.types import Array


@dataclass(frozen=True)
class Wanted:
    """What measures are computed from.

    Attributes
    ----------
    table : Table
    related : Related
    order : sequence of int
        Columns, the one with the largest attributions first.
    """

    table: Table
    related: Related
    order: Sequence[int]


class Related:
    """How the columns of a table go together; found once."""

    def __init__(self, table: Table):
        self._table = table

    @cached_property
    def strengths(self) -> Array:
        """Association of every two columns."""
        return associations(self._table)

    @cached_property
    def groups(self) -> Groups:
        """Columns that go together."""
        return clusters(self.strengths)


Found = tuple[Any, ...]
"""Measures, and perhaps a table of pairs."""


def _permutation(wanted: Wanted) -> Found:
    return (permutation(wanted.table, strengths=wanted.related.strengths),)


def _grouped(wanted: Wanted) -> Found:
    single = permutation(wanted.table)
    return (grouped_permutation(wanted.table, single, wanted.related.groups),)


def _interaction(wanted: Wanted) -> Found:
    found = interactions(wanted.table, list(wanted.order[:MOST_FEATURES]))
    return found.overall, found.to_frame()


COMPUTED: dict[str, Callable[[Wanted], Found]] = {
    "coefficients": lambda wanted: coefficients(wanted.table),
    "scaled_coefficients": lambda wanted: coefficients(wanted.table),
    "splits": lambda wanted: (splits(wanted.table),),
    "permutation": _permutation,
    "grouped_permutation": _grouped,
    "conditional_permutation": lambda wanted: (conditional_permutation(wanted.table),),
    "sage": lambda wanted: (sage(wanted.table),),
    "derivative": lambda wanted: derivatives(wanted.table),
    "absolute_derivative": lambda wanted: derivatives(wanted.table),
    "scaled_derivative": lambda wanted: derivatives(wanted.table),
    "interaction": _interaction,
}
"""How each measure is computed, in the order in which they are shown."""
READ = ("coefficients", "scaled_coefficients", "splits")
"""Those that are read off the model, and cost next to nothing."""


def offered(related: Related, table: Table) -> dict[str, str]:
    """Measures that can be asked for: a label by name."""
    head = taken_apart(table.model)[1]
    lacking = set() if related.groups else {"grouped_permutation"}
    lacking |= set() if linear_sums(head) is not None else {"coefficients", "scaled_coefficients"}
    lacking |= set() if tree_sums(head) is not None and gains_of(head) is not None else {"splits"}
    lacking |= {"interaction", "conditional_permutation"} if table.n_features < 2 else set()
    return {name: LABELS.get(name, name) for name in COMPUTED if name not in lacking}
