"""Every measure, of tables with columns of every kind and models of every sort."""

import numpy as np
import pandas as pd
import pytest
import torch
import xgboost
from sklearn.svm import LinearSVC

import limelight as ll
from limelight.dataset.conditional import conditional_permutation
from limelight.dataset.correlation import associations
from limelight.dataset.gradients import derivatives
from limelight.dataset.interaction import interactions
from limelight.dataset.measure import LABELS
from limelight.dataset.permutation import grouped_permutation, permutation
from limelight.dataset.sage import sage
from limelight.dataset.table import Table

RNG = np.random.default_rng(0)
N = 80
FRAME = pd.DataFrame({
    "age": pd.array(RNG.integers(20, 60, N), "Int64"), "pay": np.where(np.arange(N) % 7, RNG.normal(size=N), np.nan),
    "sex": pd.Categorical(RNG.choice(["f", "m"], N)), "member": RNG.random(N) < 0.5,
    "note": [f"no. {i}" for i in range(N)], "one": 1.0, "empty": np.full(N, np.nan)})


def all_of(table):
    """Every measure that asks, on few evaluations."""
    single = permutation(table, repeats=3, strengths=associations(table))
    return [single, grouped_permutation(table, single, ((0, 1),), repeats=3), conditional_permutation(table, repeats=3),
            sage(table, n_evals=40_000), *derivatives(table), interactions(table, [0, 1], n_rows=10).overall]


def test_columns_of_all_kinds_are_measured():
    def model(rows):
        likely = 1 / (1 + np.exp(-(rows["age"].to_numpy(float) / 20 - 2 + rows["pay"].fillna(0).to_numpy()
                                   + (rows["sex"] == "m") - rows["member"])))
        return np.column_stack([1 - likely, likely])

    known = ll.tabular_model(model, FRAME, output_names=["no", "yes"])
    table = Table.of(known, y=RNG.choice(["no", "yes"], N), target=1)
    found = all_of(table)
    assert [measure.label for measure in found] == [LABELS[measure.name] for measure in found]
    for measure in found[:4]:
        assert np.isfinite(measure.values[:4]).all() and not measure.values[5:].any()
        assert (measure.low <= measure.values).all() and (measure.values <= measure.high).all()
    for measure in found[4:7]:
        assert np.isfinite(measure.values[:4]).all() and measure.values[0] > 0 and np.isnan(measure.values[4])
    assert all(measure.n_evals > 0 for measure in found)


@pytest.mark.parametrize("rows", [RNG.normal(size=(N, 3)), RNG.integers(9, size=(N, 3)),
                                  RNG.integers(9, size=(N, 3)).astype(object)], ids=["float", "int", "object"])
def test_arrays_of_all_types_are_measured(rows):
    table = Table.of(ll.tabular_model(lambda each: each[:, 0].astype(float) ** 2, rows), y=RNG.normal(size=N))
    for measure in all_of(table):
        assert np.isfinite(measure.values[:2]).all()
        assert measure.name == "interaction" or measure.values[2] == 0


def test_models_of_all_sorts_are_judged():
    rows = RNG.normal(size=(N, 3)).astype(np.float32)
    classes = np.digitize(rows[:, 0], [-0.5, 0.5])
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    booster = xgboost.train({"objective": "binary:logistic", "nthread": 1}, xgboost.DMatrix(rows, classes > 0), 3)
    for model, y, loss in ((net, classes, "log_loss"), (booster, classes > 0, "log_loss"),
                           (LinearSVC().fit(rows, classes), classes, "hinge"),
                           (xgboost.XGBRegressor(n_estimators=3, n_jobs=1).fit(rows, rows[:, 0]), rows[:, 0],
                            "squared_error")):
        table = Table.of(ll.tabular_model(model, rows), y=y)
        assert table.loss.name == loss
        assert all(np.isfinite(measure.values[:2]).all() for measure in all_of(table))
    assert net.training


def test_one_row_has_slopes_and_no_intervals():
    table = Table.of(ll.tabular_model(lambda rows: rows[:, 0] * 2, np.zeros((20, 2)) + np.arange(20.0)[:, None])).take(
        np.array([3]))
    signed = derivatives(table)[0]
    assert np.isnan(signed.low).all()
    assert (associations(table) == np.eye(2)).all()
