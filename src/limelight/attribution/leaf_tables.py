"""Path-dependent Shapley values of many rows, from a table for each leaf of an ensemble's trees."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from limelight.attribution._by_shap import said_by_shap
from limelight.attribution._compiled import compiled
from limelight.attribution._ensembles import read_sums
from limelight.attribution._inputs import inputs_of, numbers_of, telling
from limelight.attribution._leaf_kernel import add_leaves
from limelight.attribution._paths import Leaves, leaves_of, ranked
from limelight.attribution._sums import Sums, tree_sums
from limelight.attribution._varied import varied
from limelight.attribution.exact import taken_apart
from limelight.attribution.trees import Trees
from limelight.errors import Unsuited
from limelight.types import Array

log = logging.getLogger("limelight")
TOLERANCE = 1e-4
"""Of the largest number: by how much float32 sums of trees may differ from what is computed of them."""
_N_CHECKED = 64
_BLOCK = 4096
"""Rows at once: what is known of them fits the cache."""
_MOST_TABULATED = 14
_MOST_FEATURES = 31
"""Of one path: there is a bit for each."""


def path_dependent(model: Any, X: Any) -> tuple[Array, Array]:
    """Shapley values of an ensemble's trees, where an absent feature's splits are taken both ways.

    Each way weighs as much as the training rows that took it: shap's
    `tree_path_dependent` (Lundberg et al. 2020, arXiv:1905.04610, algorithm 1).
    Behind a Pipeline's steps, columns of one feature come and go together. Where our
    own code computes them, a row has the same bits whatever rows it comes with.

    Parameters
    ----------
    model
        An estimator, Pipeline or booster of scikit-learn, xgboost, lightgbm or
        catboost, or a `TabularModel` of one.
    X : ndarray or DataFrame of shape (n_rows, n_features)
        As the estimator is given them.

    Returns
    -------
    values : ndarray of shape (n_rows, n_features, n_sums)
        In the space that the trees are summed in: probabilities of forests, one
        sum for the log-odds of the second of two classes, margins of more,
        values of regressors.
    base_values : ndarray of shape (n_sums,)

    Raises
    ------
    Unsuited
        If the model is no ensemble of trees, a step mixes columns, or the
        values do not add up to what the trees sum to.
    """
    return Paths(model)(X)


class Paths:
    """The trees of a model, read once: path-dependent values of as many rows as are asked for, as `path_dependent`.

    Raises
    ------
    Unsuited
        If the model is no ensemble of trees.
    """

    def __init__(self, model: Any):
        self._model, head = model, taken_apart(model)[1]
        self.meaning, self._trees = _sums(head).meaning, read_sums(head)

    def __call__(self, X: Any) -> tuple[Array, Array]:
        """Explain rows: see `path_dependent`."""
        # Not kept: functions that can't be sent to other processes.
        steps, head = taken_apart(self._model)
        n_features = X.shape[1]
        owner = _owner(X, steps, self._model) if steps else np.arange(n_features)
        for step in steps:
            X = step(X)
        found = None if self._trees is None else _by_trees(self._trees, X, owner, n_features)
        if found is None and steps:
            raise Unsuited(f"the trees of this {type(head).__name__} can't be read behind a Pipeline's steps",
                           "shapley")
        values, base = said_by_shap(head, X, None) if found is None else found
        _check(_sums(head).ask, X, values, base)
        return values, base


def _sums(head: Any) -> Sums:
    """What trees sum to; Unsuited where there are none."""
    sums = tree_sums(head)
    if sums is None:
        raise Unsuited("path-dependent values need decision trees (of scikit-learn, xgboost, lightgbm or catboost), "
                       f"and this is {type(head).__name__}", "shapley")
    return sums


def by_leaves(head: Any, rows: Any, owner: Array, n_features: int) -> tuple[Array, Array] | None:
    """The same by our own code: values (n_rows, n_features, n_sums) and base (n_sums,).

    Parameters
    ----------
    owner : int ndarray of shape (n_columns,)
        The feature that each column is made of; -1 where it is not known.

    Returns
    -------
    tuple or None
        None where the trees can't be read, have splits by categories or no
        numbers of training rows, or know more than 31 features on one path.

    Raises
    ------
    Unsuited
        If they split by a column whose feature is not known.
    """
    trees = read_sums(head)
    return None if trees is None else _by_trees(trees, rows, owner, n_features)


def _by_trees(trees: Trees, rows: Any, owner: Array, n_features: int) -> tuple[Array, Array] | None:
    """See `by_leaves`."""
    numbers = numbers_of(rows)
    if numbers is None or (trees.weight[trees.low >= 0] <= 0).any():
        return None
    if not trees.takes_missing and np.isnan(numbers).any():
        return None
    check_owner(owner[trees.column[trees.low >= 0]])
    edge, rank = ranked(trees, numbers)
    values = np.zeros((len(numbers), n_features, trees.leaves.shape[1]))
    base = trees.intercept + np.zeros(values.shape[2])
    for leaves in leaves_of(trees, edge, owner):
        if leaves.n_players.max() > _MOST_FEATURES:
            return None
        base += leaves.share.prod(1) @ leaves.value
        _add(leaves, rank, values)
    return values, base


def check_owner(owner: Array) -> None:
    """Raise Unsuited where columns that make a difference have an owner of -1."""
    if (owner < 0).any():
        raise Unsuited("trees split by a column that an earlier step makes and that is alike in all rows: it can't be "
                       "told which feature it is made of", "shapley")


def _add(leaves: Leaves, rank: Array, values: Array) -> None:
    """Add the values of leaves, a block of rows at a time."""
    at, mass = _quadrature(leaves.share.shape[1])
    for start in range(0, len(values), _BLOCK):
        block = np.ascontiguousarray(rank[:, start : start + _BLOCK])
        # Patterns are computed side by side and rows one by one, so a table pays before there are as many rows.
        most = min(_MOST_TABULATED, int(np.log2(block.shape[1])) + 1)
        total = np.zeros((values.shape[2], values.shape[1], block.shape[1]))
        compiled(add_leaves)(block, *leaves, at, mass, most, total)
        values[start : start + _BLOCK] += total.T


def _quadrature(depth: int) -> tuple[Array, Array]:
    """Nodes and weights on [0, 1] that are exact for d features, in row d."""
    at, mass = np.zeros((2, depth + 1, (depth + 1) // 2))
    for d in range(1, depth + 1):
        nodes, weights = np.polynomial.legendre.leggauss((d + 1) // 2)
        at[d, : len(nodes)], mass[d, : len(nodes)] = (nodes + 1) / 2, weights / 2
    return at, mass


def _owner(rows: Any, steps: Sequence[Callable[[Any], Any]], model: Any) -> Array:
    """Tell which feature each column of the last step is made of; by made-up rows where these are alike in some."""
    some = telling(rows, steps)
    inputs = inputs_of(some[:1], some, steps)
    if inputs is None:
        raise Unsuited("path-dependent values need columns of numbers, each made of one feature", "shapley")
    owner = inputs.owner_where_told()
    if (owner >= 0).all():
        return owner
    try:
        made_up = varied(some[:1], getattr(model, "_model", model))
        more = inputs_of(some[:1], made_up, steps)
    except Exception as error:  # whatever a step makes of values that it never saw
        log.info("what columns are made of was looked for in made-up rows: %s", error)
        return owner
    return owner if more is None else np.where(owner < 0, more.owner_where_told(), owner)


def _check(ask: Callable[[Any], Array], rows: Any, values: Array, base: Array) -> None:
    """Raise Unsuited unless values of some rows add up from their base to what the trees sum to."""
    some, summed = _spread(rows), base + _spread(values).sum(1)
    said = np.asarray(ask(some), float)
    if said.size != summed.size:
        raise Unsuited(f"there are {summed.shape[1]} sums of trees, and answers of shape {said.shape}", "shapley")
    missed = np.abs(said.reshape(summed.shape) - summed).max(initial=0)
    if not missed <= TOLERANCE * max(np.abs(said).max(initial=0), np.abs(values).max(initial=0)):
        raise Unsuited(f"path-dependent values and their base miss what the trees sum to by {missed:.3g}: they are "
                       "misread, or the answer is more than their sum", "shapley")


def _spread(rows: Any) -> Any:
    """Take some rows, from first to last."""
    chosen = np.unique(np.linspace(0, len(rows) - 1, min(_N_CHECKED, len(rows))).astype(int))
    return rows.iloc[chosen] if hasattr(rows, "iloc") else rows[chosen]
