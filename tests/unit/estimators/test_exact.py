"""With all coalitions in, every reading is what its definition says."""

import itertools
import math

import numpy as np
import pytest

from limelight.estimators import banzhaf, lime, occlusion, shapley
from limelight.estimators.shapley import regression

READINGS = [lime, shapley, banzhaf, occlusion]


def marginal_effects(game, n_features, weight):
    """Sum of weight(size) (v(S + i) - v(S)) over all S without i, by brute force."""
    values = []
    for i in range(n_features):
        without = np.array([row for row in itertools.product([False, True], repeat=n_features) if not row[i]])
        added = without.copy()
        added[:, i] = True
        weights = [weight(int(s)) for s in without.sum(1)]
        values.append(weights @ (game(added) - game(without)))
    return np.array(values)


@pytest.mark.parametrize("n_features", range(1, 9))
def test_shapley_is_enumeration(neighborhood, random_game, n_features):
    game, d = random_game(n_features, n_outputs=2), n_features
    expected = marginal_effects(game, d, lambda s: math.factorial(s) * math.factorial(d - s - 1) / math.factorial(d))
    found = shapley(neighborhood(game, d))
    assert found.values == pytest.approx(expected, abs=1e-10)
    assert found.exact and not found.std_error.any()


@pytest.mark.parametrize("n_features", range(1, 9))
def test_banzhaf_is_enumeration(neighborhood, random_game, n_features):
    game = random_game(n_features, n_outputs=2)
    expected = marginal_effects(game, n_features, lambda s: 0.5 ** (n_features - 1))
    assert banzhaf(neighborhood(game, n_features)).values == pytest.approx(expected, abs=1e-10)


def test_occlusion_is_what_leaving_out_costs(neighborhood, random_game):
    game = random_game(6)
    everything = np.ones((6, 6), bool)
    expected = game(everything) - game(~np.eye(6, dtype=bool))
    assert occlusion(neighborhood(game, 6, n=8)).values == pytest.approx(expected)


def test_planted_polynomials_split_equally_among_their_members(neighborhood):
    terms = {(0,): 2.0, (1, 2): -3.0, (0, 3, 4): 1.5, (1, 2, 3, 5): 4.0}

    def game(rows):
        return sum(size * rows[:, list(members)].all(1) for members, size in terms.items())

    shapley_values, banzhaf_values = np.zeros(7), np.zeros(7)
    for members, size in terms.items():
        shapley_values[list(members)] += size / len(members)
        banzhaf_values[list(members)] += size / 2 ** (len(members) - 1)
    assert shapley(neighborhood(game, 7)).values[:, 0] == pytest.approx(shapley_values, abs=1e-10)
    assert banzhaf(neighborhood(game, 7)).values[:, 0] == pytest.approx(banzhaf_values, abs=1e-10)


@pytest.mark.parametrize("read", READINGS)
@pytest.mark.parametrize("n", [40, 90, 300])
def test_additive_games_are_recovered_from_few_evaluations(neighborhood, read, n):
    weights = np.random.default_rng(1).normal(size=(24, 3))
    found = read(neighborhood(lambda rows: 0.3 + rows @ weights, 24, n=n))
    assert found.values == pytest.approx(weights, abs=1e-8)


@pytest.mark.parametrize("read", [lime, regression, banzhaf, occlusion])
def test_readings_are_linear_in_the_game(neighborhood, random_game, read):
    one, two = random_game(12, seed=1), random_game(12, seed=2)
    both = read(neighborhood(lambda rows: 2 * one(rows) - 3 * two(rows), 12, n=400)).values
    parts = [read(neighborhood(game, 12, n=400)).values for game in (one, two)]
    assert both == pytest.approx(2 * parts[0] - 3 * parts[1], abs=1e-8)


@pytest.mark.parametrize("read", [shapley, banzhaf, occlusion])
def test_null_and_symmetric_players(neighborhood, read):
    def game(rows):
        return np.exp(rows[:, 0] * 1.0 + rows[:, 1]) * (1 + rows[:, 2])  # 3 and 4 play no part

    values = read(neighborhood(game, 5)).values[:, 0]
    assert values[3:] == pytest.approx(0, abs=1e-10)
    assert values[0] == pytest.approx(values[1], abs=1e-10)


@pytest.mark.parametrize("n", [16, 40, 200])
def test_shapley_values_sum_to_the_gain(neighborhood, random_game, n):
    rows = neighborhood(random_game(14), 14, n=n)
    assert shapley(rows).values.sum(0) == pytest.approx(rows.outputs[1] - rows.outputs[0], abs=1e-9)


@pytest.mark.parametrize("n_features", [1, 2, 3])
@pytest.mark.parametrize("read", READINGS)
def test_the_smallest_games_have_answers(neighborhood, random_game, read, n_features):
    found = read(neighborhood(random_game(n_features), n_features))
    assert np.isfinite(found.values).all() and found.exact
