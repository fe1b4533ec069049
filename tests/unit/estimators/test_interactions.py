"""Pairwise interactions: the definition, planted ones, the kernel's closed forms, honest errors."""

import itertools
import math

import numpy as np
import pytest
from scipy.optimize import check_grad

from limelight.errors import InputError
from limelight.estimators.coalitions import coalitions
from limelight.estimators.even_kernel import EvenKernel, interaction_weights
from limelight.estimators.interactions import _loss, interactions
from limelight.neighborhood import Neighborhood

RNG = np.random.default_rng(0)


def neighborhood(game, n_features, n=None, seed=0):
    rows = np.array(list(itertools.islice(coalitions(n_features, seed=seed), n)))
    made = Neighborhood(n_features, game(rows).shape[1])
    made.append(rows, game(rows))
    return made


def by_definition(game, n):
    found = np.zeros((n, n))
    for i, j in itertools.combinations(range(n), 2):
        rest = [k for k in range(n) if k not in (i, j)]
        for size in range(n - 1):
            weight = math.factorial(size) * math.factorial(n - size - 2) / math.factorial(n - 1)
            for others in itertools.combinations(rest, size):
                rows = np.zeros((4, n), bool)
                rows[:, others] = rows[1, i] = rows[2, j] = rows[3, i] = rows[3, j] = True
                alone, first, second, both = game(rows)[:, 0]
                found[i, j] += weight * (both - first - second + alone)
    return found + found.T


def smooth(rows):
    weights = np.random.default_rng(rows.shape[1]).normal(size=rows.shape[1])
    return (np.tanh(rows @ weights) + 2.0 * rows[:, 0] * rows[:, 3])[:, None]


@pytest.mark.parametrize("n", [2, 5, 7])
def test_all_coalitions_give_the_definition(n):
    def game(rows):
        return smooth(np.pad(rows, ((0, 0), (0, 7 - n))))
    found = interactions(neighborhood(game, n))
    assert found.exact and not found.std_error.any()
    assert found.values[..., 0] == pytest.approx(by_definition(game, n), abs=1e-12)


def test_planted_interactions_are_found_with_few_rows():
    def game(rows):
        return (rows[:, 0] - 2.0 * rows[:, 1] * rows[:, 2] + 3.0 * rows[:, 3] * rows[:, 4] * rows[:, 5])[:, None]
    found = interactions(neighborhood(game, 16, 500))
    wanted = np.zeros((16, 16))
    wanted[1, 2] = wanted[2, 1] = -2
    for i, j in itertools.permutations((3, 4, 5), 2):
        wanted[i, j] = 3 / 2  # a Mobius term of three is shared by its pairs: a / (3 - 1)
    assert not found.exact and found.values[..., 0] == pytest.approx(wanted, abs=0.05)
    assert (np.abs(found.values[..., 0] - wanted) <= 4 * found.std_error[..., 0] + 1e-9).all()


def test_an_additive_game_has_none():
    weights = RNG.normal(size=12)
    found = interactions(neighborhood(lambda rows: (rows @ weights)[:, None], 12, 200))
    assert np.abs(found.values).max() < 1e-6


def test_what_rounding_leaves_is_no_interaction():
    weights = RNG.normal(size=9)
    assert not interactions(neighborhood(lambda rows: 1e6 + (rows @ weights)[:, None], 9)).values.any()


def test_a_constant_game_has_none():
    found = interactions(neighborhood(lambda rows: np.ones((len(rows), 2)), 12, 200))
    assert not found.values.any() and np.isfinite(found.std_error).all()


def test_copies_of_an_output_change_nothing():
    def twice(rows):
        return np.hstack([smooth(rows), 1 - smooth(rows)])
    one, two = interactions(neighborhood(smooth, 12, 300)), interactions(neighborhood(twice, 12, 300))
    assert two.values[..., 0] == pytest.approx(one.values[..., 0], abs=1e-4)
    assert two.values[..., 1] == pytest.approx(-two.values[..., 0], abs=1e-9)


