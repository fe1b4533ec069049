"""A prior over even games, and what it says of their pairwise interactions in closed form."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from limelight.estimators.odd_kernel import quadrature
from limelight.types import Array

CONSTANT = 100.0
"""Prior variance of the level, in units of the smooth part's: as good as unknown."""


@dataclass(frozen=True)
class EvenKernel:
    """Covariance of e(S) = (v(S) + v(not S)) / 2, which alone decides the pairwise interactions.

    The even counterpart of `OddKernel`. With x = +1 for what is present and -1
    for what is absent, b = sum_i theta_i x_i x'_i, t = sum_i theta_i and
    q = sum_i theta_i^2,

        k(x, x') = (sinh(b / 2) / sinh(t / 2))^2 + pairwise * (b^2 - q) / (t^2 - q)
                   + a constant + noise * [x = x'].

    The first term is (cosh(b) - 1) / (cosh(t) - 1): an interaction of even
    order has the product of its members' tanh(theta_i) as its prior variance.
    The second lets pairs be larger than the decay with order says. The last
    belongs to the game, each coalition has its own, and it counts in the
    values; so the answer is exact once all coalitions are in.

    Attributes
    ----------
    theta : ndarray of shape (n_features,)
        Positive.
    pairwise, noise : float
    """

    theta: Array
    pairwise: float
    noise: float

    @property
    def jitter(self) -> float:
        """Variance of the part that every coalition has for itself."""
        return self.noise * (1 + self.pairwise)

    @cached_property
    def total(self) -> float:
        return float(self.theta.sum())

    @cached_property
    def pairs(self) -> float:
        """t^2 - q: what the pairwise term is divided by."""
        return self.total**2 - float(self.theta @ self.theta)

    def between(self, a: Array, b: Array) -> Array:
        """Covariance of different coalitions, shape (len(a), len(b)); the noise apart."""
        together = (a * self.theta) @ b.T
        return self.halves(together)[0] ** 2 + self.pairwise * self.of_pairs(together) + CONSTANT

    def among(self, x: Array) -> Array:
        """Covariance of rows of which no two are the same or complements, shape (p, p)."""
        matrix = self.between(x, x)
        matrix[np.diag_indices_from(matrix)] += self.jitter
        return matrix

    def halves(self, b: Array) -> tuple[Array, Array]:
        """sinh(b / 2) / sinh(t / 2) and cosh(b / 2) / sinh(t / 2)."""
        grown = np.exp((b - self.total) / 2)
        shrunk = np.exp(-self.total) / grown
        scale = -np.expm1(-self.total)
        return (grown - shrunk) / scale, (grown + shrunk) / scale

    def of_pairs(self, b: Array) -> Array:
        """Covariance of the interactions of two: (b^2 - q) / (t^2 - q)."""
        return (b**2 - self.theta @ self.theta) / self.pairs

    def with_interactions(self, x: Array) -> Array:
        """Covariance of e(x) and the interactions, shape (p, n_features, n_features).

        A Walsh coefficient of order m adds 4 / (m - 1) of itself to the
        interaction of any two of its members, and 1 / (m - 1) is the integral
        of s^(m - 2) from 0 to 1:

            cov_ij = 4 c lambda_i lambda_j x_i x_j int_0^1 even part of prod_(k not i, j) (1 + s lambda_k x_k) ds

        with lambda = tanh(theta), c = prod cosh(theta) / (cosh(t) - 1).
        """
        lam, (nodes, weights) = np.tanh(self.theta), quadrature(len(self.theta))
        smooth = np.zeros((len(x), len(lam), len(lam)))
        for node, weight in zip(nodes, weights, strict=True):
            for sign in (node, -node):
                factors = 1 + sign * lam * x
                others = np.exp(np.log(factors).sum(1) + math.log(weight / 2))
                smooth += others[:, None, None] / (factors[:, :, None] * factors[:, None])
        each = 4 * self._scale * np.outer(lam, lam) * smooth + 8 * self.pairwise / self.pairs * np.outer(
            self.theta, self.theta)
        return each * x[:, :, None] * x[:, None] + self.jitter * interaction_weights(x)

    @cached_property
    def interaction_variance(self) -> Array:
        """Prior variance of the interactions, shape (n_features, n_features)."""
        lam, (nodes, weights) = np.tanh(self.theta), quadrature(len(self.theta))
        share, weight = np.outer(nodes, nodes).ravel(), np.outer(weights, weights).ravel()
        smooth = np.zeros((len(lam), len(lam)))
        for sign in (1, -1):
            factors = 1 + sign * share[:, None] * lam
            others = weight / 2 * np.exp(np.log(factors).sum(1))
            smooth += (others[:, None] / factors).T @ (1 / factors)
        return (16 * self._scale * np.outer(lam, lam) * smooth
                + 32 * self.pairwise / self.pairs * np.outer(self.theta, self.theta)
                + self.jitter * _noise_share(len(lam)))

    @property
    def _scale(self) -> float:
        """prod cosh(theta) / (cosh(t) - 1), in logarithms: both are huge for many features."""
        halves = np.log1p(np.exp(-2 * self.theta)).sum() - len(self.theta) * math.log(2)
        return float(2 * np.exp(halves) / np.expm1(-self.total) ** 2)


def interaction_weights(x: Array) -> Array:
    """Weight of each pair of complements: interactions = sum of weights * e over all of them.

    Twice k! (n - k - 2)! / (n - 1)!, where k counts the others with the two
    that are on one side (negative: that are on different sides). Shape
    (p, n_features, n_features).
    """
    n_features = x.shape[1]
    size = (x > 0).sum(1)[:, None, None]
    inside = (x[:, :, None] > 0).astype(int) + (x[:, None] > 0)
    others = np.clip(size - inside, 0, n_features - 2)
    weight = np.exp(gammaln(others + 1) + gammaln(n_features - others - 1) - gammaln(n_features))
    return 2 * weight * x[:, :, None] * x[:, None]


def _noise_share(n_features: int) -> float:
    """Summed squares of `interaction_weights` over all pairs, for one interaction."""
    k = np.arange(n_features - 1)
    ways = gammaln(n_features - 1) - gammaln(k + 1) - gammaln(n_features - 1 - k)
    weight = gammaln(k + 1) + gammaln(n_features - k - 1) - gammaln(n_features)
    # Four ways to hold the two, for every coalition of the others; complements are counted once.
    return float((2 * 4 * np.exp(ways + 2 * weight)).sum())
