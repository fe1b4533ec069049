"""Table models: which rows they take, how they are asked, and what their outputs mean."""

from __future__ import annotations

import warnings

import lightgbm
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
import xgboost
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC

from limelight.errors import InputError, ModelError
from limelight.models.tabular import TabularModel

torch.set_num_threads(1)
RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
Y = (X @ [1, -2, 0.5] > 0).astype(int)
NAMES = ["ab", "cd", "ef"]
FRAME = pd.DataFrame(X, columns=NAMES)
MIXED = pd.DataFrame({
    "age": RNG.integers(18, 80, 60), "fare": X[:, 0], "city": RNG.choice(["Bern", "Rome"], 60),
    "size": pd.Categorical(RNG.choice(["s", "m"], 60), categories=["s", "m", "l"]), "member": Y.astype(bool),
})


def ask(model, row, output="probability"):
    return model.ask(model.place(model.table([model.read(row)])), output)[0]


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(),
        RandomForestClassifier(5, random_state=0),
        make_pipeline(StandardScaler(), LogisticRegression()),
        xgboost.XGBClassifier(n_estimators=3),
    ],
)
@pytest.mark.parametrize("fitted_on", [X, FRAME])
@pytest.mark.parametrize("background", [X, FRAME])
def test_classifiers_give_their_probabilities_without_a_warning(estimator, fitted_on, background):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = estimator.fit(fitted_on, Y)
        model = TabularModel(fitted, background)
        probabilities = ask(model, X[0])
    np.testing.assert_allclose(probabilities, fitted.predict_proba(fitted_on[:1])[0], atol=1e-6)
    assert model.output_names == ["0", "1"]
    assert (model.output_space("probability"), model.output_space("logit")) == ("probability", "log-odds")


def test_log_odds_of_a_logistic_model_are_its_decision_function():
    fitted = LogisticRegression().fit(X, Y)
    expected = fitted.decision_function(X[:1])[0]
    np.testing.assert_allclose(ask(TabularModel(fitted, X), X[0], "logit"), [-expected, expected])


@pytest.mark.parametrize("estimator", [LinearSVC(), Perceptron(), SVC()])
def test_a_margin_is_one_output_named_after_its_class(estimator):
    fitted = estimator.fit(X, np.where(Y, "yes", "no"))
    model = TabularModel(fitted, X)
    assert ask(model, X[0])[0] == pytest.approx(fitted.decision_function(X[:1])[0])
    assert (model.output_names, model.output_space("probability")) == (["yes"], "margin")


def test_regressors_give_values():
    fitted = LinearRegression().fit(X, X @ [1, 2, 3])
    model = TabularModel(fitted, X)
    assert ask(model, X[0]) == pytest.approx(X[0] @ [1, 2, 3])
    assert (model.output_names, model.output_space("logit"), model.name) == (["value"], "value", "LinearRegression")


def test_a_classifier_without_scores_is_refused():
    with pytest.raises(InputError, match="predict_proba or decision_function"):
        TabularModel(
            type("Classes", (NearestCentroid,), {"predict_proba": property(), "decision_function": property()})().fit(
                X, Y
            ),
            X,
        )


@pytest.mark.parametrize("objective", ["binary:logistic", "reg:squarederror"])
def test_boosters_answer_as_they_predict(objective):
    booster = xgboost.train({"objective": objective}, xgboost.DMatrix(X, Y), 3)
    model = TabularModel(booster, X)
    assert ask(model, X[0])[0] == pytest.approx(booster.predict(xgboost.DMatrix(X[:1]))[0])
    assert model.output_space("probability") == ("probability" if "binary" in objective else "value")


@pytest.mark.parametrize("objective, space, names", [
    ("binary", "probability", ["1"]), ("regression", "value", ["value"]), ("multiclass", "probability", None),
])
def test_lightgbms_boosters_answer_as_they_predict(objective, space, names):
    params = {"objective": objective, "num_class": 1 + (objective == "multiclass"), "verbose": -1, "num_threads": 1}
    booster = lightgbm.train(params, lightgbm.Dataset(X, Y), 3)
    model = TabularModel(booster, X)
    assert ask(model, X[0]) == pytest.approx(np.ravel(booster.predict(X[:1])))
    assert (model.output_space("probability"), model.output_names) == (space, names)
    assert model.output_space("logit") == ("log-odds" if space == "probability" else "value")


