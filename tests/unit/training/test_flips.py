"""Prediction and evidence that part."""

import numpy as np
import pytest

from limelight.training.drift import l1
from limelight.training.flips import flips, moved

RNG = np.random.default_rng(0)
A, B = np.array([1.0, 0, 0]), np.array([0.0, 1, 0])
YES, NO = [0.2, 0.8], [0.7, 0.3]
OTHER, SAME = "same prediction, other evidence", "other prediction, same evidence"


def found(values, predictions, again=None, space="probability"):
    values = np.array(values)
    return list(flips(values, values if again is None else np.array(again), np.array(predictions), space))


def test_each_kind_is_told_where_it_began_against_the_first_and_the_previous_record():
    assert found([A, B, B], [YES, YES, YES]) == [(1, "first", OTHER), (1, "previous", OTHER)]
    assert found([A, A, A], [YES, NO, NO]) == [(1, "first", SAME), (1, "previous", SAME)]
    assert found([A, A, B, B, A], [YES] * 5) == [(2, "first", OTHER), (2, "previous", OTHER), (4, "previous", OTHER)]


def test_neither_is_told_where_both_change_or_none():
    assert found([A, B], [YES, NO]) == found([A, A], [YES, YES]) == found([A], [YES]) == []


def test_what_a_second_estimate_moves_as_far_is_no_other_evidence():
    assert found([A, B], [YES, YES], again=[B, B]) == []


def test_of_a_single_output_the_prediction_is_whether_it_is_above_one_half():
    assert found([A, A, A], [[0.4], [0.6], [0.7]]) == [(1, "first", SAME), (1, "previous", SAME)]


def test_of_log_odds_it_is_whether_they_are_above_zero_and_a_number_that_is_predicted_has_no_flips():
    assert found([A, A], [[-0.2], [0.3]], space="log-odds") == [(1, "first", SAME), (1, "previous", SAME)]
    assert found([A, B], [[0.4], [0.6]], space="log-odds") == [(1, "first", OTHER), (1, "previous", OTHER)]
    assert found([A, A], [[0.4], [0.6]], space="value") == found([A, B], [[3.0], [3.0]], space="value") == []


def test_evidence_that_is_gone_is_not_elsewhere():
    none = np.zeros(3)
    assert found([A, none, none, B], [YES] * 4) == [(3, "first", OTHER)]


def test_all_rows_at_once_are_moved_as_one_by_one():
    first, second = RNG.normal(size=(2, 6, 4))
    first[2] = second[4] = 0
    first[5] = second[5] = 0
    assert moved(first, second) == pytest.approx([l1(a, b) for a, b in zip(first, second, strict=True)])
