"""A column's own term in an explainable boosting machine: what is drawn of it is what the model adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.attribution.additive import shape
from limelight.dataset.dependence import Dependence
from limelight.dataset.grids import named
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.dataset.table import Table

OWN = ("This is the column's own term in the model, with how far the model's bags are apart; what it does in pairs of "
       "columns is not in it.")


def own_term(table: Table, feature: int) -> Dependence:
    """Read the term of a column.

    Of two classes the first one's is the second's with the other sign. There are no single rows to show, which are
    all parallel, and no local effects, which are the same curve.
    """
    found = shape(table.model, feature)
    k = min(table.target, found.values.shape[1] - 1)
    turned = found.values.shape[1] == 1 and len(table.model.output_names or ()) == 2 and table.target == 0
    sides = [side[:, k] for side in (found.values, found.low, found.high)]
    values, low, high = [-sides[0], -sides[2], -sides[1]] if turned else sides
    grid, order = _placed(table, feature, found.grid)
    none = np.empty(0)
    return Dependence(feature, grid[order], _names(table, feature), values[order], low[order], high[order],
                      np.empty((0, len(order))), np.empty(0, int), none, none, none, none, OWN)


def _placed(table: Table, feature: int, grid: Array) -> tuple[Array, Array]:
    """Numbers, or of categories their indices; and which of them the rows can have, ascending."""
    known = table.columns[feature].categories
    if known is None:
        numbers = grid.astype(float)
        return numbers, np.argsort(numbers, kind="stable")
    place = {str(name): i for i, name in enumerate(named(table.columns[feature]))}
    codes = np.array([place.get(str(category), -1) for category in grid], float)
    order = np.argsort(codes, kind="stable")
    return codes, order[codes[order] >= 0]


def _names(table: Table, feature: int) -> tuple[str, ...] | None:
    return None if table.columns[feature].categories is None else named(table.columns[feature])
