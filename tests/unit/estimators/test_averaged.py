"""Means of two estimators' answers."""

import numpy as np
import pytest

from limelight.estimators.averaged import Answer, averaged

WEIGHTS = np.ones(4)


def answer(value, *missed):
    """One feature, one output an entry of `missed`: what each of four pairs missed."""
    return Answer(np.full((1, len(missed)), value), np.tile(missed, (4, 1)))


def test_estimators_that_miss_as_much_count_alike():
    mean, share = averaged(answer(1.0, 0.5), answer(3.0, -0.5), WEIGHTS)
    assert share == pytest.approx(0.5) and mean.values == pytest.approx(2.0)
    assert mean.missed == pytest.approx(0)  # of opposite errors nothing is left


def test_the_less_one_misses_the_more_it_counts_by_the_third_power_of_squares():
    mean, share = averaged(answer(1.0, 1.0, 1.0), answer(0.0, np.sqrt(2), 10.0), WEIGHTS)
    assert share == pytest.approx([8 / 9, 1e6 / (1e6 + 1)])
    assert mean.values[0] == pytest.approx(share)


def test_weights_say_which_misses_count():
    one = Answer(np.ones((1, 1)), np.array([[1.0], [0]]))
    other = Answer(np.zeros((1, 1)), np.array([[0.0], [1]]))
    assert averaged(one, other, np.array([1.0, 1e3]))[1] > 0.999 > 0.001 > averaged(one, other, np.array([1e3, 1.0]))[1]


def test_who_misses_nothing_is_alone_and_two_such_share():
    _, share = averaged(answer(1.0, 0.0, 0.0, 1e-200), answer(2.0, 1e-150, 0.0, 0.0), WEIGHTS)
    assert share == pytest.approx([1, 0.5, 0.5])  # 1e-200 squared is 0
