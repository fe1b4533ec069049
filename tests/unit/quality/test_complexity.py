"""How many features attributions are spread over, where it is known."""

import numpy as np
import pytest

from limelight.quality.complexity import complexity, effective_complexity, sparseness


@pytest.mark.parametrize("n", [2, 5, 40])
def test_one_feature_that_has_all_is_as_sparse_as_can_be(n):
    values = np.zeros(n)
    values[1] = -3.0
    assert sparseness(values) == pytest.approx(1 - 1 / n)
    assert complexity(values) == 0 and effective_complexity(values) == 1


@pytest.mark.parametrize("n", [2, 5, 40])
def test_features_that_are_alike_are_as_complex_as_can_be(n):
    values = 0.3 * (-1.0) ** np.arange(n)
    assert sparseness(values) == pytest.approx(0)
    assert complexity(values) == pytest.approx(np.log(n)) and effective_complexity(values) == n


def test_neither_scale_nor_sign_nor_order_matters():
    values = np.array([3.0, -1.0, 0.5, 0.02])
    for read in (sparseness, complexity, effective_complexity):
        assert read(values) == pytest.approx(read(-7 * values[::-1]))


def test_nothing_at_all_is_neither_sparse_nor_complex():
    assert np.isnan(sparseness(np.zeros(3))) and np.isnan(complexity(np.zeros(3)))
    assert effective_complexity(np.zeros(3)) == 0


def test_a_share_that_is_rounded_away_is_none():
    assert complexity(np.array([2.0, 5e-324])) == 0
