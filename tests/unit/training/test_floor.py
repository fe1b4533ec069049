"""What is more than noise."""

import numpy as np
import pytest
from scipy.stats import t as student

import limelight as ll
from limelight.training.drift import l1
from limelight.training.floor import held
from limelight.training.track import track


def test_the_floor_is_a_prediction_interval_of_the_noise():
    noise = np.array([[0.1, 0.3], [0.2, 0.2]])
    found = held(np.array([0.3, 0.5]), noise)
    spread = np.sqrt((0.02 + 0) / 2)  # all of it of one example
    assert (found.value, found.noise) == pytest.approx((0.4, 0.2))
    assert found.floor == pytest.approx(0.2 + student.ppf(0.95, 1) * spread * np.sqrt(1 / 2 + 1 / 4))
    assert not found.detectable
    assert held(np.array([1.5, 1.7]), noise).detectable


@pytest.mark.parametrize("spreads", [np.ones(6), np.array([1, 1, 1, 2, 2, 3]), np.array([0.2, 0.2, 0.2, 0.2, 3, 3])])
def test_noise_alone_is_detected_in_one_case_of_twenty(spreads):
    draws = 1 + 0.1 * spreads[:, None] * np.random.default_rng(0).normal(size=(4000, 6, 3))
    rate = np.mean([held(each[:, 0], each[:, 1:]).detectable for each in draws])
    assert rate == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 4000))


def test_rounding_is_no_change_where_there_is_no_noise():
    assert not held(np.array([9e-7, 1e-7]), np.zeros((2, 2))).detectable
    assert held(np.array([1e-4]), np.zeros((1, 2))).detectable


def test_examples_in_which_a_measure_does_not_exist_are_left_out():
    found = held(np.array([np.nan, 0.4]), np.array([[0.1, 0.1], [0.1, 0.1]]))
    assert found.value == pytest.approx(0.4) and found.detectable
    assert np.isnan(held(np.array([np.nan]), np.zeros((1, 2))).value)


def test_one_more_look_at_the_same_weights_is_above_the_floor_as_seldom_as_it_says():
    rows = np.random.default_rng(0).normal(size=(20, 6))
    model = ll.tabular_model(lambda x: np.tanh((x[:, :3] * x[:, 3:]).sum(1)), rows[:5])
    watched = track(model, rows[:3], method="lime")._watched
    noise = np.array([[l1(each.values, each.other) for each in watched.estimate(step)] for step in range(10)])
    places = np.random.default_rng(1).permuted(np.tile(np.arange(10), (1000, 1)), axis=1)[:, :3]
    rate = np.mean([held(noise[k], noise[[i, j]].T).detectable for i, j, k in places])
    assert noise.std(0).min() > 0.01  # every step has a look of its own
    assert 0 < rate < 0.1
