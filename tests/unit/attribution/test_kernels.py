"""Kernel machines: products of one factor a feature, against enumeration and exact polynomials."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy.special import gammaln
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern, WhiteKernel
from sklearn.kernel_ridge import KernelRidge
from sklearn.svm import SVC, SVR, NuSVC, NuSVR, OneClassSVM

from limelight.attribution.exact import exact_shapley
from limelight.attribution.kernels import n_nodes, product_shapley
from limelight.models.tabular import TabularModel

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 5))
Y = np.sin(X[:, 0]) * X[:, 1] + X[:, 2] ** 2
BACKGROUND, ROW = X[:10], X[40]


def named(estimator):
    return type(estimator).__name__


@pytest.mark.parametrize(
    "estimator",
    [SVR(), SVR(gamma=0.7), NuSVR(gamma="auto"), KernelRidge(kernel="rbf"), KernelRidge(kernel="rbf", gamma=0.3),
     GaussianProcessRegressor(ConstantKernel(2.0) * RBF(1.5) + WhiteKernel(0.1), optimizer=None)],
    ids=named,
)
def test_regressors(check, estimator):
    check(estimator.fit(X, Y), BACKGROUND, ROW, "kernel")


def test_sums_and_products_of_kernels_with_a_length_a_feature(check):
    kernel = RBF(np.arange(1.0, 6)) + 0.5 * RBF(3.0) * RBF(2.0) + ConstantKernel(0.3) + WhiteKernel(0.2)
    process = GaussianProcessRegressor(kernel, normalize_y=True, optimizer=None).fit(X, Y)
    check(process, BACKGROUND, ROW, "kernel")


@pytest.mark.parametrize("estimator", [KernelRidge(kernel="rbf"), GaussianProcessRegressor(
    RBF() + WhiteKernel(0.1), normalize_y=True, optimizer=None)], ids=named)
def test_several_targets(check, estimator):
    assert check(estimator.fit(X, np.c_[Y, X[:, 0]]), BACKGROUND, ROW, "kernel").values.shape == (5, 2)


@pytest.mark.parametrize("estimator", [SVC(), NuSVC()], ids=named)
def test_margins_of_two_classes(check, refused, estimator):
    check(estimator.fit(X, Y > 1), BACKGROUND, ROW, "kernel")
    assert refused(estimator.fit(X, np.digitize(Y, [0.5, 1.5])), BACKGROUND, ROW)  # votes


@pytest.mark.parametrize(
    "estimator",
    [SVR(kernel="poly"), KernelRidge(kernel="laplacian"), OneClassSVM(), SVC(probability=True, random_state=0),
     GaussianProcessRegressor(Matern(), optimizer=None), GaussianProcessRegressor(RBF() ** 2, optimizer=None)],
    ids=named,
)
@pytest.mark.filterwarnings("ignore:The `probability` parameter:FutureWarning")
def test_other_kernels_and_probabilities_are_refused(refused, estimator):
    assert refused(estimator.fit(X, Y > 1 if isinstance(estimator, SVC) else Y), BACKGROUND, ROW)


def by_polynomial(present, absent):
    """Shapley values of one product game, from the exact coefficients of prod (A z + B)."""
    n, values = len(present), []
    whole = [Fraction(1)]
    for a, b in zip(present, absent, strict=True):
        whole = [b * low + a * high for low, high in zip([*whole, 0], [0, *whole], strict=True)]
    for a, b in zip(present, absent, strict=True):
        rest, carry = [], Fraction(0)  # divide by (A z + B)
        for coefficient in whole[:-1]:
            carry = (coefficient - a * carry) / b
            rest.append(carry)
        values.append((a - b) * sum(c / (n * comb(n - 1, s)) for s, c in enumerate(rest)))
    return np.array([float(value) for value in values])


def eighths(n):
    """Factors that are fractions of 8, in 1/8 .. 1: floats and exact."""
    numbers = RNG.integers(1, 9, (2, n))
    return numbers / 8, [[Fraction(int(k), 8) for k in row] for row in numbers]


@pytest.mark.parametrize("n", [1, 2, 3, 10, 64, 100])
def test_products_against_exact_polynomials(n):
    (present, absent), exact = eighths(n)
    found = product_shapley(np.log(present)[None], np.log(absent)[None], np.ones((1, 1)))[:, 0]
    expected = by_polynomial(*exact)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_a_thousand_factors_of_two_kinds():
    counts, present, absent = [600, 400], np.array([1, 0.98]), np.array([0.97, 1])
    kinds = np.repeat([0, 1], counts)
    found = product_shapley(np.log(present[kinds])[None], np.log(absent[kinds])[None], np.ones((1, 1)))[:, 0]
    expected = np.array([one_of_a_kind(kind, counts, present, absent) for kind in (0, 1)])
    np.testing.assert_allclose(found, expected[kinds], rtol=1e-10)


def one_of_a_kind(kind, counts, present, absent):
    """Shapley value of one of many features with the same factors: coalitions counted by how many of each they hold."""
    others = np.array(counts) - (np.arange(2) == kind)
    held = [np.arange(n + 1) for n in others]
    logs = [gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * np.log(a) + (n - k) * np.log(b)
            for n, k, a, b in zip(others, held, present, absent, strict=True)]
    size, n = held[0][:, None] + held[1], sum(counts)
    chance = gammaln(size + 1) + gammaln(n - size) - gammaln(n + 1)
    return (present[kind] - absent[kind]) * np.exp(logs[0][:, None] + logs[1] + chance).sum()


@pytest.mark.parametrize("width", [0.1, 3.0, 100.0])
def test_few_nodes_are_as_exact_as_all(monkeypatch, width):
    x, background, centers = RNG.normal(size=300), RNG.normal(size=300), RNG.normal(size=(2, 300))
    present, absent = (-width / 300 * (row - centers) ** 2 for row in (x, background))
    few = product_shapley(present, absent, np.ones((2, 1)))
    assert n_nodes(300) < 60
    monkeypatch.setattr("limelight.attribution.kernels.n_nodes", lambda n: n // 2)
    every = product_shapley(present, absent, np.ones((2, 1)))
    np.testing.assert_allclose(few, every, rtol=0, atol=1e-12 * np.abs(every).max())


def test_factors_that_underflow():
    # Ten features whose value alone makes a product vanish, at exp(-2000): only their last arrival changes it.
    absent = np.where(np.arange(30) < 10, -2000.0, 0.0)[None]
    found = product_shapley(np.zeros((1, 30)), absent, np.ones((1, 1)))[:, 0]
    np.testing.assert_allclose(found, np.where(np.arange(30) < 10, 0.1, 0), atol=1e-12)


def test_a_thousand_features_sum_to_what_changed():
    rows = RNG.normal(size=(25, 1000))
    machine = SVR().fit(rows, rows[:, :5].sum(1))
    found = exact_shapley(TabularModel(machine, rows[:3]), rows[20], "probability")
    moved = machine.predict(rows[[20]]) - machine.predict(rows[:3]).mean()
    assert found.values.sum() == pytest.approx(moved[0], rel=1e-12)
