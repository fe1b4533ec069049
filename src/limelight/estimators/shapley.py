"""Shapley values: by a process over odd games, or by regression on complementary pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from limelight.estimators import log_odds_process, odd_process
from limelight.estimators.averaged import Answer, averaged
from limelight.estimators.odd_kernel import OddKernel, kernel_weights
from limelight.estimators.regression import LEAST_PAIRS, Rows, fit_rows, size_weights
from limelight.neighborhood import Neighborhood
from limelight.types import Array, Estimate

FEWEST_FEATURES, MOST_FEATURES = 3, 1000
"""Of the odd process."""
MOST_TO_CHOOSE_FOR = 100
"""Features of a run whose pairs are chosen. With many more, those of single features and those that are drawn before
any is chosen are more than hyper-parameters are fitted to."""
MOST_PAIRS = 2000
"""It reads no more: its work grows with their cube."""
TRUST = 0.7
"""Power of how much less an average misses than the odd process alone, in its variance: it is the best of several for
the pairs that it was weighed by. Chosen like the shares of that variance."""
NAMED = 0.1
"""The least share of an estimator that `params["route"]` names."""


def shapley(neighborhood: Neighborhood) -> Estimate:
    """Estimate Shapley values; with all coalitions in, they are exact.

    Up to a thousand features a Gaussian process over odd games answers (see
    `odd_process`), of probabilities together with one over their log-odds (see
    `log_odds_process`), averaged with the regression by how well each predicts
    pairs that it has not seen; `params["route"]` says which of them count.

    The regression: least squares under the Shapley kernel with sum(values) =
    v(everything) - v(nothing) (Lundberg & Lee 2017), on complementary pairs
    (Covert & Lee 2021) whose sizes are drawn alike (Musco & Witter 2025), each
    size weighing what it should. Fidelity and effective samples are its own.
    Values that the neighborhood has in closed form are returned as they are.

    Parameters
    ----------
    neighborhood : Neighborhood

    Returns
    -------
    Estimate
    """
    fit = regression(neighborhood)
    if neighborhood.closed_form is not None:
        return replace(neighborhood.closed_form, fidelity=fit.fidelity, effective_samples=fit.effective_samples)
    x, h = odd_pairs(neighborhood)
    if not fit.exact and suits_odd_process(neighborhood.n_features) and len(x) >= LEAST_PAIRS:
        fit = _by_process(fit, x[:MOST_PAIRS], h[:MOST_PAIRS], neighborhood)
    fit = replace(fit, params={"route": fit.params["route"]})  # and not what it was chosen by
    return fit if fit.exact or telling(x) >= LEAST_PAIRS else _without_errors(fit)


def telling(x: Array) -> int:
    """How many pairs tell of interactions: those of one feature and all others fit any game that adds up."""
    size = (x > 0).sum(1)
    return int((np.minimum(size, x.shape[1] - size) > 1).sum())


def _without_errors(fit: Estimate) -> Estimate:
    return replace(fit, std_error=np.full_like(fit.std_error, np.inf), fidelity=np.full_like(fit.fidelity, np.nan))


def suits_odd_process(n_features: int) -> bool:
    """True where there are neither too few features nor too many for it."""
    return FEWEST_FEATURES <= n_features <= MOST_FEATURES


def suits_choosing(n_features: int) -> bool:
    """True where pairs may be chosen for what the odd process doubts."""
    return FEWEST_FEATURES <= n_features <= MOST_TO_CHOOSE_FOR


def odd_pairs(neighborhood: Neighborhood) -> tuple[Array, Array]:
    """Pairs as the odd process reads them: +1 and -1, (p, n_features), and half their difference, (p, n_outputs)."""
    earlier, later = neighborhood.pairs
    return (2.0 * neighborhood.coalitions[earlier] - 1,
            (neighborhood.outputs[earlier] - neighborhood.outputs[later]) / 2)


def _by_process(fit: Estimate, x: Array, h: Array, neighborhood: Neighborhood) -> Estimate:
    """Average each output of the regression and of the process, by what they miss of pairs that they have not seen."""
    kernel = odd_process.fitted(x, h, neighborhood.memo.setdefault("odd process", {}))
    found = odd_process.posterior(x, h, kernel)
    weights = kernel_weights(x[1:])
    odd = Answer(found.values, found.residuals[1:])
    process, doubt = _with_log_odds(odd, x, kernel, neighborhood, weights)
    both, share = averaged(process, Answer(fit.values, fit.params["residuals"][: len(x) - 1]), weights)
    variance = found.variance * _ratio(both.miss(weights), odd.miss(weights)) ** TRUST + share**2 * doubt
    if len(x) == MOST_PAIRS:  # the regression may have read many more
        share = np.where(variance.sum(0) <= (fit.std_error**2).sum(0), share, 0)
    routes = [name for name, part in (("odd process", share), ("regression", 1 - share)) if (part > NAMED).any()]
    return replace(fit, values=np.where(share > 0, both.values, fit.values),
                   std_error=np.where(share > 0, np.sqrt(variance), fit.std_error), dof=len(x) - 1,
                   params={"route": " and ".join(routes)})


def _with_log_odds(odd: Answer, x: Array, kernel: OddKernel, neighborhood: Neighborhood, weights: Array
                   ) -> tuple[Answer, Array]:
    """Average the odd process's answer and that of log-odds, for probabilities; and what drawing adds."""
    values, missed, doubt = odd.values.copy(), odd.missed.copy(), np.zeros_like(odd.values)
    inside = log_odds_process.suits(neighborhood.n_features, neighborhood.outputs)
    if inside.any():
        earlier, later = (neighborhood.outputs[rows[: len(x)]][:, inside] for rows in neighborhood.pairs)
        fits = neighborhood.memo.setdefault(("log-odds process", inside.tobytes()), {})
        told = log_odds_process.told(x, earlier, later, kernel, fits)
        mean, share = averaged(Answer(values[:, inside] + told.change, told.residuals[1:]),
                               Answer(values[:, inside], missed[:, inside]), weights)
        values[:, inside], missed[:, inside], doubt[:, inside] = mean.values, mean.missed, share**2 * told.variance
    return Answer(values, missed), doubt


def _ratio(a: Array, b: Array) -> Array:
    """a / b, and 1 where both are 0."""
    return np.where(b > 0, a / np.where(b > 0, b, 1), 1)


def regression(neighborhood: Neighborhood) -> Estimate:
    """Fit the paired regression; `params["residuals"]` holds those of each pair but the first, without it.

    In a pair all even interactions cancel, so features left out alone are read
    only until there are pairs enough.
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
    weights = size_weights(rows, mass)
    fit = fit_rows(rows, rows.present @ basis, rest, weights, basis)
    held_out = fit.params["held_out"] / np.sqrt(weights)[:, None]
    return replace(fit, values=fit.values + total / n_features, params={
        "route": "enumeration" if rows.complete else "regression",
        "residuals": (held_out[rows.earlier] - held_out[rows.later]) / 2})


def _inner(rows: Rows) -> Rows:
    """Rows but nothing and everything; only those in pairs once these are enough."""
    n_features = rows.present.shape[1]
    a, b = rows.earlier[1:], rows.later[1:]  # the first pair is nothing and everything
    enough = len(a) >= n_features or rows.complete
    kept = np.sort(np.concatenate([a, b])) if enough else np.arange(2, len(rows.present))
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
                    np.full(len(total), np.nan), len(rows.present), {"route": "enumeration"})
