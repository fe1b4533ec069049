"""What a Pipeline's steps make of many rows, and the feature that each column is made of."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures, SplineTransformer

import limelight as ll
from limelight.attribution.columns import Columns
from limelight.attribution.many import ClosedRows
from limelight.errors import ModelError, Unsuited

ROWS = np.random.default_rng(0).normal(size=(40, 3))
ALONE = np.arange(3)


def behind(*steps):
    return ll.tabular_model(make_pipeline(*steps, LinearRegression()).fit(ROWS, ROWS.sum(1)), ROWS[:10])


def switched(rows):
    """The second column is of the third feature where the first is large, and else of the second."""
    return np.column_stack([rows[:, 0], np.where(rows[:, 0] > 10, rows[:, 2], rows[:, 1])])


def test_columns_of_one_feature_are_found_row_by_row():
    model = behind(SplineTransformer(n_knots=4, degree=1))
    columns = Columns(model, ALONE)
    found = columns.of(ROWS, 0)
    n = found.shape[1] // 3
    assert np.array_equal(columns.owner, np.repeat(ALONE, n))
    exact = ClosedRows(model, "probability", ALONE).explain(ROWS[10:13])
    one = ll.explain(model, ROWS[11], method="shapley", progress=False)
    assert np.allclose(exact.values[1], one.values, rtol=0, atol=1e-12)


def test_a_column_that_rows_first_leave_alone_is_learned_later():
    rows = ROWS.copy()
    rows[:20, 1] = 0
    model = ll.tabular_model(make_pipeline(FunctionTransformer(lambda rows: rows[:, ::-1]),
                                           LinearRegression()).fit(ROWS[:, ::-1], ROWS.sum(1)), rows[:10])
    columns = Columns(model, ALONE)
    columns.of(rows[10:20], 0)
    assert columns.owner.tolist() == [2, 0, 0]
    columns.of(rows[20:], 0)
    assert columns.owner.tolist() == [2, 1, 0]


@pytest.mark.parametrize("step", [PCA(2), PolynomialFeatures(2)], ids=lambda step: type(step).__name__)
def test_columns_of_several_features_are_refused(step):
    with pytest.raises(Unsuited, match="several features"):
        ClosedRows(behind(step), "probability", ALONE)


def test_a_row_whose_columns_come_from_elsewhere_is_found_out():
    closed = ClosedRows(behind(FunctionTransformer(switched)), "probability", ALONE)
    rows = ROWS[10:14].copy()
    assert closed.explain(rows).values.shape == (4, 3, 1)
    rows[2, 0] = 20
    with pytest.raises(Unsuited, match="seen at row 7"):
        closed.explain(rows, 5)


def test_a_model_that_answers_with_nan_is_told_of():
    model = LinearRegression().fit(ROWS, ROWS.sum(1))
    closed = ClosedRows(ll.tabular_model(model, ROWS[:10]), "probability", ALONE)
    model.coef_ = np.full(3, np.nan)
    with pytest.raises(ModelError, match="row 3"):
        closed.explain(ROWS[:2], 3)
    model.coef_ = np.ones(3) * 2
    with pytest.raises(Unsuited, match="do not add up"):
        closed.explain(ROWS[:2])
