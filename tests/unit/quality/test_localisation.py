"""Localisation against its closed forms, and what random orders have."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from limelight.quality import localisation
from limelight.quality.localisation import auroc, pointing_game, relevance_mass, relevance_rank, top_k_intersection

VALUES = np.array([0.5, -4.0, 3.0, 0.0, 0.5, 2.0])
TRUTH = np.array([False, True, True, False, True, False])
MEASURES = ("relevance_mass", "relevance_rank", "pointing_game", "auroc")


def test_each_is_what_its_formula_says():
    assert relevance_mass(VALUES, TRUTH) == pytest.approx(7.5 / 10)
    assert relevance_rank(VALUES, TRUTH) == pytest.approx(2 / 3)
    assert pointing_game(VALUES, TRUTH) == 1 and pointing_game(VALUES, ~TRUTH) == 0
    assert top_k_intersection(VALUES, TRUTH, 2) == 1
    assert top_k_intersection(VALUES, TRUTH, 5) == pytest.approx(3 / 5)


@pytest.mark.parametrize("name", MEASURES)
def test_its_mean_over_all_orders_is_the_share_that_should_matter_or_one_half(name):
    measure = getattr(localisation, name)
    scores = [measure(np.array(order), TRUTH) for order in permutations(VALUES)]
    assert np.mean(scores) == pytest.approx(0.5 if name == "auroc" else TRUTH.mean())


@pytest.mark.parametrize("name", MEASURES)
def test_it_does_not_go_by_the_sign_or_the_unit(name):
    measure = getattr(localisation, name)
    assert measure(-3 * VALUES, TRUTH) == pytest.approx(measure(VALUES, TRUTH))


@given(st.lists(st.integers(-3, 3), min_size=4, max_size=12), st.randoms())
def test_the_area_under_the_curve_is_that_of_scikit_learn_with_ties(values, random):
    truth = np.array([True, False, *(random.random() < 0.5 for _ in values[2:])])
    assert auroc(np.array(values), truth) == pytest.approx(roc_auc_score(truth, np.abs(values)))


def test_where_equal_values_meet_it_is_the_mean_over_all_choices():
    values = np.array([2.0, 1, 1, 1])
    truth = np.array([False, True, False, False])
    assert top_k_intersection(values, truth, 2) == pytest.approx(1 / 3 / 2)
    assert pointing_game(np.zeros(4), truth) == pytest.approx(1 / 4)
    assert np.isnan(relevance_mass(np.zeros(4), truth))
