"""What counts as a number."""

import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from limelight.scalars import is_bool, is_finite, is_number, is_whole

WHOLE = [0, -3, 2**70, np.int8(-128), np.uint64(2**63)]
BROKEN = [0.5, -1e300, np.float16(0.5), np.float32(0.3), np.float64(1e300), np.longdouble(2)]
ENDLESS = [np.inf, -np.inf, np.nan, np.float16("inf"), np.float32("nan")]
NO_NUMBERS = [True, np.True_, "1", b"1", None, 1j, np.complex64(1), [1], np.array(1), np.array([1.0]), Decimal(1),
              Fraction(1, 2), np.datetime64(1, "s"), np.timedelta64(1, "D")]


@pytest.fixture(autouse=True)
def without_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("value", WHOLE, ids=repr)
def test_whole_numbers_are_finite_numbers(value):
    assert is_whole(value)
    assert is_number(value)
    assert is_finite(value)


@pytest.mark.parametrize("value", BROKEN, ids=repr)
def test_numbers_of_any_precision(value):
    assert not is_whole(value)
    assert is_number(value)
    assert is_finite(value)


@pytest.mark.parametrize("value", ENDLESS, ids=repr)
def test_infinities_and_nan_are_numbers_but_not_finite(value):
    assert not is_whole(value)
    assert is_number(value)
    assert not is_finite(value)


@pytest.mark.parametrize("value", [10**400, -(10**400)], ids=["large", "negative"])
def test_a_whole_number_that_no_float_can_hold_is_not_finite(value):
    assert is_whole(value)
    assert not is_finite(value)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_anything_else_is_none(value):
    assert not is_whole(value)
    assert not is_number(value)
    assert not is_finite(value)


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_], ids=repr)
def test_true_and_false_of_python_and_numpy(value):
    assert is_bool(value)


@pytest.mark.parametrize("value", [1, 0, "True", None, np.array(True), np.int8(1)], ids=repr)
def test_what_only_looks_like_true_or_false(value):
    assert not is_bool(value)
