"""Rows at once say what `explain` says of each."""

import json
import pickle
import re

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import t
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVR

import limelight as ll
from limelight.attribution.leaf_tables import path_dependent
from limelight.bulk import shared
from limelight.bulk.rows import RowsExplainer
from limelight.errors import InputError, ModelError, Unsuited

X, CLASSES = load_wine(return_X_y=True)
X = ((X - X.mean(0)) / X.std(0))[np.random.default_rng(0).permutation(len(X)), :6]
CLASSES = CLASSES[np.random.default_rng(0).permutation(len(CLASSES))]
BACKGROUND = X[:20]
PARTS = ("values", "std_error", "base_values", "prediction")


def network(n_features=6, seed=0):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(n_features, 16), torch.nn.Tanh(), torch.nn.Linear(16, 3)).eval()


def wrapped(model):
    return ll.tabular_model(model, BACKGROUND)


def logistic(classes=CLASSES):
    return LogisticRegression().fit(X, classes)


def far(classes=CLASSES):
    """One whose sums have exponentials that no float holds."""
    model = logistic(classes)
    model.coef_ *= 3000 / np.abs(model.coef_).max()
    return model


def smooth(rows):
    """Module-level, so that it can be sent elsewhere."""
    return np.sin(rows.sum(1)) + rows[:, 0] * rows[:, 1]


def one_hot():
    """A Pipeline of a number and two categories, and its rows."""
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"age": rng.normal(size=80), "job": rng.choice(["a", "b", "c"], 80),
                          "home": pd.Categorical(rng.choice(["x", "y"], 80))})
    steps = make_column_transformer((StandardScaler(), ["age"]), (OneHotEncoder(), ["job", "home"]))
    return make_pipeline(steps, LogisticRegression()).fit(table, rng.random(80) < 0.4), table


GROUPS = {"both": [0, 3]}
EXACT = {
    "linear": (LinearRegression().fit(X, CLASSES), {}, "linear"),
    "logistic, in log-odds": (logistic(CLASSES == 1), {}, "linear"),
    "logistic, three classes": (logistic(), {"method": "shapley"}, "logistic"),
    "logistic, two classes, groups": (logistic(CLASSES == 1), {"method": "shapley", "groups": GROUPS}, "logistic"),
    "logistic, far": (far(CLASSES == 1), {"method": "shapley"}, "logistic"),
    "logistic, three classes, far": (far(), {"method": "shapley"}, "logistic"),
    "scaled": (make_pipeline(StandardScaler(), logistic()).fit(X, CLASSES), {"method": "shapley"}, "logistic"),
    "forest, groups": (RandomForestClassifier(5, max_depth=4, random_state=0).fit(X, CLASSES), {"groups": GROUPS},
                       "tree"),
    "machine": (SVR().fit(X, CLASSES), {}, "kernel"),
    "network": (network(), {}, "enumeration"),
    "network, groups, logits": (network(), {"groups": GROUPS, "output": "logit"}, "enumeration"),
}


@pytest.mark.parametrize(("model", "asked", "route"), EXACT.values(), ids=EXACT)
def test_exact_values_are_those_of_explain(model, asked, route):
    explainer = RowsExplainer(wrapped(model), **asked)
    rows = explainer.explain(X[20:24])
    assert explainer.route == route
    assert rows.exact
    for i in range(4):
        one = ll.explain(wrapped(model), X[20 + i], progress=False, **asked)
        tolerance = 1e-6 if route == "enumeration" else 1e-9  # the network computes in float32
        assert np.allclose(rows.values[i], one.values, rtol=0, atol=tolerance)
        assert np.allclose(rows.base_values[i], one.base_values, rtol=0, atol=tolerance)
        assert np.allclose(rows.prediction[i], one.prediction, rtol=0, atol=tolerance)
        assert (rows.feature_names, rows.output_names) == (tuple(one.feature_names), tuple(one.output_names))
        assert (rows.method, rows.output_space) == (one.method, one.output_space)
    assert np.allclose(rows.values.sum(1), rows.prediction - rows.base_values, rtol=0, atol=1e-9)


def test_columns_of_one_feature_come_and_go_together_behind_a_pipeline():
    model, table = one_hot()
    known, unknown = (RowsExplainer(ll.tabular_model(ask, table[:30]), method="shapley").explain(table[30:40])
                      for ask in (model, lambda rows: model.predict_proba(rows)))
    assert np.allclose(known.values, unknown.values, rtol=0, atol=1e-12)
    assert known.feature_names == ("age", "job", "home")


