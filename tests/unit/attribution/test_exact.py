"""Finding the route: Pipelines folded back into raw columns, refusals, and models that aren't what they say."""

import numpy as np
import pandas as pd
import pytest
import torch
import xgboost
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    QuantileTransformer,
    RobustScaler,
    SplineTransformer,
    StandardScaler,
)
from sklearn.svm import SVC, SVR

from limelight.attribution.exact import exact_shapley, recognise
from limelight.maskers.tabular import TabularMasker
from limelight.models.tabular import TabularModel

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 5))
Y = X @ [1, -2, 0.5, 0, 1] + X[:, 0] * X[:, 1]
BACKGROUND, ROW = X[:10], X[40]
MIXED = pd.DataFrame({
    "age": RNG.integers(18, 80, 80), "fare": np.where(np.arange(80) % 20 == 0, np.nan, X[:, 0]),
    "city": RNG.choice(["Bern", "Oslo", "Rome"], 80), "size": pd.Categorical(RNG.choice(["s", "m", "l"], 80)),
    "member": X[:, 1] > 0, "note": RNG.choice(["red car", "blue car", "old red house"], 80),
})
PRICE = (MIXED.age / 20 + (MIXED.city == "Rome") * MIXED.fare.fillna(1) * 2 + MIXED.note.str.contains("red")
         + (MIXED["size"] == "s") * (MIXED.city == "Bern") * 3 + MIXED.member).to_numpy(float)
HEADS = {"linear": Ridge(), "tree": RandomForestRegressor(5, random_state=0), "kernel": SVR()}


def encoded(sparse):
    return make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["fare", "age"]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=sparse), ["city", "size"]),
        (TfidfVectorizer(), "note"), ("passthrough", ["member"]), sparse_threshold=float(sparse))


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
@pytest.mark.parametrize("route", HEADS)
def test_encoded_columns_are_folded_into_theirs(check, route, sparse):
    fitted = make_pipeline(encoded(sparse), HEADS[route]).fit(MIXED, PRICE)
    found = check(fitted, MIXED[:9], MIXED.iloc[60], route)
    assert found.values.shape == (6, 1)


@pytest.mark.parametrize("head", [HistGradientBoostingRegressor(max_iter=9), xgboost.XGBRegressor(n_estimators=9)],
                         ids=lambda head: type(head).__name__)
def test_boosted_trees_behind_an_encoder(check, head):
    check(make_pipeline(encoded(False), head).fit(MIXED, PRICE), MIXED[:9], MIXED.iloc[60], "tree", tolerance=1e-6)


def test_classifiers_behind_an_encoder(check):
    dear = (np.median(PRICE) < PRICE).astype(int)
    for head, route, output in [(LogisticRegression(), "linear", "logit"),
                                (RandomForestClassifier(5, random_state=0), "tree", "probability"),
                                (GradientBoostingClassifier(n_estimators=9), "tree", "logit"),
                                (SVC(), "kernel", "logit")]:
        check(make_pipeline(encoded(False), head).fit(MIXED, dear), MIXED[:9], MIXED.iloc[60], route, output=output)


def test_transformers_that_give_frames(check):
    encoder = make_column_transformer((OrdinalEncoder(), ["city", "size"])).set_output(transform="pandas")
    found = check(make_pipeline(encoder, Ridge()).fit(MIXED, PRICE), MIXED[:9], MIXED.iloc[60], "linear")
    assert not found.values[[0, 1, 4, 5]].any()


@pytest.mark.parametrize("route", HEADS)
@pytest.mark.parametrize(
    "step",
    ["passthrough", StandardScaler(), MinMaxScaler(), RobustScaler(), MaxAbsScaler(), SplineTransformer(),
     QuantileTransformer(n_quantiles=9), make_union(StandardScaler(), FunctionTransformer(np.square)),
     make_pipeline(SimpleImputer(), StandardScaler())],
    ids=lambda step: step if isinstance(step, str) else type(step).__name__,
)
def test_steps_that_act_on_columns_one_by_one(check, route, step):
    check(make_pipeline(step, HEADS[route]).fit(X, Y), BACKGROUND, ROW, route)


