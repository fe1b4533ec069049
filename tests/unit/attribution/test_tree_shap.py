"""tree_shap as a method: the right space, sums that are checked, and every library."""

import catboost
import lightgbm
import numpy as np
import pandas as pd
import pytest
import xgboost
from brute import by_paths
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeRegressor

import limelight as ll
from limelight.attribution.leaf_tables import path_dependent
from limelight.errors import InputError, Unsuited

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 6))
Y = X @ [1, -2, 0.5, 0, 1, 0.3] + X[:, 0] * X[:, 1]
TWO, THREE = (Y > 0).astype(int), np.digitize(Y, [-1, 1])
BACKGROUND, ROW = X[:20], X[100]

QUIET = {"verbose": 0, "allow_writing_files": False}
REGRESSORS = [DecisionTreeRegressor(random_state=0), RandomForestRegressor(10, random_state=0),
              GradientBoostingRegressor(n_estimators=9), HistGradientBoostingRegressor(max_iter=9),
              xgboost.XGBRegressor(n_estimators=9), lightgbm.LGBMRegressor(n_estimators=9, verbose=-1),
              catboost.CatBoostRegressor(iterations=9, **QUIET)]
AVERAGED = [RandomForestClassifier(10, random_state=0), ExtraTreesClassifier(10, random_state=0)]
BOOSTED = [GradientBoostingClassifier(n_estimators=9), HistGradientBoostingClassifier(max_iter=9),
           xgboost.XGBClassifier(n_estimators=9), lightgbm.LGBMClassifier(n_estimators=9, verbose=-1),
           catboost.CatBoostClassifier(iterations=9, **QUIET)]


def named(estimator):
    return type(estimator).__name__


def explained(estimator, background=BACKGROUND, row=ROW, method="tree_shap", **options):
    return ll.explain(ll.tabular_model(estimator, background), row, method=method, progress=False, **options)


def check_sums(found, space):
    assert found.method == "tree_shap" and found.output_space == space and found.exact
    assert not found.std_error.any() and found.neighborhood is None and found.n_evals == 2
    scale = np.abs(found.values).max()
    assert found.values.sum(0) + found.base_values == pytest.approx(found.prediction, abs=1e-6 * scale)


@pytest.mark.parametrize("path_dependent", [False, True], ids=["background", "paths"])
@pytest.mark.parametrize("estimator", REGRESSORS, ids=named)
def test_values_of_regressors(estimator, path_dependent):
    found = explained(estimator.fit(X, Y), path_dependent=path_dependent)
    check_sums(found, "value")
    assert found.prediction == pytest.approx(estimator.predict(ROW[None]), rel=1e-6)


@pytest.mark.parametrize("path_dependent", [False, True], ids=["background", "paths"])
@pytest.mark.parametrize("output", ["probability", "logit"])
@pytest.mark.parametrize("estimator", AVERAGED, ids=named)
def test_forests_explain_probabilities_whatever_was_asked(estimator, output, path_dependent):
    found = explained(estimator.fit(X, THREE), output=output, path_dependent=path_dependent)
    check_sums(found, "probability")
    assert found.prediction == pytest.approx(estimator.predict_proba(ROW[None])[0])


@pytest.mark.parametrize("path_dependent", [False, True], ids=["background", "paths"])
@pytest.mark.parametrize("output", ["probability", "logit"])
@pytest.mark.parametrize("estimator", BOOSTED, ids=named)
def test_boosted_classifiers_explain_log_odds_and_say_so(estimator, output, path_dependent):
    found = explained(estimator.fit(X, TWO), output=output, path_dependent=path_dependent)
    check_sums(found, "log-odds")
    p = estimator.predict_proba(ROW[None])[0]
    assert found.prediction == pytest.approx([np.log(p[0] / p[1]), np.log(p[1] / p[0])], rel=1e-4)
    assert np.array_equal(found.values[:, 0], -found.values[:, 1]) and found.target == p.argmax()


@pytest.mark.parametrize("estimator", BOOSTED[1:4], ids=named)
@pytest.mark.parametrize("path_dependent", [False, True], ids=["background", "paths"])
def test_of_several_classes_they_explain_margins(estimator, path_dependent):
    found = explained(estimator.fit(X, THREE), path_dependent=path_dependent)
    check_sums(found, "margin")
    likely = np.exp(found.prediction - found.prediction.max())
    assert likely / likely.sum() == pytest.approx(estimator.predict_proba(ROW[None])[0], rel=1e-5)