@pytest.mark.parametrize("method", ["lime", "banzhaf", "occlusion"])
def test_other_readings_are_those_of_explain(method):
    model = ll.tabular_model(network(10), np.random.default_rng(0).normal(size=(5, 10)))
    x = np.random.default_rng(1).normal(size=(2, 10))
    rows = RowsExplainer(model, method=method).explain(x)
    one = ll.explain(model, x[1], method=method, n_samples=rows.n_evals, progress=False)
    if method != "banzhaf":  # of which a view's run draws others besides
        assert np.allclose(rows.values[1], one.values, atol=1e-6)
        assert np.allclose(rows.std_error[1], one.std_error, atol=1e-6)
    assert rows.values.shape == (2, 10, 3)


def test_trees_with_a_background_are_those_of_explain_as_near_as_shap_rounds():
    import xgboost

    table = np.where(np.random.default_rng(3).random(X.shape) < 0.1, np.nan, X)
    model = xgboost.XGBClassifier(n_estimators=10, max_depth=3, n_jobs=1).fit(table, CLASSES == 1)
    wrapped = ll.tabular_model(model, table[:20])
    rows = RowsExplainer(wrapped).explain(table[20:24])
    one = ll.explain(wrapped, table[21], progress=False)
    assert (rows.method, rows.output_space, rows.exact) == ("tree_shap", "log-odds", True)
    assert np.isnan(table[20:24]).any()
    assert np.allclose(rows.values[1], one.values, rtol=0, atol=1e-6)


def test_trees_without_a_background_are_path_dependent():
    model = RandomForestClassifier(5, max_depth=3, random_state=0).fit(X, CLASSES)
    explainer = RowsExplainer(model)
    values, base = path_dependent(model, X[:3])
    rows = explainer.explain(X[:3])
    assert explainer.route == "path-dependent"
    assert np.array_equal(rows.values, values)
    assert np.array_equal(rows.base_values, np.tile(base, (3, 1)))
    assert rows.output_names == ("0", "1", "2")


def test_one_row_of_trees_behind_a_scaler_needs_others_to_tell_its_columns_apart():
    model = make_pipeline(StandardScaler(), RandomForestClassifier(5, max_depth=3, random_state=0)).fit(X, CLASSES)
    whole = RowsExplainer(model, X=X).explain(X[:5])
    assert np.array_equal(RowsExplainer(model, X=X).explain(X[4:5]).values, whole.values[4:])
    assert np.array_equal(RowsExplainer(model).explain(X[:5]).values, whole.values)


@pytest.mark.parametrize("encoder", [OneHotEncoder(), OneHotEncoder(handle_unknown="ignore", drop="first"),
                                     make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder())])
def test_a_pipeline_that_knows_its_categories_needs_no_rows_that_have_them(encoder):
    _, table = one_hot()
    steps = make_column_transformer((StandardScaler(), ["age"]), (encoder, ["job", "home"]))
    model = make_pipeline(steps, RandomForestClassifier(5, max_depth=4, random_state=0))
    model.fit(table, (table["age"] > 0) ^ (table["job"] == "a"))
    whole = ll.explain_many(model, table, progress=False)
    for some in (table[:1], table[table["job"] == "b"], table[table["home"] == "x"].assign(age=0.5)):
        alone = ll.explain_many(model, some, progress=False)
        assert alone.attrs["route"] == "path-dependent"
        np.testing.assert_allclose(alone[["age", "job", "home"]].sum(axis=1) + alone["base_value"],
                                   alone["prediction"], atol=1e-9)
    one = ll.explain_many(model, table[:1], progress=False)
    pd.testing.assert_frame_equal(one, whole[:2])


CUT = {
    "linear": (logistic(), {}, X),
    "logistic": (logistic(), {"method": "shapley"}, X),
    "tree": (RandomForestClassifier(5, random_state=0).fit(X, CLASSES), {}, X),
    "odd process": (network(), {"n_samples": 30}, X),
    "lime": (network(), {"method": "lime", "n_samples": 40}, X),
    "words": (lambda table: (table["age"] * (table["job"] == "a") + (table["home"] == "x")).to_numpy(float), {},
              one_hot()[1]),
}


