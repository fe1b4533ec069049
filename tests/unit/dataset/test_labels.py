"""Rows by the labels of their index, and by their positions."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from limelight import load
from limelight.dataset.labels import check_position, find_label, labels_of
from limelight.dataset.overview import overview
from limelight.errors import InputError

DAYS = pd.date_range("2024-01-01", periods=3)


@pytest.mark.parametrize(("X", "labels"), [
    (pd.DataFrame({"a": [1, 2, 3]}), None), (np.zeros((3, 2)), None), (["a", "b"], None),
    (pd.DataFrame({"a": [1, 2, 3]}, index=[0, 1, 2]), None),
    (pd.DataFrame({"a": [1, 2, 3]}, index=[2, 1, 0]), ("2", "1", "0")),
    (pd.Series(["x", "y"], index=["first", "second"]), ("first", "second")),
    (pd.DataFrame({"a": [1, 2, 3]}, index=DAYS), tuple(map(str, DAYS)))])
def test_an_index_that_only_counts_is_no_label(X, labels):
    assert labels_of(X) == labels


def test_a_whole_number_is_a_position_and_messages_say_so():
    assert check_position(-1, 4, None) == 3 and check_position(np.int64(2), 4, None) == 2
    with pytest.raises(InputError, match=r"row=4711 is no row of these data: give a position from 0 to 3; the row that "
                                         r"is labelled so is meant by label=4711"):
        check_position(4711, 4, ("4711", "b", "c", "d"))
    for wrong in (True, 1.0, 4, None):
        with pytest.raises(InputError, match="give a position from 0 to 3"):
            check_position(wrong, 4, None)


def test_labels_that_say_nothing_are_refused():
    assert find_label(7, ("6", "7"), 2) == 1
    with pytest.raises(InputError, match="that of 2 rows: give the position"):
        find_label("a", ("a", "b", "a"), 3)
    with pytest.raises(InputError, match="in the index of no row here: labels are 'a', 'b'"):
        find_label("c", ("a", "b"), 2)
    with pytest.raises(InputError, match="only counts their rows"):
        find_label("c", None, 2)


@pytest.fixture(scope="module")
def named():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(40, 2)), columns=["a", "b"], index=[f"p{i}" for i in range(40)])
    model = LinearRegression().fit(X, X["a"])
    return model, overview(model, X, n_rows=10, progress=False)


def test_rows_are_explained_and_compared_by_label(named):
    _, found = named
    assert found.labels == tuple(f"p{i}" for i in found.rows)
    np.testing.assert_allclose(found.explain("p7").values, found.explain(7).values)
    np.testing.assert_allclose(found.explain(label="p7").values, found.explain(7).values)
    some = found.labels[:3]
    np.testing.assert_array_equal(found.cohort(labels=some).rows, found.rows[:3])
    with pytest.raises(InputError, match="give one of them"):
        found.explain(7, label="p7")
    with pytest.raises(InputError, match="give one of them"):
        found.explain()
    with pytest.raises(InputError, match="rows are positions and labels= are what the index calls them"):
        found.cohort([0], labels=some)


def test_a_file_knows_the_labels_of_the_rows_that_were_explained_and_takes_the_model_as_it_is(named, tmp_path):
    model, found = named
    again = load(found.save(tmp_path / "found.json"))
    assert again.labels == found.labels
    first = found.labels[0]
    np.testing.assert_allclose(again.explain(first, model=model).values[:, 0], found.values[0], atol=1e-9)
    other = next(i for i in range(40) if i not in found.rows)
    with pytest.raises(InputError, match=f"label='p{other}' is in the index of no row here"):
        again.explain(f"p{other}", model=model)
