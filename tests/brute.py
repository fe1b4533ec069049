"""Shapley values by their definition, for what is small enough."""

from itertools import combinations
from math import comb

import numpy as np


def expected(tree, x, present, node=0):
    """What a tree of scikit-learn is expected to answer: absent columns go both ways (Lundberg et al. 2020, alg. 1)."""
    low, high = tree.children_left[node], tree.children_right[node]
    if low < 0:
        return tree.value[node].ravel()
    column = tree.feature[node]
    if present[column]:
        below = tree.missing_go_to_left[node] if np.isnan(x[column]) else np.float32(x[column]) <= tree.threshold[node]
        return expected(tree, x, present, low if below else high)
    weight = tree.weighted_n_node_samples
    both = (weight[child] * expected(tree, x, present, child) for child in (low, high))
    return sum(both) / weight[node]


def shapley(game, n):
    """Shapley values of a game of n players, which is given bool (n,): (n, n_outputs)."""
    def holding(players):
        return game(np.isin(np.arange(n), players))

    return np.array([sum((holding((*some, player)) - holding(some)) / (n * comb(n - 1, size))
                         for size in range(n) for some in combinations([i for i in range(n) if i != player], size))
                     for player in range(n)])


def by_paths(estimator, x, owner):
    """Path-dependent values of a tree's features, each of some columns, and their base."""
    def game(features):
        return expected(estimator.tree_, x, features[owner])

    n = owner.max() + 1
    return shapley(game, n), game(np.zeros(n, bool))
