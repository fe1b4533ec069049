"""The same coalitions for all rows, chosen by a few."""

import numpy as np
import pytest

from limelight.bulk import readings


def asking(n_features, seed=0, n_games=3):
    """Smooth games of rows: coalitions in, (n, n_games) out."""
    weights = np.random.default_rng(seed).normal(size=(n_features, n_games)) / np.sqrt(n_features)
    return lambda shown: np.tanh(shown @ weights + 0.5 * (shown @ weights) ** 2)


def test_pairs_are_whole_and_none_comes_twice():
    reading = readings.shapley(asking(9), 9, 100, seed=0)
    shown = reading.coalitions
    codes = shown @ (1 << np.arange(9))
    assert reading.route == "odd process"
    assert shown.shape == (100, 9)
    assert len(set(codes.tolist())) == 100
    assert set((2**9 - 1 - codes).tolist()) == set(codes.tolist())
    assert codes[:2].tolist() == [0, 2**9 - 1]


def test_values_are_exact_for_sums_of_features_and_add_up_for_all_games():
    reading = readings.shapley(asking(9), 9, 100, seed=0)
    effects = np.random.default_rng(5).normal(size=(9, 2))
    values, errors = reading(reading.coalitions @ effects + 3)
    assert np.allclose(values, effects, rtol=0, atol=1e-3)
    said = asking(9, seed=8)(reading.coalitions)
    values, errors = reading(said)
    assert np.allclose(values.sum(0), said[1] - said[0], rtol=0, atol=1e-9)
    assert errors.shape == values.shape
    assert (errors > 0).all()


def test_values_of_a_process_are_linear_in_the_answers():
    reading = readings.shapley(asking(9), 9, 80, seed=0)
    a, b = asking(9, seed=3)(reading.coalitions), asking(9, seed=4)(reading.coalitions)
    assert np.allclose(reading(2 * a - b)[0], 2 * reading(a)[0] - reading(b)[0], rtol=0, atol=1e-12)


def test_the_same_seed_chooses_the_same_coalitions():
    first, again, other = (readings.shapley(asking(12), 12, 120, seed=seed).coalitions for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_chosen_pairs_err_less_than_drawn_ones():
    from limelight.bulk.enumerated import every, weights

    truth = weights(10).T @ asking(10, seed=2, n_games=20)(every(10))
    ask = asking(10, seed=2, n_games=20)
    errors = {reading.route: np.linalg.norm(reading(ask(reading.coalitions))[0] - truth)
              for reading in (readings.shapley(asking(10), 10, 100, seed=0), readings.drawn(10, 100, "shapley", 0))}
    assert errors["odd process"] < errors["regression"]


@pytest.mark.parametrize(("n_features", "n"), [(120, 300), (30, 32)])
def test_the_regression_reads_where_there_are_too_many_features_or_too_few_pairs(n_features, n):
    reading = readings.shapley(asking(n_features), n_features, n, seed=0)
    assert reading.route == "regression"
    values, errors = reading(reading.coalitions @ np.arange(n_features)[:, None])
    assert np.allclose(values[:, 0], np.arange(n_features), rtol=0, atol=1e-6)
    assert errors.shape == values.shape


def test_the_regression_as_a_matrix_says_what_the_estimator_says():
    reading = readings.shapley(asking(110), 110, 600, seed=0)
    assert isinstance(reading, readings.Regressed)
    outputs = asking(110, seed=4)(reading.coalitions)
    expected = readings.drawn(110, 600, "shapley", 0)(outputs)
    for found, same in zip(reading(outputs), expected, strict=True):
        assert np.allclose(found, same, rtol=1e-9, atol=1e-12)


def test_with_few_pairs_no_error_is_known():
    _, errors = readings.Designed(2.0 * np.vstack([np.ones(5), ~np.eye(5, dtype=bool)]) - 1,
                                  readings.odd_process.prior_kernel(5))(np.arange(12.0)[:, None])
    assert np.isinf(errors).all()
