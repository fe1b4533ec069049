"""A tracker in a plain loop: what it knows, what it leaves alone, and what comes of crashes."""

import random
from types import SimpleNamespace

import numpy as np
import pandas
import pytest
import torch

import limelight as ll
from limelight.errors import InputError
from limelight.training.log import whole
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


@pytest.mark.parametrize("method", ["input_x_gradient", "occlusion"])
def test_comprehensiveness_is_of_what_speaks_for_the_target_and_nothing_where_nothing_does(method):
    x = np.array([[1.0, -2.0, 3.0, -0.5], [-1.0, -2.0, -3.0, -0.5]])
    net = torch.nn.Linear(4, 1, bias=False).double()
    torch.nn.init.ones_(net.weight)
    tracker = track(ll.tabular_model(net, np.zeros((1, 4))), x, method=method)
    # Of four features two are hidden at most, and never one that speaks against.
    assert [each.lost for each in tracker._history.found[0]] == pytest.approx([4.0, 0.0])
    assert tracker.figures.loc[0, "comprehensiveness"] == pytest.approx(2.0)


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
    assert tracker.notes[-1].startswith("Step 1 was not explained: ")


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
    first = track(model_of(net), ROWS[:2], every=2, log=path)
    trained(net, first, range(1, 7))
    path.write_bytes(path.read_bytes()[:-20])
    path.with_name("a.track.lock").unlink()  # the first one is as good as dead
    found = ll.load(path)
    assert list(found.explanations) == [0, 2, 4]
    again = track(model_of(net), ROWS[:2], every=2, log=path)
    assert again.notes[0] == found.notes[0] == "The log's last record was cut off, and is left out."
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
    assert [entry["kind"] for entry in whole(path.read_bytes(), "it").entries[:3]] == ["header", "begun", "found"]
    assert list(tmp_path.iterdir()) == [path]  # none of them holds it


def test_arguments_that_cannot_be_used_are_said():
    model = model_of(network())
    for options, said in (({"every": 0}, "every=0"), ({"target": ["yes"]}, "1 outputs for 2 examples"),
                          ({"log": "a.txt"}, "should end in .track"), ({"validation": 3}, "the name of a metric"),
                          ({"n_samples": 1.5}, "n_samples=1.5"),
                          ({"noise": 1}, "no option 'noise'.*The function itself takes every, method, target, ")):
        with pytest.raises(InputError, match=said):
            track(model, ROWS[:2], **options)
    with pytest.raises(InputError, match="make it a list"):
        track(model, "one")
    tracker = track(model, ROWS[:2])
    with pytest.raises(InputError, match="loss='much' is no number"):
        tracker.step(1, loss="much")
    with pytest.raises(InputError, match="step=-1 should be a whole number"):
        tracker.step(-1)


def test_targets_come_in_whatever_holds_them():
    model, names = model_of(network()), pandas.Series(["yes", "no"], index=[7, 3])
    for targets in ((1, 0), ["yes", "no"], np.array([1, 0]), torch.tensor([1, 0]), [torch.tensor(1), np.int64(0)],
                    names):
        assert [each.target for each in track(model, ROWS[:2], target=targets).explanations[0]] == [1, 0]
    with pytest.raises(InputError, match="3 outputs for 2 examples"):
        track(model, ROWS[:2], target=(0, 1, 0))


def test_steps_may_be_numbers_of_numpy(tmp_path):
    tracker = track(model_of(network()), ROWS[:1], log=tmp_path / "a.track")
    tracker.step(np.int64(1), loss=1.0)
    tracker.evaluated(np.int64(1), {"eval_loss": np.float32(2)})
    tracker.finish(np.int64(2))
    assert [type(step) for step in tracker.explanations] == [int, int]
    assert ll.load(tmp_path / "a.track").records.to_dict("records") == [{"step": 1, "loss": 1.0, "eval_loss": 2.0}]


def test_a_validation_metric_that_never_came_is_noted_at_the_end():
    for name, n in (("eval_accuracy", 0), ("accuracy", 1)):
        with track(model_of(network()), ROWS[:1], validation=name) as tracker:
            tracker.step(1, loss=1.0, eval_accuracy=0.5)
        said = [note for note in tracker.notes if note.startswith("No metric named 'accuracy' was told")]
        assert len(said) == n and all(each.endswith("Those that were: loss, eval_accuracy.") for each in said)


