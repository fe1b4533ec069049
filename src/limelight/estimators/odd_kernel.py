"""A prior over odd games, and what it says of their Shapley values in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import gammaln

from limelight.types import Array

MOST_NODES = 16
"""Gauss-Legendre nodes; n / 2 are exact for n features, and sixteen are right to rounding for a thousand."""


@dataclass(frozen=True)
class OddKernel:
    """Covariance of h(S) = (v(S) - v(not S)) / 2, which alone decides the Shapley values.

    With x = +1 for what is present and -1 for what is absent, and
    b = sum_i theta_i x_i x'_i, t = sum_i theta_i,

        k(x, x') = sinh(b) / sinh(t) + linear * b / t + noise * (1 + linear) * [x = x'].

    sinh(b) is the odd part of prod_i (1 + tanh(theta_i) x_i x'_i): an
    interaction of odd order has the product of its members' tanh(theta_i) as
    its prior variance. The linear term lets main effects be larger than the
    decay with order says. The last term is
    what the others can't describe. It belongs to the game, each coalition has
    its own, and it counts in the values; so the answer is exact, and its
    variance 0, once all coalitions are in.

    Attributes
    ----------
    theta : ndarray of shape (n_features,)
        Positive.
    linear, noise : float
    """

    theta: Array
    linear: float
    noise: float

    @property
    def jitter(self) -> float:
        """Variance of the part that every coalition has for itself."""
        return self.noise * (1 + self.linear)

    @property
    def variance(self) -> float:
        """k(x, x), the same for all x."""
        return 1 + self.linear + self.jitter

    @cached_property
    def total(self) -> float:
        return float(self.theta.sum())

    def between(self, a: Array, b: Array) -> Array:
        """Covariance of different coalitions, shape (len(a), len(b)); the noise apart."""
        together = (a * self.theta) @ b.T
        grown, shrunk, scale = self._halves(together)
        return (grown - shrunk) / scale + (self.linear / self.total) * together

    def among(self, x: Array) -> Array:
        """Covariance of rows of which no two are the same or complements, shape (p, p)."""
        matrix = self.between(x, x)
        matrix[np.diag_indices_from(matrix)] += self.jitter
        return matrix

    def parts(self, b: Array) -> tuple[Array, Array, Array]:
        """Covariance without noise, sinh(b) / sinh(t) and cosh(b) / sinh(t)."""
        grown, shrunk, scale = self._halves(b)
        odd = (grown - shrunk) / scale
        return odd + (self.linear / self.total) * b, odd, (grown + shrunk) / scale

    def _halves(self, b: Array) -> tuple[Array, Array, float]:
        """exp(b) and exp(-b) over exp(t), and 2 sinh(t) over exp(t)."""
        return np.exp(b - self.total), np.exp(-b - self.total), -np.expm1(-2 * self.total)

    def with_values(self, x: Array) -> Array:
        """Covariance of h(x) and the Shapley values, shape (p, n_features).

        A Walsh coefficient of order m adds 2 / m of itself to each member's
        value, and 1 / m is the integral of s^(m - 1) from 0 to 1:

            cov_i = 2 c lambda_i x_i int_0^1 even part of prod_(k not i) (1 + s lambda_k x_k) ds

        with lambda = tanh(theta), c = prod cosh(theta) / sinh(t). At a node s
        the product is exp(x @ atanh(s lambda)) but for a factor; two matrix
        products do all features at once.
        """
        nodes, weights = quadrature(len(self.theta))
        lam = np.tanh(self.theta)
        shrunk = np.outer(nodes, lam)
        cosh = 1 / np.sqrt((1 - shrunk) * (1 + shrunk))
        tilt = np.arctanh(shrunk)
        most = tilt.sum(1)  # taken out of the exponents here, and put back where it is balanced
        scale = self._log_scale + most - np.log(cosh).sum(1)
        others = cosh * (np.exp(scale) * weights)[:, None]
        together = x @ tilt.T
        grown, shrinking = np.exp(together - most), np.exp(-together - most)
        even, odd = (grown + shrinking) / 2, (grown - shrinking) / 2
        smooth = x * (even @ (others * cosh)) - odd @ (others * shrunk * cosh)
        return (2 * lam * smooth + 2 * self.linear / self.total * self.theta * x
                + self.jitter * pair_weights(x))

    @cached_property
    def value_variance(self) -> Array:
        """Prior variance of the Shapley values, shape (n_features,)."""
        n_features = len(self.theta)
        nodes, weights = quadrature(n_features)
        lam = np.tanh(self.theta)
        shrunk = np.outer(np.outer(nodes, nodes), lam)
        up, down = np.log1p(shrunk), np.log1p(-shrunk)
        others = sum(np.exp(part.sum(1, keepdims=True) - part + self._log_scale) for part in (up, down))
        smooth = 2 * lam * (np.outer(weights, weights).ravel() @ others)
        return smooth + 4 * self.linear / self.total * self.theta + self.jitter * _noise_share(n_features)

    @property
    def _log_scale(self) -> float:
        """Logarithm of prod cosh(theta) / sinh(t): both are huge for many features."""
        halves = np.log1p(np.exp(-2 * self.theta)).sum() - len(self.theta) * np.log(2)
        return float(halves + np.log(2) - np.log(-np.expm1(-2 * self.total)))


def pair_weights(x: Array) -> Array:
    """Weight of each pair in the Shapley values, shape (p, n_features): values = weights' h over all pairs.

    (s - 1)! (n - s)! / n! twice, for the s members of a coalition, and the
    other sign for the rest: the definition, with complements taken together.
    """
    n_features = x.shape[1]
    member = x > 0
    size = np.where(member, member.sum(1, keepdims=True), (~member).sum(1, keepdims=True))
    return 2 * x * np.exp(gammaln(size) + gammaln(n_features - size + 1) - gammaln(n_features + 1))


def kernel_weights(x: Array) -> Array:
    """Weight of pairs in the Shapley kernel, where their sizes are drawn alike: 1 / (s (n - s))."""
    size = (x > 0).sum(1)
    return 1 / (size * (x.shape[1] - size))


def _noise_share(n_features: int) -> float:
    """Summed squares of `pair_weights` over all pairs, for one feature: it is in one row of each."""
    size = np.arange(1, n_features + 1)
    return float(4 * np.exp(gammaln(size) + gammaln(n_features - size + 1)
                            + gammaln(n_features) - 2 * gammaln(n_features + 1)).sum())


@lru_cache
def quadrature(n_features: int) -> tuple[Array, Array]:
    """Nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(min(MOST_NODES, (n_features + 1) // 2))
    return (nodes + 1) / 2, weights / 2
