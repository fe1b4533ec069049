"""Shapley values that are known: by enumeration, by quadrature, from trees, or by a very long run."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np

Array = np.ndarray
Value = Callable[[Array], Array]
"""What a coalition is worth: bool (m, n) -> float64 (m,)."""

CHUNK = 50_000


def coalitions(n: int) -> Array:
    """All of them, bool (2^n, n): feature j is present in row i if bit j of i is set."""
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool)


def by_enumeration(values: Array) -> Array:
    """Shapley values, shape (n,), from the values of all coalitions in the order of `coalitions`."""
    n = len(values).bit_length() - 1
    rows = np.arange(2**n)
    sizes = coalitions(n).sum(1)
    mass = np.array([1 / (n * comb(n - 1, size)) for size in range(n)])
    found = []
    for i in range(n):
        without = rows[rows >> i & 1 == 0]
        found.append(mass[sizes[without]] @ (values[without | 1 << i] - values[without]))
    return np.array(found)


def by_quadrature(weights: Array, present: Array, absent: Array) -> Array:
    """Shapley values of v(S) = sum_j weights_j prod_{i in S} present_ji prod_{i not in S} absent_ji.

    phi_i = int_0^1 sum_j weights_j (present_ji - absent_ji) prod_{k != i} (t present_jk + (1 - t) absent_jk) dt,
    a polynomial of degree n - 1 in t, so that ceil(n / 2) Gauss-Legendre nodes are exact (arXiv 2505.16516).

    Parameters
    ----------
    weights : ndarray of shape (m,)
    present, absent : ndarray of shape (m, n)
        Positive.

    Returns
    -------
    ndarray of shape (n,)
    """
    nodes, masses = np.polynomial.legendre.leggauss((present.shape[1] + 1) // 2)
    total = np.zeros(present.shape[1])
    for t, mass in zip((nodes + 1) / 2, masses / 2, strict=True):
        factors = t * present + (1 - t) * absent
        logs = np.log(factors)
        others = np.exp(logs.sum(1, keepdims=True) - logs)
        total += mass * weights @ ((present - absent) * others)
    return total


def relative(found: Array, exact: Array) -> float:
    """Relative squared error: ||found - exact||^2 / ||exact||^2."""
    return float(np.sum((found - exact) ** 2) / np.sum(exact**2))


def by_long_run(value: Value, n: int, pairs: int, seed: int = 0) -> tuple[Array, float]:
    """Estimate by regression on so many complementary pairs, their sizes drawn alike (Musco & Witter 2025).

    With h = (v(S) - v(complement)) / 2 and rows u = 1_S - |S|/n, weighed 1 / (s (n - s)) over
    the chance 1 / C(n, s) of a set, the drawn rows weigh 1 / (s (n - s)), repeats and all.

    Returns
    -------
    values : ndarray of shape (n,)
    error : float
        Expected ||values - truth||^2 / ||truth||^2, from the sandwich covariance over pairs.
    """
    rng = np.random.default_rng(seed)
    ends = value(np.repeat([[False], [True]], n, axis=1))
    total = ends[1] - ends[0]
    gram, moment, drawn = np.zeros((n, n)), np.zeros(n), []
    for start in range(0, pairs, CHUNK):
        rows = _size_uniform(n, min(CHUNK, pairs - start), rng)
        sizes = rows.sum(1)
        rest = (value(rows) - value(~rows)) / 2 - (sizes / n - 0.5) * total
        u = rows - sizes[:, None] / n
        weights = 1 / (sizes * (n - sizes))
        gram += (u * weights[:, None]).T @ u
        moment += u.T @ (weights * rest)
        drawn.append((np.packbits(rows, axis=1), rest))
    inverse = np.linalg.inv(gram + np.trace(gram) / n**2)  # rows sum to zero: so must the answer
    beta = inverse @ moment
    meat = sum((_scores(np.unpackbits(bits, axis=1, count=n), rest, beta) for bits, rest in drawn), np.zeros((n, n)))
    values = beta + total / n
    return values, float(np.trace(inverse @ meat @ inverse) / (values @ values))


def _scores(rows: Array, rest: Array, beta: Array) -> Array:
    """Sum of w^2 residual^2 u u^T over pairs."""
    n = rows.shape[1]
    sizes = rows.sum(1)
    u = rows - sizes[:, None] / n
    scores = u * ((rest - u @ beta) / (sizes * (n - sizes)))[:, None]
    return scores.T @ scores


def _size_uniform(n: int, rows: int, rng: np.random.Generator) -> Array:
    """Sizes 1 ... n - 1 alike, subsets of a size alike: bool (rows, n)."""
    sizes = rng.integers(1, n, rows)
    drawn = rng.random((rows, n))
    return drawn <= np.take_along_axis(np.sort(drawn, axis=1), sizes[:, None] - 1, axis=1)
