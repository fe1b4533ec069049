"""Whether sums of attributions say what taking features out does to the output."""

from __future__ import annotations

import itertools
import math

import numpy as np

from limelight.types import Array

PAIRS = 64
"""Coalitions and their complements that infidelity draws."""
SUBSETS = 100
"""The most of a size that are drawn (Ancona et al. 2018 draw as many)."""
SIZES = 5
"""Of sensitivity-n, log-spaced from one feature to `LARGEST` of them."""
LARGEST = 0.8


def infidelity(values: Array, coalitions: Array, drops: Array, weights: Array | None = None,
               normalize: bool = False) -> Array:
    """Mean squared error of summed attributions as what is lost (Yeh et al. 2019, arXiv:1901.09392).

    `E_I[(I . values - (f(x) - f(x - I)))^2]`, where I tells what is absent.

    Of all attributions that add up to what all features do together, exact
    Shapley values have the least, if coalitions weigh as the Shapley kernel
    says (Lundberg & Lee 2017).

    Parameters
    ----------
    values : ndarray of shape (n_features,) or (n_features, k)
        Attributions, or k of them.
    coalitions : bool ndarray of shape (n, n_features)
        True is present.
    drops : ndarray of shape (n,)
        Output of everything less that of each coalition.
    weights : ndarray of shape (n,), optional
    normalize : bool
        Scale the sums first by what makes the error least, E[ab] / E[a^2], as captum's `normalize=True`.

    Returns
    -------
    ndarray of shape () or (k,)
    """
    sums, drops = _sums(values, coalitions, drops)
    if normalize:
        square = np.average(sums**2, axis=0, weights=weights)
        product = np.average(sums * drops, axis=0, weights=weights)
        sums = sums * np.divide(product, square, out=np.zeros_like(square), where=square > 0)
    return np.asarray(np.average((sums - drops) ** 2, axis=0, weights=weights))


def correlation(values: Array, coalitions: Array, drops: Array) -> Array:
    """Pearson's correlation of summed attributions with what is lost; NaN where either does not differ.

    Of subsets of one size: Bhatt et al. 2020 (arXiv:2005.00631). Shapes as of `infidelity`.
    """
    sums, drops = _sums(values, coalitions, drops)
    a, b = sums - sums.mean(0), drops - drops.mean(0)
    size = np.sqrt((a**2).sum(0) * (b**2).sum(0))
    flat = size <= 1e-12 * max(float(np.abs(drops).max()), 1e-300) * np.abs(sums).max()
    return np.where(flat, np.nan, (a * b).sum(0) / np.where(flat, 1, size))


def correlation_error(values: Array, coalitions: Array, drops: Array) -> float:
    """Standard error of `correlation` over subsets of one size, by its influence function; 0 where all were asked.

    That of subset j is `a_j b_j - r (a_j^2 + b_j^2) / 2`, where a and b are
    its sum and its drop, less their means and in their standard deviations.

    Parameters
    ----------
    values : ndarray of shape (n_features,)
    coalitions : bool ndarray of shape (n, n_features)
        Drawn without repeats.
    drops : ndarray of shape (n,)

    Returns
    -------
    float
        NaN where there is no correlation.
    """
    r = float(correlation(values, coalitions, drops))
    n, of = len(coalitions), math.comb(coalitions.shape[1], int((~coalitions[0]).sum()))
    if np.isnan(r) or n == of:
        return 0.0 if n == of else float("nan")
    a, b = ((each - each.mean()) / each.std() for each in _sums(values, coalitions, drops))
    influence = a * b - r * (a**2 + b**2) / 2
    return float(influence.std(ddof=1) * math.sqrt((1 - n / of) / n))


def sensitivity_n(values: Array, subsets: Array, drops: Array) -> Array:
    """Mean over sizes n of the correlation over subsets of n features (Ancona et al. 2018, arXiv:1711.06104).

    Parameters
    ----------
    values : ndarray of shape (n_features,) or (n_features, k)
    subsets : bool ndarray of shape (n, n_features)
        Coalitions left when a subset is taken out.
    drops : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape () or (k,)
        NaN where at no size there is anything to correlate.
    """
    sizes = subsets.sum(1)
    each = np.array([correlation(values, subsets[sizes == size], drops[sizes == size]) for size in np.unique(sizes)])
    known = ~np.isnan(each)
    total = np.where(known, each, 0).sum(0)
    return np.where(known.any(0), total / np.maximum(known.sum(0), 1), np.nan)


