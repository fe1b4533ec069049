"""Infidelity and sensitivity-n against closed forms, and the values that are best by them."""

from math import comb

import numpy as np
import pytest

from limelight.estimators import shapley
from limelight.neighborhood import Neighborhood
from limelight.quality import infidelity as module
from limelight.quality.infidelity import (
    correlation,
    correlation_error,
    every,
    infidelity,
    infidelity_error,
    kernel_sample,
    left_by_subsets,
    sensitivity_n,
    sensitivity_n_error,
    sizes_of,
)
from limelight.quality.nulls import shuffles

N = 7
WEIGHTS = np.array([0.5, -1.0, 3.0, 0.25, -0.125, 2.0, 0.0])
TABLE = np.random.default_rng(7).normal(size=2**N)


def random_game(coalitions):
    return TABLE[coalitions @ (1 << np.arange(N))]


def drops(game, coalitions):
    return game(np.ones((1, N), bool)) - game(coalitions)


def left(n_features=N):
    """Subsets of all sizes of sensitivity-n."""
    return np.concatenate([left_by_subsets(n_features, int(size), np.random.default_rng(0))
                           for size in sizes_of(n_features)])


def exact_shapley(game):
    rows = Neighborhood(N, 1)
    listed = every(N)
    listed = np.concatenate([listed[[0, -1]], listed[1:-1]])
    rows.append(listed, game(listed)[:, None])
    return shapley(rows).values[:, 0]


def test_an_additive_game_is_explained_by_its_weights():
    coalitions, weights = kernel_sample(N, np.random.default_rng(0))
    lost = drops(lambda rows: 1 + rows @ WEIGHTS, coalitions)
    assert infidelity(WEIGHTS, coalitions, lost, weights) == pytest.approx(0, abs=1e-28)
    rows = left()
    assert sensitivity_n(WEIGHTS, rows, drops(lambda rows: rows @ WEIGHTS, rows)) == pytest.approx(1)


def test_of_an_additive_game_infidelity_is_a_quadratic_form_of_what_is_wrong():
    """e' E[I I'] e, where I are absent features under the Shapley kernel (Covert & Lee 2021)."""
    sizes = np.arange(1, N)
    both = sum((k - 1) / (N - k) for k in range(2, N)) / sum(1 / (k * (N - k)) for k in sizes) / (N * (N - 1))
    gram = np.full((N, N), both) + (0.5 - both) * np.eye(N)
    wrong = np.random.default_rng(1).normal(size=N)
    coalitions, weights = kernel_sample(N, np.random.default_rng(0), everything=True)
    found = infidelity(WEIGHTS + wrong, coalitions, drops(lambda rows: rows @ WEIGHTS, coalitions), weights)
    assert found == pytest.approx(wrong @ gram @ wrong)


def test_no_values_that_add_up_have_less_infidelity_than_exact_shapley_values():
    """It is a quadratic function, so it is enough that its slope is zero wherever the sum stays as it is."""
    coalitions, weights = kernel_sample(N, np.random.default_rng(0), everything=True)
    lost, best = drops(random_game, coalitions), exact_shapley(random_game)
    least = infidelity(best, coalitions, lost, weights)
    moves = np.random.default_rng(2).normal(size=(N, 50))
    moves -= moves.mean(0)
    up, down = (infidelity(best[:, None] + sign * moves, coalitions, lost, weights) for sign in (1, -1))
    assert (up > least).all() and np.allclose(up, down)


def test_values_of_another_sum_may_have_less_infidelity():
    """The Shapley kernel's infinite weight of nothing at all is no perturbation here."""
    coalitions, weights = kernel_sample(N, np.random.default_rng(0), everything=True)
    lost, best = drops(random_game, coalitions), exact_shapley(random_game)
    shifted = infidelity(best[:, None] + np.linspace(-0.5, 0.5, 101), coalitions, lost, weights)
    assert shifted.min() < infidelity(best, coalitions, lost, weights)


def test_a_scale_that_does_not_matter_is_taken_away():
    coalitions, _ = kernel_sample(N, np.random.default_rng(0))
    lost, values = drops(random_game, coalitions), exact_shapley(random_game)
    once, thrice = (infidelity(scale * values, coalitions, lost, normalize=True) for scale in (1, -3))
    assert once == pytest.approx(thrice) and once < infidelity(values, coalitions, lost)
    assert infidelity(0 * values, coalitions, lost, normalize=True) == pytest.approx((lost**2).mean())


