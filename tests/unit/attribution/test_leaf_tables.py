"""Path-dependent values from tables of leaves: their definition, what they add up to, and what is refused."""

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
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from limelight.attribution import leaf_tables
from limelight.attribution._ensembles import read_sums
from limelight.attribution._paths import leaves_of, ranked
from limelight.attribution.leaf_tables import by_leaves, path_dependent
from limelight.attribution.path_rows import PathRows
from limelight.errors import Unsuited
from limelight.models.tabular import TabularModel

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 5))
X[:, 3] = RNG.integers(0, 4, 300)
HOLES = np.where(RNG.random(X.shape) < 0.2, np.nan, X)
Y = X @ [1, -2, 0.5, 0, 1] + np.sin(2 * X[:, 0]) * X[:, 1] + (X[:, 3] == 2) * X[:, 4]
THREE = np.digitize(Y, [-1, 1])


def named(estimator):
    return type(estimator).__name__


@pytest.mark.parametrize("rows", [X, HOLES], ids=["numbers", "some missing"])
@pytest.mark.parametrize("tree", [DecisionTreeRegressor(max_leaf_nodes=25, random_state=0),
                                  DecisionTreeClassifier(max_leaf_nodes=25, random_state=0)], ids=named)
def test_they_are_shapley_values_of_the_expectation_along_the_paths(tree, rows):
    values, base = path_dependent(tree.fit(rows, THREE), rows)
    for row in (0, 17, 40):
        expected, empty = by_paths(tree, rows[row], np.arange(5))
        np.testing.assert_allclose(values[row], expected, atol=1e-12)
        np.testing.assert_allclose(base, empty)


@pytest.mark.parametrize("estimator", [
    RandomForestClassifier(8, random_state=0), ExtraTreesClassifier(8, random_state=0),
    HistGradientBoostingClassifier(max_iter=8), xgboost.XGBClassifier(n_estimators=8),
    lightgbm.LGBMClassifier(n_estimators=8, verbose=-1)], ids=named)
@pytest.mark.parametrize("fitted_on", [X, HOLES], ids=["numbers", "some missing"])
def test_values_add_up_for_several_classes_and_missing_numbers(estimator, fitted_on):
    values, base = path_dependent(estimator.fit(fitted_on, THREE), HOLES)
    says = {"XGBClassifier": lambda rows: estimator.predict(rows, output_margin=True),
            "LGBMClassifier": lambda rows: estimator.predict(rows, raw_score=True)}
    said = says.get(named(estimator)) or getattr(estimator, "decision_function", estimator.predict_proba)
    np.testing.assert_allclose(base + values.sum(1), said(HOLES), atol=1e-5)


def test_a_number_that_float32_rounds_onto_a_threshold_goes_the_models_way():
    tree = DecisionTreeRegressor(max_depth=1).fit([[0.0], [0.1], [0.3]], [0.0, 0.0, 1.0])
    edge = tree.tree_.threshold[0] + np.array([[-1e-9], [1e-9]])
    values, base = path_dependent(tree, edge)
    np.testing.assert_allclose(base + values[:, :, 0].sum(1), tree.predict(edge))


def test_a_stump_gives_all_to_its_column_and_a_leaf_nothing():
    stump = DecisionTreeRegressor(max_depth=1).fit(X, Y)
    values, base = path_dependent(stump, X)
    expected = np.zeros((300, 5))
    expected[:, stump.tree_.feature[0]] = stump.predict(X) - Y.mean()
    np.testing.assert_allclose(values[:, :, 0], expected, atol=1e-12)
    leaf = xgboost.XGBRegressor(n_estimators=3, gamma=1e9).fit(X, Y)
    values, base = path_dependent(leaf, X)
    assert not values.any() and base == pytest.approx(leaf.predict(X[:1]))


@pytest.mark.parametrize("estimator", [
    RandomForestRegressor(5, max_depth=12, random_state=0), RandomForestClassifier(5, random_state=0)], ids=named)
def test_a_row_has_the_same_bits_alone_as_among_many(monkeypatch, estimator):
    rows = np.column_stack([X, RNG.normal(size=(300, 4))])
    many, base = path_dependent(estimator.fit(rows, THREE), rows)
    alone = np.concatenate([path_dependent(estimator, row[None])[0] for row in rows[:5]])
    np.testing.assert_array_equal(alone, many[:5])
    monkeypatch.setattr(leaf_tables, "_BLOCK", 64)
    np.testing.assert_array_equal(path_dependent(estimator, rows)[0], many)
    says = getattr(estimator, "predict_proba", estimator.predict)
    np.testing.assert_allclose(base + many.sum(1), says(rows).reshape(300, -1), atol=1e-12)


def test_trees_are_read_once_for_all_chunks_of_rows(monkeypatch):
    forest, reads = RandomForestRegressor(5, random_state=0).fit(X, Y), []
    monkeypatch.setattr(leaf_tables, "read_sums", lambda head: reads.append(head) or read_sums(head))
    rows = PathRows(forest)
    found = np.concatenate([rows.explain(X[:90]).values, rows.explain(X[90:]).values])
    assert reads == [forest]
    np.testing.assert_array_equal(found, path_dependent(forest, X)[0])


def test_parts_of_leaves_make_no_difference(monkeypatch):
    forest = RandomForestRegressor(5, random_state=0).fit(X, Y)
    whole = path_dependent(forest, X)
    monkeypatch.setattr("limelight.attribution._paths._MOST_NODES", 7)
    for found, expected in zip(path_dependent(forest, X), whole, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-13)


