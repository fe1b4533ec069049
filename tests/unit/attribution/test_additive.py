"""Explainable boosting machines: their terms, split and summed, against interpret's own and against enumeration."""

import warnings

import numpy as np
import pandas as pd
import pytest
from brute import shapley
from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import limelight as ll
from limelight.attribution.additive import shape, terms
from limelight.bulk.rows import RowsExplainer
from limelight.errors import InputError, Unsuited
from limelight.models.recognise import as_model

RNG = np.random.default_rng(0)
X = pd.DataFrame({"a": RNG.normal(size=300), "colour": RNG.choice(["blue", "green", "red"], 300),
                  "b": RNG.normal(size=300)})
X.loc[::17, "a"] = np.nan
Y = np.nan_to_num(X["a"]) * X["b"] + (X["colour"] == "red")
ROW = X.iloc[3]


def fitted(kind, y, **options):
    settings = {"interactions": [(0, 2), (1, 2)], "outer_bags": 4, "max_rounds": 60, "n_jobs": 1}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of missing values
        return kind(**{**settings, **options}).fit(X, y)


@pytest.fixture(scope="module")
def machines():
    return {"value": fitted(ExplainableBoostingRegressor, Y), "log-odds": fitted(ExplainableBoostingClassifier, Y > 0),
            "margin": fitted(ExplainableBoostingClassifier, np.digitize(Y, [0, 1])),
            "triples": fitted(ExplainableBoostingRegressor, Y, interactions=[(0, 2), (0, 1, 2)])}


def asked(machine):
    return ll.tabular_model(machine, X[:50])


def explained(machine, **options):
    return ll.explain(asked(machine), ROW, progress=False, **options)


@pytest.mark.parametrize("space", ["value", "log-odds", "margin", "triples"])
def test_terms_and_the_intercept_add_up_to_what_the_model_sums(machines, space):
    machine = machines[space]
    values, base = terms(machine, X)
    summed = getattr(machine, "decision_function", machine.predict)(X)
    np.testing.assert_allclose((values.sum(1) + base).reshape(summed.shape), summed, atol=1e-9)


def test_terms_are_those_that_interpret_tells(machines):
    machine = machines["value"]
    told = machine.explain_local(X[:9])
    for row, values in enumerate(terms(machine, X[:9])[0][:, :, 0]):
        scores = dict(zip(machine.term_features_, told.data(row)["scores"], strict=True))
        np.testing.assert_allclose(values, [scores[0,] + scores[0, 2] / 2, scores[1,] + scores[1, 2] / 2,
                                            scores[2,] + scores[0, 2] / 2 + scores[1, 2] / 2], atol=1e-12)


def test_a_term_is_split_as_shapley_values_split_it_and_pairs_are_their_interaction_index(machines):
    machine = machines["triples"]
    scores = machine.eval_terms(X[3:4])[0]

    def game(present):
        return sum(score for features, score in zip(machine.term_features_, scores, strict=True)
                   if present[list(features)].all())

    found = explained(machine, order=2)
    np.testing.assert_allclose(found.values[:, 0], shapley(game, 3), atol=1e-12)
    together = np.zeros((3, 3))
    for i, j in ((0, 1), (0, 2), (1, 2)):
        k = 3 - i - j
        of = {size: [np.isin(np.arange(3), [*some, *([k] * size)]) for some in ([i, j], [i], [j], [])]
              for size in (0, 1)}
        effects = [game(both) - game(one) - game(other) + game(none) for both, one, other, none in of.values()]
        together[i, j] = together[j, i] = np.mean(effects)
    np.testing.assert_allclose(found.interactions[..., 0], together, atol=1e-12)


@pytest.mark.parametrize("space", ["value", "log-odds", "margin"])
def test_explain_takes_them_by_itself_and_names_their_space(machines, space):
    found = explained(machines[space])
    assert found.method == "additive" and found.output_space == space and found.exact and found.n_evals == 2
    assert found.values.sum(0) + found.base_values == pytest.approx(found.prediction, abs=1e-9)
    values, base = terms(machines[space], X[3:4])
    assert found.values[:, -1] == pytest.approx(values[0, :, -1]) and found.base_values[-1] == pytest.approx(base[-1])
    assert found.interactions is None and found.params["hide"] == "terms of the model"
    if space == "log-odds":
        assert np.array_equal(found.values[:, 0], -found.values[:, 1])


