"""Linear sums: in closed form where the outputs are linear in the row, refused where they are curved."""

import numpy as np
import pytest
from sklearn.cross_decomposition import PLSRegression
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import (
    BayesianRidge,
    ElasticNet,
    HuberRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    QuantileRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR

RNG = np.random.default_rng(0)
X = RNG.normal(size=(80, 5))
Y = X @ [1, -2, 0.5, 0, 1] + X[:, 0] * X[:, 1]
TWO, THREE = (Y > 0).astype(int), np.digitize(Y, [-1, 1])
BACKGROUND, ROW = X[:15], X[40]


@pytest.mark.parametrize(
    "estimator",
    [LinearRegression(), Ridge(), Lasso(0.01), ElasticNet(0.01), SGDRegressor(random_state=0),
     LinearSVR(random_state=0), HuberRegressor(), BayesianRidge(), PLSRegression(2), SVR(kernel="linear"),
     GridSearchCV(Ridge(), {"alpha": [1, 9]})],
    ids=lambda estimator: type(estimator).__name__,
)
def test_regressors(check, estimator):
    check(estimator.fit(X, Y), BACKGROUND, ROW, "linear")


def test_values_are_coefficients_times_the_distance_from_the_mean(check):
    fitted = Ridge().fit(X, Y)
    found = check(fitted, BACKGROUND, ROW, "linear")
    np.testing.assert_allclose(found.values[:, 0], fitted.coef_ * (ROW - BACKGROUND.mean(0)), rtol=1e-12)


def test_several_targets(check):
    assert check(LinearRegression().fit(X, np.c_[Y, X[:, 0]]), BACKGROUND, ROW, "linear").values.shape == (5, 2)


@pytest.mark.parametrize("estimator", [RidgeClassifier(), LinearSVC(random_state=0), SGDClassifier(random_state=0)],
                         ids=lambda estimator: type(estimator).__name__)
@pytest.mark.parametrize("classes", [TWO, THREE], ids=["two", "three"])
def test_margins(check, estimator, classes):
    check(estimator.fit(X, classes), BACKGROUND, ROW, "linear")


def test_the_margins_of_a_logistic_regression_when_they_are_asked_for(check):
    check(LogisticRegression().fit(X, THREE).decision_function, BACKGROUND, ROW, "linear")


@pytest.mark.parametrize("estimator", [LogisticRegression(), LinearDiscriminantAnalysis()],
                         ids=lambda estimator: type(estimator).__name__)
def test_log_odds_of_two_classes(check, refused, estimator):
    found = check(estimator.fit(X, TWO), BACKGROUND, ROW, "linear", output="logit")
    np.testing.assert_array_equal(found.values[:, 0], -found.values[:, 1])
    assert refused(estimator, BACKGROUND, ROW, "probability")


def test_log_odds_of_three_classes_are_not_linear(refused):
    assert refused(LogisticRegression().fit(X, THREE), BACKGROUND, ROW, "logit")


def test_clipped_log_odds_are_refused(check, refused):
    fitted = LinearDiscriminantAnalysis().fit(X, X[:, 0] > 0)
    assert np.abs(fitted.decision_function(100 * BACKGROUND)).max() > 28
    assert refused(fitted, 100 * BACKGROUND, 100 * ROW, "logit")
    check(fitted, BACKGROUND / 100, ROW / 100, "linear", output="logit", tolerance=1e-7)


def test_what_has_coefficients_and_a_curved_answer_is_refused(refused):
    assert refused(PoissonRegressor().fit(X, np.abs(Y)), BACKGROUND, ROW)
    assert refused(SVC(kernel="linear").fit(X, THREE), BACKGROUND, ROW)  # votes


def test_a_model_that_always_says_the_same(check):
    # Every coefficient is zero: nothing is as exact as that.
    fitted = QuantileRegressor(alpha=9, solver="highs").fit(X, Y)
    assert not check(fitted, BACKGROUND, ROW, "linear").values.any()


def test_single_precision(check):
    rows = X.astype(np.float32)
    check(Ridge().fit(rows, Y.astype(np.float32)), rows[:15], rows[40], "linear", tolerance=1e-6)


def test_one_feature_and_one_background_row(check):
    found = check(Ridge().fit(X[:, :1], Y), BACKGROUND[:1, :1], ROW[:1], "linear")
    assert found.values.shape == (1, 1)


def test_log_odds_that_no_probability_holds(check):
    """A logistic regression's own log-odds are asked for, not those of its probabilities."""
    sure = LogisticRegression(C=1e6).fit(X, X[:, 0] > 0)
    assert np.abs(sure.decision_function(BACKGROUND)).max() > 28
    check(sure, BACKGROUND, ROW, "linear", output="logit")
