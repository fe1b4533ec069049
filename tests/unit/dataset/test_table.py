"""Rows of a data set, and what is known to be true of them."""

import numpy as np
import pandas as pd
import pytest
import torch

import limelight as ll
from limelight.dataset.partial import repeated
from limelight.dataset.table import Table
from limelight.errors import InputError, ModelError

FRAME = pd.DataFrame({"age": [20, 30, 40, 50], "city": ["Rome", "Oslo", "Rome", None],
                      "sex": pd.Categorical(["f", "m", "m", "f"]), "pay": [1.5, np.nan, 2.5, 3.5]})


def answers(rows):
    return np.column_stack([1 - rows["age"] / 100, rows["age"] / 100])


def framed(**given):
    return Table.of(ll.tabular_model(answers, FRAME, output_names=["no", "yes"]), **given)


def test_columns_are_read_by_their_kinds():
    table = framed()
    assert [column.kind for column in table.columns] == ["number", "category", "category", "number"]
    assert table.codes(1).tolist() == [1, 0, 1, -1]
    np.testing.assert_array_equal(table.numbers(3), [1.5, np.nan, 2.5, 3.5])
    assert [table.is_constant(j) for j in range(4)] == [False] * 4


def test_cells_of_other_rows_keep_their_types():
    table = framed()
    rows = table.mixed(np.array([[0, 1, 2, 3], [3, 2, 1, 0]]))
    assert rows["age"].tolist() == [20, 50] and rows["city"].tolist() == ["Oslo", "Rome"]
    assert rows.dtypes.tolist() == FRAME.dtypes.tolist()
    moved = table.moved(np.array([0, 1]), [2], np.array([1, 0]))
    assert moved["sex"].tolist() == ["m", "f"] and moved["age"].tolist() == [20, 30]
    assert FRAME["sex"].tolist() == ["f", "m", "m", "f"]


def test_values_that_are_put_widen_a_column_of_whole_numbers():
    table = framed()
    put = table.put(table.rows, {0: 20.5, 2: ["m", "m", "f", "f"]})
    assert put["age"].tolist() == [20.5] * 4 and put["sex"].dtype == FRAME["sex"].dtype
    assert FRAME["age"].tolist() == [20, 30, 40, 50]
    whole = Table.of(ll.tabular_model(lambda rows: rows[:, 0], np.arange(6).reshape(3, 2)))
    assert whole.put(whole.rows, {1: 0.5})[:, 1].tolist() == [0.5] * 3


@pytest.mark.parametrize("dtype", ["int64", "uint8", "Int64", object])
def test_whole_numbers_stay_whole(dtype):
    rows = pd.DataFrame({"age": pd.Series([1, 2, 3], dtype=dtype), "pay": [0.5, 1, 2]})
    table = Table.of(ll.tabular_model(lambda rows: rows["pay"], rows))
    put = table.put(table.rows, {0: 20.0, 1: 20.0})
    assert put["age"].dtype == dtype and put["age"].tolist() == [20] * 3 and put["pay"].dtype == float
    assert table.put(table.rows, {0: np.nan})["age"].isna().all()
    assert table.put(table.rows, {0: 300})["age"].tolist() == [300] * 3


@pytest.mark.parametrize("dtype", [bool, "boolean"])
def test_true_and_false_stay_so(dtype):
    rows = pd.DataFrame({"member": pd.Series([True, False, True], dtype=dtype)})
    table = Table.of(ll.tabular_model(lambda rows: rows["member"].astype(float), rows))
    put = table.put(table.rows, {0: repeated([False], 3)})
    assert put["member"].dtype == dtype and put["member"].tolist() == [False] * 3


def test_whole_numbers_among_words_stay_whole():
    rows = np.array([[1, "a"], [2, "b"]], object)
    table = Table.of(ll.tabular_model(lambda rows: rows[:, 0].astype(float), rows))
    assert [type(value) for value in table.put(rows, {0: np.array([2.0, 3.0])})[:, 0]] == [int, int]
    assert table.put(rows, {0: 2.5})[:, 0].tolist() == [2.5, 2.5]


