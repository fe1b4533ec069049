"""Intervals cover what they say, and none is shown too early."""

import numpy as np
import pytest

from limelight.estimators import banzhaf, lime, occlusion, shapley
from limelight.estimators.shapley import regression
from limelight.quality.intervals import critical


@pytest.mark.parametrize("law", ["uniform", "binomial"])
@pytest.mark.parametrize("read", [lime, regression, banzhaf])
@pytest.mark.parametrize("n", [60, 150, 500])
def test_intervals_cover_the_exact_answer(neighborhood, kinked_game, read, n, law):
    truth = read(neighborhood(kinked_game, 14, law=law)).values
    covered = []
    for seed in range(40):
        found = read(neighborhood(kinked_game, 14, n=n, law=law, seed=seed))
        covered.append(np.abs(found.values - truth) <= critical(found.dof) * found.std_error)
    assert 0.91 <= np.mean(covered) <= 1.0


@pytest.mark.parametrize("law", ["uniform", "binomial"])
def test_intervals_of_shapley_values_cover_pooled_over_games(neighborhood, kinked_game, law):
    """Those of the process are calibrated for games as they come, at 90 %: one game may be covered less."""
    weights = np.random.default_rng(0).normal(size=14)
    games = [kinked_game, lambda rows: np.tanh(rows @ weights), lambda rows: np.maximum(rows @ weights, 0),
             lambda rows: rows @ weights + 2.0 * rows[:, 0] * rows[:, 1] * rows[:, 2],
             lambda rows: np.exp(-0.1 * (rows @ weights) ** 2)]
    covered = []
    for game in games:
        truth = shapley(neighborhood(game, 14, law=law)).values
        for n, seed in [(n, seed) for n in (60, 150, 400) for seed in range(3)]:
            found = shapley(neighborhood(game, 14, n=n, law=law, seed=seed))
            slack = 1e-7 * np.abs(truth).max()
            covered.append(np.abs(found.values - truth) <= critical(found.dof, 0.9) * found.std_error + slack)
    assert 0.83 <= np.mean(covered) <= 0.98


def test_shapley_values_have_no_interval_before_ten_pairs_that_tell_of_interactions(neighborhood, kinked_game):
    asked = neighborhood(kinked_game, 14, n=200)
    _, later = asked.pairs
    telling = later[(np.minimum(asked.sizes, 14 - asked.sizes)[later] > 1)]
    early, enough = shapley(asked.first(int(telling[9]))), shapley(asked.first(int(telling[9]) + 1))
    assert np.isinf(early.std_error).all() and np.isnan(early.fidelity).all()
    assert np.isfinite(enough.std_error).all()


@pytest.mark.parametrize("read", [lime, banzhaf])
def test_no_interval_before_ten_pairs(neighborhood, kinked_game, read):
    asked = neighborhood(kinked_game, 14, n=200)
    tenth, eleventh = asked.pairs[1][9:11]  # Shapley's constraint takes the first pair
    early, later = read(asked.first(int(tenth))), read(asked.first(int(eleventh) + 1))
    assert np.isinf(early.std_error).all() and np.isnan(early.fidelity).all()
    assert np.isfinite(later.std_error).all() and np.isfinite(later.fidelity).all()


@pytest.mark.parametrize("read", [lime, shapley, banzhaf])
def test_errors_shrink_with_the_number_of_evaluations(neighborhood, kinked_game, read):
    errors = [read(neighborhood(kinked_game, 14, n=n)).std_error.max() for n in (100, 400, 1600)]
    assert errors[0] > 1.5 * errors[1] > 2 * errors[2] > 0


def test_fidelity_is_that_of_fits_without_the_sample(neighborhood, kinked_game):
    """Leave each pair out by hand and fit the rest: the same held-out R2."""
    from limelight.estimators.lime import lime_weights
    from limelight.estimators.regression import Rows

    asked = neighborhood(kinked_game, 14, n=60)
    rows, outputs = Rows.of(asked), asked.outputs[:, 0]
    weights = lime_weights(rows, "uniform", 0.25)
    design = np.column_stack([np.ones(60), rows.present])
    sample = np.arange(60)
    sample[rows.later] = rows.earlier
    missed = 0.0
    for one in np.unique(sample):
        rest = sample != one
        root = np.sqrt(weights[rest])
        fit = np.linalg.lstsq(root[:, None] * design[rest], root * outputs[rest], rcond=None)[0]
        missed += weights[~rest] @ (outputs[~rest] - design[~rest] @ fit) ** 2
    spread = weights @ (outputs - weights @ outputs / weights.sum()) ** 2
    assert lime(asked).fidelity[0] == pytest.approx(1 - missed / spread, abs=1e-6)


def test_a_flat_game_has_no_fidelity(neighborhood):
    found = lime(neighborhood(lambda rows: np.full(len(rows), 0.7), 14, n=100))
    assert np.isnan(found.fidelity).all() and found.values == pytest.approx(0, abs=1e-12)


def test_occlusion_is_exact_and_its_fidelity_that_of_other_coalitions(neighborhood, kinked_game):
    additive = occlusion(neighborhood(lambda rows: rows @ np.arange(14.0), 14, n=100))
    assert not additive.std_error.any() and additive.fidelity[0] == pytest.approx(1)
    assert occlusion(neighborhood(kinked_game, 14, n=100)).fidelity[0] < 0.9


@pytest.mark.parametrize("read", [lime, shapley, banzhaf])
def test_more_coalitions_than_a_float_can_hold(neighborhood, read):
    weights = np.linspace(-1, 1, 1_100)
    found = read(neighborhood(lambda rows: rows @ weights, 1_100, n=1_150))
    assert found.values[:, 0] == pytest.approx(weights, abs=1e-3)
    assert np.isfinite(found.std_error).all()


def test_where_all_other_coalitions_are_alike_occlusion_has_no_fidelity(neighborhood):
    found = occlusion(neighborhood(lambda rows: rows.all(1), 8, n=200))
    assert np.isnan(found.fidelity).all()


def test_few_features_are_tested_on_what_there_is(neighborhood):
    assert occlusion(neighborhood(lambda rows: rows @ np.arange(3.0), 3)).fidelity[0] == pytest.approx(1)
    assert np.isnan(occlusion(neighborhood(lambda rows: rows[:, 0], 1)).fidelity).all()
