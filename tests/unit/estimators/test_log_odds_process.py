"""What log-odds tell of probabilities: against enumeration, and what drawing a pool adds."""

import itertools

import numpy as np
import pytest
from scipy.special import expit

from limelight.estimators.coalitions import coalitions
from limelight.estimators.log_odds_process import POOL, _pool, suits, told
from limelight.estimators.odd_kernel import pair_weights
from limelight.estimators.odd_process import fitted, posterior
from limelight.estimators.shapley import regression, shapley
from limelight.neighborhood import Neighborhood


def squashed(n_features, seed=0):
    """A probability whose log-odds are a sum: in the probability interactions of all orders."""
    slope = np.random.default_rng(seed).normal(size=n_features)
    return lambda rows: expit(2 * (rows @ slope))[:, None]


def asked(game, n_features, n):
    rows = np.array(list(itertools.islice(coalitions(n_features), n)))
    found = Neighborhood(n_features, 1)
    found.append(rows, game(rows))
    return found


def exact(game, n_features):
    rows = np.array(list(itertools.product([1.0, -1.0], repeat=n_features - 1)))
    x = np.hstack([np.ones((len(rows), 1)), rows])
    return pair_weights(x).T @ ((game(x > 0) - game(x < 0)) / 2)


def read(neighborhood):
    """What the log-odds say, and the odd process beside it."""
    earlier, later = neighborhood.pairs
    x = 2.0 * neighborhood.coalitions[earlier] - 1
    there, gone = neighborhood.outputs[earlier], neighborhood.outputs[later]
    kernel = fitted(x, (there - gone) / 2, {})
    return told(x, there, gone, kernel, {}), posterior(x, (there - gone) / 2, kernel)


def test_log_odds_that_are_a_sum_are_found_from_few_pairs():
    game = squashed(10)
    found, odd = read(asked(game, 10, 60))
    truth = exact(game, 10)
    assert ((odd.values + found.change - truth) ** 2).sum() < 0.01 * ((odd.values - truth) ** 2).sum()
    assert (found.residuals[1:] ** 2).sum() < 0.01 * (odd.residuals[1:] ** 2).sum()


def test_nothing_is_added_by_drawing_where_all_pairs_are_in_the_pool():
    found, _ = read(asked(squashed(10), 10, 60))
    assert found.variance == pytest.approx(0, abs=1e-20)


def test_the_variance_of_a_drawn_pool_is_about_what_it_misses():
    game = squashed(14, seed=1)
    found, odd = read(asked(game, 14, 120))
    missed = odd.values + found.change - exact(game, 14)
    assert 0.1 < (missed**2).mean() / found.variance.mean() < 10


@pytest.mark.parametrize("n_features", [4, 8, 12])
def test_the_regression_of_a_whole_pool_is_exact(n_features):
    pool, game = _pool(n_features), squashed(n_features)
    h = (game(pool.x > 0) - game(pool.x < 0)) / 2
    gain = game(np.ones((1, n_features), bool)) - game(np.zeros((1, n_features), bool))
    slack = h - pool.x.mean(1, keepdims=True) * gain / 2  # of a game whose everything is worth nothing
    assert len(pool.x) == 2 ** (n_features - 1) - 1
    assert pool.values(slack)[0] + gain / n_features == pytest.approx(exact(game, n_features), abs=1e-10)


def test_a_drawn_pool_has_no_pair_twice_and_sizes_alike():
    pool = _pool(20)
    rows = pool.x > 0
    sizes = np.minimum(rows.sum(1), (~rows).sum(1))
    assert len(set(pool.names)) == len(pool.x) and abs(len(pool.x) - POOL) < 64
    assert np.ptp(np.bincount(sizes)[3:10]) < 80 and (np.bincount(sizes)[1:3] <= [20, 190]).all()


def test_only_probabilities_that_are_never_certain_suit():
    outputs = np.array([[0.1, 0.0, -0.2, 0.5], [0.9, 0.5, 0.3, 1.0]])
    assert suits(30, outputs).tolist() == [True, False, False, False]
    assert not suits(31, outputs).any()


def test_an_answer_of_several_outputs_is_that_of_each_or_nearly():
    """An output that is no probability is left to the odd process; the values add up to the gain."""
    one = squashed(12)

    def both(rows):
        return np.hstack([one(rows), 1 - one(rows), 10 * one(rows)])

    rows = np.array(list(itertools.islice(coalitions(12), 120)))
    found = Neighborhood(12, 3)
    found.append(rows, both(rows))
    values = shapley(found).values
    assert values[:, 1] == pytest.approx(-values[:, 0], abs=1e-6)
    assert values.sum(0) == pytest.approx(found.outputs[1] - found.outputs[0], abs=1e-9)
    truth = exact(both, 12)
    missed = ((values - truth) ** 2).sum(0) / (truth**2).sum(0)
    assert missed[0] < 0.1 * missed[2]


def test_an_answer_depends_on_the_rows_alone():
    whole = asked(squashed(13), 13, 200)
    chunked = asked(squashed(13), 13, 200)
    for n in (40, 90, 130, 200):
        last = shapley(chunked.first(n))
    assert (last.values == shapley(whole).values).all() and (last.std_error == shapley(whole).std_error).all()


def test_less_error_than_regression_on_a_network_like_game(neighborhood, kinked_game):
    found = neighborhood(kinked_game, 14, n=280)
    truth = exact(lambda rows: kinked_game(rows)[:, None], 14)
    ours, peer = (((method(found).values - truth) ** 2).sum() for method in (shapley, regression))
    assert ours < 0.1 * peer
