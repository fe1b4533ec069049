"""Whether sums of attributions say what taking features out does to the output."""

from __future__ import annotations

import itertools
import math

import numpy as np

from limelight.types import Array

PAIRS = 64
"""Coalitions and their complements that infidelity draws."""
SUBSETS = 100
"""Of each size that sensitivity-n draws (Ancona et al. 2018 draw as many)."""
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


def left_by_subsets(n_features: int, rng: np.random.Generator) -> Array:
    """What is left when subsets of a few sizes are taken out: all of a size, or `SUBSETS` of them, each once."""
    largest = max(1, int(LARGEST * n_features))
    sizes = np.unique(np.geomspace(1, largest, SIZES).round().astype(int))
    return ~np.concatenate([_of_size(n_features, int(size), rng) for size in sizes])


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
