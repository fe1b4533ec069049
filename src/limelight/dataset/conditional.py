"""Permutation importance among rows that are alike: what a column says that the others don't."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from limelight.dataset.measure import Measure
from limelight.dataset.permutation import (
    MOST_ROWS,
    REPEATS,
    Judged,
    estimate,
    judging,
    measured,
    notes,
)
from limelight.dataset.steps import Steps, at_once
from limelight.dataset.table import Table
from limelight.types import Array

LEAF = 30
"""Rows in a leaf, at least."""


def permuting_alike(table: Table, *, repeats: int = REPEATS, n_rows: int = MOST_ROWS) -> Steps[Measure]:
    """Measure by how much the loss rises when a column is shuffled within leaves of a tree that predicts it.

    Conditional subgroups (Molnar, König, Bischl & Casalicchio 2020,
    arXiv:2006.04628): a tree of the other columns finds rows in which this one
    is much alike, and its values change places among them only. They are
    values that occur with such others, so a column that others tell comes out
    at what it says besides; within a leaf they may still go together a little.

    Parameters
    ----------
    table, repeats, n_rows
        As for `permutation.permutation`, which says what is measured.
    """
    judged = yield from judging(table.drawn(n_rows), repeats, table.n_features)
    others, found = _encoded(judged.table), []
    for j in range(table.n_features):
        found.append((yield from _within_leaves(judged, j, others, repeats)))
    return measured("conditional_permutation", np.array(found), judged, notes=notes(judged, table), said=_said(judged))


conditional_permutation = at_once(permuting_alike)


def _within_leaves(judged: Judged, j: int, others: list[Array], repeats: int) -> Steps[tuple[float, float, float]]:
    if judged.table.n_features == 1:
        leaf = np.zeros(judged.table.n_rows, int)
    else:
        leaf = leaves(np.column_stack(others[:j] + others[j + 1 :]), others[j], judged.table.columns[j].kind)
    rng = judged.table.rng(2)
    return (yield from estimate(judged, (j,), np.stack([shuffled_within(leaf, rng) for _ in range(repeats)])))


def leaves(others: Array, column: Array, kind: str) -> Array:
    """Find the leaf of each row, int (n_rows,), of a tree that predicts a column from the others."""
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    tree: Any = DecisionTreeRegressor if kind == "number" else DecisionTreeClassifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that there are many categories
        leaf: Array = tree(min_samples_leaf=LEAF, random_state=0).fit(others, column).apply(others)
    return leaf


def shuffled_within(leaf: Array, rng: np.random.Generator) -> Array:
    """An order of all rows in which each comes from its own leaf: int (n_rows,)."""
    order = np.empty(len(leaf), int)
    order[np.argsort(leaf, kind="stable")] = np.lexsort((rng.random(len(leaf)), leaf))
    return order


def _encoded(table: Table) -> list[Array]:
    """Columns as a tree reads them: numbers, with the median where missing; categories by how common they are."""
    return [_filled(table.numbers(j)) if column.kind == "number" else _by_count(table.codes(j))
            for j, column in enumerate(table.columns)]


def _filled(numbers: Array) -> Array:
    known = np.isfinite(numbers)
    middle = np.median(numbers[known]) if known.any() else 0.0
    return np.where(known, numbers, middle)


def _by_count(codes: Array) -> Array:
    """Categories as places in the order of their counts, so that one cut tells the common from the rare."""
    _, group, counts = np.unique(codes, return_inverse=True, return_counts=True)
    return np.argsort(np.argsort(-counts, kind="stable"))[group].astype(float)


def _said(judged: Judged) -> str:
    if judged.loss.name == "change":
        return "By how much the prediction changes when the column's values are shuffled among rows that are alike."
    return f"By how much {judged.loss.said} rises when the column's values are shuffled among rows that are alike."