@pytest.mark.parametrize(("model", "asked", "table"), CUT.values(), ids=CUT)
def test_rows_have_the_same_bits_wherever_they_are_cut_between_blocks(monkeypatch, model, asked, table):
    monkeypatch.setattr(shared, "MOST_ROWS", 4)
    explainer = RowsExplainer(ll.tabular_model(model, table[:20]), X=table, **asked)
    assert explainer.block_rows == (4 if explainer.route in ("odd process", "lime", "enumeration") else 1)
    whole = explainer.explain(table[20:45], 20)
    parts = [explainer.explain(table[start:stop], start) for start, stop in ((20, 24), (24, 36), (36, 45))]
    for name in PARTS:
        assert np.concatenate([getattr(part, name) for part in parts]).tobytes() == getattr(whole, name).tobytes()


def test_rows_are_asked_about_together_and_no_more_than_alone():
    asked = []
    rows = np.random.default_rng(0).normal(size=(104, 6))
    model = ll.tabular_model(lambda table: asked.append(len(table)) or smooth(table), rows[:4])
    explainer = RowsExplainer(model, n_samples=30)
    asked.clear()
    found = explainer.explain(rows[4:])
    assert explainer.block_rows == 256 and explainer.route == "odd process"
    assert sum(asked) == 100 * 30 * 4 and len(asked) == 2, "8,000 rows at most are composed at once"
    asked.clear()
    alone = [explainer.explain(rows[i:i + 1]) for i in range(4, 9)]
    assert asked == [30 * 4] * 5
    for name in PARTS:
        assert np.allclose(np.concatenate([getattr(one, name) for one in alone]), getattr(found, name)[:5],
                           rtol=0, atol=1e-9)


def test_a_wide_table_is_composed_a_part_at_a_time():
    asked = []
    rows = np.random.default_rng(0).normal(size=(4, 3_000))
    model = ll.tabular_model(lambda table: asked.append(len(table)) or table @ np.arange(3_000.0), rows[:2])
    found = RowsExplainer(model, method="occlusion", n_samples=3_002).explain(rows)
    assert max(asked) <= 2_000_000 // 3_000
    assert np.allclose(found.values[3, :, 0], (rows[3] - rows[:2].mean(0)) * np.arange(3_000), rtol=0, atol=1e-6)


def test_what_does_not_fit_a_gpu_is_asked_in_halves_and_that_is_told():
    def small(part, inputs):
        if len(inputs[0]) > 100:
            raise torch.OutOfMemoryError("CUDA out of memory")

    net = network()
    truth = RowsExplainer(wrapped(net)).explain(X[:6])
    net.register_forward_pre_hook(small)
    with pytest.warns(UserWarning, match="asked in halves: .*Rows like that: 6, the first is 0"):
        found = ll.explain_many(wrapped(net), X[:6], method="shapley", progress=False)
    values = np.stack([found[f"feature {j}"].to_numpy().reshape(6, 3) for j in range(6)], axis=1)
    assert np.allclose(values, truth.values, rtol=0, atol=1e-6)


def test_an_explainer_that_was_sent_elsewhere_says_the_same():
    explainer = RowsExplainer(wrapped(smooth), n_samples=30)
    there = pickle.loads(pickle.dumps(explainer))
    for name in PARTS:
        assert np.array_equal(getattr(there.explain(X[:3]), name), getattr(explainer.explain(X[:3]), name))
    assert json.loads(json.dumps(there.settings)) == explainer.settings
    assert explainer.settings != RowsExplainer(wrapped(smooth), n_samples=30, seed=1).settings
    assert explainer.settings != RowsExplainer(ll.tabular_model(smooth, X[1:21]), n_samples=30).settings


