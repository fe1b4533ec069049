"""Weighted least squares whose errors count a pair of coalitions as one sample."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cho_solve

from limelight.neighborhood import Neighborhood
from limelight.types import Array, Estimate

LEAST_WEIGHT = 1e-6
LEAST_PIVOT = 1e-8
"""Below this the normal equations are too near to singular for Cholesky."""
LEAST_PAIRS = 10
"""No interval, and no stopping, before so many samples: they would cover too little."""


@dataclass(frozen=True)
class Rows:
    """What a fit reads: rows, and which of them are pairs.

    Attributes
    ----------
    present : ndarray of shape (n, n_features), bool
    outputs : ndarray of shape (n, n_outputs)
    earlier, later : ndarray of shape (n_pairs,)
        Rows that are complements of one another.
    paired : bool
        False where coalitions are drawn one by one (the "bins" law).
    complete : bool
        True when every coalition is in: nothing was left to chance.
    """

    present: Array
    outputs: Array
    earlier: Array
    later: Array
    paired: bool
    complete: bool

    @classmethod
    def of(cls, neighborhood: Neighborhood) -> Rows:
        return cls(neighborhood.coalitions, neighborhood.outputs, *neighborhood.pairs,
                   neighborhood.law != "bins", neighborhood.complete)

    @cached_property
    def sizes(self) -> Array:
        sizes: Array = self.present.sum(1)
        return sizes

    @property
    def n_samples(self) -> int:
        return len(self.later) if self.paired else len(self.present)

    def sampled(self) -> Array:
        """Share of variance that sampling leaves: 1 - rows / coalitions of that size, by row."""
        n_features = self.present.shape[1]
        if not self.paired:
            return np.ones(len(self.present))
        # Python's own whole numbers: of a thousand features there are more coalitions than a float can hold.
        counts = np.bincount(self.sizes, minlength=n_features + 1).tolist()
        return np.array([1 - c / math.comb(n_features, s) for s, c in enumerate(counts)])[self.sizes]


def size_weights(rows: Rows, mass: Array) -> Array:
    """Weigh rows so that each size has its mass, shape (n,).

    A size's mass is shared by the rows there are of it (post-stratification);
    the weights of n rows sum to n times the mass of the sizes seen. While
    coalitions are missing, no weight is below a millionth of the mean: such
    rows, often all there is of a feature at first, would drown in rounding.
    When all are in, the same goes for a million times less.
    """
    counts = np.bincount(rows.sizes, minlength=len(mass))
    weights = len(rows.present) * (mass / np.maximum(counts, 1))[rows.sizes]
    floor = (LEAST_WEIGHT**2 if rows.complete else LEAST_WEIGHT) * weights.mean()
    return np.where(weights > 0, np.maximum(weights, floor), 0.0)


def surrogate(rows: Rows, weights: Array, ridge: float = 0.0) -> Estimate:
    """Fit outputs = intercept + present @ values, weighted.

    Parameters
    ----------
    rows : Rows
    weights : ndarray of shape (n,)
    ridge : float
        Added to the diagonal of the normal equations, the intercept apart.

    Returns
    -------
    Estimate
        `params` holds the intercept, shape (n_outputs,), and the number of rows that were read.
    """
    absent = ~rows.present
    centre = weights @ absent / weights.sum()
    design = np.ones((len(absent), len(centre) + 1))
    np.subtract(absent, centre, out=design[:, 1:])
    penalty = np.full(design.shape[1], float(ridge))
    penalty[0] = 0
    to_values = -np.eye(len(penalty))[1:]
    fit = fit_rows(rows, design, rows.outputs, weights, to_values, penalty)
    intercept = fit.params["coefficients"][0] + (centre - 1) @ fit.values
    return Estimate(**{**vars(fit), "params": {"intercept": intercept, "n_read": len(absent)}})


def fit_rows(rows: Rows, design: Array, outputs: Array, weights: Array,
             to_values: Array, penalty: Array | None = None) -> Estimate:
    """Solve the normal equations; errors by the HC3 sandwich over samples.

    A sample is a pair of complements, or a row without one. Its residuals are
    those of a fit without it (leverage-corrected, MacKinnon & White 1985, by
    blocks as in Bell & McCaffrey 2002), and its variance counts only for the
    share of its size that was not drawn (sampling without replacement).

    Parameters
    ----------
    rows : Rows
    design : ndarray of shape (n, p)
    outputs : ndarray of shape (n, n_outputs)
    weights : ndarray of shape (n,)
    to_values : ndarray of shape (n_features, p)
        Turns coefficients into values.
    penalty : ndarray of shape (p,), optional
    """
    root = np.sqrt(weights)[:, None]
    scaled = root * design
    gram = scaled.T @ scaled
    if penalty is not None:
        gram[np.diag_indices_from(gram)] += penalty
    inverse = _inverse(gram)
    coefficients = inverse @ (scaled.T @ (root * outputs))
    held_out = _held_out(rows, scaled, scaled @ inverse, root * outputs - scaled @ coefficients)
    values = to_values @ coefficients
    known = rows.n_samples >= LEAST_PAIRS
    if rows.complete:
        std_error = np.zeros_like(values)
    elif known:
        std_error = _std_error(rows, scaled @ (inverse @ to_values.T), held_out)
    else:
        std_error = np.full_like(values, np.inf)
    return Estimate(values, std_error, max(0, rows.n_samples - 1), rows.complete,
                    explained(rows.outputs, weights, (held_out**2).sum(0)) if known or rows.complete
                    else np.full(values.shape[1], np.nan),
                    _effective_samples(rows, weights), {"coefficients": coefficients, "held_out": held_out})


def _inverse(gram: Array) -> Array:
    """Pseudo-inverse, scaled to a unit diagonal first: what weighs little is not taken for nothing."""
    root = np.sqrt(gram.diagonal())
    scale = np.outer(*2 * [np.where(root > 0, root, 1)])
    try:
        factor = np.linalg.cholesky(gram / scale)
        if factor.diagonal().min() ** 2 > LEAST_PIVOT:
            return cho_solve((factor, True), np.eye(len(gram))) / scale
    except np.linalg.LinAlgError:
        pass  # singular: the pseudo-inverse below takes it
    return np.linalg.pinv(gram / scale, hermitian=True) / scale


def _held_out(rows: Rows, scaled: Array, projected: Array, residuals: Array) -> Array:
    """Residuals (times root weight) of each row under the fit without its sample."""
    a, b = rows.earlier, rows.later
    keep = 1 - np.einsum("ij,ij->i", projected, scaled)
    shared = np.einsum("ij,ij->i", projected[a], scaled[b])
    held_out = residuals / np.where(keep > 1e-9, keep, 1)[:, None]
    determinant = keep[a] * keep[b] - shared**2
    scale = np.where(determinant > 1e-9, determinant, np.inf)[:, None]
    solved_a = (keep[b, None] * residuals[a] + shared[:, None] * residuals[b]) / scale
    solved_b = (keep[a, None] * residuals[b] + shared[:, None] * residuals[a]) / scale
    singular = np.isinf(scale)
    held_out[a] = np.where(singular, residuals[a], solved_a)
    held_out[b] = np.where(singular, residuals[b], solved_b)
    return held_out


def _std_error(rows: Rows, influence: Array, held_out: Array) -> Array:
    """Root of the summed squares of the samples' influences, shape (n_features, n_outputs)."""
    a, b = rows.earlier, rows.later
    moved = held_out * np.sqrt(np.maximum(rows.sampled(), 0))[:, None]
    variance = (influence**2).T @ moved**2
    variance += 2 * (influence[a] * influence[b]).T @ (moved[a] * moved[b])
    return np.sqrt(np.maximum(variance, 0))


def _effective_samples(rows: Rows, weights: Array) -> float:
    """(sum w)^2 / sum w^2, over pairs' rows: nothing and everything are no samples, they are certain."""
    sizes, n_features = rows.sizes, rows.present.shape[1]
    drawn = weights[(sizes > 0) & (sizes < n_features)] if rows.paired and n_features > 1 else weights
    drawn = drawn / drawn.max()  # or the squares of very small ones would be 0
    return float(drawn.sum() ** 2 / (drawn @ drawn))


def explained(outputs: Array, weights: Array, missed: Array) -> Array:
    """Weighted R2, shape (n_outputs,), of the summed squares that were missed; NaN where outputs don't differ."""
    total = max(weights.sum(), 1e-300)
    spread = weights @ (outputs - weights @ outputs / total) ** 2
    flat = spread <= 1e-24 * total
    return np.where(flat, np.nan, 1 - missed / np.where(flat, 1, spread))
