"""Shapley values, by regression on complementary pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from limelight.estimators.regression import Rows, fit_rows, size_weights
from limelight.neighborhood import Neighborhood
from limelight.types import Array, Estimate


def shapley(neighborhood: Neighborhood) -> Estimate:
    """Estimate Shapley values; with all coalitions in, they are exact.

    Least squares under the Shapley kernel with sum(values) = v(everything) -
    v(nothing) (Lundberg & Lee 2017), on complementary pairs (Covert & Lee
    2021) whose sizes are drawn alike (Musco & Witter 2025), each size weighing
    what it should. In a pair all even interactions cancel, so features left
    out alone are read only until there are pairs enough. Values that the
    neighborhood has in closed form are returned as they are, with the
    fidelity of this fit.

    Parameters
    ----------
    neighborhood : Neighborhood

    Returns
    -------
    Estimate
    """
    everything = Rows.of(neighborhood)
    nothing, full = neighborhood.outputs[0], neighborhood.outputs[1]
    n_features = neighborhood.n_features
    rows = _inner(everything)
    total = full - nothing
    if n_features == 1:
        return _single(everything, total)
    sizes = np.arange(1, n_features)
    mass = np.concatenate([[0], 1 / (sizes * (n_features - sizes)), [0]])
    basis = _sum_free_basis(n_features)
    rest = rows.outputs - nothing - np.outer(rows.sizes / n_features, total)
    fit = fit_rows(rows, rows.present @ basis, rest, size_weights(rows, mass), basis)
    if neighborhood.closed_form is not None:
        return replace(neighborhood.closed_form, fidelity=fit.fidelity, effective_samples=fit.effective_samples)
    route = "enumeration" if rows.complete else "regression"
    return replace(fit, values=fit.values + total / n_features, params={"route": route})


def _inner(rows: Rows) -> Rows:
    """Rows but nothing and everything; only those in pairs once these are enough."""
    n_features = rows.present.shape[1]
    a, b = rows.earlier[1:], rows.later[1:]  # the first pair is nothing and everything
    if len(a) >= 2 * n_features or rows.complete:
        kept = np.sort(np.concatenate([a, b]))
    else:
        kept = np.arange(2, len(rows.present))
    return replace(rows, present=rows.present[kept], outputs=rows.outputs[kept],
                   earlier=np.searchsorted(kept, a), later=np.searchsorted(kept, b))


def _sum_free_basis(n_features: int) -> Array:
    """Orthonormal columns that sum to zero, shape (n_features, n_features - 1) (Helmert)."""
    k = np.arange(1, n_features)
    basis = np.triu(np.ones((n_features, n_features - 1)))
    basis[k, k - 1] = -k
    return basis / np.sqrt(k * (k + 1))


def _single(rows: Rows, total: Array) -> Estimate:
    values = total[None]
    return Estimate(values, np.zeros_like(values), np.inf, True,
                    np.full(len(total), np.nan), len(rows.present), {})