@pytest.mark.parametrize("objective, instead", [
    ("multi:softmax", "multi:softprob"), ("binary:hinge", "binary:logistic"),
])
def test_boosters_that_only_predict_classes_are_refused(objective, instead):
    classes = {"num_class": 2} if "multi" in objective else {}
    booster = xgboost.train({"objective": objective, **classes}, xgboost.DMatrix(X, Y), 3)
    with pytest.raises(InputError, match=f"only predicts classes .*: train it with {instead}"):
        TabularModel(booster, X)


def test_numbers_of_clusters_are_refused():
    with pytest.raises(InputError, match="KMeans only predicts numbers of clusters"):
        TabularModel(KMeans(2, n_init=1).fit(X), X)


def test_a_bound_method_is_as_good_as_its_estimator():
    fitted = LogisticRegression().fit(FRAME, Y)
    model = TabularModel(fitted.predict_proba, FRAME)
    assert (model.name, model.output_names) == ("LogisticRegression", ["0", "1"])


def test_modules_get_numbers_of_every_type_and_nan_for_what_is_missing():
    rows = pd.DataFrame({"whole": pd.array([1, None, 3], dtype="Int64"), "yes": [True, False, True],
                         "code": pd.Categorical([2, 5, 2])})
    model = TabularModel(torch.nn.Linear(3, 1), rows)
    np.testing.assert_array_equal(model.place(model.rows), [[1, 1, 2], [np.nan, 0, 5], [3, 1, 2]])
    with pytest.raises(InputError, match="hold words or dates: day"):
        TabularModel(torch.nn.Linear(4, 1), rows.assign(day=pd.date_range("2020", periods=3)))


def test_modules_get_tensors_and_keep_their_mode():
    net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout(0.9)).double()
    model = TabularModel(net, X)
    logits = X[0] @ net[0].weight.detach().numpy().T + net[0].bias.detach().numpy()
    np.testing.assert_allclose(ask(model, X[0], "logit"), logits)
    np.testing.assert_allclose(ask(model, X[0]), np.exp(logits) / np.exp(logits).sum())
    assert net.training
    assert net[1].training


def test_functions_are_probabilities_or_values_by_their_answers():
    halves = TabularModel(lambda rows: np.full((len(rows), 2), 0.5), X)
    plain = TabularModel(lambda rows: rows[:, 0], X)
    assert halves.output_space("probability") == "probability"
    assert (plain.output_space("probability"), plain.output_names) == ("value", ["value"])


def test_a_hundred_rows_are_drawn_and_said():
    rows = np.arange(455.0)[:, None]
    model = TabularModel(lambda rows: rows, rows)
    again = TabularModel(lambda rows: rows, rows)
    assert (len(model.background), len(np.unique(model.background)), len(model.rows)) == (100, 100, 455)
    np.testing.assert_array_equal(model.background, again.background)
    assert model.notes == ["Absent features take their values from 100 of 455 background rows."]
    assert TabularModel(len, rows[:1]).notes == ["Absent features take their values from 1 background row."]


ROWS = {"array": X[0], "list": list(X[0]), "dict": dict(zip(NAMES, X[0], strict=True)), "series": FRAME.iloc[0],
        "frame": FRAME.iloc[[0]], "one-row array": X[:1], "shuffled": FRAME.iloc[0][["ef", "ab", "cd"]],
        "text": [str(value) for value in X[0]], "tensor": torch.tensor(X[0]),
        "sparse": csr_matrix(X[:1]), "arrow": pa.table(FRAME.iloc[:1])}


