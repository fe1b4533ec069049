"""A tracker in a plain loop: what it knows, what it leaves alone, and what comes of crashes."""

import random

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.errors import InputError
from limelight.training.log import Log
from limelight.training.track import track

ROWS = np.random.default_rng(0).normal(size=(40, 3))
NAMES = ["a", "b", "c"]


def network(seed=0):
    torch.manual_seed(seed)
    return torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Dropout(0.3),
                               torch.nn.Linear(8, 2))


def model_of(net):
    return ll.tabular_model(net, ROWS[:10], feature_names=NAMES, output_names=["no", "yes"])


def trained(net, tracker=None, steps=range(1, 13), seed=1):
    """Train a little; every third step is an evaluation."""
    torch.manual_seed(seed)
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    x, y = torch.tensor(ROWS, dtype=torch.float32), torch.tensor(ROWS[:, 0] > 0).long()
    for step in steps:
        net.train()
        loss = torch.nn.functional.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if tracker is not None and not tracker.step(step, loss=loss, **({"eval_accuracy": 0.5} if step % 3 == 0
                                                                        else {})):
            break
    return net


def linear(weights):
    net = torch.nn.Linear(3, 1, bias=False).double()
    with torch.no_grad():
        net.weight[:] = torch.tensor(weights)
    return net


def test_training_is_the_same_bit_by_bit_and_the_model_is_left_as_it_was():
    alone, watched = trained(network()), network()
    flags = [part.training for part in watched.modules()]
    tracker = track(model_of(watched), ROWS[:3], every=2)
    assert [part.training for part in watched.modules()] == flags
    assert all(parameter.grad is None for parameter in watched.parameters())
    trained(watched, tracker)
    for name, value in alone.state_dict().items():
        assert torch.equal(value, watched.state_dict()[name]), name
    assert all(torch.equal(a.grad, b.grad) for a, b in zip(alone.parameters(), watched.parameters(), strict=True))
    assert not any(part._forward_hooks or part._backward_hooks for part in watched.modules())


@pytest.mark.parametrize("method", ["smooth_grad", "shapley", "input_x_gradient"])
def test_no_random_number_generator_moves(method):
    net = network().eval()
    tracker = track(model_of(net), ROWS[:1], every=1, method=method)
    random.seed(3)
    np.random.seed(3)
    torch.manual_seed(3)
    expected = random.random(), np.random.rand(), torch.rand(1)
    random.seed(3)
    np.random.seed(3)
    torch.manual_seed(3)
    tracker.step(1)
    assert (random.random(), np.random.rand(), torch.rand(1)) == expected
    assert list(tracker.explanations) == [0, 1]


def test_of_linear_models_interpolated_the_drift_is_its_closed_form():
    first, last, x = np.array([1.0, -2, 0.5]), np.array([-1.0, 0.5, 3]), ROWS[0]
    net = linear(first)
    tracker = track(ll.tabular_model(net, ROWS[:5], feature_names=NAMES), ROWS[:2], every=1)
    for step in range(1, 5):
        with torch.no_grad():
            net.weight[:] = torch.tensor(first + step / 4 * (last - first))
        tracker.step(step)
    drift = tracker.drift.set_index(["step", "against", "measure"])
    for step in range(1, 5):
        moved = []
        for x in ROWS[:2]:
            a, b = (np.abs(x * (first + at / 4 * (last - first))) for at in (0, step))
            moved.append(np.abs(a / a.sum() - b / b.sum()).sum() / 2)
        assert drift.loc[(step, "first", "l1"), "value"] == pytest.approx(np.mean(moved), abs=1e-9)
    assert drift.loc[(4, "first", "l1"), "detectable"]
    expected = [ROWS[i] * (first + 0.5 * (last - first)) for i in range(2)]
    found = [each.values[:, 0] for each in tracker.explanations[2]]
    assert np.allclose(found, expected, atol=1e-12)
    assert tracker.parted.iloc[0]["size"] > 0


def test_a_model_that_does_not_change_has_not_drifted():
    tracker = track(model_of(network().eval()), ROWS[:3], every=1)
    tracker.step(1)
    tracker.step(2)
    assert (tracker.drift["value"].abs() <= 1e-6).all() and not tracker.drift["detectable"].any()
    assert tracker.flips.empty


