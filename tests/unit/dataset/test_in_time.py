"""Measures that are computed in the time that there is."""

import numpy as np
import pandas as pd
import pytest

from limelight.bulk.rows import RowsExplainer
from limelight.dataset import in_time as module
from limelight.dataset.overview import overview
from limelight.errors import InputError
from limelight.models.tabular import TabularModel

X = pd.DataFrame(np.random.default_rng(0).normal(size=(400, 3)), columns=["a", "b", "c"])
WEIGHTS = [3.0, -1.0, 0.5]


class Slow:
    """A model that takes so long for a row, by a clock that passes only when it is asked."""

    def __init__(self, seconds):
        self.seconds, self.now, self.n = seconds, 0.0, 0

    def __call__(self, rows):
        self.now += self.seconds * len(rows)
        self.n += len(rows)
        return np.tanh(rows.to_numpy() @ WEIGHTS)


@pytest.fixture
def slow(monkeypatch):
    model = Slow(0.0)
    monkeypatch.setattr("time.perf_counter", lambda: model.now)
    return model


@pytest.fixture
def found(slow):
    return overview(TabularModel(slow, X), X, np.tanh(X.to_numpy() @ WEIGHTS), n_rows=2, n_samples=8, progress=False)


@pytest.mark.parametrize(("name", "seconds"), [("permutation", 50), ("conditional_permutation", 50), ("derivative", 15),
                                               ("interaction", 50)])
def test_a_measure_takes_as_many_rows_as_there_is_time_for_and_is_that_of_so_many_rows(found, slow, name, seconds):
    slow.seconds, began = 0.01, slow.now
    measure = found.measure(name, seconds=seconds)
    assert 0.4 * seconds < slow.now - began <= seconds
    n = int(measure.notes[0].split()[2])
    assert 10 <= n < 400 and measure.n_evals > 0.3 * seconds / slow.seconds
    assert measure.notes[0].startswith(f"Measured by {n} of the ") and f" {seconds} seconds" in measure.notes[0]
    again = found.measure(name, n_rows=n)
    np.testing.assert_array_equal([again.values, again.low, again.high], [measure.values, measure.low, measure.high])
    assert again.notes == measure.notes[1:]


def test_sage_takes_as_many_evaluations_as_there_is_time_for(found, slow):
    slow.seconds, began = 0.01, slow.now
    short = found.measure("sage", seconds=60, ratio=1e-9)
    assert slow.now - began <= 60 and "of the 1,000,000 evaluations that were to be" in short.notes[0]
    assert found.measures["sage"] is short
    slow.seconds = 1e-5
    whole = found.measure("sage", seconds=60)
    assert not any("were to be" in note for note in whole.notes)  # it stopped by itself
    np.testing.assert_array_equal(whole.values, found.measure("sage", seconds=None).values)
    assert (np.abs(short.values - whole.values) < short.high - short.low).all()


def test_with_time_enough_it_is_the_measure_of_all_rows_at_once(found, slow):
    n = slow.n
    measure = found.measure("permutation", seconds=50)
    assert measure.n_evals == 400 * 31 == slow.n - n - 104  # four rows and a hundred tell how long one takes
    np.testing.assert_array_equal(measure.values, found.measure("permutation", seconds=None).values)
    assert found.measure("permutation") is found.measure("permutation")


def test_a_measure_is_limited_where_nothing_else_is_asked_for_and_a_view_has_no_limit(found, slow):
    slow.seconds = 0.01
    assert "as there were 60 seconds" in found.measure("permutation").notes[0]
    assert found.measure("permutation", repeats=3).n_evals == 400 * 10
    begun = found.begin("derivative")
    begun.go_on(1e6)
    assert begun.over and not any("seconds" in note for note in found.measure("derivative").notes)


def test_ten_rows_are_used_whatever_they_take(found, slow):
    slow.seconds = 1.0
    assert found.measure("permutation", seconds=1).n_evals == 10 * 31


def test_a_guess_that_was_too_bold_is_broken_off(found, slow, monkeypatch):
    slow.seconds, began = 0.01, slow.now
    monkeypatch.setattr(module, "seconds_a_row", lambda *_: 1e-5)
    measure = found.measure("permutation", seconds=50)
    assert slow.now - began <= 50 and "of the 400 rows that were to be" in measure.notes[0]


def test_a_loss_that_few_rows_do_not_have_is_tried_with_more(slow):
    y = (X["a"] > 2.3).to_numpy()
    assert 0 < y.sum() < 10
    model = TabularModel(lambda rows: np.column_stack([1 - rows["a"] % 1, rows["a"] % 1]) + 0 * slow(rows)[:, None], X)
    found = overview(model, X, y, n_rows=2, n_samples=8, progress=False)
    slow.seconds = 0.01
    assert np.isfinite(found.measure("permutation", seconds=3, loss="auc").values).all()


def test_a_time_that_is_none_is_refused(found):
    for name in ("permutation", "attributions"):
        with pytest.raises(InputError, match="seconds=0 can't be used: give a number above 0"):
            found.measure(name, seconds=0)


@pytest.mark.parametrize(("seconds", "route", "asked"), [(None, "odd process", 8), (3.5, "odd process", 3),
                                                         (0.5, "regression", 0)])
def test_coalitions_are_chosen_by_as_many_rows_as_there_is_time_for(slow, seconds, route, asked):
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 12)))
    slow.seconds = 1 / (300 * 30)  # a second for a row
    model = TabularModel(lambda rows: np.tanh(rows.to_numpy()[:, :3].sum(1)) + 0 * slow(rows.iloc[:, :3]), wide)
    before = slow.n
    explainer = RowsExplainer(model, n_samples=300, seconds=seconds)
    assert explainer.route == route
    few = 0 if seconds is None else 16 * 30
    assert (slow.n - before - few) // (300 * 30) == asked
