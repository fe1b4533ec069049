"""Many rows are read as one row is."""

import numpy as np
import pandas as pd
import pytest

import limelight as ll
from limelight.errors import InputError

FRAME = pd.DataFrame({
    "age": [30, 41, 52, 63], "income": [1.5, np.nan, 2.5, 3.0], "job": ["a", "b", "a", "c"],
    "home": pd.Categorical(["x", "y", None, "x"]), "member": [True, False, True, True],
    "since": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"]),
})


def first_column(rows):
    return np.zeros(len(rows))


def one_by_one(model, rows):
    return model.table([model.read(row) for row in rows])


def test_a_frame_is_read_by_name_and_keeps_its_types():
    model = ll.tabular_model(first_column, FRAME)
    found = model.read_rows(FRAME[FRAME.columns[::-1]])
    expected = one_by_one(model, [FRAME.iloc[[i]] for i in range(4)])
    pd.testing.assert_frame_equal(found, expected)
    assert list(found.dtypes) == list(FRAME.dtypes)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("given", [np.int32, np.float64, object])
def test_arrays_take_the_type_of_the_background_where_numbers_fit(dtype, given):
    model = ll.tabular_model(first_column, np.arange(12).reshape(4, 3).astype(dtype))
    rows = np.array([[1, 2, 3], [4, 5, 6]]).astype(given)
    found, expected = model.read_rows(rows), one_by_one(model, rows)
    assert np.array_equal(found, expected)
    assert found.dtype == expected.dtype or given is object


def test_words_in_an_array_and_numbers_that_are_categories():
    background = np.array([["a", 1], ["b", 2]], object)
    model = ll.tabular_model(first_column, background, categorical=[1])
    found = model.read_rows([["b", 1.0], ["a", "2"]])
    assert found.tolist() == [["b", 1], ["a", 2]]
    with pytest.raises(InputError, match="row 8: 'feature 1' holds '3'"):
        model.read_rows([["b", 1], ["a", 3]], 7)


def test_what_is_lacking_or_too_much_is_named():
    model = ll.tabular_model(first_column, FRAME)
    with pytest.raises(InputError, match=r"they lack: job; they have besides: work"):
        model.read_rows(FRAME.rename(columns={"job": "work"}))
    with pytest.raises(InputError, match=r"row 2: 'age' is missing"):
        model.read_rows(FRAME.assign(age=[1.0, 2.0, np.nan, 4.0]))
    with pytest.raises(InputError, match="no rows"):
        model.read_rows(FRAME[:0])
    with pytest.raises(InputError, match=r"shape \(4, 2\) came"):
        model.read_rows(np.zeros((4, 2)))


def test_rows_are_refused_as_one_row_is():
    model = ll.tabular_model(first_column, FRAME)
    with pytest.raises(InputError, match="row 1: 'since' should be a date, such as '2024-05-31'; 'soon' came"):
        model.read_rows(FRAME.assign(since=["2020-01-01", "soon", "2021-01-01", "2022-01-01"]))
    with pytest.raises(InputError, match="row 0: 'age' should be a real number"):
        model.read_rows(FRAME.assign(age=FRAME["age"] + 1j))
    assert model.read_rows(FRAME.assign(member=[0, 1, 1.0, 0]))["member"].tolist() == [False, True, True, False]


def test_a_tensor_is_read_like_an_array():
    import torch

    model = ll.tabular_model(first_column, np.zeros((2, 2)))
    assert model.read_rows(torch.tensor([[1.0, 2.0]], requires_grad=True)).tolist() == [[1, 2]]