def test_background_values_are_shapley_values_of_the_same_game():
    forest = RandomForestRegressor(10, random_state=0).fit(X, Y)
    assert explained(forest).values == pytest.approx(explained(forest.predict, method="shapley").values, abs=1e-9)
    booster = GradientBoostingClassifier(n_estimators=9).fit(X, TWO)
    asked = ll.tabular_model(lambda rows: booster.decision_function(rows), BACKGROUND)
    enumerated = ll.explain(asked, ROW, method="shapley", progress=False)
    assert explained(booster).values[:, 1:] == pytest.approx(enumerated.values, abs=1e-9)


def test_sure_predictions_lose_no_digits():
    sure = xgboost.XGBClassifier(n_estimators=200, learning_rate=1, min_child_weight=0, reg_lambda=0)
    found = explained(sure.fit(X, X[:, 0] > 0))
    check_sums(found, "log-odds")
    assert np.abs(found.prediction).max() > 10


def test_boosters_without_an_estimator():
    binary = {"objective": "binary:logistic"}
    check_sums(explained(xgboost.train(binary, xgboost.DMatrix(X, TWO), 5)), "log-odds")
    booster = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(X, TWO), 5)
    found = explained(booster)
    check_sums(found, "log-odds")
    assert found.prediction == pytest.approx(booster.predict(ROW[None], raw_score=True))


def test_other_objectives_explain_margins():
    poisson = xgboost.XGBRegressor(n_estimators=5, objective="count:poisson").fit(X, np.abs(Y))
    found = explained(poisson)
    check_sums(found, "margin")
    assert np.exp(found.prediction) == pytest.approx(poisson.predict(ROW[None]), rel=1e-5)


def frame(head=None):
    colours = np.array(["blue", "green", "red"])[np.digitize(X[:, 1], [-0.5, 0.5])]
    rows = pd.DataFrame({"a": X[:, 0], "colour": colours, "b": X[:, 2]})
    encoder = make_column_transformer((OneHotEncoder(sparse_output=False), ["colour"]), (StandardScaler(), ["a", "b"]))
    return rows, make_pipeline(encoder, head or RandomForestRegressor(8, random_state=0)).fit(rows, Y)


def test_one_hot_columns_of_a_pipeline_come_and_go_together():
    rows, pipeline = frame()
    found = explained(pipeline, rows[:20], rows.iloc[100])
    check_sums(found, "value")
    asked = ll.tabular_model(lambda some: pipeline.predict(some), rows[:20])
    enumerated = ll.explain(asked, rows.iloc[100], method="shapley", progress=False)
    assert found.values == pytest.approx(enumerated.values, abs=1e-9)
    assert "warning" not in found.params


def test_one_hot_columns_come_and_go_together_by_paths_too():
    rows, pipeline = frame(DecisionTreeRegressor(max_leaf_nodes=20, random_state=0))
    found = explained(pipeline, rows[:20], rows.iloc[100], path_dependent=True)
    check_sums(found, "value")
    owner = np.array([1, 1, 1, 0, 2])
    values, base = by_paths(pipeline[-1], pipeline[:-1].transform(rows.iloc[[100]])[0], owner)
    assert found.values == pytest.approx(values, abs=1e-12) and found.base_values == pytest.approx(base)
    assert found.params["hide"] == "paths of the trees" and "warning" not in found.params


@pytest.mark.parametrize("head", [lightgbm.LGBMRegressor(n_estimators=9, verbose=-1),
                                  HistGradientBoostingRegressor(max_iter=9)], ids=named)
@pytest.mark.parametrize("row", [(0.1, -np.inf, 0.5), (np.inf, 0.2, -np.inf), (1e300, 0.2, -1e39)], ids=str)
def test_infinite_and_huge_values_behind_a_pipeline_are_told_from_others(head, row):
    swapped = make_column_transformer(("passthrough", [1, 0]), remainder="passthrough")
    pipeline = make_pipeline(swapped, head).fit(X[:, :3], Y)
    background = X[:20, :3].copy()
    background[3, 1], background[5, 2] = -np.inf, np.inf
    asked = ll.tabular_model(lambda rows: pipeline.predict(rows), background)
    enumerated = ll.explain(asked, row, method="shapley", progress=False).values[:, 0]
    found = explained(pipeline, background, row)
    assert found.method == "tree_shap" and found.values[:, 0] == pytest.approx(enumerated, abs=1e-6)
    many = ll.explain_many(ll.tabular_model(pipeline, background), [row, X[0, :3]], progress=False)
    assert many.loc[0, list(found.feature_names)].to_numpy(float) == pytest.approx(enumerated, abs=1e-6)