def test_what_is_compiled_does_as_it_is_written(monkeypatch):
    tree = DecisionTreeRegressor(max_leaf_nodes=12, random_state=0).fit(X, Y)
    compiled = path_dependent(tree, X[:40])
    monkeypatch.setattr(leaf_tables, "compiled", lambda function: function)
    for found, expected in zip(path_dependent(tree, X[:40]), compiled, strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-14)


def test_no_rows_have_no_values():
    values, base = by_leaves(DecisionTreeRegressor().fit(X, Y), X[:0], np.arange(5), 5)
    assert values.shape == (0, 5, 1) and base == pytest.approx([Y.mean()])


def frame():
    colours = np.array(["blue", "green", "red"])[np.digitize(X[:, 1], [-0.5, 0.5])]
    rows = pd.DataFrame({"a": X[:, 0], "colour": colours, "b": X[:, 2], "unused": X[:, 4]})
    encoder = make_column_transformer((OneHotEncoder(), ["colour"]), (StandardScaler(), ["a", "b"]))
    tree = DecisionTreeRegressor(max_leaf_nodes=20, random_state=0)
    return rows, make_pipeline(encoder, tree).fit(rows, Y)


def test_one_hot_columns_of_a_pipeline_are_one_feature():
    rows, pipeline = frame()
    values, _ = path_dependent(pipeline, rows)
    assert values.shape == (300, 4, 1) and not values[:, 3].any()
    row = pipeline[:-1].transform(rows.iloc[[40]])[0]
    expected, _ = by_paths(pipeline[-1], np.asarray(row), np.array([1, 1, 1, 0, 2]))
    np.testing.assert_allclose(values[40, :3], expected, atol=1e-12)
    wrapped, _ = path_dependent(TabularModel(pipeline, rows[:20]), rows)
    np.testing.assert_array_equal(wrapped, values)


def test_more_features_on_a_path_than_there_are_bits_are_left_to_shap():
    # Each row is cut off by a column of its own, so the last leaf is below 39 of them.
    steep = DecisionTreeRegressor().fit(np.eye(40), 2.0 ** np.arange(40))
    assert steep.get_depth() > 31 and by_leaves(steep, np.eye(40), np.arange(40), 40) is None
    values, base = path_dependent(steep, np.eye(40))
    np.testing.assert_allclose(base + values[:, :, 0].sum(1), steep.predict(np.eye(40)), rtol=1e-5)


@pytest.mark.parametrize(("estimator", "message"), [
    (LinearRegression(), "need decision trees .* this is LinearRegression; use shapley"),
    (lightgbm.LGBMRegressor(linear_tree=True, n_estimators=5, verbose=-1), "not implemented for linear trees"),
    (GradientBoostingRegressor(init=LinearRegression()), "shap can't read this GradientBoostingRegressor"),
    (HistGradientBoostingRegressor(loss="poisson"), "need decision trees"),
    (make_pipeline(PCA(3), RandomForestRegressor(5)), "columns of numbers, each made of one feature; use shapley"),
], ids=lambda given: named(given) if not isinstance(given, str) else "")
def test_what_they_cant_explain_they_refuse(estimator, message):
    with pytest.raises(Unsuited, match=message):
        path_dependent(estimator.fit(X, np.abs(Y)), X)


def test_a_column_that_is_alike_in_all_rows_is_refused_only_where_no_encoder_knows_its_categories():
    rows, pipeline = frame()
    red = rows[rows["colour"] == "red"]
    np.testing.assert_allclose(path_dependent(pipeline, red)[0],
                               path_dependent(pipeline, rows)[0][rows["colour"] == "red"], atol=1e-12)
    by_hand = FunctionTransformer(lambda rows: np.column_stack([rows["colour"] == "red", rows["a"]]).astype(float))
    model = make_pipeline(by_hand, DecisionTreeRegressor(max_depth=3)).fit(rows, rows["colour"] == "red")
    with pytest.raises(Unsuited, match=r"split by a column .* which feature it is made of"):
        path_dependent(model, red)
    alike = np.repeat(X[:1], 3, axis=0)
    forest = RandomForestRegressor(5, random_state=0).fit(X, Y)
    np.testing.assert_allclose(path_dependent(forest, alike)[0], path_dependent(forest, X[:1])[0].repeat(3, 0))


def test_a_column_that_is_another_in_one_row_of_many_is_told():
    rare = np.arange(len(X)) == 150
    rows = pd.DataFrame({"a": X[:, 0], "rare": np.where(rare, "yes", "no")})
    pipeline = make_pipeline(make_column_transformer((OneHotEncoder(), ["rare"]), remainder="passthrough"),
                             DecisionTreeRegressor(max_depth=3, random_state=0)).fit(rows, 9.0 * rare + X[:, 0])
    values, _ = path_dependent(pipeline, rows)
    assert abs(values[rare, 1, 0]) > 5
    # The same rows tell it of a chunk in which it is alike.
    np.testing.assert_array_equal(PathRows(pipeline, rows).explain(rows[:100]).values, values[:100])


def test_conditions_of_a_leaf_name_each_feature_once():
    tree = DecisionTreeRegressor(max_depth=4, random_state=0).fit(X[:, :2], Y)
    trees = leaf_tables.read_sums(tree)
    told = list(leaves_of(trees, ranked(trees, X[:, :2])[0], np.arange(2)))
    assert sum(len(leaves.value) for leaves in told) == tree.get_n_leaves()
    reached = np.concatenate([leaves.share.prod(1) for leaves in told])
    assert reached.sum() == pytest.approx(1)  # shares along a path tell how many training rows came to its leaf
    for leaves in told:
        for player, n in zip(leaves.player, leaves.n_players, strict=True):
            assert len(set(player[:n])) == n and (player[n:] == -1).all()
