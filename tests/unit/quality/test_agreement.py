"""How far two explanations agree: closed forms of the measures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from limelight.quality.agreement import Column, Leading, agree, leading, rank_agreement, signs_differ

values = st.lists(st.floats(-10, 10), min_size=3, max_size=12)


def column(found, margins=0.0, keys=None):
    found = np.array(found, float)
    return Column("a", tuple((str(k), 1) for k in (range(len(found)) if keys is None else keys)), found,
                  np.broadcast_to(margins, found.shape))


@given(values, st.randoms())
def test_rank_agreement_is_spearmans_of_absolute_values_with_ties(first, random):
    second = [random.choice([-2.0, -1.0, 0.0, 1.0, 3.0]) for _ in first]
    found = rank_agreement(np.array(first), np.array(second))
    if np.ptp(np.abs(first)) and np.ptp(np.abs(second)):
        assert found == pytest.approx(spearmanr(np.abs(first), np.abs(second)).statistic, abs=1e-12)
    else:
        assert np.isnan(found)


@given(values)
def test_a_column_agrees_with_itself_whatever_its_signs_and_its_units(found):
    found = np.array(found)
    if np.ptp(np.abs(found)):
        assert rank_agreement(found, -2.5 * found) == pytest.approx(1)
    both = agree(column(found), column(found))
    told = np.count_nonzero(np.round(found / (np.abs(found).max() or 1), 6))
    assert both.shared == min(both.top, told) and both.disagree == ()


def test_rounding_breaks_no_tie():
    a, b = np.array([1.0, 0.5, 0.1 + 0.2, 0.3, 1e-17]), np.array([-1.0, -0.5, -0.3, -0.1 - 0.2, 0.0])
    assert agree(column(a), column(b)).rank == pytest.approx(1)


def test_ranks_in_the_opposite_order_are_minus_one():
    assert rank_agreement(np.array([3.0, -2.0, 1.0]), np.array([1.0, 2.0, -3.0])) == pytest.approx(-1)


def test_one_feature_has_no_order():
    assert np.isnan(rank_agreement(np.array([1.0]), np.array([2.0])))


def test_the_leading_features_are_five_and_no_more_than_half():
    def top(n):
        return agree(column(np.arange(n) + 1), column(np.arange(n) + 1)).top

    assert [top(n) for n in (1, 2, 4, 5, 9, 10, 40)] == [1, 1, 2, 3, 5, 5, 5]


def test_features_without_influence_are_not_among_the_leading():
    zeros = [1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert agree(column(zeros), column(zeros)).shared == 1


def test_features_are_matched_by_name_and_by_which_of_that_name_they_are():
    first = column([2, 4, 3, 5, 6, 7], keys="abcdef")
    second = column([7, 6, 5, -3, 9, 2], keys="fedcxa")
    both = agree(first, second)
    assert (both.common, both.of) == (5, 6) and both.rank == pytest.approx(1) and not both.few
    assert agree(column([2, 4], keys="ac"), column([1, -3], keys="ac")).disagree == (("c", 1),)
    assert agree(first, column([1], keys="z")).common == 0


@pytest.mark.parametrize(("common", "more", "few"), [(2, 0, False), (4, 1, True), (5, 9, False)])
def test_fewer_than_five_of_more_features_have_no_order(common, more, few):
    first = column(np.arange(common + more) + 1)
    second = column(np.arange(common) + 1)
    for both in (agree(first, second), agree(second, first)):
        assert both.few is few and np.isnan(both.rank) == few and both.of == common + more


def test_a_column_of_sizes_takes_no_side():
    sizes = column([2.0, 4.0])._replace(signed=False)
    assert agree(sizes, column([-2.0, 4.0])).disagree == agree(column([-2.0, 4.0]), sizes).disagree == ()


def test_signs_differ_only_beyond_the_errors_and_where_both_take_a_side():
    a, b = np.array([1.0, 1.0, 1.0, 1.0, -1.0]), np.array([-1.0, -0.2, -0.01, 1.0, -1.0])
    none = np.zeros(5)
    assert signs_differ(a, b, none, none).tolist() == [True, True, False, False, False]
    assert signs_differ(a, b, none, np.full(5, 0.3)).tolist() == [True, False, False, False, False]
    assert not signs_differ(a, b, none, np.full(5, np.inf)).any()


@given(values, values)
def test_signs_differ_for_one_as_for_the_other(first, second):
    n = min(len(first), len(second))
    a, b = np.array(first[:n]), np.array(second[:n])
    assert (signs_differ(a, b, 0 * a, 0 * b) == signs_differ(b, a, 0 * b, 0 * a)).all()
    assert (a[signs_differ(a, b, 0 * a, 0 * b)] * b[signs_differ(a, b, 0 * a, 0 * b)] <= 0).all()


def test_the_leading_features_agree_in_what_they_are_in_their_place_and_in_their_sign():
    """Ranks of the first are 0 1 2 3, of the second 0 2 1 4: shared 0, 1, 2; in place 0; other signs at 0 and 1."""
    a, b = np.array([9.0, 8, -7, 6, 0]), np.array([-9.0, -7, -8, 0, 6])
    assert leading(a, b, 4) == Leading(4, shared=3, same_place=1, same_sign=1, same_place_and_sign=0)
    assert leading(a, -b, 4) == Leading(4, shared=3, same_place=1, same_sign=2, same_place_and_sign=1)
    assert leading(a, 2 * a, 4) == Leading(4, 4, 4, 4, 4)


def test_what_has_no_influence_leads_nowhere():
    assert leading(np.zeros(4), np.ones(4), 2) == Leading(2, 0, 0, 0, 0)
