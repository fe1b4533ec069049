"""Which columns of a data set go together, whatever their kinds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from limelight.dataset.table import Table
from limelight.types import Array

STRONG = 0.7
"""Association above which columns are not thought of as moving on their own."""
MOST_ROWS = 10_000
_MOST_NAMED = 3

Groups = tuple[tuple[int, ...], ...]
"""Features of each group of two and more, ascending."""


def associations(table: Table) -> Array:
    """How strongly every two columns go together: 0 to 1, of shape (n_features, n_features).

    - two columns of numbers: |Spearman's rank correlation|;
    - a number and a category: the correlation ratio of the ranks, `eta^2 = 1 - (within / total)`,
      less what chance gives (`epsilon^2` of Kelley 1935);
    - two categories: the square root of the share of entropy that one tells of the other, less what chance gives.

    Rows in which one of the two is missing are left out, and so is all but 10,000 rows.
    Columns that are constant, and free texts, go with nothing.
    """
    table = table.drawn(MOST_ROWS)
    found = np.eye(table.n_features)
    read = [_read(table, j) for j in range(table.n_features)]
    for i, j in combinations(range(table.n_features), 2):
        found[i, j] = found[j, i] = _associated(*read[i], *read[j])
    return found


def clusters(strengths: Array, threshold: float = STRONG) -> Groups:
    """Group columns, every two of which go together by more than `threshold`: complete linkage.

    Parameters
    ----------
    strengths : ndarray of shape (n_features, n_features)
        See `associations`.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(strengths) < 2:
        return ()
    tree = linkage(squareform(1 - strengths, checks=False), "complete")
    label = fcluster(tree, np.nextafter(1 - threshold, 0), "distance")
    groups = (tuple(np.flatnonzero(label == each).tolist()) for each in np.unique(label))
    return tuple(sorted(group for group in groups if len(group) > 1))


def strong_pairs(strengths: Array, threshold: float = STRONG) -> list[tuple[int, int]]:
    """Every two columns that go together by more than `threshold`, strongest first."""
    pairs = [(i, j) for i, j in combinations(range(len(strengths)), 2) if strengths[i, j] > threshold]
    return sorted(pairs, key=lambda pair: -strengths[pair])


def note(names: Sequence[str], strengths: Array, threshold: float = STRONG) -> str:
    """A sentence about columns that go together, or ""."""
    pairs = strong_pairs(strengths, threshold)
    if not pairs:
        return ""
    (i, j), n = pairs[0], len(pairs)
    first = f"{names[i]} and {names[j]} go together (association {strengths[i, j]:.2f})"
    if n > 1:
        return f"{first}, and so do columns of {n} pairs in all: shuffling one alone makes rows that don't occur."
    return f"{first}: shuffling one alone makes rows that don't occur."


def group_name(names: Sequence[str], group: Sequence[int]) -> str:
    """Name a group after its columns: "height, width, depth (+2)". Words would be English in a note in Chinese."""
    shown = ", ".join(names[j] for j in group[:_MOST_NAMED])
    return shown if len(group) <= _MOST_NAMED else f"{shown} (+{len(group) - _MOST_NAMED})"


def _read(table: Table, j: int) -> tuple[str, Array]:
    """A column's kind, and ranks of its numbers or codes of its categories: NaN where missing."""
    kind = table.columns[j].kind
    if kind == "number":
        return kind, _ranks(table.numbers(j))
    codes = table.codes(j).astype(float)
    return kind, np.where(codes < 0, np.nan, codes)


def _associated(kind: str, a: Array, other: str, b: Array) -> float:
    known = ~(np.isnan(a) | np.isnan(b))
    a, b = a[known], b[known]
    if len(a) < 3 or not np.ptp(a) or not np.ptp(b):
        return 0.0
    if kind == other == "number":
        return min(1.0, abs(float(np.corrcoef(a, b)[0, 1])))
    if "text" in (kind, other):
        return 0.0
    if kind == other:
        return told_share(a, b)
    return correlation_ratio(a, b) if kind == "category" else correlation_ratio(b, a)


def _ranks(numbers: Array) -> Array:
    """Ranks of the known numbers, ties sharing theirs; NaN where missing."""
    from scipy.stats import rankdata

    known, ranks = ~np.isnan(numbers), np.full(len(numbers), np.nan)
    ranks[known] = rankdata(numbers[known])
    return ranks


def correlation_ratio(codes: Array, ranks: Array) -> float:
    """Share of the ranks' spread that lies between categories, as a correlation: sqrt of epsilon^2."""
    _, group, counts = np.unique(codes, return_inverse=True, return_counts=True)
    within = ((ranks - (np.bincount(group, ranks) / counts)[group]) ** 2).sum()
    total = ((ranks - ranks.mean()) ** 2).sum()
    free = len(ranks) - len(counts)
    return float(np.sqrt(max(0.0, 1 - within / total * (len(ranks) - 1) / free))) if free > 0 else 0.0


def told_share(a: Array, b: Array) -> float:
    """Share of the entropy of one that the other tells, as a correlation: its square root.

    Mutual information over the smaller of the two entropies, both less the
    (r - 1) (k - 1) / 2 n nats that r and k categories share by chance in n rows
    (Miller 1955; adjusted as by Vinh, Epps and Bailey 2010).
    """
    (_, row), (_, column) = (np.unique(each, return_inverse=True) for each in (a, b))
    counts = np.zeros((row.max() + 1, column.max() + 1))
    np.add.at(counts, (row, column), 1)
    n, (r, k) = len(a), counts.shape
    chance, ends = (r - 1) * (k - 1) / (2 * n), (_entropy(counts.sum(1)), _entropy(counts.sum(0)))
    shared, most = sum(ends) - _entropy(counts.ravel()) - chance, min(ends) - chance
    return float(np.sqrt(max(0.0, shared / most))) if most > 0 else 0.0


def _entropy(counts: Array) -> float:
    """In nats."""
    share = counts[counts > 0] / counts.sum()
    return float(-(share * np.log(share)).sum())
