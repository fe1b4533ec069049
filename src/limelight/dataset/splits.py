"""Split importance: what trees gained by splitting on each column while they were fitted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from limelight.attribution._inputs import numbers_of
from limelight.attribution.exact import taken_apart
from limelight.dataset.measure import Measure
from limelight.dataset.table import Table
from limelight.errors import Unsuited
from limelight.types import Array

_PLACES = 50
"""Rows whose values of a column are tried, to find what is made of it."""
_CAVEAT = ("Split importance is of the rows that the trees were fitted with, and prefers columns with many different "
           "values: permutation importance does neither.")


def splits(table: Table) -> Measure:
    """Read split importance, in shares of the sum: impurity (scikit-learn), total gain (xgboost, lightgbm).

    Of catboost it is its own PredictionValuesChange. Columns that a Pipeline's
    steps make of one raw column are summed.

    Raises
    ------
    Unsuited
        If the model keeps no such numbers, or earlier steps mix columns.
    """
    steps, head = taken_apart(table.model)
    gains = gains_of(head)
    if gains is None:
        raise Unsuited("split importance needs an ensemble of trees that keeps what its splits gained")
    owner = _owners(table, steps) if steps else np.arange(table.n_features)
    if len(owner) != len(gains):
        raise Unsuited(f"split importance is of {len(gains)} columns, and the trees are given {len(owner)}")
    values = np.bincount(owner, gains, minlength=table.n_features)
    unknown = np.full(table.n_features, np.nan)
    return Measure("splits", values=values / (values.sum() or 1.0), low=unknown, high=unknown, notes=(_CAVEAT,),
                   said="The column's share of what all splits gained while the trees were fitted.")


def gains_of(head: Any) -> Array | None:
    """What splits on each of the columns gained; None where that is not kept."""
    booster = head.get_booster() if hasattr(head, "get_booster") else head
    if hasattr(booster, "get_score"):
        return _of_xgboost(booster)
    booster = getattr(head, "booster_", head)
    if hasattr(booster, "feature_importance"):
        return np.asarray(booster.feature_importance("gain"), float)
    try:
        return np.asarray(head.feature_importances_, float)
    except AttributeError:  # also where it is a property that fails
        return None


def _of_xgboost(booster: Any) -> Array | None:
    try:
        gains = booster.get_score(importance_type="total_gain")
    except Exception:  # its linear booster has no gains
        return None
    names = booster.feature_names or [f"f{i}" for i in range(booster.num_features())]
    return np.array([gains.get(name, 0.0) for name in names])


def _owners(table: Table, steps: Sequence[Callable[[Any], Any]]) -> Array:
    """Which raw column each column is made of that the trees are given: what changes when that one alone does."""
    changes = []
    for j in range(table.n_features):
        donors = _different(table, j)
        rows = table.moved(np.zeros(len(donors), int), [j], donors)
        for step in steps:
            rows = step(rows)
        numbers = numbers_of(rows)
        if numbers is None:
            raise Unsuited("split importance needs steps that make numbers of columns")
        changes.append((np.nan_to_num(numbers) != np.nan_to_num(numbers[:1])).any(0))
    moved = np.array(changes)
    if (moved.sum(0) > 1).any():
        raise Unsuited("split importance needs steps that act on each column alone, and one mixes some of them")
    return moved.argmax(0)


def _different(table: Table, j: int) -> Array:
    """Rows with different values of a column: of a category each, of others some from all over."""
    if table.columns[j].kind == "category":
        return np.unique(table.codes(j), return_index=True)[1]
    order = np.argsort(table.numbers(j)) if table.columns[j].kind == "number" else np.arange(table.n_rows)
    return order[np.linspace(0, table.n_rows - 1, min(table.n_rows, _PLACES)).astype(int)]
