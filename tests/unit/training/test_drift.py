"""Distances between explanations: closed forms, and zero where nothing changed."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from nets import table_game

from limelight.attribution.gradients import input_x_gradient
from limelight.streams import Allowance
from limelight.training import drift
from limelight.training.drift import MEASURES, cosine, distances, l1, parts, shares, sign_flips, top_k

numbers = st.floats(-10, 10, allow_subnormal=False)  # of which a share would be rounded away
columns = st.lists(numbers, min_size=2, max_size=12).map(np.array).filter(lambda a: np.abs(a).max() > 1e-3)


@given(columns)
def test_nothing_is_zero_from_itself(a):
    found = distances(a, a)
    assert list(found) == list(MEASURES)
    assert [value for value in found.values() if not np.isnan(value)] == pytest.approx(
        [0] * sum(not np.isnan(value) for value in found.values()), abs=1e-12)


@given(columns, st.floats(0.01, 100))
def test_units_make_no_difference_and_both_directions_are_the_same(a, factor):
    b = a[::-1].copy()
    for name, value in distances(a, factor * b).items():
        assert value == pytest.approx(distances(b, a)[name], abs=1e-9, nan_ok=True)


def test_closed_forms_of_two_columns():
    a, b = np.array([3.0, -1.0, 0, 0]), np.array([1.0, 1.0, 2.0, 0])
    assert shares(a) == pytest.approx([0.75, 0.25, 0, 0])
    assert l1(a, b) == pytest.approx((0.5 + 0 + 0.5) / 2)
    assert cosine(a, b) == pytest.approx(1 - 2 / np.sqrt(10 * 6))
    # The two leaders of a are 0 and 1, of b 2 and (the first of the tie) 0: one of three is shared.
    assert top_k(a, b) == pytest.approx(1 - 1 / 3)
    # Of these three only feature 1 has another sign.
    assert sign_flips(a, b) == pytest.approx(1 / 3)
    entropies = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25)), 1.5 * np.log(2)
    assert distances(a, b)["entropy"] == pytest.approx(entropies[1] - entropies[0])
    # Gini: sum (2 i - n - 1) |a|_(i) / (n sum |a|), i = 1..n, of a 10 / 16 and of b 6 / 16.
    assert distances(a, b)["gini"] == pytest.approx(4 / 16)


def test_rank_biased_overlap_of_reversed_orders_is_its_sum():
    a, p = np.arange(1.0, 5), 0.9
    overlap = np.array([0, 0, 2 / 3, 1])  # orders 3 2 1 0 and 0 1 2 3: in common at depths 1 to 4
    overlap[1] = 0
    depth = np.arange(1, 5)
    expected = p**4 + (1 - p) / p * (overlap * p**depth).sum()
    assert drift.rank_biased_overlap(a, a[::-1]) == pytest.approx(expected)


def test_no_attributions_at_all_are_no_error():
    nothing, some = np.zeros(3), np.array([1.0, 0, 0])
    assert {name: value for name, value in distances(nothing, nothing).items() if not np.isnan(value)} == {
        "l1": 0, "cosine": 0, "top_k": 0, "sign_flips": 0, "rbo": pytest.approx(0)}
    assert l1(nothing, some) == cosine(nothing, some) == 1


@given(columns)
def test_the_two_parts_of_a_change(a):
    b = np.roll(a, 1)
    size, evidence = parts(a, 3 * a)
    assert (size, evidence) == pytest.approx((2 * np.abs(a).sum(), 0), abs=1e-9)
    size, evidence = parts(a, b)  # as large, so that only the evidence is other
    assert (size, evidence) == pytest.approx((0, np.abs(b - a).sum()), abs=1e-9)


def attributed(net, x):
    (found,) = input_x_gradient(table_game(net, x), 0, Allowance(1))
    return found.values[:, 0]


def test_of_linear_models_interpolated_every_curve_is_its_closed_form():
    rng = np.random.default_rng(0)
    first, last, x = rng.normal(size=(3, 6))
    net = torch.nn.Linear(6, 1, bias=False).double()
    for t in np.linspace(0, 1, 5):
        with torch.no_grad():
            net.weight[:] = torch.tensor((1 - t) * first + t * last)
        a, b = x * first, x * ((1 - t) * first + t * last)
        found, expected = distances(x * first, attributed(net, x)), distances(a, b)
        assert found == pytest.approx(expected, abs=1e-9)
        share = np.abs(a) / np.abs(a).sum(), np.abs(b) / np.abs(b).sum()
        assert found["l1"] == pytest.approx(np.abs(share[0] - share[1]).sum() / 2, abs=1e-12)
        assert found["cosine"] == pytest.approx(1 - a @ b / np.linalg.norm(a) / np.linalg.norm(b), abs=1e-12)


def test_networks_that_are_the_same_function_have_not_drifted():
    torch.manual_seed(0)
    first, relu, last = torch.nn.Linear(6, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1)
    net, x = torch.nn.Sequential(first, relu, last), np.random.default_rng(0).normal(size=6)
    before = attributed(net, x)
    order, scale = torch.randperm(16), torch.rand(16) * 10 + 0.1
    with torch.no_grad():
        first.weight[:], first.bias[:] = (scale[:, None] * first.weight)[order], (scale * first.bias)[order]
        last.weight[:] = (last.weight / scale)[:, order]
    assert not np.array_equal(before, attributed(net, x))
    assert list(distances(before, attributed(net, x)).values()) == pytest.approx([0] * len(MEASURES), abs=1e-6)