def test_records_are_one_row_a_step_and_evidence_adds_up_to_one():
    net = network()
    tracker = track(model_of(net), ROWS[:4], every=5, target="yes")
    trained(net, tracker)
    records = tracker.records
    assert list(records.columns) == ["step", "loss", "eval_accuracy"] and list(records["step"]) == list(range(1, 13))
    assert records["eval_accuracy"].notna().sum() == 4
    names, steps, shares = tracker.evidence(top=3)
    assert sorted(names) == NAMES and list(steps) == [0, 5, 10] and shares.sum(1) == pytest.approx(np.ones(3))
    assert [each.target for each in tracker.explanations[5]] == [1] * 4
    tracker.finish()
    assert list(tracker.explanations) == [0, 5, 10, 12] and tracker.state == "done"
    assert tracker.overhead > 0 and "explained 4 times, done" in repr(tracker)
    x, subject, features = tracker.examples[1]
    assert np.array_equal(x, ROWS[1]) and subject["kind"] == "table" and features == ("a", "b", "c")


def test_stop_ends_the_loop_and_what_is_changed_is_told():
    net, seen = network(), []
    tracker = track(model_of(net), ROWS[:1], every=100)
    tracker.changed.append(lambda: seen.append(len(tracker.records)) or (len(seen) == 3 and tracker.stop()))
    trained(net, tracker)
    assert list(tracker.records["step"]) == [1, 2, 3] and tracker.state == "stopped" and seen == [1, 2, 3]


def test_what_cannot_be_explained_is_noted_and_training_goes_on():
    net = linear([1.0, 2, 3])
    tracker = track(ll.tabular_model(net, ROWS[:5]), ROWS[:1], every=1)
    with torch.no_grad():
        net.weight[:] = float("nan")
    assert tracker.step(1, loss=float("nan"))
    assert list(tracker.explanations) == [0] and len(tracker.records) == 1
    assert tracker.notes[0].startswith("Step 1 was not explained: ")


def test_a_log_goes_on_where_training_was_taken_up_and_old_steps_are_forgotten(tmp_path):
    path, net = tmp_path / "a.track", network()
    trained(net, track(model_of(net), ROWS[:2], every=2, log=path))
    before = track(model_of(net), ROWS[:2], every=2, log=path)
    assert list(before.records["step"]) == list(range(1, 13)) and list(before.explanations) == [0, 2, 4, 6, 8, 10, 12]
    trained(net, before, range(7, 10))
    for tracker in (before, ll.load(path)):
        assert list(tracker.records["step"]) == list(range(1, 10))
        assert list(tracker.explanations) == [0, 2, 4, 6, 8]
    whole, loaded = before.explanations[8][1], ll.load(path).explanations[8][1]
    assert np.array_equal(whole.values[:, whole.target], loaded.values[:, loaded.target])
    assert loaded.feature_names == whole.feature_names and ll.load(path).drift.equals(before.drift)


def test_a_log_that_was_cut_by_a_crash_loses_its_last_record(tmp_path):
    path, net = tmp_path / "a.track", network()
    trained(net, track(model_of(net), ROWS[:2], every=2, log=path), range(1, 7))
    path.write_bytes(path.read_bytes()[:-20])
    assert list(ll.load(path).explanations) == [0, 2, 4]
    again = track(model_of(net), ROWS[:2], every=2, log=path)
    trained(net, again, range(5, 9))
    assert list(ll.load(path).explanations) == [0, 2, 4, 6, 8]


def test_the_log_of_another_tracker_is_refused(tmp_path):
    path = tmp_path / "a.track"
    track(model_of(network()), ROWS[:2], log=path, target="yes")
    for changed, said in (({"seed": 1}, "seed=0 there, 1 here"), ({"method": "saliency"}, "method='input_x_gradient'"),
                          ({"target": "no"}, "other examples")):
        with pytest.raises(InputError, match=said):
            track(model_of(network()), ROWS[:2], log=path, **{"target": "yes", **changed})
    with pytest.raises(InputError, match="other examples"):
        track(model_of(network()), ROWS[1:3], log=path, target="yes")
    assert len(Log(path).entries) == 2


def test_arguments_that_cannot_be_used_are_said():
    model = model_of(network())
    for options, said in (({"every": 0}, "every=0"), ({"target": ["yes"]}, "1 outputs for 2 examples"),
                          ({"log": "a.txt"}, "should end in .track"), ({"noise": 1}, "no option 'noise'")):
        with pytest.raises(InputError, match=said):
            track(model, ROWS[:2], **options)
    with pytest.raises(InputError, match="make it a list"):
        track(model, "one")
    tracker = track(model, ROWS[:2])
    with pytest.raises(InputError, match="loss='much' is no number"):
        tracker.step(1, loss="much")
    with pytest.raises(InputError, match="step=-1 should be a whole number"):
        tracker.step(-1)
