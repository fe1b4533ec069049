"""How far two explanations agree."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

import numpy as np

from limelight.types import Array

Key = tuple[str, Hashable]
"""A feature's name, and what tells it from others of that name."""

TOP = 5
FEW = 5
"""Fewer features, out of more, tell nothing of an order."""
DECIMALS = 6
FAINT = 0.05
"""A value below this share of its column's largest takes no side."""


class Column(NamedTuple):
    """One output of one explanation.

    Attributes
    ----------
    keys : tuple
        What tells each feature from the others, the same in every column.
    values, margins : ndarray of shape (n_features,)
        Margins are half of the 95 % intervals; infinite where they are not known.
    signed : bool
        Whether values say for or against; otherwise only how much.
    """

    name: str
    keys: tuple[Key, ...]
    values: Array
    margins: Array
    signed: bool = True


class Agreement(NamedTuple):
    """How far two columns agree on the features that both have, `common`, `of` those of the longer one."""

    common: int
    of: int
    rank: float
    top: int
    shared: int
    disagree: tuple[Key, ...]

    @property
    def few(self) -> bool:
        """Whether too few features are common to hold their order against one another."""
        return self.common < min(FEW, self.of)


def agree(a: Column, b: Column) -> Agreement:
    """Hold two columns against one another."""
    places = {key: i for i, key in enumerate(b.keys)}
    pairs = [(i, places[key]) for i, key in enumerate(a.keys) if key in places]
    first, second = (np.array([pair[side] for pair in pairs], int) for side in (0, 1))
    keys = [a.keys[i] for i in first]
    values = _told_apart(a.values[first]), _told_apart(b.values[second])
    margins = a.margins[first], b.margins[second]
    top = min(TOP, -(-len(keys) // 2))
    best = [set(_leading(each, top)) for each in values]
    apart = signs_differ(*values, *margins) & np.isin(np.arange(len(keys)), list(best[0] | best[1]))
    apart &= a.signed and b.signed
    found = Agreement(len(keys), max(len(a.keys), len(b.keys)), rank_agreement(*values), top, len(best[0] & best[1]),
                      tuple(keys[i] for i in np.flatnonzero(apart)))
    return found._replace(rank=float("nan")) if found.few else found


def rank_agreement(a: Array, b: Array) -> float:
    """Spearman's correlation of the absolute values; ties get their mean rank.

    Parameters
    ----------
    a, b : ndarray of shape (n_features,)

    Returns
    -------
    float
        NaN with fewer than two features, and where all are alike: there is no order.
    """
    from scipy.stats import rankdata

    x, y = (rankdata(np.abs(each)) for each in (a, b))
    if len(x) < 2 or not np.ptp(x) or not np.ptp(y):
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def signs_differ(a: Array, b: Array, margin_a: Array, margin_b: Array) -> Array:
    """Tell where two columns have different signs, beyond their errors and more than faintly.

    Parameters
    ----------
    a, b, margin_a, margin_b : ndarray of shape (n_features,)

    Returns
    -------
    bool ndarray of shape (n_features,)
    """
    return (np.sign(a) * np.sign(b) < 0) & _takes_side(a, margin_a) & _takes_side(b, margin_b)


def _told_apart(values: Array) -> Array:
    """To a millionth of the largest: what differs by rounding is to be a tie, and what does nothing zero."""
    most = np.abs(values).max(initial=0) or 1.0
    return np.round(values / most, DECIMALS) * most


def _takes_side(values: Array, margins: Array) -> Array:
    size = np.abs(values)
    return (size > margins) & (size >= FAINT * size.max(initial=0))


def _leading(values: Array, top: int) -> Array:
    """The most important features; those without any influence are none of them."""
    order = np.argsort(-np.abs(values), kind="stable")[:top]
    return order[values[order] != 0]
