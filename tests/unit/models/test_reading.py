"""Columns of rows as a user has them, found by the names that a model was fitted with."""

import catboost
import lightgbm
import numpy as np
import pandas as pd
import pyarrow
import pytest
import scipy.sparse
import xgboost
from sklearn.ensemble import RandomForestClassifier

import limelight as ll
from limelight.errors import InputError
from limelight.models.reading import as_table, fitted_columns

TABLE = pd.DataFrame(np.random.default_rng(0).normal(size=(60, 3)), columns=["a", "b c", "d"])
CLASSES = (TABLE["a"] > 0).astype(int)
FOREST = RandomForestClassifier(3, max_depth=3, random_state=0).fit(TABLE, CLASSES)
BOOSTED = lightgbm.LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1).fit(TABLE, CLASSES)
UNNAMED = lightgbm.LGBMClassifier(n_estimators=5, n_jobs=1, verbose=-1).fit(TABLE.to_numpy(), CLASSES)


@pytest.mark.parametrize("model", [FOREST, BOOSTED])
def test_columns_in_another_order_are_found_by_name(model):
    turned = TABLE[["d", "a", "b c"]]
    pd.testing.assert_frame_equal(fitted_columns(turned, model), TABLE)
    one, other = (ll.explain_many(model, rows, progress=False) for rows in (TABLE, turned))
    pd.testing.assert_frame_equal(one, other)
    assert list(ll.tabular_model(model, turned).background.columns) == list(TABLE.columns)


@pytest.mark.parametrize("model", [
    xgboost.train({"nthread": 1}, xgboost.DMatrix(TABLE, CLASSES), 5),
    lightgbm.train({"num_threads": 1, "verbose": -1}, lightgbm.Dataset(TABLE, CLASSES), 5),
    catboost.CatBoostRegressor(iterations=5, thread_count=1, verbose=False, allow_writing_files=False).fit(
        TABLE, CLASSES),
], ids=["xgboost", "lightgbm", "catboost"])
def test_models_that_go_by_the_order_of_columns_get_it(model):
    turned = TABLE[["d", "a", "b c"]]
    one, other = (ll.explain(ll.tabular_model(model, rows), rows.iloc[1], progress=False) for rows in (TABLE, turned))
    assert one.feature_names == other.feature_names and np.array_equal(one.values, other.values)
    assert np.ptp(one.values) > 0
    with pytest.raises(InputError, match=r"the background has 2 columns, and .* was fitted with 3"):
        ll.tabular_model(model, TABLE[["a", "b c"]])


@pytest.mark.parametrize("model", [FOREST, BOOSTED])
def test_columns_that_are_lacking_or_unknown_are_named(model):
    for rows, said in ((TABLE.rename(columns={"a": "z"}), "they lack: a; they have besides: z"),
                       (TABLE[["a", "b c"]], "they lack: d"), (TABLE.assign(target=1), "they have besides: target"),
                       (TABLE.to_numpy()[:, :2], "X has 2 columns, and .* was fitted with 3")):
        with pytest.raises(InputError, match=said):
            ll.explain_many(model, rows, progress=False)
    with pytest.raises(InputError, match="background lacks: a; it has besides: z"):
        ll.tabular_model(FOREST, TABLE.rename(columns={"a": "z"}))
    with pytest.raises(InputError, match=r"such as the target: leave out y$"):
        ll.tabular_model(model, TABLE.assign(y=1))


def test_where_there_are_no_names_the_order_tells():
    turned = TABLE[["d", "a", "b c"]]
    assert fitted_columns(turned, UNNAMED) is turned
    assert list(fitted_columns(TABLE.to_numpy(), FOREST).columns) == list(TABLE.columns)
    found = ll.explain_many(UNNAMED, TABLE.to_numpy().tolist(), progress=False)
    assert np.allclose(found.iloc[:, 4:7], ll.explain_many(UNNAMED, TABLE.to_numpy(), progress=False).iloc[:, 4:7])


def test_lists_are_tables_and_keep_numbers_beside_words():
    assert as_table([[1, 2.5], [3, 4]], "X").dtype == float
    assert as_table([["a", 2.5]], "X").tolist() == [["a", 2.5]]
    assert list(as_table([{"a": 1, "b": 2}], "X").columns) == ["a", "b"]
    assert list(as_table(pyarrow.table({"a": [1], "b": ["x"]}), "X").columns) == ["a", "b"]
    assert as_table(scipy.sparse.csr_matrix([[0.0, 1.0]]), "X").tolist() == [[0, 1]]
    with pytest.raises(InputError, match=r"X is a sparse matrix of shape \(20000, 20000\), which takes too much"):
        as_table(scipy.sparse.csr_matrix((20_000, 20_000)), "X")
    with pytest.raises(InputError, match="X should be rows of one length: row 1 has 3 values, and the first one 2"):
        as_table([[1, 2], [1, 2, 3]], "X")
    with pytest.raises(InputError, match=r"shape \(2,\) came"):
        fitted_columns([1, 2], FOREST)
