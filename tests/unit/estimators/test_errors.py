"""Intervals cover what they say, and none is shown too early."""

import numpy as np
import pytest

from limelight.estimators import banzhaf, lime, occlusion, shapley
from limelight.quality.intervals import critical


@pytest.mark.parametrize("law", ["uniform", "binomial"])
@pytest.mark.parametrize("read", [lime, shapley, banzhaf])
@pytest.mark.parametrize("n", [60, 150, 500])
def test_intervals_cover_the_exact_answer(neighborhood, kinked_game, read, n, law):
    truth = read(neighborhood(kinked_game, 14, law=law)).values
    covered = []
    for seed in range(40):
        found = read(neighborhood(kinked_game, 14, n=n, law=law, seed=seed))
        covered.append(np.abs(found.values - truth) <= critical(found.dof) * found.std_error)
    assert 0.91 <= np.mean(covered) <= 1.0


@pytest.mark.parametrize("read", [lime, shapley, banzhaf])
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
