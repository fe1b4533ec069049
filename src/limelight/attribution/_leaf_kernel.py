"""What is compiled: Shapley values of leaves, summed over blocks of rows."""

from __future__ import annotations

import numpy as np

from limelight.types import Array


def add_leaves(rank: Array, column: Array, edge: Array, above: Array, slot: Array, n_players: Array, player: Array,
               share: Array, value: Array, at: Array, mass: Array, most: int, total: Array) -> None:
    """Add the Shapley values of leaves to `total`, shape (n_sums, n_features, n_rows).

    A leaf with d features, of which feature i has the share z_i, is the game
    `v(S) = value prod_{i in S} o_i prod_{i not in S} z_i`, where o_i is 1 if the
    row keeps the feature's conditions, else 0. By the multilinear extension
    (Owen 1972) feature i has the value
    `value (o_i - z_i) int_0^1 prod_{j != i} (t o_j + (1 - t) z_j) dt`, of a
    polynomial of degree d - 1: Gauss-Legendre with d / 2 nodes is exact. It
    depends on the row by o alone, so up to `most` features all of the 2^d
    patterns are tabulated, and looked up row by row; above, each row is computed.

    Parameters
    ----------
    rank : int32 ndarray of shape (2 * n_columns, n_rows)
    column, edge, above, slot, n_players, player, share, value
        As in `_paths.Leaves`.
    at, mass : ndarray of shape (depth + 1, n_nodes)
        Nodes t and their weights, for each number of features.
    """
    n_rows, n_sums = rank.shape[1], value.shape[1]
    widest, n_nodes = share.shape[1], at.shape[1]
    broken = np.empty(n_rows, np.int32)
    factor, gain = np.empty((2, widest, n_nodes)), np.empty((2, widest, n_nodes))
    product, table = np.empty(max(1 << most, n_nodes)), np.empty((widest, 1 << most))
    for leaf in range(len(n_players)):
        d = n_players[leaf]
        last = (d + 1) // 2

        # Which features break their conditions, as bits.
        broken[:] = 0
        for step in range(column.shape[1]):
            line, limit = rank[column[leaf, step]], edge[leaf, step]
            bit = np.int32(1 << slot[leaf, step])
            if above[leaf, step]:
                for row in range(n_rows):
                    broken[row] |= bit * (line[row] <= limit)
            else:
                for row in range(n_rows):
                    broken[row] |= bit * (line[row] > limit)

        # t o + (1 - t) z and (o - z) over it, for o of 1 and of 0.
        for i in range(d):
            z = share[leaf, i]
            for q in range(last):
                t = at[d, q]
                factor[0, i, q], factor[1, i, q] = t + (1 - t) * z, (1 - t) * z
                gain[0, i, q] = (1 - z) / factor[0, i, q]
                gain[1, i, q] = -1 / (1 - t) if z > 0 else 0.0

        if d <= most:
            table[:d, : 1 << d] = 0
            for q in range(last):
                product[0] = mass[d, q]
                for i in range(d):
                    half = 1 << i
                    for pattern in range(half):
                        product[half + pattern] = product[pattern] * factor[1, i, q]
                        product[pattern] *= factor[0, i, q]
                for i in range(d):
                    for pattern in range(1 << d):
                        table[i, pattern] += product[pattern] * gain[pattern >> i & 1, i, q]
            for k in range(n_sums):
                worth = value[leaf, k]
                if worth != 0:
                    for i in range(d):
                        known, summed = table[i], total[k, player[leaf, i]]
                        for row in range(n_rows):
                            summed[row] += worth * known[broken[row]]
        else:
            for row in range(n_rows):
                for q in range(last):
                    product[q] = mass[d, q]
                    for i in range(d):
                        product[q] *= factor[broken[row] >> i & 1, i, q]
                for i in range(d):
                    own = 0.0
                    for q in range(last):
                        own += product[q] * gain[broken[row] >> i & 1, i, q]
                    for k in range(n_sums):
                        total[k, player[leaf, i], row] += value[leaf, k] * own
