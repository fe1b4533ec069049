"""How far two explanations of one input are apart: distances, all zero where nothing has changed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from limelight.quality.agreement import DECIMALS, rank_agreement, signs_differ, top_of
from limelight.quality.complexity import complexity, sparseness
from limelight.types import Array

PERSISTENCE = 0.9
"""Of a reader who goes down a ranking (Webber et al. 2010): the first ten ranks have 86 % of the weight."""
MEASURES = {
    "l1": "Evidence moved",
    "cosine": "1 - cosine",
    "spearman": "1 - Spearman",
    "top_k": "1 - overlap of the top",
    "sign_flips": "Signs that changed",
    "rbo": "1 - rank-biased overlap",
    "entropy": "Change of entropy",
    "gini": "Change of sparseness",
}
"""What tables and views call each."""


def shares(values: Array) -> Array:
    """What each feature has of the summed |values|, (..., n_features); zeros where all are zero, NaN where all are."""
    size = np.abs(values)
    total = size.sum(-1, keepdims=True)
    return np.divide(size, total, out=np.zeros_like(size), where=total != 0)


def signed_shares(values: Array) -> Array:
    """As `shares`, with the sign of the values: what speaks against the target is negative."""
    return np.copysign(shares(values), values)


def distances(a: Array, b: Array) -> dict[str, float]:
    """Every measure of how far two columns of attributions are apart, by name.

    Parameters
    ----------
    a, b : ndarray of shape (n_features,)

    Returns
    -------
    dict
        `l1`: half the summed differences of shares, the share of the evidence
        that has moved, 0 to 1. `cosine`: one minus the cosine of the signed
        values, 0 to 2. `spearman`: one minus the rank correlation of the
        absolute values. `top_k`: one minus the Jaccard overlap of the most
        important features (five, or half of fewer than nine). `sign_flips`:
        which share of these have another sign, faint values left out. `rbo`:
        one minus the rank-biased overlap of the orders. `entropy` (nats) and
        `gini`: by how much the entropy and the Gini index of the shares differ.
        NaN where a measure does not exist: ranks of a single feature, entropy
        where nothing has any attribution.
    """
    return {name: distance(a, b) for name, distance in DISTANCES.items()}


def l1(a: Array, b: Array) -> float:
    """Half the summed differences of shares: how much of the evidence has moved, 0 to 1.

    The drift of Reasoning Stabilization Points (arXiv:2601.11625) is of this
    kind. Where one of both has no attributions at all, it is 1.
    """
    if a.any() != b.any():
        return 1.0
    return float(np.abs(shares(a) - shares(b)).sum() / 2)


def cosine(a: Array, b: Array) -> float:
    """One minus the cosine of the signed values; 0 where both are all zero, 1 where one is."""
    if not (a.any() and b.any()):
        return float(a.any() != b.any())
    first, second = (each / np.abs(each).max() for each in (a, b))
    first, second = (each / np.linalg.norm(each) for each in (first, second))
    # Half of the squared distance is 1 - cosine, without its rounding where both are nearly the same.
    return float(((first - second) ** 2).sum() / 2)


def top_k(a: Array, b: Array) -> float:
    """One minus the Jaccard overlap of the most important features."""
    first, second = (set(_leaders(each)) for each in (a, b))
    return 1 - len(first & second) / len(first | second) if first | second else 0.0


def sign_flips(a: Array, b: Array) -> float:
    """Which share of the most important features of either has another sign; faint values take no side."""
    leaders = np.union1d(_leaders(a), _leaders(b))
    if not len(leaders):
        return 0.0
    none = np.zeros(len(a))
    return float(signs_differ(a, b, none, none)[leaders].mean())


def rank_biased_overlap(a: Array, b: Array, p: float = PERSISTENCE) -> float:
    """Extrapolated rank-biased overlap of the orders by |value| (Webber et al. 2010, doi:10.1145/1852102.1852106).

    `A_n p^n + (1 - p) / p * sum_d A_d p^d`, where A_d is the share of the
    first d features that both orders have in common: 1 where they are the same.
    """
    first, second = _order(a), _order(b)
    depths = np.arange(1, len(a) + 1)
    place = np.empty((2, len(a)), int)
    place[0, first], place[1, second] = depths, depths
    common = np.searchsorted(np.sort(place.max(0)), depths, side="right") / depths
    return float(common[-1] * p ** len(a) + (1 - p) / p * (common * p**depths).sum())


def parts(a: Array, b: Array) -> tuple[float, float]:
    """Split the change of the values in two: as much of it as more or less evidence makes, and as other evidence makes.

    With A = sum |a|, B = sum |b| and the signed shares p = a / A, q = b / B,
    `b - a = (B - A) (p + q) / 2 + (A + B) / 2 (q - p)`, exactly. Returned are
    the L1 norms of both terms: in the output's units.
    """
    first, second = np.abs(a).sum(), np.abs(b).sum()
    p, q = (each / (total or 1) for each, total in ((a, first), (b, second)))
    return (float(abs(second - first) * np.abs(p + q).sum() / 2), float((first + second) / 2 * np.abs(q - p).sum()))


def _leaders(values: Array) -> Array:
    """The most important features; those without any influence are none of them."""
    order = _order(values)[:top_of(len(values))]
    return order[_told_apart(values)[order] > 0]


def _order(values: Array) -> Array:
    """Features by |value|, the largest first; ties keep the order of the features."""
    return np.argsort(-_told_apart(values), kind="stable")


def _told_apart(values: Array) -> Array:
    """|values| as shares of the largest, to a millionth: what differs by rounding is a tie, and what does nothing 0."""
    size = np.abs(values)
    return np.round(size / (size.max(initial=0) or 1.0), DECIMALS)


DISTANCES: dict[str, Callable[[Array, Array], float]] = {
    "l1": l1,
    "cosine": cosine,
    "spearman": lambda a, b: 1 - rank_agreement(a, b),
    "top_k": top_k,
    "sign_flips": sign_flips,
    "rbo": lambda a, b: 1 - rank_biased_overlap(a, b),
    "entropy": lambda a, b: abs(complexity(b) - complexity(a)),
    "gini": lambda a, b: abs(sparseness(b) - sparseness(a)),
}
"""By the names of `MEASURES`; `distances` says what each is."""
