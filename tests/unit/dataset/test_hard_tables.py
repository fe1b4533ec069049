"""Tables as they come: what is in them is shown, or refused in words."""

import numpy as np
import pandas as pd
import pyarrow
import pytest

from limelight import load
from limelight.dataset.overview import overview
from limelight.errors import InputError, ModelError
from limelight.models.tabular import TabularModel

N = 24
FRAME = pd.DataFrame(np.random.default_rng(0).normal(size=(N, 2)), columns=["a", "b"])


def told(rows):
    """A model that looks at the first column only."""
    first = rows["a"] if hasattr(rows, "columns") else rows[:, 0]
    return np.nan_to_num(np.asarray(first, float))


HARD = {
    "constant": FRAME.assign(c=1.0, d="x"), "missing": FRAME.assign(c=np.nan, d=None),
    "nullable": FRAME.assign(c=pd.array([1, 2, None] * 8, dtype="Int64"),
                             d=pd.array([True, None, False] * 8, dtype="boolean"),
                             e=pd.array(["x", None, "y"] * 8, dtype="string")),
    "categories": FRAME.assign(c=pd.Categorical(["x", None, "y"] * 8, categories=["x", "y", "never"]),
                               d=pd.cut(FRAME["b"], 3)),
    "dates": FRAME.assign(c=pd.date_range("2020", periods=N, tz="UTC"), d=pd.to_timedelta(np.arange(N), unit="h")),
    "mixed": FRAME.assign(c=pd.Series([1, "a", None] * 8, dtype=object), d=FRAME["a"] > 0),
    "infinite": FRAME.assign(c=np.r_[np.inf, -np.inf, np.ones(N - 2)]), "small": FRAME.astype(np.float16),
    "arrow": pyarrow.table({"a": FRAME["a"].to_numpy(), "b": ["x", "y"] * 12}), "dicts": FRAME.to_dict("records"),
    "one feature": FRAME[["a"]], "two rows": FRAME[:2], "large numbers": FRAME * 1e12,
}


@pytest.mark.parametrize("X", HARD.values(), ids=HARD)
def test_a_hard_table_is_explained_measured_shown_and_kept(X, tmp_path):
    found = overview(TabularModel(told, X), X, n_rows=4, n_samples=16, progress=False)
    first = found.measure("permutation").values
    assert first[0] > 0 and (np.nan_to_num(first[1:]) == 0).all()
    for j, kind in enumerate(found.kinds):
        if kind == "text" or np.isnan(found.codes[:, j]).all():
            with pytest.raises(InputError, match=r"free text|missing in every row"):
                found.dependence(j)
        else:
            assert len(found.dependence(j).grid)
    assert set(found.view.get_state()["curves"]) == {str(j) for j in found.dependences}
    again = load(found.save(tmp_path / "found.npz"))
    np.testing.assert_array_equal(again.values, found.values)
    np.testing.assert_array_equal(again.codes, found.codes)


def test_infinite_numbers_are_said_to_be_shown_as_missing():
    found = overview(TabularModel(told, HARD["infinite"]), HARD["infinite"], n_samples=16, progress=False)
    assert "Infinite numbers are shown as missing, as no axis holds them: c." in found.notes
    assert np.isnan(found.codes[:2, 2]).all()


@pytest.mark.parametrize(("column", "said"), [([[1, 2]] * N, "values such as a list"),
                                              (np.arange(N) * 1j, "values such as a complex")])
def test_what_no_column_can_hold_is_refused(column, said):
    with pytest.raises(InputError, match=f"'c' holds {said}"):
        overview(told, FRAME.assign(c=column), progress=False)


def test_a_row_to_which_the_model_raises_is_named_by_its_place_in_the_data():
    X = FRAME.to_numpy()

    def picky(rows):
        if (rows[:, 0] == X[17, 0]).any():
            raise ValueError("not this one")
        return rows[:, 0]

    with pytest.raises(ModelError, match=r"^row 17: the model raised ValueError: not this one"):
        overview(TabularModel(picky, X[:5]), X, n_samples=8, progress=False)
    with pytest.raises(ModelError, match=r"^row 17: the model returned NaN"):
        overview(TabularModel(lambda rows: np.where(rows[:, 0] == X[17, 0], np.nan, rows[:, 0]), X[:5]), X,
                 n_samples=8, progress=False)
