"""Mean |attribution|, less the noise of the estimator."""

from __future__ import annotations

import numpy as np

from limelight.dataset.spread import bootstrap_error, mean_size, without_rounding


def test_noise_does_not_make_importance():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(20_000, 1))
    found = mean_size(noise * 0.5, np.full((20_000, 1), 0.5), "text", 0)
    assert found.values[0] < 0.6 * np.abs(noise * 0.5).mean()


def test_exact_attributions_are_not_corrected():
    values = np.array([[1.0, -2.0], [-3.0, 2.0]])
    np.testing.assert_allclose(mean_size(values, np.zeros((2, 2)), "table", 0).values, [2.0, 2.0])


def test_rounding_is_no_importance():
    values, ends = np.array([[5.4e-17, 1e-9], [1e-12, 0.5]]), np.array([[0.0, 1.0], [-100.0, 2.0]])
    assert without_rounding(values, ends).tolist() == [[0, 1e-9], [0, 0.5]]


def test_the_bootstrap_has_the_error_of_a_mean():
    values = np.random.default_rng(0).exponential(size=(500, 2))
    found = bootstrap_error(values, np.random.default_rng(1), repeats=1000)
    np.testing.assert_allclose(found, values.std(0, ddof=1) / np.sqrt(500), rtol=0.1)


def test_intervals_cover_the_mean_over_rows():
    hits = 0
    for seed in range(60):
        values = np.random.default_rng(seed).normal(size=(80, 1))
        found = mean_size(values, np.zeros((80, 1)), "table", seed)
        hits += found.low[0] <= np.sqrt(2 / np.pi) <= found.high[0]
    assert hits >= 52


def test_rows_asked_with_the_same_coalitions_share_their_error():
    values = np.ones((1000, 1))
    alone = mean_size(values, np.full((1000, 1), 0.1), "text", 0)
    shared = mean_size(values, np.full((1000, 1), 0.1), "table", 0)
    assert alone.high[0] - alone.low[0] < 1e-9
    np.testing.assert_allclose(shared.high[0] - shared.low[0], 2 * 1.96 * 0.1, rtol=0.01)


def test_errors_that_are_not_known_leave_no_interval():
    found = mean_size(np.ones((5, 1)), np.full((5, 1), np.inf), "text", 0)
    assert found.values[0] == 1 and np.isnan(found.low[0]) and "not known" in found.notes[0]
