"""Explanations as .csv files: all digits, no formulas, and what comes back."""

import io

import numpy as np
import pandas as pd
import pytest
from explained import ALL, one
from hypothesis import given, settings
from hypothesis import strategies as st

import limelight as ll
from limelight.export import spreadsheet


def named(names, output="output"):
    """An explanation whose features have these names."""
    return ll.show(np.arange(len(names)) + 1.0, None, feature_names=names, output_names=[output])


@pytest.mark.parametrize("name", ALL)
def test_numbers_and_names_come_back_equal(name):
    fresh = one(name)
    found = spreadsheet.loads(spreadsheet.dumps(fresh))
    known = ~np.isnan(fresh.values).any(0)
    for field in ("values", "std_error"):
        np.testing.assert_array_equal(getattr(found, field), getattr(fresh, field)[:, known])
    np.testing.assert_array_equal(found.interval(), np.array(fresh.interval())[..., known])
    for field in ("base_values", "prediction"):
        np.testing.assert_array_equal(getattr(found, field), getattr(fresh, field)[known])
    for field in ("feature_names", "output_space", "method", "n_evals", "exact"):
        assert getattr(found, field) == getattr(fresh, field)
    assert found.output_names[found.target] == fresh.output_names[fresh.target]
    assert spreadsheet.dumps(found).count(b"\r\n") == spreadsheet.dumps(fresh).count(b"\r\n")


@pytest.mark.parametrize("name", ["text, shapley", "row of mixed types", "picture, saliency"])
def test_what_comes_back_has_a_view_and_no_model(name):
    found = spreadsheet.loads(spreadsheet.dumps(one(name)))
    assert found.neighborhood is None and found.params["source"] == "a .csv file"
    assert found.view.widget.get_state()["status"]["closed"]
    assert "from a .csv file" in repr(found)
    with pytest.raises(ll.InputError, match="no model"):
        found._run.probe({"absent": [0]})


def test_pandas_reads_it_with_all_digits():
    fresh = one("text, twelve outputs")
    table = pd.read_csv(io.BytesIO(spreadsheet.dumps(fresh)), converters={"value": float})
    assert list(table.columns) == list(spreadsheet.COLUMNS) and table["output"].nunique() == 10
    shown = table[table["explained"]]
    np.testing.assert_array_equal(shown["value"], fresh.values[:, fresh.target])
    assert shown["feature"].tolist() == list(fresh.feature_names)
    assert set(table["method"]) == {"lime"} and not table["exact"].any()


def test_excel_is_told_that_it_is_utf_8():
    assert spreadsheet.dumps(one("text, lime")).startswith(b"\xef\xbb\xbfoutput,position,feature,value,")


HOSTILE = ["=1+1", "+1", "-x", "@SUM(A1)", "\t=x", "\r=x", "\n=x", "'=x", "''-x", "'quoted'", "＝1+1", 'a"b', "a,b",
           "a;=b", "", " ", "naïve ☃ 真的 שלום", "\u2028", "NaN", "1e5", "TRUE", "None"]


def test_no_name_is_a_formula_and_each_comes_back():
    content = spreadsheet.dumps(named(HOSTILE, "=output"))
    cells = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert not any(cell[:1] in set("=+-@\t\r\n＝") and cell[:1] for cell in [*cells["feature"], *cells["output"]])
    found = spreadsheet.loads(content)
    assert list(found.feature_names) == HOSTILE and found.output_names == ("=output",)


def test_a_category_of_digits_stays_the_text_that_it_is():
    given = ["01234", "1_000", "1e5", "nan", "+7", " 3", "-2.5", "12", 0.1, 1e-7, 3]
    found = ll.show(np.arange(len(given)) - 2.0, given, feature_names=list("abcdefghijk"))
    again = spreadsheet.loads(spreadsheet.dumps(found))
    shown = [column["value"] for column in again.subject["columns"]]
    assert shown == ["01234", "1_000", "1e5", "nan", "+7", " 3", -2.5, 12, 0.1, 1e-7, 3]


@settings(max_examples=100)
@given(names=st.lists(st.text(max_size=12), min_size=1, max_size=5))
def test_names_of_any_letters_come_back(names):
    assert list(spreadsheet.loads(spreadsheet.dumps(named(names))).feature_names) == names


