"""linear_shap as a method: in the space in which a model is linear, and nowhere else."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor, RidgeClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, SplineTransformer, StandardScaler
from sklearn.svm import SVC, LinearSVC

import limelight as ll
from limelight.errors import InputError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(100, 5))
Y = X @ [1, -2, 0.5, 0, 1] + X[:, 0] * X[:, 1]
TWO, THREE = (Y > 0).astype(int), np.digitize(Y, [-1, 1])
BACKGROUND, ROW = X[:15], X[40]
AWAY = ROW - BACKGROUND.mean(0)


def explained(estimator, **options):
    found = ll.explain(ll.tabular_model(estimator, BACKGROUND), ROW, method="linear_shap", progress=False, **options)
    assert found.method == "linear_shap" and found.exact and not found.std_error.any() and found.n_evals == 2
    assert found.values.sum(0) + found.base_values == pytest.approx(found.prediction, abs=1e-9)
    return found


@pytest.mark.parametrize("output", ["probability", "logit"])
def test_a_logistic_regression_is_explained_in_log_odds_and_says_so(output):
    model = LogisticRegression().fit(X, TWO)
    found = explained(model, output=output)
    assert found.output_space == "log-odds"
    assert found.values == pytest.approx(np.c_[-model.coef_[0] * AWAY, model.coef_[0] * AWAY])
    assert found.prediction[1] == pytest.approx(model.decision_function(ROW[None])[0])


def test_a_regression_in_its_values():
    model = LinearRegression().fit(X, Y)
    found = explained(model)
    assert found.output_space == "value" and found.prediction == pytest.approx(model.predict(ROW[None]))
    assert found.values[:, 0] == pytest.approx(model.coef_ * AWAY)


@pytest.mark.parametrize(("estimator", "classes", "n_outputs"), [
    (LogisticRegression(), THREE, 3), (RidgeClassifier(), TWO, 1), (LinearSVC(random_state=0), THREE, 3),
    (SVC(kernel="linear"), TWO, 1)], ids=lambda given: type(given).__name__)
def test_margins_of_classifiers(estimator, classes, n_outputs):
    model = estimator.fit(X, classes)
    found = explained(model)
    assert found.output_space == "margin" and found.values.shape == (5, n_outputs)
    weights = np.atleast_2d(model.coef_)
    assert found.values == pytest.approx((weights * AWAY).T)


def test_splines_of_a_feature_are_its_own():
    spline = SplineTransformer(sparse_output=True)
    model = make_pipeline(StandardScaler(), spline, LinearRegression()).fit(X, Y)
    added = model[:-1].transform(np.vstack([ROW, BACKGROUND])).toarray() * model[-1].coef_
    of_features = added.reshape(16, 5, -1).sum(2)
    assert explained(model).values[:, 0] == pytest.approx(of_features[0] - of_features[1:].mean(0))


def test_behind_a_scaler_and_a_search():
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, TWO)
    weights = model[-1].coef_[0] / model[0].scale_
    assert explained(model).values[:, 1] == pytest.approx(weights * AWAY)
    search = GridSearchCV(model, {"logisticregression__C": [0.1, 10]}).fit(X, TWO)
    assert explained(search).output_space == "log-odds"


def test_groups_are_sums_of_their_columns():
    model = LinearRegression().fit(X, Y)
    found = explained(model, groups={"first": [0, 1]})
    assert found.values[0, 0] == pytest.approx((model.coef_ * AWAY)[:2].sum())


@pytest.mark.parametrize(("estimator", "target", "message"), [
    (RandomForestRegressor(3), Y, "needs a linear or logistic model .* this is RandomForestRegressor; use shapley"),
    (PoissonRegressor(), np.abs(Y), "needs a linear or logistic model"),
    (SVC(kernel="linear"), THREE, "needs a linear or logistic model"),
    (make_pipeline(PCA(2), LinearRegression()), Y, "columns that are each made of one feature"),
    (make_pipeline(PolynomialFeatures(2), LinearRegression()), Y, "columns that are each made of one feature"),
], ids=["trees", "exp", "votes", "mixed", "products"])
def test_what_is_not_linear_is_refused(estimator, target, message):
    with pytest.raises(InputError, match=message):
        explained(estimator.fit(X, target))


def test_a_model_that_lies_about_its_coefficients_is_refused():
    model = LinearRegression().fit(X, Y)
    model.predict = lambda rows: np.tanh(rows.sum(1))
    with pytest.raises(InputError, match="linear_shap"):
        explained(model)