def test_errors_are_how_far_the_bags_are_apart(machines):
    machine = fitted(ExplainableBoostingRegressor, Y, interactions=0)
    expected = []
    for scores, spread in zip(machine.term_scores_, machine.standard_deviations_, strict=True):
        value = machine.eval_terms(X[3:4])[0][len(expected)]
        expected.append(spread[np.flatnonzero(scores == value)[0]])
    assert explained(machine).std_error[:, 0] == pytest.approx(expected)
    pairs = explained(machines["margin"], order=2)
    assert np.isfinite(pairs.interactions_std_error).all() and (pairs.std_error > 0).any()


def test_terms_changed_by_hand_have_no_errors():
    machine = fitted(ExplainableBoostingRegressor, Y).monotonize(0, True)
    found = explained(machine)
    assert np.isinf(found.std_error).all() and found.exact
    assert found.values.sum() + found.base_values[0] == pytest.approx(machine.predict(X[3:4])[0])
    assert np.isnan(shape(machine, "a").low).all() and not np.isnan(shape(machine, "b").low).any()


def test_pairs_are_told_and_their_halves_make_the_values(machines):
    found = explained(machines["log-odds"], order=2)
    mains = machines["log-odds"].eval_terms(X[3:4])[0][:3]
    assert found.values[:, 1] == pytest.approx(mains + found.interactions[..., 1].sum(1) / 2)
    view = found._run.links()
    assert np.array_equal(view.values, found.interactions) and view.exact
    assert "a with b" in repr(found)


def test_groups_sum_their_features_and_keep_no_pairs_inside(machines):
    alone, grouped = explained(machines["value"], order=2), explained(machines["value"], order=2, groups={"ab": [0, 2]})
    assert grouped.feature_names == ("ab", "colour")
    assert grouped.values[0] == pytest.approx(alone.values[0] + alone.values[2])
    assert grouped.interactions[0, 1] == pytest.approx(alone.interactions[0, 1] + alone.interactions[2, 1])
    assert not grouped.interactions[0, 0].any()


@pytest.mark.parametrize(("feature", "place"), [("a", 0), (1, 1), ("b", 2)])
def test_partial_dependence_is_the_shape_function_but_for_a_constant(feature, place):
    machine = fitted(ExplainableBoostingRegressor, Y, interactions=0)
    found = shape(machine, feature)
    partial = [machine.predict(X[:20].assign(**{X.columns[place]: value})).mean() for value in found.grid]
    np.testing.assert_allclose(np.diff(found.values[:, 0]), np.diff(partial), atol=1e-9)
    np.testing.assert_allclose(found.high + found.low, 2 * found.values)
    assert (found.high > found.low).any() and len(found.grid) == len(found.values)


def test_a_feature_without_a_term_of_its_own_has_a_level_shape():
    machine = fitted(ExplainableBoostingClassifier, np.digitize(Y, [0, 1]), exclude=[(0,)])
    assert not shape(machine, "a").values.any() and shape(machine, "b").values.shape[1] == 3
    with pytest.raises(InputError, match=r"feature='c' is not known: give one of a, colour, b"):
        shape(machine, "c")


def test_others_are_refused(machines):
    with pytest.raises(Unsuited, match="explainable boosting machine of interpret, and this is LinearRegression; use"):
        terms(LinearRegression(), X)
    rows = RNG.normal(size=(100, 2))
    pipeline = make_pipeline(StandardScaler(), ExplainableBoostingRegressor(outer_bags=2, max_rounds=9, n_jobs=1))
    model = ll.tabular_model(pipeline.fit(rows, rows[:, 0]), rows[:20])
    with pytest.raises(Unsuited, match="steps of a Pipeline come before this one; use shapley"):
        ll.explain(model, rows[0], method="additive", progress=False)
    with pytest.raises(InputError, match="additive is for tables, and this is a text"):
        ll.explain(ll.text_model(lambda texts: [len(text) for text in texts]), "a b", method="additive")
    reasons = ll.methods(asked(machines["value"]), ROW)
    assert reasons.loc["additive", "available"] and not reasons.loc["linear_shap", "available"]


def test_it_comes_back_from_a_file_with_its_pairs(machines, tmp_path):
    found = explained(machines["value"], order=2)
    found.save(tmp_path / "it.npz")
    back = ll.load(tmp_path / "it.npz")
    assert np.array_equal(back.interactions, found.interactions) and np.array_equal(back.std_error, found.std_error)
    assert back.method == "additive" and np.array_equal(back._run.links().values, found.interactions)