def test_errors_cover():
    inside = []
    for n, seed in itertools.product((9, 10, 11), range(4)):
        truth = interactions(neighborhood(smooth, n)).values[..., 0]
        found = interactions(neighborhood(smooth, n, 24 * n, seed))
        pairs = np.triu_indices(n, 1)
        inside.append(np.abs(found.values[..., 0] - truth)[pairs] <= 1.645 * found.std_error[..., 0][pairs])
    assert 0.8 <= np.mean(np.concatenate(inside)) <= 0.99


def test_errors_of_the_strongest_cover_from_few_pairs_too():
    """These are what a reader sees."""
    inside = []
    for n, seed in itertools.product((9, 10, 11), range(4)):
        truth = interactions(neighborhood(smooth, n)).values[..., 0]
        found = interactions(neighborhood(smooth, n, 5 * n, seed))
        first, second = np.triu_indices(n, 1)
        strongest = np.argsort(-np.abs(found.values[first, second, 0]))[:5]
        at = first[strongest], second[strongest], 0
        inside.append(np.abs(found.values[at] - truth[at[:2]]) <= 1.645 * found.std_error[at])
    assert np.mean(inside) >= 0.9


def test_no_errors_are_known_before_ten_pairs():
    found = interactions(neighborhood(smooth, 12, 14))
    off = ~np.eye(12, dtype=bool)
    assert np.isinf(found.std_error[off]).all() and not found.std_error[~off].any()


def test_many_features_are_refused():
    with pytest.raises(InputError, match=r"order=2 takes 2 to 30 features, and there are 31: join some with groups="):
        interactions(neighborhood(smooth, 31, 100))


@pytest.fixture(params=[2, 5, 8])
def kernel(request):
    rng = np.random.default_rng(request.param)
    return EvenKernel(np.exp(rng.normal(-1.5, 0.7, request.param)), 1.3, 0.05)


def every_pair(n):
    rows = 2.0 * np.array(list(itertools.product([0, 1], repeat=n))) - 1
    return rows[rows[:, 0] > 0]


def test_covariances_are_those_of_the_sum_over_all_coalitions(kernel):
    x, off = every_pair(len(kernel.theta)), ~np.eye(len(kernel.theta), dtype=bool)
    weights = interaction_weights(x)
    covariance = np.einsum("pq,qij->pij", kernel.among(x), weights)
    assert kernel.with_interactions(x)[:, off] == pytest.approx(covariance[:, off], rel=1e-9, abs=1e-9)
    variance = np.einsum("pij,pij->ij", weights, covariance)
    assert kernel.interaction_variance[off] == pytest.approx(variance[off], rel=1e-9, abs=1e-9)


def test_the_smooth_part_is_the_even_part_of_a_product(kernel):
    x = every_pair(len(kernel.theta))
    cosh = np.cosh((x * kernel.theta) @ x.T)
    total = np.cosh(kernel.total)
    assert kernel.halves((x * kernel.theta) @ x.T)[0] ** 2 == pytest.approx((cosh - 1) / (total - 1))


def test_the_gradient_of_the_likelihood():
    x = every_pair(6)[RNG.permutation(32)[:20]]
    even = RNG.normal(size=(20, 2))
    at = np.concatenate([RNG.normal(-2, 0.5, 6), [0.3, -3.0]])
    error = check_grad(lambda p: _loss(p, x, even)[0], lambda p: _loss(p, x, even)[1], at)
    assert error < 1e-4 * np.abs(_loss(at, x, even)[1]).max()


def test_thirty_features_of_any_size_of_theta():
    for size in (1e-4, 0.3, 5.0):
        kernel = EvenKernel(np.full(30, size), 1.0, 1e-4)
        x = np.where(RNG.random((40, 30)) < 0.5, 1.0, -1.0)
        assert np.isfinite(kernel.among(x)).all() and np.isfinite(kernel.with_interactions(x)).all()
        assert (kernel.interaction_variance[~np.eye(30, dtype=bool)] > 0).all()
