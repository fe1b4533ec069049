"""The ways from the roots of trees to their leaves, as conditions on a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from limelight.attribution.trees import Trees
from limelight.types import Array

_MOST_NODES = 1 << 16
"""Nodes of the trees that are followed at once, and leaves that are told at once."""


class Leaves(NamedTuple):
    """Leaves that are equally deep, and the conditions that lead to them.

    Attributes
    ----------
    column, edge, above, slot : ndarray of shape (n_leaves, depth)
        Of each condition, `rank[column] <= edge`, or the contrary if `above`;
        `slot` is the place of its feature in `player`. Where NaN goes to the
        low side, columns count from n_columns on.
    n_players : int ndarray of shape (n_leaves,)
        How many features there are, each once.
    player : int ndarray of shape (n_leaves, depth)
    share : ndarray of shape (n_leaves, depth)
        Of the training rows that came to the feature's splits, those that went this way.
    value : ndarray of shape (n_leaves, n_sums)
    """

    column: Array
    edge: Array
    above: Array
    slot: Array
    n_players: Array
    player: Array
    share: Array
    value: Array


def ranked(trees: Trees, rows: Array) -> tuple[Array, Array]:
    """Replace thresholds by their place among those of the column, and numbers by how many they are above.

    Returns
    -------
    edge : int32 ndarray of shape (n_nodes,)
        `number <= threshold` where `rank <= edge`.
    rank : int32 ndarray of shape (2 * n_columns, n_rows)
        First with NaN above all thresholds, then with NaN below all.
    """
    n_columns = rows.shape[1]
    edge, rank = np.zeros(len(trees.low), np.int32), np.empty((2 * n_columns, len(rows)), np.int32)
    inner = np.flatnonzero(trees.low >= 0)
    read = rows.astype(trees.reads)
    for column in range(n_columns):
        nodes = inner[trees.column[inner] == column]
        thresholds, edge[nodes] = np.unique(trees.threshold[nodes], return_inverse=True)
        numbers = read[:, column].astype(float)
        rank[column] = np.searchsorted(thresholds, numbers)
        rank[column + n_columns] = np.where(np.isnan(numbers), -1, rank[column])
    return edge, rank


def leaves_of(trees: Trees, edge: Array, owner: Array) -> Iterator[Leaves]:
    """Follow all paths, some trees at a time.

    Parameters
    ----------
    edge : int ndarray of shape (n_nodes,)
    owner : int ndarray of shape (n_columns,)
        The feature that each column is made of.
    """
    a_tree = max(len(trees.low) // len(trees.roots), 1)
    step = max(_MOST_NODES // a_tree, 1)
    for start in range(0, len(trees.roots), step):
        for leaf, steps in _followed(trees, trees.roots[start : start + step]):
            for part in range(0, len(leaf), _MOST_NODES):
                chosen = slice(part, part + _MOST_NODES)
                yield _told(trees, edge, owner, leaf[chosen], steps[chosen])


def _followed(trees: Trees, node: Array) -> Iterator[tuple[Array, Array]]:
    """Yield leaves and the nodes on the way to them, shape (n_leaves, depth), level by level; ~node: went above."""
    steps = np.zeros((len(node), 0), np.int32)
    while len(node):
        at_leaf = trees.low[node] < 0
        if at_leaf.any():
            yield node[at_leaf], steps[at_leaf]
        node, steps = node[~at_leaf], steps[~at_leaf]
        steps = np.concatenate([np.column_stack([steps, node]), np.column_stack([steps, ~node])])
        node = np.concatenate([trees.low[node], trees.high[node]])


def _told(trees: Trees, edge: Array, owner: Array, leaf: Array, steps: Array) -> Leaves:
    """Tell the conditions of leaves that are equally deep."""
    above = steps < 0
    node = np.where(above, ~steps, steps)
    child = np.where(above, trees.high[node], trees.low[node])
    low_is_default = trees.missing[node] == trees.low[node]
    slot, n_players, player, share = _merged(owner[trees.column[node]], trees.weight[child] / trees.weight[node])
    return Leaves(trees.column[node] + len(owner) * low_is_default, edge[node],
                  above, slot, n_players, player, share, trees.leaves[leaf])


def _merged(owner: Array, ratio: Array) -> tuple[Array, Array, Array, Array]:
    """Make one of the steps of each feature: their slots, and the (number of) features with their shares."""
    n, depth = owner.shape
    every, n_players = np.arange(n), np.zeros(n, int)
    slot, player, share = np.zeros((n, depth), int), np.full((n, depth), -1), np.ones((n, depth))
    for step in range(depth):
        met = player == owner[:, step, None]
        slot[:, step] = np.where(met.any(1), met.argmax(1), n_players)
        player[every, slot[:, step]] = owner[:, step]
        share[every, slot[:, step]] *= ratio[:, step]
        n_players += ~met.any(1)
    return slot, n_players, player, share
