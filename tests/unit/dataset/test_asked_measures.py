"""Measures that are asked for with options of their own, and those that no output changes."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression

from limelight import load
from limelight.dataset import steps
from limelight.dataset.overview import overview
from limelight.errors import InputError
from limelight.models.tabular import TabularModel


@pytest.fixture
def found():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(60, 3)), columns=["a", "b", "c"])
    y = np.digitize(X["a"], [-0.5, 0.5])
    model = RandomForestClassifier(5, max_depth=3, random_state=0).fit(X, y)
    return overview(model, X, y, progress=False)


def test_a_measure_with_options_is_computed_anew_and_kept(found):
    usual = found.measure("permutation")
    again = found.measure("permutation", repeats=20)
    assert again.n_evals == 60 * 61 and usual.n_evals == 60 * 31
    assert found.measures["permutation"] is again and found.measure("permutation") is again
    by_accuracy = found.measure("permutation", loss="accuracy")
    assert "the error rate" in by_accuracy.said and "the log loss" in usual.said
    # one row less is wrong, or one more: the mean of 60 rows and 10 shuffles is a multiple of 1 / 600
    np.testing.assert_allclose(by_accuracy.values * 600, np.round(by_accuracy.values * 600), atol=1e-9)
    assert found.measure("sage", n_evals=60_000, ratio=1e-6, n_rows=50).n_evals <= 60_000
    assert found.measure("derivative", n_rows=10).notes[-1] == "Derivatives are of 10 of 60 rows."


@pytest.mark.parametrize(("name", "options", "said"), [
    ("permutation", {"n_evals": 5}, "measure='permutation' has no option 'n_evals': there is repeats, n_rows, loss"),
    ("splits", {"n_rows": 5}, "has no option 'n_rows': there is none"),
    ("permutation", {"repeats": 2}, "3 repeats at least"), ("permutation", {"repeats": 2.5}, "repeats=2.5 can't be"),
    ("sage", {"ratio": 0}, "ratio=0 can't be used"), ("permutation", {"loss": "log"}, "loss='log' is unknown"),
    ("permutation", {"loss": "squared_error"}, "does not suit a model that answers with a probability"),
    ("sage", {"loss": "auc"}, "needs a loss of single rows"), ("attributions", {"n_rows": 3}, "n_rows= can't be used"),
    ("nonsense", {"n_rows": 3}, "'nonsense' is not known here")])
def test_options_that_cannot_be_used_are_refused(found, name, options, said):
    with pytest.raises(InputError, match=said):
        found.measure(name, **options)


def test_a_loss_needs_to_know_what_is_true():
    X = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0) % 3})
    blind = overview(LinearRegression().fit(X, X["a"]), X, progress=False)
    with pytest.raises(InputError, match="loss='absolute_error' needs to know what is true"):
        blind.measure("permutation", loss="absolute_error")


def test_turning_keeps_what_no_output_changes_and_nothing_else(found, tmp_path):
    for name in ("permutation", "sage", "interaction"):
        found.measure(name)
    other = found.turn(2 if found.target != 2 else 0)
    assert {"splits", "permutation", "sage"} <= set(other.measures) and "interaction" not in other.measures
    assert other.measure("permutation") is found.measure("permutation")
    found.measure("permutation", loss="auc")  # of one class against the others
    assert other.measures["permutation"] is not found.measures["permutation"]
    again = load(found.save(tmp_path / "found.npz")).turn(other.target)
    with pytest.raises(InputError, match="measure='sage' can't be computed anew: an overview from a file has no model"):
        again.measure("sage", n_rows=50)
    np.testing.assert_array_equal(again.measure("sage").values, found.measure("sage").values)


def test_without_y_what_is_measured_is_of_one_output():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    model = TabularModel(lambda rows: np.column_stack([rows[:, 0], 2 * rows[:, 1]]), X)
    found = overview(model, X, n_rows=3, progress=False)
    found.measure("permutation")
    assert "permutation" not in found.turn(1 - found.target).measures


def test_a_row_by_the_trees_paths_says_what_absence_means():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(60, 3)), columns=["a", "b", "c"])
    found = overview(RandomForestClassifier(3, max_depth=2, random_state=0).fit(X, X["a"] > 0), X, progress=False)
    notes = found.explain(3).subject["notes"]
    assert notes[0].startswith("Absent features' splits are taken both ways") and len(notes) == 1
    assert "background rows" in found.explain(3, method="shapley").subject["notes"][0]


def test_a_measure_and_a_dependence_work_without_a_progress_line(found, monkeypatch):
    shown = []
    line = steps.progress_bar
    monkeypatch.setattr(steps, "progress_bar", lambda run, *, show, **said: shown.append(show) or line(
        run, show=show, **said))
    for progress in (False, True):
        found.measure("permutation", repeats=3, progress=progress)
        found.dependence("b" if progress else "c", progress=progress)
    assert shown == [False, False, True, True]
