"""`overview` of tables: what it finds, what it asks later, and what it refuses."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import (
    AdaBoostRegressor,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, PoissonRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.svm import SVR

from limelight import load
from limelight.dataset import ways
from limelight.dataset.overview import overview
from limelight.errors import InputError
from limelight.models.tabular import TabularModel
from limelight.models.text import TextModel

WEIGHTS = np.array([3.0, -1.0, 0.5])


def rows(n: int = 80):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(n, 3)), columns=["a", "b", "c"])
    return X, X.to_numpy() @ WEIGHTS


@pytest.fixture(scope="module")
def linear():
    X, y = rows()
    return overview(LinearRegression().fit(X, y), X, y, progress=False)


@pytest.fixture(scope="module")
def forest():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=90), "kind": pd.Categorical(rng.choice(["p", "q"], 90)),
                      "n": rng.integers(0, 5, 90)})
    y = np.where(X["x"] + X["n"] / 3 > 0.5, "yes", "no")
    numbers = X.assign(kind=X["kind"].cat.codes)
    model = RandomForestClassifier(10, max_depth=3, random_state=0).fit(numbers.to_numpy(float), y)

    def answer(frame):
        return model.predict_proba(frame.assign(kind=frame["kind"].cat.codes).to_numpy(float))

    wrapped = TabularModel(answer, X, output_names=["no", "yes"])
    return overview(wrapped, X, pd.Series(y, name="answer"), n_rows=24, n_samples=8, progress=False)


def test_a_linear_model_is_explained_in_all_rows_by_its_weights(linear):
    X, _ = rows()
    expected = WEIGHTS * (X - X.mean()).to_numpy()
    assert linear.method == "linear_shap" and linear.exact and linear.n_explained == linear.n_rows == 80
    np.testing.assert_allclose(linear.values, expected, atol=1e-9)
    np.testing.assert_allclose(linear.attributions.to_numpy(), expected, atol=1e-9)
    assert linear.importance["feature"].tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(linear.importance["value"], np.abs(expected).mean(0), atol=1e-9)
    assert (linear.importance["low"] < linear.importance["value"]).all()


def test_rows_come_as_dicts_too():
    numbers = rows()[0].select_dtypes("number")
    model = RandomForestClassifier(5, max_depth=2, random_state=0).fit(numbers, numbers.iloc[:, 0] > 0)
    framed, listed = (overview(model, X, progress=False) for X in (numbers, numbers.to_dict("records")))
    np.testing.assert_array_equal(listed.values, framed.values)


def test_what_reads_the_model_is_there_at_once_and_the_rest_on_request(linear):
    assert list(linear.measures) == ["attributions", "coefficients", "scaled_coefficients"]
    assert {"permutation", "sage", "derivative", "interaction"} <= set(linear.offers)
    np.testing.assert_allclose(linear.measure("coefficients").values, WEIGHTS, atol=1e-9)
    linear.measure("derivative")
    assert {"derivative", "absolute_derivative", "scaled_derivative"} <= set(linear.measures)
    assert linear.ranked("derivative")["feature"].tolist() == ["a", "b", "c"]
    assert linear.interactions is None
    linear.measure("interaction")
    assert linear.interactions["value"].max() == pytest.approx(0, abs=1e-9)
    with pytest.raises(InputError, match="'nonsense' is not known here: there is 'attributions'"):
        linear.measure("nonsense")


def test_explaining_a_row_gives_what_the_overview_has(linear, forest):
    for found in (linear, forest):
        row = int(found.rows[5])
        explanation = found.explain(row)
        assert explanation.method == found.method and explanation.target == found.target
        np.testing.assert_allclose(explanation.values[:, found.target], found.values[5], atol=1e-6)
        np.testing.assert_allclose(explanation.prediction[found.target], found.prediction[5], atol=1e-9)
    assert forest.explain(0, method="occlusion").method == "occlusion"
    with pytest.raises(InputError, match="no row of these data: give a position from 0 to 89"):
        forest.explain(90)


def test_attributions_add_up_to_predictions(forest):
    assert forest.output_names == ("no", "yes") and forest.target == 1
    np.testing.assert_allclose(forest.values.sum(1) + forest.base_values, forest.prediction, atol=1e-9)
    assert forest.kinds == ("number", "category", "number") and forest.categories[1] == ("p", "q")
    assert set(forest.codes[:, 1]) == {0.0, 1.0} and forest.target_name == "answer"
    assert "Explained are 24 rows drawn from 90." in forest.notes


def test_turning_shows_another_output_and_asks_nothing(forest):
    other = forest.turn("no")
    assert other.target == 0 and other._known is forest._known
    np.testing.assert_allclose(other.values, -forest.values, atol=1e-12)
    with pytest.raises(InputError, match="'maybe' is none of these outputs"):
        forest.turn("maybe")


def test_a_cohort_is_compared_with_the_rest(linear):
    found = linear.cohort(feature="a", low=0.0)
    inside = linear.codes[:, 0] >= 0
    assert (found.n, found.n_rest) == (inside.sum(), (~inside).sum())
    np.testing.assert_allclose(found.difference, linear.values[inside].mean(0) - linear.values[~inside].mean(0))
    assert (found.difference_low < found.difference).all()
    assert found.to_frame()["feature"][0] == "a" and "against the other" in repr(found)
    by_mask = linear.cohort(inside)
    np.testing.assert_array_equal(by_mask.rows, found.rows)
    np.testing.assert_array_equal(linear.cohort(found.rows).values, found.values)
    by_attribution = linear.cohort(feature="a", low=0.0, axis="attribution")
    assert by_attribution.values[0] > 0 > by_attribution.rest_values[0]


@pytest.mark.parametrize(("asked", "said"), [
    ({}, "give one of them"), ({"rows": [0, 1], "feature": "a"}, "give one of them"),
    ({"feature": "a", "low": 99.0}, "0 of the 80 explained rows"), ({"rows": [1000]}, "row 1000 was not explained"),
    ({"rows": ["a"]}, "truth values"), ({"feature": "nothing"}, "is no feature"),
    ({"feature": "a", "categories": ["x"]}, "has no categories"), ({"feature": "a", "axis": "x"}, "axis='x'"),
    ({"feature": "a", "low": "x"}, "low='x' is no number"), ({"feature": "a", "high": None}, "high=None is no number"),
    ({"rows": [0, 1], "low": 1}, "give feature= with them"), ({"rows": []}, "rows names no row"),
    ({"rows": [0], "axis": "attribution"}, "give feature= with them")])
def test_cohorts_that_make_no_sense_are_refused(linear, asked, said):
    with pytest.raises(InputError, match=said):
        linear.cohort(**asked)


def test_cohorts_by_category(forest):
    found = forest.cohort(feature="kind", categories=["p"])
    assert found.n == (forest.data["kind"] == "p").sum()
    with pytest.raises(InputError, match="is never 'z'"):
        forest.cohort(feature="kind", categories=["z"])


def test_dependence_is_of_the_space_that_is_explained_and_kept(forest):
    (first,) = forest.dependences  # that of the feature which is shown first
    assert forest.feature_names[first] == forest.importance["feature"][0] != "kind"
    found = forest.dependence("kind")
    assert found is forest.dependence(1) and forest.dependences[1] is found
    assert found.categories == ("p", "q") and found.grid.tolist() == [0.0, 1.0]


def test_surprise_is_how_far_predictions_are_from_the_truth(linear, forest):
    np.testing.assert_allclose(linear.surprise, 0, atol=1e-9)
    wrong = forest.all_predictions.argmax(1) != forest.outcome
    assert ((forest.surprise > 0) == wrong).all()


def test_surprise_is_not_told_where_another_space_is_explained_than_that_of_the_truth():
    from xgboost import XGBRegressor

    X, y = rows(60)
    model = XGBRegressor(n_estimators=3, max_depth=2, objective="count:poisson", n_jobs=1).fit(X, np.exp(y / 3))
    found = overview(model, X, np.exp(y / 3), progress=False)
    assert found.output_space == "margin" and found.surprise is None
    np.testing.assert_allclose(found.explain(7).values[:, 0], found.values[7], atol=1e-6)
    wrapped = TabularModel(model, X)
    sampled = overview(wrapped, X, n_rows=5, progress=False)
    explanation = sampled.explain(int(sampled.rows[2]))
    np.testing.assert_allclose(explanation.values[:, 0], sampled.values[2], atol=1e-6)


@pytest.mark.parametrize("model", [
    KNeighborsRegressor(), MLPRegressor(hidden_layer_sizes=(4,), max_iter=5), PoissonRegressor(), SVR(),
    HistGradientBoostingRegressor(loss="gamma", max_iter=3), AdaBoostRegressor(n_estimators=2)],
    ids=lambda model: type(model).__name__)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_regressors_that_are_asked_about_coalitions_can_be_asked_for_more(model, tmp_path):
    X, y = rows(40)
    model.fit(X, np.exp(y / 3))
    wrapped = TabularModel(model, X)
    for given in (model, wrapped):
        found = overview(given, X, np.exp(y / 3), n_rows=3, n_samples=8, progress=False)
        assert found.output_names == ("value",) and found.output_space == "value"
        assert found.measure("permutation").values.shape == (3,) and found.dependence("b").pdp.size
        row = int(found.rows[1])
        np.testing.assert_allclose(found.explain(row).values[:, 0], found.values[1], atol=1e-9)
        np.testing.assert_allclose(found.surprise, np.abs(np.exp(y / 3)[found.rows] - found.prediction))
    again = load(found.save(tmp_path / "found.npz"))
    np.testing.assert_allclose(again.explain(row, model=wrapped).values[:, 0], found.values[1], atol=1e-9)


def test_the_same_seed_gives_the_same_overview_and_another_other_rows(forest):
    X, _ = rows(400)
    model = TabularModel(lambda frame: np.tanh(frame.to_numpy() @ WEIGHTS), X)
    first, second, third = (overview(model, X, n_rows=4, n_samples=8, seed=seed, progress=False) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.rows, second.rows)
    np.testing.assert_array_equal(first.all_values, second.all_values)
    assert (first.rows != third.rows).any()


def test_columns_that_go_together_are_warned_about():
    X, y = rows()
    X["d"] = X["a"] + 1e-3
    found = overview(LinearRegression().fit(X, y), X, progress=False)
    assert any("a, d. Read their importance together" in note for note in found.notes)
    assert "grouped_permutation" in found.offers


def test_groups_are_features_without_a_dependence():
    X, y = rows(40)
    found = overview(LinearRegression().fit(X, y), X, groups={"both": ["a", "b"]}, progress=False)
    assert found.feature_names == ("both", "c") and found.kinds == ("group", "number")
    assert list(found.offers) == ["attributions"]
    with pytest.raises(InputError, match="group of columns"):
        found.dependence("both")
    assert found.explain(0).feature_names == ("both", "c")


def test_interrupted_it_is_of_the_rows_that_there_were(monkeypatch):
    X, _ = rows(60)
    model = TabularModel(lambda frame: np.tanh(frame.to_numpy() @ WEIGHTS), X)
    explain, calls = ways.RowsExplainer.explain, []

    def interrupted(self, some, first=0):
        calls.append(len(some))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return explain(self, some, first)

    monkeypatch.setattr(ways.RowsExplainer, "explain", interrupted)
    with pytest.warns(UserWarning, match="interrupted after 12 of 60 rows: this overview is of those"):
        found = overview(model, X, n_samples=8, progress=False)
    assert found.n_explained == 12 and found.n_rows == 60 and (np.diff(found.rows) > 0).all()


def test_a_pickled_overview_has_no_model(forest):
    again = pickle.loads(pickle.dumps(forest))
    assert again.importance.equals(forest.importance) and again._behind is None
    with pytest.raises(InputError, match=r"give it, as in overview.explain\(3, model=...\)"):
        again.explain(3)


@pytest.mark.parametrize(("arguments", "said"), [
    ({"n_rows": 1}, "n_rows=1"), ({"n_rows": "many"}, "n_rows='many'"), ({"output": "odds"}, "output='odds'"),
    ({"seed": -1}, "seed=-1"), ({"target": "maybe"}, "'maybe' is none of these outputs"),
    ({"y": [1, 2]}, "for each of the 80 rows"), ({"foo": 1}, "no option 'foo': there is kernel_width"),
    ({"method": "lime", "ridge": 1.0}, "no option 'ridge'"), ({"method": "saliency"}, "there are tree_shap, "),
    ({"kernel_width": 0.5}, "belongs to lime")])
def test_arguments_that_cannot_be_used_are_refused(arguments, said):
    X, y = rows()
    with pytest.raises(InputError, match=said):
        overview(LinearRegression().fit(X, y), X, progress=False, **arguments)


@pytest.mark.parametrize(("X", "said"), [("one text", "several inputs"), ([], "empty"), (3, "int came"),
                                         (["a", 3], r"X\[1\] is no text"), (["a"], "X holds one input")])
def test_what_is_no_data_set_is_refused(X, said):
    with pytest.raises(InputError, match=said):
        overview(len, X)


def test_a_single_row_is_no_data_set():
    X, y = rows()
    model = LinearRegression().fit(X, y)
    for given in (model, TabularModel(model, X)):
        with pytest.raises(InputError, match="X holds one input, and an overview is of two or more"):
            overview(given, X[:1], progress=False)
    with pytest.raises(InputError, match="X is empty: an overview is of two rows or more"):
        overview(TabularModel(model, X), X[:0], progress=False)


@pytest.mark.parametrize(("X", "said"), [
    (pd.DataFrame({"good": ["a b", "c"]}), r"X is a table: give a list of texts, such as X\[column\]"),
    (np.array([["a b"], ["c"]]), "X holds no texts: ndarray came first"), ([["a"], ["b"]], "list came first")])
def test_a_table_is_refused_by_a_model_of_texts(X, said):
    with pytest.raises(InputError, match=said):
        overview(TextModel(lambda texts: np.array([float(len(text)) for text in texts])), X, progress=False)


def test_terminal_and_picture_say_the_same(linear):
    from xml.etree import ElementTree

    from limelight.export.overview_picture import picture

    assert repr(linear).startswith("LinearRegression, 80 rows: value")
    svg = picture(linear)
    ElementTree.fromstring(svg)
    assert all(f">{name}</text>" in svg for name in "abc")


def test_trees_without_a_background_are_explained_by_their_paths_in_all_rows():
    X, y = rows(600)
    found = overview(RandomForestRegressor(5, max_depth=3, random_state=0).fit(X, y), X, progress=False)
    assert found.n_explained == 600 and found.params["path_dependent"] and found.exact
    explanation = found.explain(17)
    assert explanation.params["hide"] == "paths of the trees"
    np.testing.assert_allclose(explanation.values[:, 0], found.values[17], atol=1e-6)
    np.testing.assert_allclose(found.values.sum(1) + found.base_values, found.prediction, atol=1e-9)
    assert "Absent features' splits are taken both ways" in found.notes[0]


def test_trees_with_a_background_are_explained_by_it_in_a_sample():
    X, y = rows(520)
    model = RandomForestRegressor(3, max_depth=2, random_state=0).fit(X, y)
    found = overview(TabularModel(model, X[:20]), X, progress=False)
    assert found.n_explained == 500 and "path_dependent" not in found.params
    np.testing.assert_allclose(found.explain(int(found.rows[3])).values[:, 0], found.values[3], atol=1e-9)


def test_path_dependent_can_be_asked_for_and_is_refused_of_others():
    X, y = rows(60)
    model = TabularModel(RandomForestRegressor(3, max_depth=2, random_state=0).fit(X, y), X)
    assert overview(model, X, path_dependent=True, progress=False).params["path_dependent"]
    by_rows = overview(model._model, X, path_dependent=False, n_rows=4, progress=False)
    np.testing.assert_allclose(by_rows.values, overview(model, X, n_rows=4, progress=False).values)
    np.testing.assert_allclose(by_rows.explain(int(by_rows.rows[0])).values[:, 0], by_rows.values[0], atol=1e-9)
    with pytest.raises(InputError, match="path_dependent= is for trees"):
        overview(LinearRegression().fit(X, y), X, path_dependent=True, progress=False)


def test_an_explainable_boosting_machine_shows_its_own_terms():
    from interpret.glassbox import ExplainableBoostingClassifier

    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=200), "c": rng.choice(["p", "q"], 200)})
    y = (X["x"] + (X["c"] == "p") > 0.5).astype(int)
    machine = ExplainableBoostingClassifier(interactions=0, outer_bags=2, max_rounds=40, n_jobs=1).fit(X, y)
    found = overview(machine, X, y, progress=False)
    assert found.method == "additive" and found.output_space == "log-odds" and found.n_explained == 200
    np.testing.assert_allclose(found.values.sum(1) + found.base_values, machine.decision_function(X), atol=1e-9)
    own = found.dependence("c")
    by_name = dict(zip(np.array(own.categories)[own.grid.astype(int)], own.pdp, strict=True))
    np.testing.assert_allclose(found.values[:, 1], [by_name[name] for name in X["c"]], atol=1e-9)
    np.testing.assert_allclose(found.turn(0).dependence("c").pdp, -own.pdp, atol=1e-12)
    np.testing.assert_allclose(found.explain(3).values[:, found.target], found.values[3], atol=1e-9)
