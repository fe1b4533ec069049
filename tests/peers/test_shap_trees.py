"""tree_shap and linear_shap against shap's own explainers."""

import lightgbm
import numpy as np
import pytest
import shap
import xgboost
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression

import limelight as ll
from limelight.attribution.leaf_tables import by_leaves, path_dependent

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 8)).astype(np.float32).astype(float)
Y = X @ np.arange(8) / 4 + X[:, 0] * X[:, 1]
TWO, THREE = (Y > 0).astype(int), np.digitize(Y, [-1, 1])
BACKGROUND, ROW = X[:30], X[120]


def named(estimator):
    return type(estimator).__name__


def theirs(estimator, **options):
    explainer = shap.TreeExplainer(estimator, **options)
    return explainer.shap_values(ROW[None], check_additivity=False)[0].reshape(8, -1)


def ours(estimator, **options):
    return ll.explain(ll.tabular_model(estimator, BACKGROUND), ROW, progress=False, **options).values


SUMMED = [RandomForestRegressor(9, random_state=0).fit(X, Y), RandomForestClassifier(9, random_state=0).fit(X, THREE),
          HistGradientBoostingClassifier(max_iter=9).fit(X, TWO),
          HistGradientBoostingClassifier(max_iter=9).fit(X, THREE),
          xgboost.XGBRegressor(n_estimators=9).fit(X, Y), xgboost.XGBClassifier(n_estimators=9).fit(X, THREE),
          lightgbm.LGBMRegressor(n_estimators=9, verbose=-1).fit(X, Y)]


@pytest.mark.parametrize("estimator", SUMMED, ids=named)
def test_interventional_values_are_shaps(estimator):
    found = ours(estimator, method="tree_shap")
    assert found[:, -1] == pytest.approx(theirs(estimator, data=BACKGROUND)[:, -1], abs=1e-5)


@pytest.mark.parametrize("estimator", SUMMED, ids=named)
def test_path_dependent_values_are_shaps(estimator):
    found = ours(estimator, method="tree_shap", path_dependent=True)
    assert found[:, -1] == pytest.approx(theirs(estimator)[:, -1], abs=1e-5)


HOLES = np.where(RNG.random(X.shape) < 0.2, np.nan, X)
DEEP = [RandomForestRegressor(5, max_depth=12, random_state=0), xgboost.XGBClassifier(n_estimators=20, max_depth=12),
        HistGradientBoostingClassifier(max_iter=20), lightgbm.LGBMRegressor(n_estimators=20, num_leaves=60, verbose=-1),
        lightgbm.LGBMClassifier(n_estimators=9, boosting_type="dart", verbose=-1),
        GradientBoostingRegressor(max_depth=8, n_estimators=20), ExtraTreesClassifier(9, random_state=0)]


@pytest.mark.filterwarnings("ignore:LightGBM binary classifier with TreeExplainer:UserWarning")
@pytest.mark.parametrize("estimator", DEEP, ids=named)
def test_tables_of_leaves_say_of_many_rows_what_shap_says(estimator):
    target = TWO if "Classifier" in named(estimator) else Y
    for fitted_on, rows in ((X, X), (HOLES, HOLES)):
        if fitted_on is HOLES and named(estimator).startswith("Gradient"):
            continue  # it takes no missing values
        explainer = shap.TreeExplainer(estimator.fit(fitted_on, target))
        values, base = path_dependent(estimator, rows)
        peer = explainer.shap_values(rows, check_additivity=False).reshape(values.shape)
        np.testing.assert_allclose(values, peer, atol=1e-5 * np.abs(peer).max())
        np.testing.assert_allclose(base, np.ravel(explainer.expected_value), rtol=1e-5, atol=1e-6)
        assert by_leaves(estimator, rows, np.arange(8), 8) is not None  # and it was not shap that was asked


def test_linear_values_are_shaps():
    model = LogisticRegression().fit(X, TWO)
    peer = shap.LinearExplainer(model, shap.maskers.Independent(BACKGROUND, max_samples=30)).shap_values(ROW)
    assert ours(model, method="linear_shap")[:, 1] == pytest.approx(peer, abs=1e-9)
