"""How much attributions change."""

import numpy as np
import pytest

from limelight.quality.sensitivity import relative_changes, sensitivity_max, similarity

VALUES = np.array([3.0, 4.0, 0.0])


def test_the_largest_change_counts_relative_to_the_values():
    others = VALUES + np.array([[0, 0, 0.5], [0, -2.5, 0]])
    assert relative_changes(VALUES, others) == pytest.approx([0.1, 0.5])
    assert sensitivity_max(VALUES, others) == pytest.approx(0.5)
    assert np.isnan(sensitivity_max(0 * VALUES, others))


def test_answers_are_alike_whatever_their_scale():
    assert similarity(VALUES, np.array([2 * VALUES, 0.1 * VALUES])) == pytest.approx(1)
    assert similarity(VALUES, np.array([VALUES, -VALUES])) == pytest.approx(0)
