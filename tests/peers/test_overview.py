"""The same importance as scikit-learn's, where it should be the same."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import limelight as ll
from limelight.dataset.dependence import depend
from limelight.dataset.interaction import _dependence
from limelight.dataset.permutation import judge, permutation, rises
from limelight.dataset.steps import finished
from limelight.dataset.table import Table

REPEATS = 4


@pytest.fixture(scope="module")
def trees():
    rows, y = load_diabetes(return_X_y=True)
    return GradientBoostingRegressor(n_estimators=40, random_state=0).fit(rows, y), rows, y


def shuffles(n, seed):
    """Orders as scikit-learn draws them for every column: each shuffles what the one before left."""
    rng = np.random.RandomState(np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1))
    index, order, found = np.arange(n), np.arange(n), []
    for _ in range(REPEATS):
        rng.shuffle(index)
        order = order[index]
        found.append(order)
    return np.stack(found)


@pytest.mark.parametrize(("loss", "scoring"), [("squared_error", "neg_mean_squared_error"),
                                               ("absolute_error", "neg_mean_absolute_error")])
def test_the_same_shuffles_give_the_same_permutation_importance(trees, loss, scoring):
    model, rows, y = trees
    theirs = permutation_importance(model, rows, y, scoring=scoring, n_repeats=REPEATS, random_state=3)
    judged = judge(Table.of(ll.tabular_model(model, rows), y=y, loss=loss), REPEATS)
    ours = [rises(judged, (j,), shuffles(len(rows), 3)).mean(1) for j in range(rows.shape[1])]
    np.testing.assert_allclose(ours, theirs.importances, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("loss", "scoring"), [("log_loss", "neg_log_loss"), ("auc", "roc_auc"),
                                               ("accuracy", "accuracy")])
def test_so_do_those_of_a_classifier(loss, scoring):
    rows, y = load_breast_cancer(return_X_y=True)
    rows = rows[:, :6]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, y)
    theirs = permutation_importance(model, rows, y, scoring=scoring, n_repeats=REPEATS, random_state=3)
    judged = judge(Table.of(ll.tabular_model(model, rows), y=y, loss=loss), REPEATS)
    ours = [rises(judged, (j,), shuffles(len(rows), 3)).mean(1) for j in range(rows.shape[1])]
    np.testing.assert_allclose(ours, theirs.importances, atol=1e-9)


def test_other_shuffles_give_permutation_importance_within_its_intervals(trees):
    model, rows, y = trees
    theirs = permutation_importance(model, rows, y, scoring="neg_mean_squared_error", n_repeats=20, random_state=0)
    ours = permutation(Table.of(ll.tabular_model(model, rows), y=y))
    assert (ours.low <= theirs.importances_mean).all() and (theirs.importances_mean <= ours.high).all()


def test_partial_dependence_at_the_rows_themselves_is_the_same(trees):
    model, rows, _ = trees
    some = rows[:40]
    table = Table.of(ll.tabular_model(model, some))
    for columns in ((2,), (2, 8)):
        ours = finished(_dependence(table, table.asker(), columns)).mean(1)
        grid = {j: np.unique(some[:, j]) for j in columns}
        theirs = partial_dependence(model, some, columns, custom_values=grid, method="brute")["average"][0]
        places = tuple(np.searchsorted(grid[j], some[:, j]) for j in columns)
        np.testing.assert_allclose(ours, theirs[places], rtol=1e-9)


def test_partial_dependence_on_a_grid_is_the_same(trees):
    model, rows, _ = trees
    found = depend(Table.of(ll.tabular_model(model, rows[:200])), 2)
    theirs = partial_dependence(model, rows[:200], [2], custom_values={2: found.grid}, method="brute")
    np.testing.assert_allclose(found.pdp, theirs["average"][0], rtol=1e-9)
