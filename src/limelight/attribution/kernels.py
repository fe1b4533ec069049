"""Machines with an RBF kernel: products of one factor a feature, whose Shapley values are an integral."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from limelight.attribution._inputs import Inputs
from limelight.types import Array, OutputSpace

_CHUNK = 1 << 17
"""Numbers to work on at once: a megabyte, which the cache holds."""
_CERTAIN = 1e-16


class Term(NamedTuple):
    """`scale * exp(-sum_c rates_c (x_c - s_c)^2)`: rates of shape (n_columns,)."""

    scale: float
    rates: Array


@dataclass(frozen=True)
class Kernel:
    """A weighted sum of kernels around centers.

    Attributes
    ----------
    centers : ndarray of shape (n_centers, n_columns)
    weights : ndarray of shape (n_centers, n_sums)
    intercept : ndarray of shape (n_sums,)
    terms : tuple of Term
        The kernel is their sum.
    """

    centers: Array
    weights: Array
    intercept: Array
    terms: tuple[Term, ...]
    precision: float = float(np.finfo(float).eps)
    route: ClassVar[str] = "kernel"
    takes_missing: ClassVar[bool] = False

    def shapley(self, inputs: Inputs) -> Array:
        """Shapley values of the products, exact to rounding: (n_features, n_sums)."""
        values = np.zeros((inputs.n_features, self.weights.shape[1]))
        for term in self.terms:
            near = self._logs(term, inputs, inputs.x)
            for row in inputs.background:
                far = self._logs(term, inputs, row)
                values += term.scale * product_shapley(near, far, self.weights)
        return values / len(inputs.background)

    def answers(self, inputs: Inputs, coalitions: Array) -> Array:
        """What it says to the composed rows: (n_coalitions, n_background, n_sums)."""
        said = np.zeros((len(coalitions), len(inputs.background), self.weights.shape[1])) + self.intercept
        for term in self.terms:
            near = coalitions @ self._logs(term, inputs, inputs.x).T
            for k, row in enumerate(inputs.background):
                far = ~coalitions @ self._logs(term, inputs, row).T
                said[:, k] += term.scale * (np.exp(near + far) @ self.weights)
        return said

    def _logs(self, term: Term, inputs: Inputs, row: Array) -> Array:
        """Logarithm of each feature's factor around each center: (n_centers, n_features)."""
        return -inputs.folded((term.rates * (row - self.centers) ** 2).T).T


def product_shapley(present: Array, absent: Array, weights: Array) -> Array:
    """Shapley values of `v(S) = sum_j w_j prod_(i in S) A_ji prod_(i not in S) B_ji`.

    They are `int_0^1 sum_j w_j (A_ji - B_ji) prod_(k != i) (t A_jk + (1-t) B_jk) dt`
    (the multilinear extension, Owen 1972; for kernels Mohammadi et al. 2025, arXiv
    2505.16516): a polynomial of degree n - 1 in t, for which Gauss-Legendre
    quadrature with n / 2 nodes is exact.

    Parameters
    ----------
    present, absent : ndarray of shape (n_products, n_features)
        Logarithms of A and B.
    weights : ndarray of shape (n_products, n_outputs)

    Returns
    -------
    values : ndarray of shape (n_features, n_outputs)
    """
    values = np.zeros((present.shape[1], weights.shape[1]))
    nodes, masses = np.polynomial.legendre.leggauss(n_nodes(present.shape[1]))
    for part in _chunks(*present.shape):
        # Divided by the larger of A and B no factor exceeds 1, and what underflows is nothing to the rest.
        top = np.maximum(present[part], absent[part])
        low = np.exp(absent[part] - top)
        step = np.exp(present[part] - top) - low
        scaled = weights[part] * np.exp(top.sum(1))[:, None]
        factors = np.empty_like(low)
        for t, mass in zip((nodes + 1) / 2, masses / 2, strict=True):
            np.multiply(step, t, out=factors)
            factors += low
            outer = mass * factors.prod(1)
            np.divide(step, factors, out=factors)
            values += factors.T @ (outer[:, None] * scaled)
    return values


def n_nodes(n: int) -> int:
    """How many nodes give the integral of a product of n factors to the last digit.

    n / 2 are exact. With t = cos^2(u) a factor is (A + B) / 2 + (A - B) / 2 cos(2u), and
    the n-fold product is a random walk among cosines: those beyond the d-th have a share of
    at most 2 exp(-d^2 / n) (Hoeffding) of the product of the larger of A and B, and m nodes
    integrate the first 2m - 1 exactly.
    """
    return min(-(-n // 2), int(np.ceil(0.5 * (1 + np.sqrt(n * np.log(4 / _CERTAIN))))))


def read_kernel(head: Any, space: OutputSpace) -> Kernel | None:
    """Read an estimator that answers with a sum of RBF kernels in this space; None if it does not."""
    name, n_classes = type(head).__name__, len(getattr(head, "classes_", ()))
    if (space, name) in (("value", "SVR"), ("value", "NuSVR")) or (
            (space, n_classes) == ("margin", 2) and name in ("SVC", "NuSVC")):
        return _machine(head)
    if (space, name) == ("value", "KernelRidge"):
        return _ridge(head)
    return _process(head) if (space, name) == ("value", "GaussianProcessRegressor") else None


def _machine(head: Any) -> Kernel | None:
    if head.kernel != "rbf":
        return None
    centers = _dense(head.support_vectors_)
    rates = np.full(centers.shape[1], head._gamma)
    return Kernel(centers, _dense(head.dual_coef_).T, np.ravel(head.intercept_), (Term(1.0, rates),))


def _ridge(head: Any) -> Kernel | None:
    if head.kernel != "rbf":
        return None
    centers = _dense(head.X_fit_)
    rates = np.full(centers.shape[1], 1 / centers.shape[1] if head.gamma is None else head.gamma)
    return Kernel(centers, head.dual_coef_.reshape(len(centers), -1), np.zeros(1), (Term(1.0, rates),))


def _process(head: Any) -> Kernel | None:
    if not hasattr(head, "X_train_"):
        return None
    centers = np.asarray(head.X_train_, float)
    terms = _terms(head.kernel_, centers.shape[1])
    if terms is None:
        return None
    # Of one output the mean and the spread are numbers, of several arrays.
    weights = head.alpha_.reshape(len(centers), -1) * head._y_train_std
    return Kernel(centers, weights, np.ravel(head._y_train_mean), tuple(terms))


def _terms(kernel: Any, n_columns: int) -> list[Term] | None:
    """Write a Gaussian process's kernel as a sum of RBF terms; None if it is none."""
    name = type(kernel).__name__
    if name == "WhiteKernel":  # of a new row with the old ones: nothing
        return []
    if name == "ConstantKernel":
        return [Term(kernel.constant_value, np.zeros(n_columns))]
    if name == "RBF":
        return [Term(1.0, np.broadcast_to(0.5 / np.square(kernel.length_scale), n_columns))]
    if name not in ("Sum", "Product"):
        return None
    left, right = _terms(kernel.k1, n_columns), _terms(kernel.k2, n_columns)
    if left is None or right is None:
        return None
    if name == "Sum":
        return left + right
    return [Term(a.scale * b.scale, a.rates + b.rates) for a in left for b in right]


def _chunks(n_products: int, n_features: int) -> Iterator[slice]:
    step = max(1, _CHUNK // n_features)
    return (slice(start, start + step) for start in range(0, n_products, step))


def _dense(values: Any) -> Array:
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values, float)