def test_rows_may_be_sorted_by_another_program():
    fresh = one("text, twelve outputs")
    table = pd.read_csv(io.BytesIO(spreadsheet.dumps(fresh)), dtype=str, keep_default_na=False)
    mixed = table.sort_values("value", kind="stable").to_csv(index=False).encode()
    found = spreadsheet.loads(mixed)
    assert found.feature_names == fresh.feature_names
    for k, name in enumerate(found.output_names):
        np.testing.assert_array_equal(found.values[:, k], fresh.values[:, fresh.output_names.index(name)])


def test_a_table_of_the_least_columns_is_enough():
    found = spreadsheet.loads(b"output,position,feature,value\nyes,0,a,0.5\nyes,1,b,-0.25\n")
    assert found.values[:, 0].tolist() == [0.5, -0.25] and np.isinf(found.std_error).all()
    assert np.isnan(found.prediction).all() and found.output_space == "value"


GOOD = spreadsheet.dumps(one("text, lime")).decode("utf-8-sig")


@pytest.mark.parametrize(("content", "message"), [
    (b"", "no column 'output'"),
    (b"a,b\n1,2\n", "no column 'output', so it is no explanation's table; ll.show"),
    (b"output,position,feature,value\n", "should have the same features"),
    (b"output,position,feature,value\ny,0,a,nan\n", "finite numbers"),
    (b"output,position,feature,value\ny,0,a,1\ny,2,b,1\n", "positions from 0 on"),
    (b"output,position,feature,value\ny,0,a,1\nz,0,b,1\n", "the same features"),
    (b"output,position,feature,value\ny,0,a,x\n", "could not convert"),
    (b"output,position,feature,value\n\xff\xfe", "damaged"),
    (GOOD.replace("probability", "volts").encode(), "output_space should be one of"),
    (GOOD.replace(",60,False", ",60,perhaps").encode(), "exact should be true or false; 'perhaps' came"),
    (GOOD.replace(",60,", ",-60,").encode(), "n_evals should be a whole number"),
], ids=range(11))
def test_each_fault_is_told(content, message):
    with pytest.raises(ll.InputError, match=message):
        spreadsheet.loads(content, "x.csv")


def test_a_table_that_was_cut_anywhere_is_refused():
    content = spreadsheet.dumps(one("text, twelve outputs"))
    ends = [i for i, byte in enumerate(content) if byte == ord("\n")]
    whole = len(content) - len(b"\r\n")
    for at in (0, 10, *ends[:-1], *range(ends[-2], whole)):
        with pytest.raises(ll.InputError, match="can't be read"):
            spreadsheet.loads(content[:at], "x.csv")
    assert spreadsheet.loads(content[:whole]).target == one("text, twelve outputs").target
    with pytest.raises(ll.InputError, match="it was cut short, or rows were taken out or added: 10 came"):
        spreadsheet.loads(content[:ends[10] + 1])


@pytest.mark.parametrize("marks", [("False", "False"), ("True", "True"), None])
def test_which_of_several_outputs_was_explained_is_not_guessed(marks):
    rows = [["yes", "0", "a", "0.5"], ["no", "0", "a", "-0.5"]]
    head = [*spreadsheet.NEEDED, "explained"][:4 if marks is None else 5]
    lines = [head, *([*row, mark] for row, mark in zip(rows, marks, strict=True))] if marks else [head, *rows]
    with pytest.raises(ll.InputError, match=r"one of its 2 outputs should have True in .*; [02] have"):
        spreadsheet.loads("\n".join(map(",".join, lines)).encode())


@settings(max_examples=150)
@given(where=st.floats(0, 1, exclude_max=True), length=st.integers(0, 30), new=st.binary(max_size=6))
def test_a_damaged_table_is_read_as_a_table_or_refused(where, length, new):
    content = GOOD.encode()
    at = int(where * len(content))
    try:
        found = spreadsheet.loads(content[:at] + new + content[at + length:])
    except ll.InputError as error:
        assert "can't be read" in str(error)
        return
    assert repr(found) and found.view.widget.get_state()
