"""What a view draws of a training, however long it was."""

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.training.drawn import MOST_POINTS, MOST_RECORDS, Drawn, thinned
from limelight.training.history import History
from limelight.training.pinned import Estimated
from limelight.training.tracker import Tracker

RNG = np.random.default_rng(0)
NAMES = ["a", "b", "c"]
torch.manual_seed(0)
PINNED = ll.track(ll.tabular_model(torch.nn.Linear(3, 2), RNG.normal(size=(5, 3)), feature_names=NAMES),
                  RNG.normal(size=(2, 3)), every=1)._history.pinned


def estimated(values):
    values = np.array(values, float)
    return Estimated(values, np.zeros(3), values * 1.01, np.zeros(2), np.array([0.4, 0.6]), np.nan, 0.1)


def tracker(n, values=lambda step: [1, step, 2]):
    history = History(PINNED)
    for step in range(n):
        history.add_row(step, {"loss": 1 / (1 + step), "learning_rate": 0.1})
        history.add_found(step, [estimated(values(step)), estimated([3, 1, 1])])
    return Tracker(history, None, "done")


def test_of_many_records_some_are_drawn_and_the_next_one_moves_none():
    for n in (3, MOST_RECORDS, 450, 451):
        steps = Drawn(tracker(n)).steps()
        assert steps[0] == 0 and steps[-1] == n - 1 and len(steps) <= MOST_RECORDS + 1
        assert n > MOST_RECORDS or steps == list(range(n))
    assert set(Drawn(tracker(450)).steps()[:-1]) <= set(steps)
    assert 17 in Drawn(tracker(450)).steps([17, 999]) and 999 not in Drawn(tracker(450)).steps([17, 999])


def test_a_line_of_many_points_keeps_its_ends_its_least_and_its_most():
    points = np.stack([np.arange(5000.0), RNG.normal(size=5000)], 1)
    steps, values = thinned(points)
    assert len(steps) <= MOST_POINTS and (np.diff(steps) > 0).all()
    assert (values.min(), values.max()) == (points[:, 1].min(), points[:, 1].max())
    assert (steps[0], steps[-1]) == (0, 4999)
    assert [each.tolist() for each in thinned(points[:7])] == points[:7].T.tolist()


def test_metrics_are_those_that_tell_how_well_it_does_and_lack_all_but_the_first_of_steps_without_a_number():
    one = tracker(6)
    for step, loss in ((1, float("nan")), (2, 1e300), (4, float("inf"))):
        one._history.add_row(step, {"loss": loss, "eval_f1": float("nan")})
    one._history.add_row(5, {"eval_f1": 0.5})
    (loss, steps, values), (f1, f1_steps, f1_values) = Drawn(one).metrics()
    assert (loss, steps.tolist(), f1, f1_steps.tolist()) == ("loss", [0, 1, 3, 4, 5], "eval_f1", [1, 5])
    assert np.isfinite(values).tolist() == [True, False, True, False, True]
    assert np.isnan(f1_values[0]) and f1_values[1] == 0.5


def test_drift_figures_and_evidence_are_the_trackers_own():
    one = tracker(5)
    drawn = Drawn(one)
    drift = one.drift.set_index(["against", "step", "measure"])["value"]
    for against, found in drawn.drift([0, 2, 4]).items():
        assert np.isnan(found[0]["l1"].value)
        assert [each["l1"].value for each in found[1:]] == [drift[against, step, "l1"] for step in (2, 4)]
    figures = drawn.figures([0, 4])
    np.testing.assert_array_equal(figures.values, one.figures.set_index("step").loc[[0, 4], figures.names])
    names, shares = drawn.evidence(range(5))
    expected, _, of = one.evidence()
    assert names == expected and shares == pytest.approx(of)


def test_a_feature_that_is_wanted_is_drawn_whatever_its_share():
    many = tracker(2)
    drawn = Drawn(many)
    assert drawn.evidence([0, 1], ["c"]).names == many.evidence(3)[0]


def test_what_was_computed_of_a_record_is_asked_again_when_training_was_taken_up_before_it():
    one = tracker(4)
    drawn = Drawn(one)
    before = drawn.drift([2])["first"][0]["l1"].value
    one._history.rewind(2)
    one._history.add_found(2, [estimated([1, 40, 2]), estimated([3, 1, 1])])
    after = drawn.drift([2])["first"][0]["l1"].value
    assert after != before and after == one.drift.query("step == 2 and against == 'first'")["value"].iloc[0]


def test_what_is_found_as_records_come_is_what_is_found_of_all_at_once():
    grown = Tracker(History(PINNED * 3), None, "done")
    whole = Tracker(History(PINNED * 3), None, "done")
    noise = np.random.default_rng(3)
    records = {step: [estimated([5 * (step > 6) + noise.uniform(0, 0.2), 1, 1]) for _ in grown._history.pinned]
               for step in range(12)}
    for step in (*range(9), *range(5, 12)):
        grown._history.rewind(step)
        grown._history.add_row(step, {"eval_accuracy": 0.9})
        told = len(grown.alarms)  # the evaluation is told before the record
        grown._history.add_found(step, records[step])
        flips, alarms = grown.flips, grown.alarms
        assert told <= len(alarms)
    for step, found in records.items():
        whole._history.add_row(step, {"eval_accuracy": 0.9})
        whole._history.add_found(step, found)
    assert len(flips) and flips.equals(whole.flips)
    assert len(alarms) and alarms.equals(whole.alarms) and grown.drift.equals(whole.drift)


def test_a_pair_of_records_is_measured_once(monkeypatch):
    from limelight.training import drift

    asked = []
    monkeypatch.setitem(drift.DISTANCES, "l1", lambda a, b: asked.append(1) or 0.0)
    one = tracker(4)
    one._history.moved(0, 3)
    n = len(asked)
    for _ in range(3):
        one._history.moved(0, 3)
    assert n == len(asked) == 2 * 3  # of two examples: from the first, and two records' noise
    assert one._history.moved(1, 3) and len(asked) == n + 2 * 2


@pytest.mark.parametrize("odd", [0.6, np.nan])
def test_validation_that_rises_hides_no_shortcut_also_where_one_evaluation_was_no_number(odd):
    one = Tracker(History(PINNED * 3), None, "done")
    for step in range(8):
        one._history.add_row(step, {"eval_accuracy": odd if step == 3 else 0.5 + 0.06 * step})
        one._history.add_found(step, [estimated([step, 1, 1]) for _ in one._history.pinned])
    assert one.alarms.empty
