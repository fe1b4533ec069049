"""Whether the order of the top features is settled."""

import numpy as np
import pytest

from limelight.quality.stability import settled


def test_it_is_a_lower_bound_of_how_often_the_order_comes_out():
    rng = np.random.default_rng(0)
    values, errors = np.array([5.0, -4.0, 3.2, 2.5, 1.5, 0.4, 0.1]), np.full(7, 0.35)
    drawn = np.abs(values + errors * rng.normal(size=(20_000, 7)))
    order = np.argsort(-drawn, axis=1)
    right = (order[:, :5] == np.arange(5)).all(1).mean()
    bound = settled(values, errors)
    assert right - 0.1 < bound <= right + 0.01


def test_exact_answers_are_settled_and_unknown_errors_are_not_told():
    values = np.array([3.0, 2.0, 1.0])
    assert settled(values, np.zeros(3)) == 1
    assert settled(values, np.array([0, np.inf, 0])) is None


def test_features_that_do_nothing_have_no_order():
    assert settled(np.array([0.3, -0.2, 1e-16, -2e-16, 0.0]), np.full(5, 1e-16)) == pytest.approx(1)


def test_ties_are_settled_once_they_are_known_to_be_ties():
    assert settled(np.array([0.3, -0.3, 0.0]), np.full(3, 1e-4)) == pytest.approx(1)
    assert settled(np.array([0.3, -0.29, 0.0]), np.full(3, 1e-4)) == pytest.approx(1)


def test_ties_that_may_be_none_are_not_settled():
    assert settled(np.array([0.3, -0.3, 0.0]), np.full(3, 0.01)) == pytest.approx(0.5)
