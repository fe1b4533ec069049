"""Accumulated local effects and partial dependence, against what they are in closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from limelight.dataset.ale import accumulate
from limelight.dataset.dependence import depend
from limelight.dataset.partial import conditional
from limelight.dataset.similarity import order_of
from limelight.dataset.table import Table
from limelight.errors import InputError
from limelight.models.tabular import TabularModel

N = 400


def table_of(f, X) -> Table:
    return Table.of(TabularModel(f, X), X)


def correlated(rho: float = 0.9):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(N, 3))
    x[:, 1] = rho * x[:, 0] + np.sqrt(1 - rho**2) * x[:, 1]
    return x


def test_ale_and_pdp_of_a_linear_model_are_its_line_however_columns_are_correlated():
    x = correlated()
    table = table_of(lambda rows: rows @ [2.0, -3.0, 0.5], x)
    for j, weight in enumerate((2.0, -3.0, 0.5)):
        found = depend(table, j)
        np.testing.assert_allclose(found.ale, weight * (found.ale_grid - x[:, j].mean()), atol=1e-9)
        np.testing.assert_allclose(np.diff(found.pdp), weight * np.diff(found.grid), atol=1e-9)
        np.testing.assert_allclose([found.pdp_low, found.pdp_high], [found.pdp, found.pdp], atol=1e-9)


def test_partial_dependence_of_a_product_is_the_mean_of_the_other_factor():
    x = np.random.default_rng(1).normal(1.5, 1, size=(200, 2))
    found = depend(table_of(lambda rows: rows[:, 0] * rows[:, 1], x), 0)
    np.testing.assert_allclose(found.pdp, found.grid * x[:, 1].mean(), atol=1e-9)
    error = stats.t.ppf(0.975, 199) * x[:, 1].std(ddof=1) / np.sqrt(200)
    within = x[:, 0].mean()
    np.testing.assert_allclose(found.pdp_high - found.pdp, error * np.abs(found.grid - within), atol=1e-9)


def test_where_most_rows_are_alike_the_model_is_asked_at_all_the_others_too():
    x = np.zeros((400, 2))
    x[:20, 0] = np.arange(1, 21)
    found = depend(table_of(lambda rows: rows[:, 0] ** 2, x), 0)
    np.testing.assert_allclose(found.grid, np.arange(21))
    np.testing.assert_allclose(found.pdp, found.grid**2)
    x[:200, 0] = np.arange(1, 201)
    assert len(depend(table_of(lambda rows: rows[:, 0], x), 0).grid) >= 15


def test_single_rows_are_centred_at_the_first_value_and_are_the_rows_that_are_named():
    x = np.random.default_rng(1).normal(size=(120, 2))
    found = depend(table_of(lambda rows: rows[:, 0] * rows[:, 1], x), 0)
    assert found.ice.shape == (50, 30) and not found.ice[:, 0].any()
    np.testing.assert_allclose(found.ice, np.outer(x[found.ice_rows, 1], found.grid - found.grid[0]), atol=1e-9)


def test_where_columns_go_together_local_effects_differ_from_partial_dependence():
    """f = x1 x2 with x2 = x1: locally the slope is x2 = x1, so the effect is x^2 / 2; partial dependence is x E[x2]."""
    x = np.linspace(-1, 1, 300)
    found = depend(table_of(lambda rows: rows[:, 0] * rows[:, 1], np.column_stack([x, x])), 0)
    np.testing.assert_allclose(found.ale - found.ale.min(), found.ale_grid**2 / 2, atol=5e-3)
    np.testing.assert_allclose(found.pdp, 0, atol=1e-9)


def test_intervals_of_local_effects_cover_the_curve():
    covered = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(300, 2))
        table = table_of(lambda rows: rows[:, 0] * (1 + rows[:, 1]), x)
        found = accumulate(table, 0, table.asker())
        inside = np.abs(found.grid) < 1.5
        curve = found.grid - x[:, 0].mean()
        covered.append(((found.low <= curve) & (curve <= found.high))[inside].mean())
    assert np.mean(covered) > 0.85


def test_categories_that_are_alike_come_next_to_each_other_and_effects_are_differences_of_levels():
    rng = np.random.default_rng(0)
    levels = np.array(["low", "high", "middle"])
    place = rng.integers(0, 3, N)  # of low, middle, high
    X = pd.DataFrame({"c": np.array(["low", "middle", "high"])[place], "x": place * 3 + rng.normal(size=N)})
    effect = {"low": 0.0, "middle": 1.0, "high": 5.0}
    table = table_of(lambda rows: rows["c"].map(effect).to_numpy(float) + rows["x"].to_numpy(), X)
    order, note = order_of(table, 0)
    names = [table.columns[0].categories[code] for code in order]
    assert names in (["low", "middle", "high"], ["high", "middle", "low"]) and set(names) == set(levels)
    assert "likeness" in note
    found = depend(table, 0)
    by_name = {found.categories[int(code)]: value for code, value in zip(found.ale_grid, found.ale, strict=True)}
    assert by_name["high"] - by_name["middle"] == pytest.approx(4)
    assert by_name["middle"] - by_name["low"] == pytest.approx(1)
    shares = X["c"].value_counts(normalize=True)
    assert sum(shares[name] * value for name, value in by_name.items()) == pytest.approx(0, abs=1e-9)


def test_ordered_categories_keep_their_order():
    X = pd.DataFrame({"c": pd.Categorical(["b", "a", "c"] * 20, ["b", "c", "a"], ordered=True), "x": range(60)})
    table = table_of(lambda rows: rows["c"].cat.codes.to_numpy(float), X)
    assert order_of(table, 0) == (pytest.approx([0, 1, 2]), "")
    np.testing.assert_allclose(np.diff(depend(table, 0).ale), 1)


def test_missing_values_are_left_out_of_the_grid_and_said():
    x = np.random.default_rng(0).normal(size=(100, 2))
    x[:7, 0] = np.nan
    found = depend(table_of(lambda rows: np.nan_to_num(rows[:, 0]), x), 0)
    assert np.isfinite(found.grid).all() and "7 rows have no value here." in found.note


def test_a_constant_column_has_one_point_and_no_local_effects():
    x = np.column_stack([np.ones(50), np.arange(50.0)])
    found = depend(table_of(lambda rows: rows.sum(1), x), 0)
    assert found.grid.tolist() == [1.0] and not len(found.ale) and "one value" in found.note


def test_free_text_and_empty_columns_are_refused():
    X = pd.DataFrame({"t": [f"word {i}" for i in range(60)], "x": np.arange(60.0), "e": np.full(60, np.nan)})
    table = table_of(lambda rows: rows["x"].to_numpy(), X)
    with pytest.raises(InputError, match="free text"):
        depend(table, 0)
    with pytest.raises(InputError, match="missing in every row"):
        depend(table, 2)


def test_pairs_of_columns_are_set_together():
    x = np.random.default_rng(0).normal(size=(30, 3))
    table = table_of(lambda rows: rows[:, 0] * rows[:, 1] + rows[:, 2], x)
    found = conditional(table, {0: [1.0, 2.0], 1: [3.0, -1.0]}, table.asker())
    np.testing.assert_allclose(found[:, :, 0], np.array([3.0, -2.0]) + x[:, 2:], atol=1e-12)
