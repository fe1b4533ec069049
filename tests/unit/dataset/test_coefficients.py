"""Coefficients and split importance, mapped back to the columns that a user knows."""

import numpy as np
import pandas as pd
import pytest
import xgboost
from catboost import CatBoostRegressor
from lightgbm import LGBMRegressor
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.svm import LinearSVC

import limelight as ll
from limelight.dataset.coefficients import coefficients
from limelight.dataset.kinds import Related, offered
from limelight.dataset.splits import splits
from limelight.dataset.table import Table
from limelight.errors import Unsuited

RNG = np.random.default_rng(0)
N = 300
FRAME = pd.DataFrame({"age": RNG.integers(20, 60, N), "pay": RNG.lognormal(size=N),
                      "sex": RNG.choice(["f", "m"], N), "city": RNG.choice(["a", "b", "c"], N)})
Y = 2 * FRAME["age"] - 3 * (FRAME["sex"] == "m") + FRAME["city"].map({"a": 0, "b": 1, "c": 5}) + np.log(FRAME["pay"])
STEPS = make_column_transformer((StandardScaler(), ["age"]), (FunctionTransformer(np.log), ["pay"]),
                                (OneHotEncoder(), ["sex", "city"]))


def table(model, rows=FRAME, **given):
    return Table.of(ll.tabular_model(model, rows), **given)


def test_behind_a_pipeline_they_are_those_of_the_raw_columns():
    unit, scaled = coefficients(table(make_pipeline(STEPS, LinearRegression()).fit(FRAME, Y)))
    np.testing.assert_allclose(unit.values, [2, np.nan, -3, np.nan], rtol=1e-6)
    spread = [2 * FRAME["age"].std(ddof=0), np.log(FRAME["pay"]).std(ddof=0), -3 * (FRAME["sex"] == "m").std(ddof=0),
              FRAME["city"].map({"a": 0, "b": 1, "c": 5}).std(ddof=0)]
    np.testing.assert_allclose(scaled.values, spread, rtol=1e-6)
    assert unit.said == "The change of the value with one unit more of the column."
    assert unit.notes == ("pay, city: there is no one coefficient, and its spread is without a sign.",)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_those_of_classes_are_of_the_output_that_is_asked_for(n_classes):
    rows = RNG.normal(size=(N, 3))
    model = LogisticRegression().fit(rows, np.digitize(rows[:, 0], np.linspace(-1, 1, n_classes + 1)[1:-1]))
    for target in range(n_classes):
        expected = model.coef_[target] if n_classes > 2 else model.coef_[0] * (2 * target - 1)
        assert coefficients(table(model, rows, target=target))[0].values == pytest.approx(expected, rel=1e-6)


def test_those_of_margins_are_of_the_class_that_they_speak_for():
    rows = RNG.normal(size=(N, 2))
    model = LinearSVC().fit(rows, rows[:, 0] > 0)
    found = coefficients(table(model, rows))[0]
    assert found.values == pytest.approx(model.coef_[0], rel=1e-6) and "margin" in found.said


def test_a_constant_column_has_none():
    rows = np.column_stack([RNG.normal(size=N), np.ones(N)])
    model = make_pipeline(StandardScaler(), LinearRegression()).fit(rows, rows[:, 0])
    assert coefficients(table(model, rows))[0].values == pytest.approx([1, 0])


def test_what_has_no_coefficients_is_refused():
    rows = RNG.normal(size=(N, 3))
    mixed = make_pipeline(PCA(2), LinearRegression()).fit(rows, rows[:, 0])
    assert coefficients(table(mixed, rows))[0].values.shape == (3,)  # linear all the same
    products = make_pipeline(FunctionTransformer(lambda each: each[:, :1] * each[:, 1:]), LinearRegression())
    with pytest.raises(Unsuited, match="steps that act on each column alone, and feature 0 is mixed with others"):
        coefficients(table(products.fit(rows, rows[:, 0] * rows[:, 1]), rows))
    with pytest.raises(Unsuited, match="coefficients need a linear or logistic model"):
        coefficients(table(RandomForestRegressor(2).fit(rows, rows[:, 0]), rows))


def test_splits_of_one_hot_columns_are_those_of_their_column():
    model = make_pipeline(STEPS, RandomForestRegressor(5, random_state=0)).fit(FRAME, Y)
    own = model[-1].feature_importances_
    found = splits(table(model))
    assert found.values == pytest.approx([own[0], own[1], own[2:4].sum(), own[4:].sum()])
    assert np.isnan(found.low).all() and "prefers columns with many different values" in found.notes[0]


@pytest.mark.parametrize("model", [
    xgboost.XGBRegressor(n_estimators=5), LGBMRegressor(n_estimators=5, verbose=-1),
    CatBoostRegressor(iterations=5, verbose=False, allow_writing_files=False),
], ids=lambda model: type(model).__name__)
def test_splits_of_boosters_are_shares_of_their_gain(model):
    rows = np.column_stack([np.ones(N), RNG.normal(size=(N, 2))])
    fitted = model.fit(rows, 3 * rows[:, 1] + 0.1 * rows[:, 2])
    found = splits(table(fitted, rows)).values
    assert found.sum() == pytest.approx(1) and found[0] == 0 and found[1] > 0.9
    if isinstance(model, xgboost.XGBRegressor):
        assert splits(table(fitted.get_booster(), rows)).values == pytest.approx(found)


def test_splits_that_are_not_kept_are_refused():
    rows = RNG.normal(size=(N, 3))
    forgetful = table(HistGradientBoostingRegressor(max_iter=2).fit(rows, rows[:, 0]), rows)
    with pytest.raises(Unsuited, match="that keeps what its splits gained"):
        splits(forgetful)
    keeping = table(RandomForestRegressor(2, random_state=0).fit(rows, rows[:, 0]), rows)
    assert "splits" not in offered(Related(forgetful), forgetful) and "splits" in offered(Related(keeping), keeping)
    mixed = make_pipeline(PCA(), RandomForestRegressor(2, random_state=0)).fit(rows, rows[:, 0])
    with pytest.raises(Unsuited, match="act on each column alone, and one mixes some of them"):
        splits(table(mixed, rows))


def test_splits_of_encoded_categories_are_found_in_any_order():
    steps = make_column_transformer((OrdinalEncoder(), ["city", "sex"]), ("passthrough", ["pay", "age"]))
    model = make_pipeline(steps, RandomForestRegressor(5, random_state=0)).fit(FRAME, Y)
    city, sex, pay, age = model[-1].feature_importances_
    assert splits(table(model)).values == pytest.approx([age, pay, sex, city])