@pytest.mark.parametrize("n_samples", [60, 120])
def test_intervals_of_a_network_cover_the_exact_values(n_samples):
    rng = np.random.default_rng(0)
    model = ll.tabular_model(network(10, seed=1), rng.normal(size=(4, 10)))
    x = 2 * rng.normal(size=(30, 10))
    explainer = RowsExplainer(model, n_samples=n_samples, X=x)
    rows, truth = explainer.explain(x), RowsExplainer(model, n_samples=2**10).explain(x)
    gap = np.abs(rows.values - truth.values)
    assert (explainer.route, truth.exact, rows.exact) == ("odd process", True, False)
    assert np.sqrt((gap**2).sum() / (truth.values**2).sum()) < 0.1
    assert (gap <= t.ppf(0.95, n_samples // 2 - 1) * rows.std_error).mean() >= 0.85
    assert np.allclose(rows.values.sum(1), rows.prediction - rows.base_values, rtol=0, atol=1e-6)


def test_what_is_alike_in_a_row_and_its_background_is_not_asked_about():
    rng, asked = np.random.default_rng(0), []

    def product(rows):
        asked.append(len(rows))
        return np.prod(1 + rows, axis=1)

    background, row = np.zeros((3, 20)), np.zeros((1, 20))
    row[0, :4], background[1, 5] = rng.random(4), 0.5
    rows = RowsExplainer(ll.tabular_model(product, background), n_samples=64, method="banzhaf").explain(row)
    assert rows.n_evals == 64
    explainer = RowsExplainer(ll.tabular_model(product, background), n_samples=64)
    asked.clear()
    rows = explainer.explain(row)
    assert sum(asked) == 2**4 + 2**5 + 2**4
    truth = np.zeros(20)
    truth[:6] = RowsExplainer(ll.tabular_model(product, background[:, :6])).explain(row[:, :6]).values[0, :, 0]
    assert rows.exact
    assert np.allclose(rows.values[0, :, 0], truth, rtol=0, atol=1e-12)


def test_axioms_hold():
    def game(rows):
        return np.column_stack([rows[:, 0] * rows[:, 1] * rows[:, 2], rows[:, 3] + 5, np.exp(rows[:, 0])])

    x = X[20:23].copy()
    x[:, 1] = x[:, 2]
    background = BACKGROUND.copy()
    background[:, 1] = background[:, 2]
    values = RowsExplainer(ll.tabular_model(game, background)).explain(x).values
    assert np.allclose(values[:, 1, 0], values[:, 2, 0], rtol=0, atol=1e-12), "symmetry"
    assert np.abs(values[:, 4:]).max() < 1e-12, "what does nothing is worth nothing"
    assert np.allclose(values[:, 3, 1], x[:, 3] - background[:, 3].mean(), rtol=0, atol=1e-12)
    summed = RowsExplainer(ll.tabular_model(lambda rows: game(rows).sum(1), background)).explain(x).values
    assert np.allclose(values.sum(2), summed[:, :, 0], rtol=0, atol=1e-12), "linearity"
    twice = RowsExplainer(ll.tabular_model(game, np.repeat(background, 2, axis=0))).explain(x).values
    assert np.allclose(values, twice, rtol=0, atol=1e-12), "background rows that come twice change nothing"


def test_a_model_that_fails_is_told_of_with_its_row():
    def fails(rows):
        if (rows[:, 0] > 100).any():
            raise RuntimeError("the disk is full")
        return np.where(rows[:, 1] > 100, np.nan, rows.sum(1))

    rows = X[:6].copy()
    rows[2, 0] = 200
    with pytest.raises(ModelError, match="row 1,002: the model raised RuntimeError: the disk is full"):
        RowsExplainer(wrapped(fails)).explain(rows, 1_000)
    rows[2, 0], rows[4, 1] = 0, 200
    with pytest.raises(ModelError, match="row 4: the model returned NaN"):
        RowsExplainer(wrapped(fails)).explain(rows)


def test_what_can_not_be_used_is_said():
    explainer = RowsExplainer(wrapped(smooth))
    with pytest.raises(InputError, match="no rows"):
        explainer.explain(X[:0])
    with pytest.raises(InputError, match="6 columns"):
        explainer.explain(X[:, :5])
    with pytest.raises(InputError, match=re.escape("row 3: 'feature 2' is missing")):
        explainer.explain(np.where(np.arange(6) == 2, np.nan, X[3:5]), 3)
    for asked, said in (({"method": "lrp"}, "lrp"), ({"n_samples": 3}, "at least 8"), ({"seed": -1}, "seed"),
                        ({"kernel_width": 1.0}, "belongs to lime")):
        with pytest.raises(InputError, match=said):
            RowsExplainer(wrapped(smooth), **asked)
    with pytest.raises(Unsuited, match="tree_shap needs decision trees"):
        RowsExplainer(wrapped(smooth), method="tree_shap")
    with pytest.raises(InputError, match="background"):
        RowsExplainer(smooth)
    with pytest.raises(InputError, match="a model of texts"):
        RowsExplainer(ll.text_model(len))


def test_one_row_of_a_frame_in_any_order_of_columns():
    model, table = one_hot()
    explainer = RowsExplainer(ll.tabular_model(lambda rows: model.predict_proba(rows), table[:10]))
    one = explainer.explain(table[40:41][["home", "age", "job"]])
    assert np.array_equal(one.values, explainer.explain(table[40:41]).values)
    with pytest.raises(InputError, match="row 5: 'job' holds 'pilot'"):
        explainer.explain(table[40:41].assign(job="pilot"), 5)