def test_random_attributions_correlate_with_nothing():
    rows = left()
    scores = sensitivity_n(shuffles(WEIGHTS, np.random.default_rng(3)), rows, drops(random_game, rows))
    assert abs(scores.mean()) < 4 * scores.std(ddof=1) / np.sqrt(len(scores))


def test_where_the_output_does_not_change_there_is_no_correlation():
    rows = left()
    assert np.isnan(sensitivity_n(WEIGHTS, rows, np.zeros(len(rows))))
    assert np.isnan(sensitivity_n(np.zeros(N), rows, drops(random_game, rows)))
    assert np.isnan(correlation(WEIGHTS, rows[:3], np.ones(3)))
    assert np.isnan(sensitivity_n_error(WEIGHTS, rows[:5], np.zeros(5)))


@pytest.mark.parametrize("n_features", [1, 2, 3, 9, 40, 300])
def test_subsets_of_a_size_are_drawn_once_each(n_features):
    rows = left(n_features)
    assert len(np.unique(rows, axis=0)) == len(rows)
    absent, counts = np.unique((~rows).sum(1), return_counts=True)
    assert absent.min() == 1 and absent.max() <= max(1, 0.8 * n_features)
    assert (counts == [min(comb(n_features, int(size)), module.SUBSETS) for size in absent]).all()


@pytest.mark.parametrize("n_features", [1, 2, 3, 6])
def test_few_coalitions_are_listed_with_the_kernels_weights(n_features):
    coalitions, weights = kernel_sample(n_features, np.random.default_rng(0))
    assert len(coalitions) == max(1, 2**n_features - 2)
    sizes = coalitions.sum(1)
    mass = np.bincount(sizes, weights, minlength=n_features)[1:]
    expected = 1 / (np.arange(1, n_features) * np.arange(n_features - 1, 0, -1))
    np.testing.assert_allclose(mass, expected)


def test_many_coalitions_are_drawn_with_their_complements():
    coalitions, weights = kernel_sample(20, np.random.default_rng(0))
    assert len(coalitions) == len(weights) == 2 * module.PAIRS
    assert np.array_equal(coalitions[module.PAIRS:], ~coalitions[: module.PAIRS])


def test_what_was_listed_has_no_error():
    coalitions, _ = kernel_sample(6, np.random.default_rng(0))
    assert infidelity_error(WEIGHTS[:6], coalitions, np.arange(len(coalitions))) == 0
    pairs = left_by_subsets(N, 2, np.random.default_rng(0))
    assert len(pairs) == comb(N, 2) and correlation_error(WEIGHTS, pairs, drops(random_game, pairs)) == 0


def test_errors_are_how_far_scores_of_other_draws_are_apart():
    n, values = 12, np.random.default_rng(0).normal(size=12)
    links = np.random.default_rng(1).normal(size=(n, n)) / 3

    def lost(rows):
        return (1 - rows) @ values + np.einsum("ki,ij,kj->k", 1 - rows, links, 1 - rows)

    found = {"infidelity": ([], []), "correlation": ([], [])}
    for seed in range(150):
        rows, _ = kernel_sample(n, np.random.default_rng(seed))
        found["infidelity"][0].append(infidelity(values, rows, lost(rows)))
        found["infidelity"][1].append(infidelity_error(values, rows, lost(rows)))
        rows = left_by_subsets(n, 4, np.random.default_rng(seed))
        found["correlation"][0].append(correlation(values, rows, lost(rows)))
        found["correlation"][1].append(correlation_error(values, rows, lost(rows)))
    for scores, errors in found.values():
        assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std(scores), rel=0.15)


def test_sizes_were_drawn_apart_so_their_variances_add_up():
    rows = left(12)
    lost, absent = np.random.default_rng(0).normal(size=len(rows)), (~rows).sum(1)
    values = np.arange(12.0)
    each = [correlation_error(values, rows[absent == size], lost[absent == size]) for size in np.unique(absent)]
    assert sensitivity_n_error(values, rows, lost) == pytest.approx(np.linalg.norm(each) / len(each))
