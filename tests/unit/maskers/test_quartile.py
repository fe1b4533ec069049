"""The lime package's tabular law, against the package and the closed form of its limit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lime.discretize import QuartileDiscretizer
from lime.lime_tabular import LimeTabularExplainer
from scipy.stats import ks_2samp, truncnorm
from sklearn.datasets import load_breast_cancer

from limelight.errors import InputError
from limelight.maskers.quartile import QuartileMasker
from limelight.maskers.tabular import TabularMasker
from limelight.models.tabular import TabularModel

CANCER = load_breast_cancer().data[:, :8]
ROW = CANCER[500]


def quartiles(rows, x, *, seed=0, model=lambda rows: np.asarray(rows, float)[:, 0], **options):
    return QuartileMasker(TabularMasker(TabularModel(model, rows, **options), x), seed)


def test_bins_are_the_packages_own():
    own = QuartileDiscretizer(CANCER, [], [f"feature {j}" for j in range(8)])
    masker = quartiles(CANCER, ROW)
    for j, law in enumerate(masker._laws):
        np.testing.assert_allclose(law.mean, own.means[j])
        np.testing.assert_allclose(law.std, own.stds[j])
        np.testing.assert_array_equal((law.low, law.high), (own.mins[j], own.maxs[j]))
        assert masker.bins[j] == own.names[j][int(own.discretize(ROW)[j])]


def test_draws_are_distributed_as_the_packages():
    package = LimeTabularExplainer(CANCER, discretizer="quartile", random_state=0)
    data, rows = package._LimeTabularExplainer__data_inverse(ROW, 20_000)
    coalitions, own_rows = quartiles(CANCER, ROW).draw(20_000)
    for j in range(8):
        # 16 tests in all: each at a level that a right law fails once in ten thousand seeds.
        assert ks_2samp(rows[1:, j], own_rows[1:, j]).pvalue > 1e-4
        share = data[1:, j].mean()
        assert abs(coalitions[1:, j].mean() - share) < 4 * np.sqrt(2 * share * (1 - share) / 20_000)


def test_a_linear_model_has_the_closed_form_whatever_the_kernel():
    # science.md 2.1: the mean of its own bin less the mean of the others', and no kernel width in it.
    rng = np.random.default_rng(1)
    rows, slopes = rng.normal(size=(400, 4)), np.array([3.0, -2.0, 0.5, 0.0])
    masker = quartiles(rows, rows[3], model=lambda rows: rows @ slopes)
    coalitions, outputs = masker.draw_and_ask(40_000, "probability")
    means = np.array([truncnorm.mean((law.low - law.mean) / law.std, (law.high - law.mean) / law.std, law.mean, law.std)
                      for law in masker._laws])
    own = np.array(masker._own)
    inside = means[np.arange(4), own]
    outside = (means.sum(1) - inside) / 3
    for width in (1.0, 1.5, 30.0):
        np.testing.assert_array_less(
            np.abs(deviations(coalitions, outputs[:, 0], width, slopes * (inside - outside))), 4.5
        )


def deviations(coalitions, outputs, width, expected):
    """Weighted least squares, less what it should be, in sandwich standard errors."""
    design = np.column_stack([np.ones(len(coalitions)), coalitions])
    weights = np.exp(-(~coalitions).sum(1) / (2 * width**2))
    inverse = np.linalg.inv(design.T @ (weights[:, None] * design))
    fitted = inverse @ design.T @ (weights * outputs)
    scores = (weights * (outputs - design @ fitted))[:, None] * design
    errors = np.sqrt(np.diag(inverse @ scores.T @ scores @ inverse))
    return ((fitted - np.r_[0, expected]) / errors)[1:]


def test_a_chance_falls_into_the_bin_that_ends_beyond_it():
    masker = quartiles(CANCER, ROW)
    for law in masker._laws:
        chances = np.r_[np.random.default_rng(0).random(100), 0.0, law.ends[:-1]]
        bins, values = law.draw(chances)
        np.testing.assert_array_equal(bins, np.searchsorted(law.ends, chances, side="right"))
        assert (values >= law.low[bins]).all() and (values <= law.high[bins]).all()


def test_a_bin_of_no_width_gives_its_value():
    # Half of the column is zero: its first two quartiles fall together, and the package gives the first
    # bin's value after standardising instead of before.
    rows = np.column_stack([np.r_[np.full(60, 5.0), np.arange(6.0, 46)], np.full(100, 7.0)])
    _, drawn = quartiles(rows, rows[0]).draw(4_000)
    assert (drawn[:, 1] == 7).all()
    assert (drawn[:, 0] == 5).mean() == pytest.approx(0.6, abs=0.04)
    assert drawn[:, 0].min() == 5
    assert drawn[:, 0].max() <= 45


def test_values_stay_in_their_bins():
    masker = quartiles(CANCER, ROW)
    coalitions, rows = masker.draw(5_000)
    for j, (law, own) in enumerate(zip(masker._laws, masker._own, strict=True)):
        inside = (rows[:, j] >= law.low[own]) & (rows[:, j] <= law.high[own])
        np.testing.assert_array_equal(inside, coalitions[:, j])


@pytest.mark.parametrize("cuts", [(1, 7, 92), (50, 50), (99, 1)])
def test_rows_are_the_same_however_they_are_cut(cuts):
    whole = quartiles(CANCER, ROW, seed=3)
    parts = quartiles(CANCER, ROW, seed=3)
    expected = whole.draw_and_ask(100, "probability")
    pieces = [parts.draw_and_ask(n, "probability") for n in cuts]
    for got, want in zip(zip(*pieces, strict=True), expected, strict=True):
        np.testing.assert_array_equal(np.concatenate(got), want)


def test_seeds_differ_and_the_first_row_is_the_row_itself():
    (first, rows), (second, others) = (quartiles(CANCER, ROW, seed=seed).draw(50) for seed in (0, 1))
    np.testing.assert_array_equal(rows[0], ROW)
    np.testing.assert_array_equal(others[0], ROW)
    assert first[0].all()
    assert (first != second).any()


MIXED = pd.DataFrame(
    {
        "x": np.arange(40.0),
        "n": np.arange(40),
        "city": ["Bern"] * 30 + ["Rome"] * 10,
        "size": pd.Categorical(["s", "m"] * 20, categories=["s", "m", "l"]),
        "flag": [True] * 10 + [False] * 30,
    }
)


def test_categories_come_by_their_frequency_and_keep_their_type():
    masker = quartiles(MIXED, MIXED.iloc[35], model=lambda rows: rows["x"].to_numpy())
    coalitions, rows = masker.draw(4_000)
    assert rows.dtypes[["city", "size", "flag"]].to_dict() == MIXED.dtypes[["city", "size", "flag"]].to_dict()
    assert (rows["city"] == "Bern").mean() == pytest.approx(0.75, abs=0.03)
    assert set(rows["size"]) == {"s", "m"}
    np.testing.assert_array_equal(coalitions[:, 2:], rows[["city", "size", "flag"]] == ["Rome", "m", False])
    assert masker.bins[1:] == ["n > 29.25", "city = Rome", "size = m", "flag = False"]
    outputs = masker(rows, "probability")
    np.testing.assert_array_equal(outputs[:, 0], rows["x"])


def test_numbers_listed_as_categories_are_not_cut():
    rows = np.column_stack([np.tile([1.0, 2.0], 20), np.arange(40.0)])
    coalitions, drawn = quartiles(rows, rows[0], categorical=[0]).draw(200)
    assert set(drawn[:, 0]) == {1, 2}
    np.testing.assert_array_equal(coalitions[:, 0], drawn[:, 0] == 1)


def test_a_row_beyond_all_rows_is_in_the_last_bin():
    masker = quartiles(CANCER, CANCER.max(0) * 2)
    assert masker.bins[0].startswith("feature 0 > ")
    assert masker.draw(1_000)[0][1:].mean() == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(("rows", "message"), [
    (np.array([[1.0], [np.nan]]), "holds NaN"),
    (pd.DataFrame({"review": [f"text {i}" for i in range(60)]}), "free text"),
])
def test_columns_without_quartiles_are_refused(rows, message):
    with pytest.raises(InputError, match=message):
        quartiles(rows, rows[:1], model=len)


def test_the_view_and_the_run_get_what_they_need():
    masker = quartiles(CANCER, ROW)
    assert (masker.law, masker.hide, masker.subject["hide"]) == ("bins", "quartile", "quartile")
    assert masker.notes == (
        "Values are drawn within the quartiles of 569 background rows, as the lime package draws them.",
    )
    assert masker.batch_size == 8_000
    np.testing.assert_allclose(masker.edited({0: 1.25}, "probability"), [1.25])
