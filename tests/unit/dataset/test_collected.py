"""Inputs that are explained for as long as there is time."""

import numpy as np
import pandas as pd
import pytest

from limelight.dataset import collected as module
from limelight.dataset.collected import Watch, collected, remarks
from limelight.dataset.overview import overview
from limelight.errors import InputError
from limelight.models.tabular import TabularModel


class Clock:
    """Time that passes only where it is told to."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(module.time, "perf_counter", lambda: self.now)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def pieces(clock, n, seconds):
    for i in range(n):
        clock.now += seconds
        yield [i]


def test_no_piece_is_begun_that_would_end_too_late(clock):
    found = collected(pieces(clock, 100, 1.0), len, 100, "rows", show=False, watch=Watch(7.5))
    assert found == [[i] for i in range(7)]
    watch = Watch(7.5)
    assert len(collected(pieces(clock, 7, 1.0), len, 7, "rows", show=False, watch=watch)) == 7 and not watch.over


def test_two_inputs_are_explained_whatever_they_take_and_all_where_there_is_no_limit(clock):
    assert len(collected(pieces(clock, 9, 50.0), len, 9, "rows", show=False, watch=Watch(1.0))) == 2
    assert len(collected(pieces(clock, 9, 50.0), len, 9, "rows", show=False, watch=Watch(None))) == 9


def test_what_there_was_no_time_for_is_said():
    watch = Watch(60.0)
    assert remarks(8, 9, "rows", watch) == []  # interrupted
    watch.over = True
    assert remarks(1200, 3000, "rows", watch) == [
        "Explained are 1,200 of the 3,000 rows that were to be, as there were 60 seconds: seconds=None explains all of "
        "them."]


def table(n=60):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(n, 3)), columns=["a", "b", "c"])
    return X, TabularModel(lambda frame: np.tanh(frame.to_numpy() @ [3.0, -1.0, 0.5]), X)


def test_a_slow_model_is_explained_in_the_first_rows_of_the_sample_and_a_note_says_so(monkeypatch):
    X, model = table()
    whole = overview(model, X, n_samples=8, seconds=None, progress=False)
    assert whole.n_explained == 60
    clock = Clock(monkeypatch)
    slow = model._asked.ask

    def asked(rows):
        clock.now += 0.001 * len(rows)
        return slow(rows)

    model._asked = model._asked._replace(ask=asked)
    found = overview(model, X, n_samples=8, seconds=20, progress=False)
    assert 2 < found.n_explained < 60 and clock.now < 20
    order = np.random.default_rng(0).permutation(60)[: found.n_explained]
    np.testing.assert_array_equal(found.rows, np.sort(order))
    np.testing.assert_allclose(found.all_values, whole.all_values[found.rows], atol=1e-12)
    assert any(note.startswith(f"Explained are {found.n_explained} of the 60 rows that were to be") for note in
               found.notes)
    assert not found.dependences and found.dependence("a").pdp.size


@pytest.mark.parametrize("seconds", [0, -1, "long", True])
def test_a_time_that_is_none_is_refused(seconds):
    X, model = table(4)
    with pytest.raises(InputError, match="give a number above 0, or None for as long as it takes"):
        overview(model, X, seconds=seconds, progress=False)


def test_time_is_limited_where_neither_it_nor_a_number_of_rows_was_asked_for(monkeypatch):
    X, model = table(8)
    seen = []
    monkeypatch.setattr("limelight.dataset.overview.Watch", lambda seconds: seen.append(seconds) or Watch(seconds))
    for given in ({}, {"n_rows": 4}, {"seconds": 5}, {"seconds": None}):
        overview(model, X, n_samples=8, progress=False, **given)
    assert seen == [60.0, None, 5.0, None]
