"""Partial derivatives, averaged over rows."""

import numpy as np
import pandas as pd
import pytest
import torch
from nets import Of, smooth_net

import limelight as ll
from limelight.dataset.gradients import derivatives
from limelight.dataset.table import Table

RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(400, 3)) * [1, 2, 3]


def measured(function, rows=ROWS, **given):
    return derivatives(Table.of(ll.tabular_model(function, rows, **given)))


def test_of_a_linear_model_they_are_its_weights():
    weights = np.array([2.0, -1.0, 0.0])
    for model in (lambda rows: rows @ weights, Of(lambda rows: rows @ torch.tensor(weights))):
        signed, size, scaled = measured(model)
        assert signed.values == pytest.approx(weights, abs=1e-12) and signed.signed
        assert size.values == pytest.approx(np.abs(weights), abs=1e-12)
        assert scaled.values == pytest.approx(np.abs(weights) * ROWS.std(0), abs=1e-12)
        assert signed.low == pytest.approx(weights, abs=1e-9)


def test_of_a_network_they_are_means_of_its_gradients_with_their_errors():
    net = smooth_net(3)
    inputs = torch.tensor(ROWS, requires_grad=True)
    (gradients,) = torch.autograd.grad(net(inputs).sum(), inputs)
    signed, size, _ = measured(net)
    expected = gradients.numpy()
    assert signed.values == pytest.approx(expected.mean(0))
    assert size.values == pytest.approx(np.abs(expected).mean(0))
    assert (signed.high - signed.values) == pytest.approx(1.966 * expected.std(0, ddof=1) / 20, rel=1e-3)
    assert signed.n_evals == 400 and signed.notes == ()
    assert all(parameter.grad is None for parameter in net.parameters())


def test_a_sign_that_changes_cancels_and_a_size_does_not():
    signed, size, _ = measured(lambda rows: rows[:, 0] ** 2)
    assert signed.values[0] == pytest.approx(2 * ROWS[:, 0].mean(), abs=0.02)
    assert size.values[0] == pytest.approx(2 * np.abs(ROWS[:, 0]).mean(), rel=0.02)
    assert signed.notes[0].startswith("Derivatives are differences")


def test_differences_are_those_of_a_network_s_gradients():
    net = smooth_net(3)
    with torch.no_grad():
        theirs = measured(lambda rows: net(torch.tensor(rows)).detach().numpy())
    for exact, found in zip(measured(net), theirs, strict=True):
        assert found.values == pytest.approx(exact.values, rel=0.05, abs=0.02)


def test_a_module_of_probabilities_is_asked_for_the_output_s_own():
    torch.manual_seed(0)
    net = torch.nn.Linear(3, 2).double()
    table = Table.of(ll.tabular_model(net, ROWS), target=1)
    p = table.asker()(table.rows)[:, 1]
    weight = (net.weight[1] - net.weight[0]).detach().numpy()
    assert derivatives(table)[0].values == pytest.approx((p * (1 - p)).mean() * weight)


def test_whole_numbers_move_by_one_and_stay_in_their_range():
    rows = np.column_stack([RNG.integers(2, size=300), RNG.integers(5, size=300)]).astype(float)
    seen = []

    def model(each):
        seen.append(each)
        return 3 * each[:, 0] + each[:, 1] ** 2

    signed, _, scaled = measured(model, rows)
    assert signed.values[0] == 3
    assert scaled.values[0] == pytest.approx(3 * rows[:, 0].std())
    asked = np.concatenate(seen)
    assert set(asked[:, 0]) == {0, 1} and set(asked[:, 1]) == {0, 1, 2, 3, 4}


def test_of_categories_they_are_differences_between_levels():
    frame = pd.DataFrame({"sex": RNG.choice(["f", "m"], 200), "city": RNG.choice(["a", "b", "c"], 200),
                          "text": [f"no. {i}" for i in range(200)], "one": ["x"] * 200})
    worth = {"a": 0.0, "b": 1.0, "c": 3.0}
    signed, size, scaled = measured(
        lambda rows: 2.0 * (rows["sex"] == "m").to_numpy() + rows["city"].map(worth).to_numpy(), frame)
    np.testing.assert_allclose(signed.values, [2, np.nan, np.nan, 0])
    np.testing.assert_allclose(size.values, [2, 2, np.nan, 0])
    np.testing.assert_allclose(scaled.values, [2 * (frame["sex"] == "m").std(ddof=0), frame["city"].map(worth)
                                               .std(ddof=0), np.nan, 0])
    assert "an exchange of one level for another" in signed.notes[1]


def test_missing_numbers_are_left_out():
    rows = ROWS.copy()
    rows[::2, 0] = np.nan
    rows[:, 1] = np.nan
    signed, _, scaled = measured(lambda each: 2 * np.nan_to_num(each[:, 0]), rows)
    assert signed.values[0] == pytest.approx(2) and signed.values[1] == 0
    assert scaled.values[0] == pytest.approx(2 * ROWS[1::2, 0].std())