def sensitivity_n_error(values: Array, subsets: Array, drops: Array) -> float:
    """Standard error of `sensitivity_n`: sizes were drawn apart from one another. Shapes as there; values of one."""
    sizes = subsets.sum(1)
    each = np.array([correlation_error(values, subsets[sizes == size], drops[sizes == size])
                     for size in np.unique(sizes)])
    known = ~np.isnan(each)
    return float(np.sqrt((each[known] ** 2).sum()) / known.sum()) if known.any() else float("nan")


def infidelity_error(values: Array, coalitions: Array, drops: Array) -> float:
    """Standard error of `infidelity` of what `kernel_sample` drew, a pair being one sample; 0 where it listed all."""
    n, n_features = coalitions.shape
    if n_features == 1 or (n_features < 63 and n == 2**n_features - 2):
        return 0.0
    sums, drops = _sums(values, coalitions, drops)
    pairs = ((sums - drops) ** 2).reshape(2, -1).mean(0)
    return float(pairs.std(ddof=1) / math.sqrt(len(pairs)))


def kernel_sample(n_features: int, rng: np.random.Generator, everything: bool = False) -> tuple[Array, Array]:
    """Draw coalitions by the Shapley kernel, with their complements: (n, n_features) and weights (n,).

    A size s has the mass 1 / (s (n_features - s)).

    Parameters
    ----------
    everything : bool
        List all of them, with their weights; also where they are no more than would be drawn.
    """
    if n_features == 1:
        return np.zeros((1, 1), bool), np.ones(1)
    sizes = np.arange(1, n_features)
    mass = 1 / (sizes * (n_features - sizes))
    if everything or (n_features < 63 and 2**n_features <= 2 * PAIRS):
        rows = every(n_features)[1:-1]
        held = rows.sum(1)
        return rows, mass[held - 1] / np.array([math.comb(n_features, s) for s in held])
    drawn = rng.choice(sizes, PAIRS, p=mass / mass.sum())
    rows = _subsets(n_features, drawn, rng)
    return np.concatenate([rows, ~rows]), np.ones(2 * PAIRS)


def sizes_of(n_features: int) -> Array:
    """Sizes of the subsets that sensitivity-n takes out, log-spaced."""
    largest = max(1, int(LARGEST * n_features))
    return np.unique(np.geomspace(1, largest, SIZES).round().astype(int))


def left_by_subsets(n_features: int, size: int, rng: np.random.Generator) -> Array:
    """What is left when subsets of a size are taken out: all of that size, or `SUBSETS` of them, each once."""
    return ~_of_size(n_features, size, rng)


def every(n_features: int) -> Array:
    """All coalitions, nothing first and everything last: bool (2**n_features, n_features)."""
    return (np.arange(2**n_features)[:, None] >> np.arange(n_features) & 1).astype(bool)


def _of_size(n_features: int, size: int, rng: np.random.Generator) -> Array:
    if math.comb(n_features, size) <= SUBSETS:
        rows = np.zeros((math.comb(n_features, size), n_features), bool)
        np.put_along_axis(rows, np.array(list(itertools.combinations(range(n_features), size))), True, axis=1)
        return rows
    found = np.zeros((0, n_features), bool)
    while len(found) < SUBSETS:
        found = np.unique(np.concatenate([found, _subsets(n_features, np.full(SUBSETS, size), rng)]), axis=0)
    return rng.permutation(found)[:SUBSETS]


def _subsets(n_features: int, sizes: Array, rng: np.random.Generator) -> Array:
    order = rng.random((len(sizes), n_features)).argsort(1)
    return order < sizes[:, None]


def _sums(values: Array, coalitions: Array, drops: Array) -> tuple[Array, Array]:
    """Summed attributions of what is absent, and what is lost, in shapes that go together."""
    return ~coalitions @ values, drops if values.ndim == 1 else drops[:, None]
