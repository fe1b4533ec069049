"""How much attributions change."""

import numpy as np
import pytest

from limelight.quality.sensitivity import (
    FLOOR,
    local_lipschitz,
    relative_changes,
    relative_stability,
    sensitivity_avg,
    sensitivity_max,
    similarities,
)

VALUES = np.array([3.0, 4.0, 0.0])
MATRIX = np.diag([2.0, -1.0, 0.5])


def test_the_largest_change_counts_relative_to_the_values():
    others = VALUES + np.array([[0, 0, 0.5], [0, -2.5, 0]])
    assert relative_changes(VALUES, others) == pytest.approx([0.1, 0.5])
    assert sensitivity_max(VALUES, others) == pytest.approx(0.5)
    assert sensitivity_avg(VALUES, others) == pytest.approx(0.3)
    assert np.isnan(sensitivity_max(0 * VALUES, others))


def test_of_attributions_that_are_linear_in_the_input_it_is_at_most_the_largest_factor():
    """|M (x' - x)| / |x' - x|, which is the largest singular value of M along its own direction."""
    moves = np.array([[1e-3, 0, 0], [0, 0.2, 0], [0.1, 0.1, 0.1]])
    distances = np.linalg.norm(moves, axis=1)
    assert local_lipschitz(VALUES, VALUES + moves @ MATRIX, distances) == pytest.approx(2)
    assert local_lipschitz(VALUES, VALUES + moves[1:] @ MATRIX, distances[1:]) == pytest.approx(
        np.sqrt((2**2 + 1 + 0.5**2) / 3))


def test_what_changes_as_much_as_the_input_has_a_relative_stability_of_one():
    x, moved = np.array([1.0, -2.0, 5.0]), np.array([1.1, -2.2, 4.0])
    values, others = 3 * x, 3 * moved[None]
    change = np.linalg.norm((moved - x) / x)
    assert relative_stability(values, others, np.array([change])) == pytest.approx([1])


def test_a_value_of_almost_nothing_has_a_bound():
    found = relative_stability(VALUES, VALUES + np.array([[0, 0, 0.2]]), np.array([0.5]))
    assert found == pytest.approx([0.2 / (FLOOR * 4) / 0.5])


def test_answers_are_alike_whatever_their_scale():
    assert similarities(VALUES, np.array([2 * VALUES, 0.1 * VALUES, -VALUES])) == pytest.approx([1, 1, -1])
    assert np.isnan(similarities(VALUES, np.zeros((1, 3)))).all()