@pytest.mark.parametrize(
    "step", [PolynomialFeatures(2), PCA(), Normalizer(), FunctionTransformer(lambda rows: rows - rows.mean(0))],
    ids=lambda step: type(step).__name__,
)
@pytest.mark.parametrize("route", HEADS)
def test_steps_that_mix_columns_or_rows_are_refused(refused, route, step):
    assert refused(make_pipeline(step, HEADS[route]).fit(X, Y), BACKGROUND, ROW)


def test_searches_and_pipelines_in_one_another(check):
    inner = make_pipeline(StandardScaler(), GridSearchCV(Ridge(), {"alpha": [1, 9]}, cv=2))
    check(make_pipeline(MinMaxScaler(), inner).fit(X, Y), BACKGROUND, ROW, "linear")
    check(make_pipeline(Ridge()).fit(X, Y), BACKGROUND, ROW, "linear")


def test_frames_of_numbers_and_arrays_of_whole_numbers(check):
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1] > 0, "c": pd.array(np.arange(80) % 3, dtype="Int64")})
    check(Ridge().fit(frame.astype(float), Y), frame[:9], frame.iloc[30], "linear")
    whole = np.round(X * 3).astype(int)
    check(SVR().fit(X, Y), whole[:9], ROW, "kernel")


def test_objects_and_single_precision(check):
    words = MIXED[["age", "city"]].to_numpy(object)
    encoder = make_column_transformer((OneHotEncoder(), [1]), remainder="passthrough")
    check(make_pipeline(encoder, Ridge()).fit(words, PRICE), words[:9], words[60], "linear")
    single = X.astype(np.float32)
    check(make_pipeline(StandardScaler(), SVR()).fit(single, Y), single[:9], single[40], "kernel", tolerance=1e-6)


def test_categories_of_pandas_are_codes_to_some_models_and_refused(refused):
    frame = MIXED[["age", "size"]]
    for head in (HistGradientBoostingRegressor(categorical_features="from_dtype", max_iter=3),
                 xgboost.XGBRegressor(enable_categorical=True, n_estimators=3)):
        assert refused(head.fit(frame, PRICE), frame[:9], frame.iloc[60])


def test_functions_and_networks_have_no_closed_form(refused):
    assert refused(lambda rows: rows @ np.ones(5), BACKGROUND, ROW)
    assert refused(torch.nn.Linear(5, 1), BACKGROUND, ROW)


def test_the_model_is_asked_nothing():
    class Asked(LinearRegression):
        def predict(self, rows):
            raise AssertionError("asked")

    model = TabularModel(Asked().fit(X, Y), BACKGROUND)
    assert recognise(model, "probability").route == "linear"
    assert exact_shapley(model, ROW, "probability").values.shape == (5, 1)


def test_a_model_that_answers_otherwise_is_found_out():
    class Curved(LinearRegression):
        def predict(self, rows):
            return super().predict(rows) ** 3

    coalitions = np.concatenate([[[False] * 5, [True] * 5], ~np.eye(5, dtype=bool)])
    for estimator, honest in [(LinearRegression(), True), (Curved(), False)]:
        model = TabularModel(estimator.fit(X, Y), BACKGROUND)
        found = exact_shapley(model, ROW, "probability")
        assert found.agrees(coalitions, TabularMasker(model, ROW)(coalitions, "probability")) is honest


def test_of_many_coalitions_some_are_checked():
    model = TabularModel(Ridge().fit(X, Y), BACKGROUND)
    found = exact_shapley(model, ROW, "probability")
    coalitions = np.concatenate([[[False] * 5, [True] * 5], RNG.random((1000, 5)) < 0.5])
    answers = found.says(coalitions) + 7  # a constant tells nothing
    assert found.agrees(coalitions, answers)
    assert not found.agrees(coalitions, answers + 1e-3 * coalitions[:, :1])
    assert not found.agrees(coalitions, answers + (np.arange(1002) == 1)[:, None])


def test_some_outputs_of_many():
    model = TabularModel(LinearRegression().fit(X, np.c_[Y, -Y, X[:, 0]]), BACKGROUND)
    whole = exact_shapley(model, ROW, "probability")
    some = whole.of_outputs(np.array([2, 0]))
    coalitions = RNG.random((4, 5)) < 0.5
    np.testing.assert_array_equal(some.values, whole.values[:, [2, 0]])
    np.testing.assert_array_equal(some.says(coalitions), whole.says(coalitions)[:, [2, 0]])