def test_a_log_whose_outputs_have_other_names_is_refused_by_these(tmp_path):
    path, net = tmp_path / "a.track", network()
    track(model_of(net), ROWS[:2], log=path, target="yes").finish()
    renamed = ll.tabular_model(net, ROWS[:10], feature_names=NAMES, output_names=["bad", "good"])
    with pytest.raises(InputError, match="explains the output 'yes', and this model's are 'bad', 'good'"):
        track(renamed, ROWS[:2], log=path)


def test_a_record_spends_as_many_evaluations_as_it_was_given(tmp_path):
    def spent(**options):
        tracker = track(ll.tabular_model(lambda rows: rows.prod(1), np.tile(ROWS, 4)[:10]), np.tile(ROWS, 4)[:1],
                        method="shapley", **options)
        return tracker.explanations[0][0].n_evals

    assert spent() < spent(n_samples=200) <= 200
    path = tmp_path / "a.track"
    track(model_of(network()), ROWS[:1], log=path, n_samples=20).finish()
    with pytest.raises(InputError, match="another tracker"):
        track(model_of(network()), ROWS[:1], log=path)


def test_the_step_of_a_training_is_the_last_that_was_told_also_where_nothing_was_recorded():
    tracker = track(model_of(network()), ROWS[:1], every=5)
    for step in range(1, 8):
        tracker.step(step)
    assert list(tracker.explanations) == [0, 5] and tracker.view.get_state()["status"]["step"] == 7


def test_rates_and_norms_are_no_metrics_of_a_training_in_words():
    tracker = track(model_of(network()), ROWS[:1])
    tracker.step(1, loss=1.0, learning_rate=1e-4, grad_norm=3.0)
    assert "loss 1 at step 1" in repr(tracker) and "learning_rate" not in repr(tracker) + str(tracker)
    assert list(tracker.records.columns) == ["step", "loss", "learning_rate", "grad_norm"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_boards_have_the_figure_of_a_training_that_was_broken_off(error):
    drawn = []
    board = SimpleNamespace(add_scalar=lambda *_: None,
                            add_figure=lambda name, figure, step: drawn.append((name, step)))
    tracker = track(model_of(network()), ROWS[:1], every=1).to(board)
    with pytest.raises(error), tracker:
        tracker.step(1, loss=1.0)
        raise error
    assert drawn == [("limelight/training", 1)]


def test_a_page_has_the_language_of_when_it_is_saved(tmp_path, monkeypatch):
    tracker = track(model_of(network()), ROWS[:1])
    for language in ("en", "zh"):
        monkeypatch.setattr(ll.options, "language", language)
        page = tracker.save(tmp_path / "a.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}"' in page


def test_what_is_printed_says_since_when_a_loss_is_no_number_and_one_record_once():
    net = network()
    tracker = track(model_of(net), ROWS[:5], every=100)
    lines = repr(tracker).splitlines()
    assert "  share of the evidence, step 0" in lines and all(line.count("%") < 2 for line in lines[1:])
    for step, loss in enumerate([0.5, 0.25, float("nan"), float("inf")], 1):
        tracker.step(step, loss=loss, eval_f1=float("nan"))
    told = "  loss 0.25 at step 2, not finite since step 3, eval_f1 not finite since step 1"
    assert told in repr(tracker).splitlines()
    tracker.finish()
    assert "  share of the evidence, step 0 to step 4" in repr(tracker).splitlines()


@pytest.mark.parametrize(("lower", "name", "alarmed"), [
    (True, "eval_distance", False), (False, "eval_distance", True), (None, "eval_distance", True),
    (None, "eval_error", False), (False, "eval_error", True)])
def test_which_way_the_metric_gets_better_is_seen_by_its_name_or_said(lower, name, alarmed, tmp_path):
    net, rows = torch.nn.Linear(3, 2), np.random.default_rng(0).uniform(0.9, 1.1, (8, 3))
    model, path = ll.tabular_model(net, rows, feature_names=NAMES), tmp_path / "a.track"
    tracker = None
    for step in range(4):
        with torch.no_grad():
            net.weight.copy_(torch.tensor([[0.0, 0, 0], [0.5 * step, 1.0, -1.0]]))
        if tracker is None:
            tracker = track(model, rows, target=1, output="logit", every=1, validation=name, lower_is_better=lower,
                            log=path)
        tracker.step(step, **{name: 0.9 - 0.2 * step})
    tracker.finish()
    tracker.save(tmp_path / "a.json")
    for each in (tracker, ll.load(path), ll.load(tmp_path / "a.json")):
        assert list(each.alarms["feature"]) == [NAMES[0]] * alarmed
        assert each._history.lower_is_better is lower
    with pytest.raises(InputError, match="lower_is_better='yes' can't be used"):
        track(model, rows, lower_is_better="yes")
