"""The same numbers as shap where they should be the same."""

import numpy as np
import pytest
import shap
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.neural_network import MLPClassifier

import limelight as ll


@pytest.fixture(scope="module")
def diabetes():
    return load_diabetes(return_X_y=True)


def test_exact_values_of_trees_are_interventional_tree_shap(diabetes):
    rows, y = diabetes
    model = GradientBoostingRegressor(n_estimators=30, random_state=0).fit(rows, y)
    background = rows[:50]
    theirs = shap.TreeExplainer(model, background, feature_perturbation="interventional").shap_values(rows[60:61])
    ours = ll.explain(ll.tabular_model(model, background), rows[60], progress=False)
    assert ours.exact
    assert ours.values[:, 0] == pytest.approx(theirs[0], abs=1e-4)


def test_exact_values_of_a_network_are_those_of_the_exact_explainer(diabetes):
    rows, y = diabetes
    rows = rows[:, :7]
    model = MLPClassifier((16,), max_iter=50, random_state=0)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(rows, y > np.median(y))
    background = rows[:20]
    theirs = shap.ExactExplainer(model.predict_proba, shap.maskers.Independent(background, max_samples=20))(rows[60:61])
    ours = ll.explain(ll.tabular_model(model, background), rows[60], progress=False)
    assert ours.values == pytest.approx(theirs.values[0], abs=1e-7)
    assert ours.base_values == pytest.approx(theirs.base_values[0], abs=1e-7)


def test_sampled_values_are_within_their_errors_of_shaps_exact_ones(diabetes):
    rows, y = diabetes
    model = GradientBoostingRegressor(n_estimators=60, max_depth=4, random_state=0).fit(rows, y)
    background = rows[:30]
    theirs = shap.TreeExplainer(model, background, feature_perturbation="interventional").shap_values(rows[61:62])[0]
    asked = ll.tabular_model(lambda rows: model.predict(rows), background)  # or it is taken apart, and exact too
    ours = ll.explain(asked, rows[61], n_samples=150, progress=False)
    assert not ours.exact
    assert (np.abs(ours.values[:, 0] - theirs) <= 4 * ours.std_error[:, 0] + 1e-4).all()


def test_what_we_hand_to_shap_its_own_plots_accept(diabetes):
    import matplotlib

    matplotlib.use("Agg")
    rows, y = diabetes
    model = GradientBoostingRegressor(n_estimators=5, random_state=0).fit(rows, y)
    ours = ll.explain(ll.tabular_model(model, rows[:10]), rows[3], progress=False).to_shap()
    axes = shap.plots.bar(ours, show=False)
    assert len(axes.patches) >= 9