def test_where_columns_are_summed_it_says_so():
    rows, pipeline = frame(catboost.CatBoostRegressor(iterations=9, **QUIET))
    with pytest.warns(UserWarning, match="found one by one and summed"):
        found = explained(pipeline, rows[:20], rows.iloc[100], path_dependent=True)
    check_sums(found, "value")
    assert found.params["hide"] == "paths of the trees"


def test_a_column_that_nothing_tells_apart_is_refused_by_paths():
    rows, pipeline = frame()
    red = rows[rows["colour"] == "red"]
    with pytest.raises(Unsuited, match=r"split by a column .* it is made of; use shapley"):
        explained(pipeline, red[:20], red.iloc[30], path_dependent=True)


def test_groups_have_values_of_their_own():
    found = explained(RandomForestRegressor(5, random_state=0).fit(X, Y), groups={"pair": [0, 1]})
    check_sums(found, "value")
    assert found.feature_names[0] == "pair" and len(found.values) == 5


def test_path_dependent_values_start_from_the_trees_own_mean():
    tree = DecisionTreeRegressor(max_depth=1).fit(X, Y)
    found = explained(tree, path_dependent=True)
    assert found.base_values == pytest.approx([Y.mean()])
    split = tree.tree_.feature[0]
    expected = np.zeros(6)
    expected[split] = tree.predict(ROW[None])[0] - Y.mean()
    assert found.values[:, 0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("estimator", "message"), [
    (LinearRegression(), "needs decision trees .* this is LinearRegression; use shapley"),
    (GradientBoostingClassifier(n_estimators=3), "two classes only; use shapley"),
    (catboost.CatBoostClassifier(iterations=3, **QUIET), "use path_dependent=True, or shapley"),
    (HistGradientBoostingRegressor(loss="poisson"), "needs decision trees .* whose sum or mean is the answer"),
    (xgboost.XGBClassifier(booster="dart", rate_drop=0.5, n_estimators=5),
     "trees of xgboost's dart .* use path_dependent=True, or shapley"),
    (GradientBoostingRegressor(init=LinearRegression()), "shap can't read this GradientBoostingRegressor"),
    (lightgbm.LGBMRegressor(linear_tree=True, n_estimators=5, verbose=-1), "more than their sum; use shapley"),
    (xgboost.XGBRegressor(booster="gblinear"), "needs decision trees"),
    (make_pipeline(PCA(3), RandomForestRegressor(5)), "columns of numbers, each made of one feature; use shapley"),
], ids=lambda given: named(given) if not isinstance(given, str) else "")
def test_what_it_cant_explain_it_refuses(estimator, message):
    target = THREE if "Classifier" in named(estimator) else np.abs(Y)
    with pytest.raises(InputError, match=message):
        explained(estimator.fit(X, target))


CATEGORICAL = [
    (xgboost.XGBClassifier(n_estimators=5, enable_categorical=True), xgboost.XGBRegressor(
        n_estimators=5, enable_categorical=True)),
    (lightgbm.LGBMClassifier(n_estimators=5, verbose=-1), lightgbm.LGBMRegressor(n_estimators=5, verbose=-1)),
    (catboost.CatBoostClassifier(iterations=5, cat_features=["colour"], **QUIET), catboost.CatBoostRegressor(
        iterations=5, cat_features=["colour"], **QUIET))]


@pytest.mark.parametrize("estimators", CATEGORICAL, ids=lambda pair: named(pair[0]))
def test_columns_of_categories_are_explained_by_paths_in_the_right_space(estimators):
    rows = frame()[0].astype({"colour": "category"})
    for target, space in ((TWO, "log-odds"), (THREE, "margin"), (Y, "value")):
        estimator = estimators[space == "value"].fit(rows, target)
        check_sums(explained(estimator, rows[:20], rows.iloc[100], path_dependent=True), space)
        row = ll.methods(ll.tabular_model(estimator, rows[:20]), rows.iloc[100]).loc["tree_shap"]
        assert not row["available"] and "colour: categories" in row["reason"]
        assert row["instead"] == "path_dependent=True, or shapley"


@pytest.mark.parametrize(("target", "space"), [(TWO, "log-odds"), (THREE, "margin"), (Y, "value")])
def test_weighted_trees_are_explained_by_paths_in_the_right_space(target, space):
    kind = xgboost.XGBRegressor if space == "value" else xgboost.XGBClassifier
    dart = kind(booster="dart", rate_drop=0.5, n_estimators=5).fit(X, target)
    check_sums(explained(dart, path_dependent=True), space)


@pytest.mark.parametrize("estimator", [
    *BOOSTED, *AVERAGED, HistGradientBoostingClassifier(max_iter=60), GradientBoostingClassifier(init="zero"),
    make_pipeline(PCA(3), RandomForestRegressor(5))], ids=named)
