"""Training that was taken up again, notes that stay few, and boards that fail."""

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.errors import InputError
from limelight.export.training_table import MOST_NOTES
from limelight.training.track import track

ROWS = np.random.default_rng(0).normal(size=(10, 3))


def tracked(**options):
    torch.manual_seed(0)
    net = torch.nn.Linear(3, 2)
    return net, track(ll.tabular_model(net, ROWS), ROWS[:5], **{"every": 1, **options})


def learn(net, tracker, steps, loss=0.5):
    for step in steps:
        with torch.no_grad():
            net.weight += 0.1
        tracker.step(step, **({} if loss is None else {"loss": loss}))


def values_at(tracker, step):
    return tracker._history.found[step][0].values


def test_the_first_step_after_a_resume_takes_the_place_of_what_the_lost_run_told_of_it(tmp_path):
    net, tracker = tracked(log=tmp_path / "a.track")
    learn(net, tracker, range(1, 5))
    lost = values_at(tracker, 4)
    tracker.broken_off(KeyboardInterrupt())
    net, again = tracked(log=tmp_path / "a.track")  # its weights are those of a checkpoint
    again.resume()
    learn(net, again, [4], loss=0.25)
    for each in (again, ll.load(tmp_path / "a.track")):
        assert not np.array_equal(values_at(each, 4), lost)
        assert list(each.explanations) == [0, 1, 2, 3, 4] and each.records["loss"].iloc[-1] == 0.25
    assert again.notes == ["Training was taken up again at step 4: what was told before from there on is forgotten."]


def test_steps_without_metrics_take_the_place_of_the_lost_run_too(tmp_path):
    net, tracker = tracked(every=100, log=tmp_path / "a.track")
    learn(net, tracker, range(1, 8))
    tracker.resume()
    learn(net, tracker, range(4, 8), loss=None)
    learn(net, tracker, [8], loss=0.25)
    for each in (tracker, ll.load(tmp_path / "a.track")):
        assert dict(zip(each.records["step"], each.records["loss"], strict=True)) == {1: .5, 2: .5, 3: .5, 8: .25}


def test_a_resume_forgets_nothing_where_no_step_is_told_again():
    net, tracker = tracked()
    tracker.resume()
    tracker.step(0, eval_accuracy=0.5)
    learn(net, tracker, range(1, 4))
    tracker.resume()
    tracker.finish(3)
    assert list(tracker.explanations) == [0, 1, 2, 3] and len(tracker.records) == 4 and tracker.notes == []
    assert tracker.step(3, eval_accuracy=0.75)
    assert list(tracker.records["loss"])[1:] == [0.5] * 3


def test_what_was_explained_by_hand_is_the_last_step():
    net, tracker = tracked(every=100)
    learn(net, tracker, range(1, 4))
    tracker.explain(5)
    tracker.finish()
    assert list(tracker.explanations) == [0, 5] and tracker.notes == []


def test_a_small_number_that_is_told_by_mistake_is_said_to_have_wiped_the_rest():
    net, tracker = tracked(every=3)
    learn(net, tracker, range(1, 8))
    tracker.step(1, eval_accuracy=0.5)
    assert tracker.notes == ["Training was taken up again at step 1: what was told before from there on is forgotten."]
    tracker._watched.pace.due = lambda *_: False
    tracker.step(0, loss=1.0)
    assert list(tracker.explanations) == [0] and len(tracker.notes) == 1  # something is there to draw


def test_of_what_fails_again_and_again_there_is_one_note():
    net, tracker = tracked()
    tracker.step(1)
    with torch.no_grad():
        net.weight[:] = float("nan")
    for step in range(2, 32):
        tracker.step(step)
    [note] = tracker.notes
    assert note.startswith("30 steps were not explained, from step 2 to step 31: ") and len(note) < 300
    tracker.notes += [f"Note {i}." for i in range(100)]
    assert "Note 99." in repr(tracker) and f"Note {99 - MOST_NOTES}." not in repr(tracker)
    svg = tracker._svg("a", "")
    assert "Note 99." in svg and f"Note {99 - MOST_NOTES}." not in svg


class Board:
    """A SummaryWriter on a disk that is full, or a run whose network is gone."""

    def add_scalar(self, *_):
        raise ConnectionError("no route to host")

    def add_figure(self, *_):
        raise ConnectionError("no figure either")


def test_a_board_or_a_function_that_fails_ends_no_training(tmp_path):
    def changed():
        raise ValueError("no such widget")

    net, tracker = tracked(log=tmp_path / "a.track")
    tracker.to(Board()).changed.append(changed)
    learn(net, tracker, range(1, 3))
    tracker.finish()
    assert tracker.state == ll.load(tmp_path / "a.track").state == "done"
    assert tracker.notes == [
        "A board can't be written to, and lacks some records: ConnectionError: no figure either",
        "A function in `changed` failed: ValueError: no such widget"]
    assert ll.load(tmp_path / "a.track").notes == tracker.notes
    net, again = tracked(log=tmp_path / "a.track")
    assert again.notes == tracker.notes


def test_no_number_and_no_name_is_too_odd_for_a_log(tmp_path):
    _, tracker = tracked(log=tmp_path / "a.track")
    for metrics, said in (({"loss": 10**400}, "is no number"), ({"loss": "much"}, "is no number")):
        with pytest.raises(InputError, match=said):
            tracker.step(1, **metrics)
    for step in (10**30, 2**53):
        with pytest.raises(InputError, match=r"should be a whole number from 0 to 9,007,199,254,740,991"):
            tracker.step(step)
    tracker.step(2**53 - 1, **{"half \ud83d": 1.0, "loss": np.inf})
    for each in (tracker, ll.load(tmp_path / "a.track"), ll.load(tracker.save(tmp_path / "a.json"))):
        assert list(each.records["step"]) == [2**53 - 1] and len(each.records.columns) == 3


def test_more_examples_than_a_view_draws_are_refused():
    net = torch.nn.Linear(3, 2)
    with pytest.raises(InputError, match=r"examples holds 1,001 inputs: .* 1,000 at most"):
        track(ll.tabular_model(net, ROWS), [ROWS[0]] * 1001)
