"""What is more than noise."""

import numpy as np
import pytest
from scipy.stats import t as student

from limelight.training.floor import held


def test_the_floor_is_a_prediction_interval_of_the_noise():
    noise = np.array([[0.1, 0.3], [0.2, 0.2]])
    found = held(np.array([0.3, 0.5]), noise)
    spread = np.sqrt((0.02 + 0) / 2)
    assert (found.value, found.noise) == pytest.approx((0.4, 0.2))
    assert found.floor == pytest.approx(0.2 + student.ppf(0.95, 2) * spread * np.sqrt(1 / 2 + 1 / 4))
    assert not found.detectable
    assert held(np.array([1.5, 1.7]), noise).detectable


def test_noise_alone_is_detected_in_one_case_of_twenty():
    rng = np.random.default_rng(0)
    draws = rng.normal(1, 0.2, (4000, 6, 3))
    rate = np.mean([held(each[:, 0], each[:, 1:]).detectable for each in draws])
    assert rate == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 4000))


def test_rounding_is_no_change_where_there_is_no_noise():
    assert not held(np.array([9e-7, 1e-7]), np.zeros((2, 2))).detectable
    assert held(np.array([1e-4]), np.zeros((1, 2))).detectable


def test_examples_in_which_a_measure_does_not_exist_are_left_out():
    found = held(np.array([np.nan, 0.4]), np.array([[0.1, 0.1], [0.1, 0.1]]))
    assert found.value == pytest.approx(0.4) and found.detectable
    assert np.isnan(held(np.array([np.nan]), np.zeros((1, 2))).value)
