"""Columns of a table: what they hold, how they are listed, and how a value is read as one of theirs."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import torch
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline

import limelight as ll
from limelight.errors import InputError
from limelight.models.tabular import TabularModel

torch.set_num_threads(1)
RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
Y = (X @ [1, -2, 0.5] > 0).astype(int)
NAMES = ["ab", "cd", "ef"]
FRAME = pd.DataFrame(X, columns=NAMES)
MIXED = pd.DataFrame({
    "age": RNG.integers(18, 80, 60), "fare": X[:, 0], "city": RNG.choice(["Bern", "Rome"], 60),
    "size": pd.Categorical(RNG.choice(["s", "m"], 60), categories=["s", "m", "l"]), "member": Y.astype(bool),
})


def test_numbers_too_large_for_a_columns_type_widen_it():
    rows = pd.DataFrame({"small": np.array([1, 2, 3], np.int8), "b": [0.5, 1, 2]})
    model = TabularModel(lambda rows: rows["small"] + rows["b"], rows)
    assert model.ask(model.table([model.read([300, 1])]), "probability") == 301


def test_missing_values_pass_where_the_model_or_the_background_knows_them():
    row = [0.0, np.nan, 0.0]
    gaps = np.where([False, True, False], np.nan, X)
    known = [TabularModel(xgboost.XGBClassifier(n_estimators=2).fit(X, Y), X), TabularModel(lambda rows: rows, gaps),
             TabularModel(make_pipeline(HistGradientBoostingClassifier(max_iter=2)).fit(X, Y), X)]
    assert [np.isnan(model.read(row)[1]) for model in known] == [True, True, True]
    with pytest.raises(InputError, match="'feature 0' is missing"):
        known[1].read([np.nan, 0, 0])


@pytest.mark.parametrize(("change", "message"), [
    ({"city": "Oslo"}, "'city' holds 'Oslo', which no background row has: choose one of 'Bern', 'Rome'"),
    ({"size": "xl"}, "choose one of 's', 'm', 'l'"), ({"member": "maybe"}, "'False', 'True'"),
])
def test_unseen_categories_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        TabularModel(len, MIXED).read({**MIXED.iloc[0], **change})


def test_known_categories_pass_also_by_name():
    values = TabularModel(len, MIXED).read({"age": 30, "fare": 1.5, "city": "Rome", "size": "l", "member": "True"})
    assert values == [30, 1.5, "Rome", "l", True]
    coded = TabularModel(len, np.array([[1.0, 5.0], [2.0, 6.0]]), categorical=[0])
    assert coded.read(["2", 5.5]) == [2.0, 5.5]
    with pytest.raises(InputError, match="choose one of '1', '2'"):
        coded.read([3, 5.5])


@pytest.mark.parametrize("given", [
    ["city", 2], ("city", -1), {"city", 2}, np.array([0, 2]), np.array(["city", "z"]), pd.Index(["city", "z"]),
    pd.Index([0, 2]), pd.Series(["city", "z"]), range(0, 3, 2), (name for name in ("city", "z")),
], ids=lambda given: type(given).__name__)
def test_columns_are_listed_in_many_forms(given):
    rows = pd.DataFrame({"city": [1, 2, 3], "age": [4, 5, 6], "z": [7, 8, 9]})
    kinds = [column.kind for column in TabularModel(len, rows, categorical=given).columns]
    assert kinds == ["category", "number", "category"]


@pytest.mark.parametrize("given", [None, [], np.array([], int), FRAME.columns[:0]],
                         ids=lambda given: type(given).__name__)
def test_no_columns_are_listed_in_many_forms(given):
    assert {column.kind for column in TabularModel(len, FRAME, categorical=given).columns} == {"number"}


def test_labels_that_are_numbers_are_listed_as_they_are():
    rows = pd.DataFrame({2019: [1, 2], 2020: [3, 4]})
    assert [column.kind for column in TabularModel(len, rows, categorical=rows.columns[1:]).columns] == [
        "number", "category"]


@pytest.mark.parametrize("asked", [{"categorical": [2]}, {"groups": [[1, 2]]}], ids=lambda asked: next(iter(asked)))
def test_a_number_that_is_one_columns_label_and_anothers_position_is_refused(asked):
    rows = pd.DataFrame(np.eye(4)).drop(columns=0)
    with pytest.raises(InputError, match=r"2 is the name of one column and the position of another, '3': .* '2' or"
                       if "categorical" in asked else r"1 is the name of one column and the position of another, '2'"):
        ll.explain(TabularModel(lambda X: X[3].to_numpy(), rows, categorical=asked.get("categorical")), rows.iloc[0],
                   groups=asked.get("groups"), progress=False)


def test_labels_that_are_numbers_are_meant_by_their_text():
    rows = pd.DataFrame(np.eye(4)).drop(columns=0)
    model = TabularModel(lambda X: X[3].to_numpy(), rows, categorical=["2"])
    assert [column.kind for column in model.columns] == ["number", "category", "number"]
    assert ll.explain(model, rows.iloc[3], groups=[["1", "3"]], progress=False).feature_names == ("1 + 3", "2")


@pytest.mark.parametrize(("given", "message"), [
    ("cd", r"categorical='cd' should be a list of columns: give \['cd'\]"), ("gh", "positions of ab, cd, ef"),
    (0, r"categorical=0 should be .* give \[0\]"), (np.array(1), r"give \[1\]"), (7, "positions of ab, cd, ef"),
    (True, "categorical=True should be a list of columns: give names or positions of ab"), (False, "=False should be"),
    ([False, True, False], r"holds True or False, and should be a list of columns: give \['cd'\]"),
    (np.array([True, False, True]), r"give \['ab', 'ef'\]"), (FRAME.iloc[0].notna(), r"give \['ab', 'cd', 'ef'\]"),
    ([True], "positions of ab, cd, ef"), (["ab", True], "holds True or False"),
    (np.array(["gh"]), "names 'gh', which is no column"),
], ids=str)
def test_what_is_no_list_of_columns_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        TabularModel(len, FRAME, categorical=given)


@pytest.mark.parametrize(("given", "expected"), [
    (1, True), (0, False), (1.0, True), (np.float32(0), False), (np.int64(1), True), (False, False),
])
def test_one_and_zero_are_true_and_false_where_a_column_holds_these(given, expected):
    assert TabularModel(len, MIXED[["fare", "member"]]).read([0.5, given])[1] is expected


@pytest.mark.parametrize("given", [2, 0.5, "1"])
def test_other_numbers_are_neither_true_nor_false(given):
    with pytest.raises(InputError, match="choose one of 'False', 'True'"):
        TabularModel(len, MIXED[["fare", "member"]]).read([0.5, given])


TIMES = pd.DataFrame({"when": pd.date_range("2020", periods=3), "lasts": pd.to_timedelta([1, 2, 3], "D")})


@pytest.mark.parametrize("when", [
    "2020-01-05", dt.datetime(2020, 1, 5), dt.date(2020, 1, 5), pd.Timestamp(2020, 1, 5), np.datetime64("2020-01-05"),
], ids=lambda when: type(when).__name__)
def test_dates_come_in_many_forms(when):
    assert pd.Timestamp(TabularModel(len, TIMES).read([when, "3 days"])[0]) == pd.Timestamp(2020, 1, 5)


@pytest.mark.parametrize("lasts", ["3 days", dt.timedelta(3), pd.Timedelta(3, "D"), np.timedelta64(3, "D")],
                         ids=lambda lasts: type(lasts).__name__)
def test_durations_come_in_many_forms(lasts):
    model = TabularModel(len, TIMES)
    assert model.table([model.read(["2020", lasts])]).dtypes.to_dict() == TIMES.dtypes.to_dict()


@pytest.mark.parametrize(("row", "message"), [
    (["soon", "3 days"], "'when' should be a date, such as '2024-05-31'; 'soon' came"),
    ([5, "3 days"], "'when' should be a date, such as '2024-05-31'; 5 came"),
    ([True, "3 days"], "'when' should be a date, such as '2024-05-31'; True came"),
    ([pd.Timedelta(3, "D"), "3 days"], "'when' should be a date"), (["", "3 days"], "'when' is missing"),
    (["2020", "soon"], "'lasts' should be a duration, such as '3 days'; 'soon' came"),
    (["2020", 5], "'lasts' should be a duration, such as '3 days'; 5 came"), (["2020", pd.NaT], "'lasts' is missing"),
])
def test_what_is_no_date_or_duration_is_refused(row, message):
    with pytest.raises(InputError, match=message):
        TabularModel(len, TIMES).read(row)


@pytest.mark.parametrize("row", [X[0] + 1j, list(X[0] + 1j), (X[:1] + 1j).astype(np.complex64)],
                         ids=["array", "list", "complex64"])
def test_complex_numbers_are_refused(row):
    with pytest.raises(InputError, match=r"'feature 0' should be a real number; \(.*j\) came: give its .real"):
        TabularModel(len, X).read(row)


def test_many_different_words_are_free_text():
    model = TabularModel(len, pd.DataFrame({"review": [f"text {i}" for i in range(60)], "stars": range(60)}))
    assert model.read(["never seen", 3]) == ["never seen", 3]


def test_a_date_keeps_to_the_backgrounds_zone():
    naive, zoned = TabularModel(len, TIMES), TabularModel(len, TIMES.assign(when=TIMES["when"].dt.tz_localize("UTC")))
    with pytest.raises(InputError, match="'when' should be a date without a time zone, as in the background"):
        naive.read([pd.Timestamp("2020-01-05", tz="UTC"), "3 days"])
    for when in ("2020-01-05", pd.Timestamp("2020-01-05 01:00", tz="Europe/Rome")):
        placed = zoned.table([zoned.read([when, "3 days"])])
        assert placed["when"].iloc[0] == pd.Timestamp("2020-01-05", tz="UTC")