@pytest.mark.parametrize("kind", ROWS)
def test_rows_come_in_many_forms(kind):
    assert TabularModel(lambda rows: rows, X, feature_names=NAMES).read(ROWS[kind]) == list(X[0])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (X[0, :2], "2 values, and the background 3 columns"),
        ({"ab": 1, "cd": 2}, "it lacks: ef"),
        ({"ab": 1, "cd": 2, "ef": 3, "gh": 4}, "it has besides: gh"),
        (FRAME, "60 came"),
        (3.5, "float came"),
        ([1, 2, "three"], "'ef' should be a number; 'three' came"),
        ([1, np.nan, 3], "'cd' is missing"),
        ("abc", "str came"),
        ([1, None, 3], "'cd' is missing"),
        ([1, "nan", 3], "'cd' is missing"),
        ([[1, 2], 3, 4], r"'ab' should be a number; \[1, 2\] came"),
        ({1, 2, 3}, "set came"),
        ([[1, 2]], "has 2 values"),
    ],
)
def test_rows_that_do_not_fit_are_refused(row, message):
    with pytest.raises(InputError, match=message):
        TabularModel(lambda rows: rows, FRAME).read(row)


def test_its_repr_says_what_is_asked_and_what_stands_for_absent_features():
    assert repr(TabularModel(LinearRegression().fit(X, Y), X)) == (
        "<TabularModel: LinearRegression, 3 columns, 60 background rows>")


def test_a_pipeline_of_mixed_columns_gets_its_own_types():
    columns = make_column_transformer((OneHotEncoder(), ["city", "size"]), remainder="passthrough")
    fitted = make_pipeline(columns, LogisticRegression(max_iter=5000)).fit(MIXED, Y)
    model = TabularModel(fitted, MIXED)
    assert model.table([model.read(MIXED.iloc[7])]).dtypes.to_dict() == MIXED.dtypes.to_dict()
    np.testing.assert_allclose(ask(model, MIXED.iloc[7]), fitted.predict_proba(MIXED.iloc[[7]])[0])


@pytest.mark.parametrize(("background", "options", "message"), [
    (np.empty((0, 3)), {}, "empty"), (FRAME[:0], {}, "empty"), (X[0], {}, r"shape \(3,\)"),
    (X, {"feature_names": ["a", "b"]}, "3 columns, and there are 2 feature names"),
    (X, {"feature_names": ["a", "b", "a"]}, "'a' comes twice"), (X, {"categorical": ["gh"]}, "no column"),
    (X, {"categorical": [3]}, "no column"),
])
def test_backgrounds_that_do_not_fit_are_refused(background, options, message):
    with pytest.raises(InputError, match=message):
        TabularModel(len, background, **options)


@pytest.mark.parametrize(("model", "background", "message"), [
    (LogisticRegression().fit(X, Y), X[:, :2], "2 columns, and LogisticRegression was fitted with 3"),
    (LogisticRegression().fit(FRAME, Y), FRAME[["ab", "cd"]], "lacks: ef"),
    (torch.nn.Linear(5, 1), MIXED, "hold words or dates: city, size"), (3, X, "no table model"),
])
def test_models_that_do_not_fit_are_refused(model, background, message):
    with pytest.raises(InputError, match=message):
        TabularModel(model, background)


@pytest.mark.parametrize("answer", [lambda rows: rows[:-1], lambda rows: rows[:, :, None], lambda rows: None])
def test_answers_of_a_wrong_shape_are_named(answer):
    with pytest.raises(ModelError):
        TabularModel(answer, X).ask(X, "probability")


def test_a_changing_number_of_outputs_is_named():
    model = TabularModel(lambda rows: rows[:, : len(rows)], X)
    model.ask(X[:3], "probability")
    with pytest.raises(ModelError, match="3 outputs before, and 2 now"):
        model.ask(X[:2], "probability")


def test_what_the_model_raises_comes_through():
    with pytest.raises(ZeroDivisionError):
        TabularModel(lambda rows: 1 / 0, X).ask(X, "probability")


def test_several_rows_are_not_one():
    with pytest.raises(InputError, match="one row is explained at a time, and 2 came"):
        TabularModel(len, X).read(X[:2])
