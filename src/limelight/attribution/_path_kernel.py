"""What is compiled: the ways down trees that coalitions take, for many rows and each background row."""

from __future__ import annotations

import numpy as np

from limelight.types import Array


def add_paths(roots: Array, low: Array, high: Array, missing: Array, column: Array, threshold: Array, leaves: Array,
              owner: Array, for_present: Array, for_absent: Array, x: Array, background: Array, total: Array) -> None:
    """Add the Shapley values of all leaves reached to `total`, shape (n_rows, n_features, n_sums).

    Each tree is gone down in depth, both ways where a feature is met first whose presence makes a difference. Of a
    feature that was met before it is known whether it is present.

    Parameters
    ----------
    roots, low, high, missing, column, threshold, leaves
        As of `Trees`.
    owner : int ndarray of shape (n_columns,)
        The feature that each column is made of.
    for_present, for_absent : ndarray of shape (n_features + 1, n_features + 1)
        By how many features must be present, and how many absent: what one of these has of a leaf.
    x, background : ndarray of shape (n_rows, n_columns) and (n_background, n_columns)
        Numbers as the trees compare them.
    """
    n_features, n_sums = total.shape[1], leaves.shape[1]
    side = np.zeros(n_features, np.int8)  # 1: must be present, -1: absent, 0: not met
    path = np.empty(n_features, np.int64)
    waiting, before = np.empty(n_features + 1, np.int64), np.empty(n_features + 1, np.int64)
    for row in range(len(x)):
        for other in range(len(background)):
            for root in roots:
                node, n_met, n_waiting = root, 0, 0
                while True:
                    while low[node] >= 0:
                        j = column[node]
                        a, b = x[row, j], background[other, j]
                        present = missing[node] if a != a else low[node] if a <= threshold[node] else high[node]
                        absent = missing[node] if b != b else low[node] if b <= threshold[node] else high[node]
                        feature = owner[j]
                        if present != absent and side[feature] == 0:
                            waiting[n_waiting], before[n_waiting] = absent, n_met
                            n_waiting += 1
                            side[feature], path[n_met] = 1, feature
                            n_met += 1
                        node = absent if side[feature] < 0 else present
                    n_present = 0
                    for i in range(n_met):
                        n_present += side[path[i]] > 0
                    for i in range(n_met):
                        feature = path[i]
                        shares = for_present if side[feature] > 0 else for_absent
                        share = shares[n_present, n_met - n_present]
                        for k in range(n_sums):
                            total[row, feature, k] += share * leaves[node, k]
                    if n_waiting == 0:
                        break
                    # Back to where the last feature was met that is still to be absent.
                    n_waiting -= 1
                    for i in range(before[n_waiting] + 1, n_met):
                        side[path[i]] = 0
                    node, n_met = waiting[n_waiting], before[n_waiting] + 1
                    side[path[n_met - 1]] = -1
                for i in range(n_met):
                    side[path[i]] = 0