def test_the_list_of_methods_says_what_it_does(estimator):
    model = ll.tabular_model(estimator.fit(X, THREE), BACKGROUND)
    row = ll.methods(model, ROW).loc["tree_shap"]
    if row["available"]:
        check_sums(ll.explain(model, ROW, method="tree_shap", progress=False), ll.explain(
            model, ROW, method="tree_shap", progress=False).output_space)
    else:
        with pytest.raises(Unsuited, match=f"use {row['instead'].split('=')[0]}"):
            ll.explain(model, ROW, method="tree_shap", progress=False)


def test_values_that_miss_the_answer_are_refused(monkeypatch):
    forest = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(X, THREE)
    monkeypatch.setattr("shap.TreeExplainer.shap_values", lambda *_, **__: np.ones((1, 6, 3)))
    with pytest.raises(InputError, match=r"miss the answer of this LGBMClassifier by .* use path_dep"):
        explained(forest)


def test_texts_have_no_trees():
    with pytest.raises(InputError, match="tree_shap is for tables, and this is a text; use lime"):
        ll.explain(ll.text_model(lambda texts: [len(text) for text in texts]), "a b", method="tree_shap")


def test_a_limit_of_classes_keeps_the_likely_ones():
    many = np.arange(200) % 12
    found = explained(xgboost.XGBClassifier(n_estimators=2).fit(X, many))
    check_sums(found, "margin")
    assert found.values.shape == (6, 10) and len(found.output_names) == 10


@pytest.mark.parametrize(("estimator", "target", "method"), [
    (RandomForestRegressor(5), Y, "tree_shap"), (xgboost.XGBClassifier(n_estimators=3), TWO, "tree_shap"),
    (GradientBoostingClassifier(n_estimators=3), THREE, "shapley"),
    (make_pipeline(PCA(3), RandomForestRegressor(5)), Y, "shapley"),
    (make_pipeline(PCA(3), LinearRegression()), Y, "shapley"),
    (LinearRegression(), Y, "linear_shap"),
], ids=["forest", "boosted", "three classes", "mixed columns", "mixed columns, linear", "linear"])
def test_auto_takes_models_apart_where_it_can(estimator, target, method):
    found = explained(estimator.fit(X, target), method="auto")
    assert found.method == method and found.exact


def test_the_view_of_trees_turns_to_perturbations():
    others = explained(RandomForestRegressor(5).fit(X, Y))._run.others
    assert {"tree_shap", "lime", "shapley", "permutation_shapley"} <= {one["name"] for one in others.methods}
    lime = others.of("lime")
    assert lime.neighborhood is not None and others.of("shapley") is lime


def test_a_view_names_the_space_of_the_method_that_is_shown():
    booster = xgboost.XGBClassifier(n_estimators=3).fit(X, TWO)
    live = ll.live(ll.tabular_model(booster, BACKGROUND), ROW).wait()
    for method, space in (("tree_shap", "log-odds"), ("lime", "probability"), ("tree_shap", "log-odds")):
        live.widget.settings = {**live.widget.settings, "method": method}
        live.wait()
        assert (live.explanation.method, live.explanation.output_space) == (method, space)
        assert live.widget.get_state()["outputs"]["space"] == space


def test_interactions_are_asked_of_the_neighborhood():
    forest = RandomForestRegressor(5).fit(X, Y)
    assert explained(forest, method="auto", order=2).method == "shapley"
    with pytest.raises(InputError, match="order=2 reads a neighborhood, and tree_shap has none"):
        explained(forest, order=2)


FOREST = {"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.6, "n_estimators": 9, "verbose": -1}


@pytest.mark.parametrize(("estimator", "y", "space"), [
    (lightgbm.LGBMRegressor(**FOREST), Y, "value"), (lightgbm.LGBMClassifier(**FOREST), TWO, "log-odds"),
    (lightgbm.LGBMClassifier(**FOREST), THREE, "margin")], ids=["value", "log-odds", "margin"])
def test_forests_of_lightgbm_add_up_to_the_mean_of_their_trees(estimator, y, space):
    estimator.fit(X, y)
    for options in ({"path_dependent": True}, {})[: 2 if space == "value" else 1]:
        check_sums(explained(estimator, **options), space)
    said = estimator.predict(X[:5], raw_score=True) / 9
    values, base = path_dependent(estimator, X[:5])
    assert (base + values.sum(1)).reshape(said.shape) == pytest.approx(said)
    if space == "value":
        assert estimator.predict(X[:5]) == pytest.approx(said)
    if space == "log-odds":
        assert estimator.predict_proba(X[:5])[:, 1] == pytest.approx(1 / (1 + np.exp(-said)))
