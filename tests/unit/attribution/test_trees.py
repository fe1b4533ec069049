"""Sums of trees: every kind that is recognised against enumeration, and the others refused."""

import numpy as np
import pytest
import shap
import xgboost
from sklearn.ensemble import (
    AdaBoostRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import Ridge
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from limelight.attribution._inputs import Inputs
from limelight.attribution.exact import exact_shapley
from limelight.attribution.trees import Trees
from limelight.maskers.tabular import TabularMasker
from limelight.models.tabular import TabularModel

RNG = np.random.default_rng(0)
X = RNG.normal(size=(150, 6))
X[:, 3] = RNG.integers(0, 4, 150)
Y = X @ [1, -2, 0.5, 0, 1, 0.3] + np.sin(2 * X[:, 0]) * X[:, 1] + (X[:, 3] == 2) * X[:, 4]
TWO, THREE = (Y > 0).astype(int), np.digitize(Y, [-1, 1])
BACKGROUND, ROW = X[:12], X[100]
HOLES = np.where(RNG.random(X.shape) < 0.2, np.nan, X)

REGRESSORS = [
    DecisionTreeRegressor(random_state=0), RandomForestRegressor(10, random_state=0),
    ExtraTreesRegressor(10, random_state=0), GradientBoostingRegressor(n_estimators=20),
    HistGradientBoostingRegressor(max_iter=20), HistGradientBoostingRegressor(loss="absolute_error", max_iter=20),
]
BOOSTED = [GradientBoostingClassifier(n_estimators=20), HistGradientBoostingClassifier(max_iter=20)]
AVERAGED = [DecisionTreeClassifier(random_state=0), RandomForestClassifier(10, random_state=0),
            ExtraTreesClassifier(10, random_state=0)]


def named(estimator):
    return type(estimator).__name__


@pytest.mark.parametrize("estimator", REGRESSORS, ids=named)
def test_regressors(check, estimator):
    check(estimator.fit(X, Y), BACKGROUND, ROW, "tree")


@pytest.mark.parametrize("estimator", AVERAGED, ids=named)
@pytest.mark.parametrize("classes", [TWO, THREE], ids=["two", "three"])
def test_averaged_probabilities(check, refused, estimator, classes):
    found = check(estimator.fit(X, classes), BACKGROUND, ROW, "tree")
    np.testing.assert_allclose(found.values.sum(1), 0, atol=1e-12)
    assert refused(estimator, BACKGROUND, ROW, "logit")


@pytest.mark.parametrize("estimator", BOOSTED, ids=named)
def test_boosted_log_odds(check, refused, estimator):
    check(estimator.fit(X, TWO), BACKGROUND, ROW, "tree", output="logit")
    check(estimator.decision_function, BACKGROUND, ROW, "tree")
    assert refused(estimator, BACKGROUND, ROW, "probability")
    assert refused(estimator.fit(X, THREE), BACKGROUND, ROW, "logit")


@pytest.mark.parametrize("estimator", [DecisionTreeRegressor(random_state=0), RandomForestRegressor(5, random_state=0),
                                       xgboost.XGBRegressor(n_estimators=5)], ids=named)
def test_several_targets(check, estimator):
    fitted = estimator.fit(X, np.c_[Y, X[:, 0] * X[:, 1]])
    assert check(fitted, BACKGROUND, ROW, "tree", tolerance=1e-6).values.shape == (6, 2)


@pytest.mark.parametrize("fitted_on", [X, HOLES], ids=["whole", "with holes"])
@pytest.mark.parametrize("estimator", [RandomForestRegressor(5, random_state=0), xgboost.XGBRegressor(n_estimators=9),
                                       HistGradientBoostingRegressor(max_iter=9)], ids=named)
def test_missing_values_go_the_models_way(check, estimator, fitted_on):
    row = np.where(np.arange(6) < 2, np.nan, ROW)
    check(estimator.fit(fitted_on, Y), HOLES[:12], row, "tree", tolerance=1e-6)


@pytest.mark.parametrize("options", [{}, {"objective": "reg:absoluteerror"}, {"max_depth": 1}], ids=str)
def test_xgboost(check, options):
    check(xgboost.XGBRegressor(n_estimators=20, **options).fit(X, Y), BACKGROUND, ROW, "tree", tolerance=1e-6)
    rounded = np.round(X, 1)  # rows on the thresholds
    check(xgboost.XGBRegressor(n_estimators=20, **options).fit(rounded, Y), rounded[:12], rounded[100], "tree",
          tolerance=1e-6)


def test_xgboosts_classifier_and_boosters(check, refused):
    classifier = xgboost.XGBClassifier(n_estimators=10).fit(X, TWO)
    check(classifier, BACKGROUND, ROW, "tree", output="logit", tolerance=1e-5)
    assert refused(classifier, BACKGROUND, ROW, "probability")
    data = xgboost.DMatrix(X, TWO)
    check(xgboost.train({"objective": "binary:logistic"}, data, 5), BACKGROUND, ROW, "tree", output="logit",
          tolerance=1e-5)
    check(xgboost.train({"objective": "binary:logitraw"}, data, 5), BACKGROUND, ROW, "tree", tolerance=1e-6)


def test_trees_after_the_best_iteration_do_not_count(check):
    model = xgboost.XGBRegressor(n_estimators=60, early_stopping_rounds=2)
    model.fit(X[:75], Y[:75], eval_set=[(X[75:], Y[75:])], verbose=False)
    assert model.best_iteration + 1 < model.get_booster().num_boosted_rounds()
    check(model, BACKGROUND, ROW, "tree", tolerance=1e-6)
    check(model.get_booster(), BACKGROUND, ROW, "tree", tolerance=1e-6)  # which uses them all


@pytest.mark.parametrize(
    "estimator",
    [AdaBoostRegressor(), GradientBoostingRegressor(init=Ridge()), HistGradientBoostingRegressor(loss="poisson"),
     HistGradientBoostingRegressor(categorical_features=[3]), xgboost.XGBRegressor(objective="count:poisson"),
     xgboost.XGBRegressor(booster="dart"), xgboost.XGBRegressor(booster="gblinear"),
     xgboost.XGBRegressor(n_estimators=3, missing=2.0)],
    ids=["AdaBoost", "on top of Ridge", "poisson", "categories", "exp", "dart", "gblinear", "missing is 2"],
)
def test_what_is_no_sum_of_trees_over_numbers_is_refused(refused, estimator):
    assert refused(estimator.fit(X, np.abs(Y)), BACKGROUND, ROW)


def test_other_losses_of_classifiers_are_refused(refused):
    assert refused(GradientBoostingClassifier(loss="exponential", n_estimators=3).fit(X, TWO), BACKGROUND, ROW, "logit")


def test_sure_float32_probabilities_are_refused(refused):
    # At a log-odds of 14 the next float32 below 1 is already one 10th of a unit away.
    sure = xgboost.XGBClassifier(n_estimators=200, learning_rate=1, min_child_weight=0, reg_lambda=0)
    assert refused(sure.fit(X, X[:, 0] > 0), BACKGROUND, ROW, "logit")


def test_a_forest_of_thirty_features_agrees_with_its_game_and_with_shap():
    rows = RNG.normal(size=(300, 30)).astype(np.float32).astype(float)
    forest = RandomForestRegressor(10, random_state=0).fit(rows, rows[:, 0] * rows[:, 1] + rows[:, 2])
    model = TabularModel(forest, rows[:40])
    found = exact_shapley(model, rows[200], "probability")
    coalitions = np.concatenate([[[False] * 30, [True] * 30], RNG.random((60, 30)) < 0.5])
    assert found.agrees(coalitions, TabularMasker(model, rows[200])(coalitions, "probability"))
    background = shap.maskers.Independent(rows[:40], max_samples=40)
    peer = shap.TreeExplainer(forest, background).shap_values(rows[200])
    np.testing.assert_allclose(found.values[:, 0], peer, atol=1e-6)


def test_columns_of_one_feature_come_and_go_together():
    # Of x0 <= 0 and x1 <= 0 only one can hold, as in one-hot columns: two features would share what one has.
    trees = Trees(roots=np.array([0]), low=np.array([1, -1, 3, -1, -1]), high=np.array([2, -1, 4, -1, -1]),
                  missing=np.full(5, -1), column=np.array([0, 0, 1, 0, 0]), threshold=np.full(5, 0.5),
                  leaves=np.array([[0.0], [1.0], [0.0], [4.0], [9.0]]), intercept=np.zeros(1), reads=np.float64,
                  precision=1e-16, takes_missing=False, weight=np.ones(5))
    x, background = np.array([1.0, 0.0]), np.array([[0.0, 1.0]])
    apart = trees.shapley(Inputs(x, background, np.array([0, 1]), 2, 1e-16))
    np.testing.assert_allclose(apart[:, 0], [(8 + 3) / 2, (0 - 5) / 2])
    together = trees.shapley(Inputs(x, background, np.array([0, 0]), 1, 1e-16))
    for owner, expected in (([0, 1], apart), ([0, 0], together)):
        several = trees.of_rows(np.stack([x, x]), background, np.array(owner), max(owner) + 1)
        assert np.allclose(several, expected, rtol=0, atol=1e-15)
    np.testing.assert_allclose(together, [[3]])


def test_parts_of_paths_make_no_difference(monkeypatch):
    forest = RandomForestRegressor(10, random_state=0).fit(X, Y)
    model = TabularModel(forest, BACKGROUND)
    whole = exact_shapley(model, ROW, "probability")
    coalitions = RNG.random((20, 6)) < 0.5
    monkeypatch.setattr("limelight.attribution.trees._CHUNK", 7)
    parts = exact_shapley(model, ROW, "probability")
    np.testing.assert_allclose(parts.values, whole.values, atol=1e-13)
    np.testing.assert_allclose(parts.says(coalitions), whole.says(coalitions), atol=1e-13)
