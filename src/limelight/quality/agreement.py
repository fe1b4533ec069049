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


class Leading(NamedTuple):
    """How many of the `top` most important features of two columns are the same.

    After Krishna et al. 2022 (arXiv:2202.01602). Divided by `top`: `shared` is
    their feature agreement, `same_place` (with the same rank) rank agreement,
    `same_sign` sign agreement and `same_place_and_sign` signed rank agreement.
    """

    top: int
    shared: int
    same_place: int
    same_sign: int
    same_place_and_sign: int


def leading(a: Array, b: Array, top: int) -> Leading:
    """Hold the most important features of two columns against one another: values of shape (n_features,)."""
    first, second = (list(_leading(_told_apart(each), top)) for each in (a, b))
    shared = set(first) & set(second)
    placed = {i for i, j in zip(first, second, strict=False) if i == j}
    signed = {i for i in shared if np.sign(a[i]) == np.sign(b[i])}
    return Leading(top, len(shared), len(placed), len(signed), len(placed & signed))


def agree(a: Column, b: Column) -> Agreement:
    """Hold two columns against one another."""
    first, second = common(a, b)
    keys = [a.keys[i] for i in first]
    values = _told_apart(a.values[first]), _told_apart(b.values[second])
    margins = a.margins[first], b.margins[second]
    top = top_of(len(keys))
    best = [set(_leading(each, top)) for each in values]
    apart = signs_differ(*values, *margins) & np.isin(np.arange(len(keys)), list(best[0] | best[1]))
    apart &= a.signed and b.signed
    found = Agreement(len(keys), max(len(a.keys), len(b.keys)), rank_agreement(*values), top, len(best[0] & best[1]),
                      tuple(keys[i] for i in np.flatnonzero(apart)))
    return found._replace(rank=float("nan")) if found.few else found


def common(a: Column, b: Column) -> tuple[Array, Array]:
    """Places of the features that both have, in each."""
    places = {key: i for i, key in enumerate(b.keys)}
    pairs = [(i, places[key]) for i, key in enumerate(a.keys) if key in places]
    return np.array([i for i, _ in pairs], int), np.array([j for _, j in pairs], int)


def top_of(n_features: int) -> int:
    """How many of the most important features are held against one another: five, or half of fewer than nine."""
    return min(TOP, -(-n_features // 2))


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
    x, y = (_ranks(np.abs(each)) for each in (a, b))
    size = np.sqrt((x @ x) * (y @ y))
    return float(np.clip(x @ y / size, -1, 1)) if len(x) > 1 and size else float("nan")


def _ranks(size: Array) -> Array:
    """Ranks less their mean, in halves, so that they are exact; ties have their mean rank."""
    _, place, times = np.unique(size, return_inverse=True, return_counts=True)
    # Twice the mean rank of a run of ties: those before it, and itself.
    return (2 * np.cumsum(times) - times - len(size))[place].astype(float)


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