def test_columns_in_another_order_are_put_right():
    table = framed(X=FRAME[["pay", "sex", "city", "age"]])
    assert table.names == ("age", "city", "sex", "pay")
    with pytest.raises(InputError, match="they lack: pay"):
        framed(X=FRAME[["age", "sex", "city"]])
    with pytest.raises(InputError, match="they have besides: target"):
        framed(X=FRAME.assign(target=1))
    with pytest.raises(InputError, match="they have twice: age"):
        framed(X=pd.concat([FRAME, FRAME[["age"]]], axis=1))
    with pytest.raises(InputError, match=r"rows of the background's 2 columns, .* shape .4, 3. came"):
        Table.of(ll.tabular_model(lambda rows: rows[:, 0], np.zeros((3, 2))), np.zeros((4, 3)))


@pytest.mark.parametrize(("y", "read"), [
    (["no", "yes", "yes", "no"], [0, 1, 1, 0]),
    (pd.Series([0, 1, 1, 0]), [0, 1, 1, 0]),
    (np.array([False, True, True, False]), [0, 1, 1, 0]),
    (torch.tensor([[0.0], [1.0], [1.0], [0.0]]), [0, 1, 1, 0]),
])
def test_labels_are_read_as_outputs(y, read):
    assert framed(y=y).y.tolist() == read


@pytest.mark.parametrize(("names", "true"), [
    (["no", "yes"], 1), (["Yes", "No"], 0), (["negative", "positive"], 1), (["False", "True"], 1), (["0", "1"], 1),
    (["ham", "spam"], None), (["no", "positive"], None), (["yes", "yes "], None)])
def test_false_and_true_are_read_of_outputs_whose_names_say_plainly_which_is_which(names, true):
    model = ll.tabular_model(answers, FRAME, output_names=names)
    if true is None:
        with pytest.raises(InputError, match="y holds 'False', 'True', which no output is named"):
            Table.of(model, y=[True, False, True, True])
    else:
        assert Table.of(model, y=[True, False, True, True]).y.tolist() == [true, 1 - true, true, true]


@pytest.mark.parametrize(("y", "message"), [
    (["no", "yes"], r"one label or number for each of the 4 rows of X; shape \(2,\) came"),
    (["no", None, "yes", "no"], r"y is missing \(NaN\) in 1 of 4 rows: leave these rows out"),
    (["no", "yes", "maybe", "no"], "y holds 'maybe', which no output is named: expected 'no', 'yes', or indices"),
])
def test_labels_that_cannot_be_used_are_refused(y, message):
    with pytest.raises(InputError, match=message):
        framed(y=y)


def test_numbers_are_read_of_a_model_of_values():
    model = ll.tabular_model(lambda rows: rows["age"], FRAME)
    assert Table.of(model, y=[1, 2, 3, 4]).loss.name == "squared_error"
    with pytest.raises(InputError, match="y should hold numbers, as the model's answers are values"):
        Table.of(model, y=["a", "b", "c", "d"])
    with pytest.raises(InputError, match="'log_loss' does not suit a model that answers with a value"):
        Table.of(model, y=[1, 2, 3, 4], loss="log_loss")
    with pytest.raises(InputError, match="loss='mse' is unknown: choose"):
        Table.of(model, y=[1, 2, 3, 4], loss="mse")


def test_what_is_asked_is_counted_and_must_be_finite():
    ask = framed().asker()
    ask(FRAME)
    ask(FRAME[:3])
    assert ask.n_evals == 7
    broken = Table.of(ll.tabular_model(lambda rows: np.where(rows[:, 0] > 2, np.nan, 1.0), np.arange(8.0)[:, None]))
    with pytest.raises(ModelError, match="importance needs a finite number for each"):
        broken.asker()(broken.rows)


def test_the_same_rows_are_drawn_every_time():
    table = Table.of(ll.tabular_model(lambda rows: rows[:, 0], np.arange(50.0)[:, None]), y=np.arange(50.0), seed=3)
    few = table.drawn(10)
    assert few.rows[:, 0].tolist() == few.y.tolist() == table.drawn(10).y.tolist()
    assert table.drawn(50) is table