@pytest.mark.parametrize("space", ["value", "log-odds", "margin"])
def test_many_rows_are_explained_with_a_background_or_without(machines, space):
    rows = X[:40]
    alone = RowsExplainer(machines[space]).explain(rows)
    beside = RowsExplainer(asked(machines[space])).explain(rows)
    assert {alone.method, beside.method} == {"additive"} and {alone.output_space, beside.output_space} == {space}
    np.testing.assert_allclose(alone.values, beside.values, atol=1e-12)
    np.testing.assert_allclose(beside.values[3], explained(machines[space]).values, atol=1e-12)
    np.testing.assert_allclose(beside.base_values + beside.values.sum(1), beside.prediction)
    assert alone.exact and beside.exact and (beside.std_error > 0).any()
    np.testing.assert_allclose(alone.std_error, beside.std_error, atol=1e-12)
    np.testing.assert_allclose(beside.std_error[3], explained(machines[space]).std_error, atol=1e-12)
    grouped = RowsExplainer(asked(machines[space]), groups={"ab": ["a", "b"]}).explain(rows)
    np.testing.assert_allclose(grouped.values[:, 0], beside.values[:, [0, 2]].sum(1), atol=1e-12)


@pytest.mark.parametrize("ask", [ll.explain, ll.live])
def test_no_background_is_needed(machines, ask):
    found = ask(machines["log-odds"], ROW, progress=False)
    found = found.explanation if ask is ll.live else found
    np.testing.assert_allclose(found.values, explained(machines["log-odds"]).values, atol=1e-12)
    assert found.method == "additive" and found.feature_names == ("a", "colour", "b")


def test_rows_that_stand_for_a_background_are_made_up_of_the_bins(machines):
    model = as_model(machines["value"], ROW)
    rows = model.background
    assert model.notes == ["Absent features take their values from 50 rows made up of the model's own bins, each "
                           "column by itself, as no background was given."]
    assert list(rows["colour"].cat.categories) == ["blue", "green", "red"]
    np.testing.assert_allclose(rows["colour"].value_counts() / 50, X["colour"].value_counts() / 300, atol=0.04)
    np.testing.assert_allclose(np.quantile(rows["b"], [0.1, 0.5, 0.9]), np.quantile(X["b"], [0.1, 0.5, 0.9]), atol=0.1)
    asked_about = ll.explain(machines["value"], ROW, method="shapley", progress=False)
    np.testing.assert_allclose(asked_about.values.sum() + asked_about.base_values[0], machines["value"].predict(X[3:4]))


def test_errors_of_groups_and_of_many_rows_are_those_of_explain(machines, monkeypatch):
    from limelight.attribution import additive_rows

    groups = {"ab": ["a", "b"]}
    whole = RowsExplainer(asked(machines["value"]), groups=groups).explain(X[:9])
    np.testing.assert_allclose(whole.std_error[3], explained(machines["value"], groups=groups).std_error, atol=1e-12)
    monkeypatch.setattr(additive_rows, "AT_ONCE", 4)
    cut = RowsExplainer(asked(machines["value"]), groups=groups).explain(X[:9])
    assert np.array_equal(cut.std_error, whole.std_error) and np.array_equal(cut.values, whole.values)
    changed = fitted(ExplainableBoostingRegressor, Y).monotonize(0, True)
    assert np.isinf(RowsExplainer(changed).explain(X[:9]).std_error).all()


def test_columns_in_another_order_keep_their_own_values(machines):
    there, back = X[["a", "colour", "b"]], X[["b", "a", "colour"]]
    np.testing.assert_array_equal(terms(machines["value"], back)[0], terms(machines["value"], there)[0][:, [2, 0, 1]])
    found = ll.overview(machines["value"], back, progress=False).attributions
    same = ll.overview(machines["value"], there, progress=False).attributions
    pd.testing.assert_frame_equal(found[["a", "colour", "b"]].sort_index(), same[["a", "colour", "b"]].sort_index())
    many = ll.explain_many(asked(machines["value"]), back, progress=False)
    np.testing.assert_allclose(many[["a", "colour", "b"]], same.sort_index()[["a", "colour", "b"]], atol=1e-9)
