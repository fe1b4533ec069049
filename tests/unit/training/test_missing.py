"""Where some examples can't be explained at a step the others are, and it is said which are not, and why."""

import numpy as np
import pytest
import torch
from training_nets import bert, tokenizer

import limelight as ll
from limelight.errors import ModelError, NothingToExplain
from limelight.training.track import track
from limelight.widgets import training_payload as payload

ROWS = np.random.default_rng(0).normal(size=(10, 3))


class Fragile(torch.nn.Linear):
    """Refuses rows whose first number is too large, once it may."""

    most = np.inf

    def forward(self, rows):
        if (rows[:, 0].abs() > self.most).any():
            raise ValueError(f"a row is above {self.most:g}")
        return super().forward(rows)


def fragile(method="input_x_gradient", n=6, **options):
    """A tracker of `n` examples, of which the second is one that the model will refuse; and the model."""
    torch.manual_seed(0)
    net, rows = Fragile(3, 2), np.clip(ROWS[:n], -2, 2)
    with torch.no_grad():
        net.weight[:, 0] = 0.0
    rows[:, 0] = 2
    rows[1, 0] = 9
    model = ll.tabular_model(net, np.zeros((2, 3)), feature_names=["a", "b", "c"])
    return track(model, rows, target=1, output="logit", method=method, every=1, **options), net


def grown(net):
    with torch.no_grad():
        net.weight[1, 0] += 1


@pytest.mark.parametrize("method", ["input_x_gradient", "integrated_gradients", "occlusion"])
def test_the_others_are_explained_and_one_note_says_which_is_not(method):
    tracker, net = fragile(method)
    whole, _ = fragile(method)
    net.most = 5
    tracker.step(1)
    assert len(tracker.notes) == 1 and tracker.notes[0].startswith("Step 1 has no explanation of pinned 2: ")
    assert "ValueError: a row is above 5" in tracker.notes[0]
    tracker.step(2)
    assert tracker.notes[0].startswith("2 steps, from step 1 to step 2, have no explanation of pinned 2: ")
    whole.step(1)
    assert len(tracker.notes) == 1 and [each is None for each in tracker.explanations[2]] == [False, True] + 4 * [False]
    for i in (0, 2, 5):
        np.testing.assert_allclose(tracker.explanations[1][i].values, whole.explanations[1][i].values, rtol=1e-5)


def test_all_that_is_made_of_records_is_of_those_that_were_explained(tmp_path):
    tracker, net = fragile(log=tmp_path / "one.track")
    alone, other = fragile()
    net.most = 5
    for step in range(1, 5):
        tracker.step(step, eval_accuracy=0.5)
        alone.step(step, eval_accuracy=0.5)
        for each in (net, other):
            grown(each)
    _, _, shares = tracker.evidence()
    np.testing.assert_allclose(shares.sum(1), 1)
    assert (tracker.drift["value"] >= 0).all() and np.isfinite(tracker.parted.to_numpy()[:, 2:].astype(float)).all()
    columns = ["comprehensiveness", "sparseness", "stability"]
    known, of_all = (each.figures[columns].to_numpy() for each in (tracker, alone))
    assert np.isfinite(known).all() and not np.allclose(known[1:], of_all[1:])
    # Of the five that are left, and not of six.
    found = tracker.alarms.set_index("feature")
    assert found.loc["a", "examples"] == 5 and alone.alarms.set_index("feature").loc["a", "examples"] == 6
    tracker.finish()
    tracker.save(tmp_path / "one.json")
    for name in ("one.track", "one.json"):
        again = ll.load(tmp_path / name)
        assert [each is None for each in again.explanations[3]] == [False, True] + 4 * [False]
        assert again.notes == tracker.notes and again.drift.equals(tracker.drift)


def test_the_view_is_told_that_there_is_no_number():
    tracker, net = fragile()
    net.most = 5
    tracker.step(1)
    sent = payload.records(tracker.view.drawn)
    values = [np.frombuffer(each, "<f4").reshape(2, 3) for each in sent["values"]]
    assert np.isnan(values[1][1]).all() and np.isfinite(values[1][0]).all() and np.isfinite(values[0]).all()
    assert np.isfinite(np.frombuffer(sent["evidence"]["shares"], "<f4")).all()
    assert "Step 1 has no explanation of pinned 2" in payload.status(tracker.view.drawn)["notes"][0]


def test_where_none_can_be_explained_there_is_no_record():
    tracker, net = fragile()
    net.most = 0
    tracker.step(1)
    tracker.step(2)
    assert list(tracker.explanations) == [0] and tracker.notes[0].startswith("2 steps were not explained, from step 1")
    net.most = np.inf
    tracker.step(3)
    assert list(tracker.explanations) == [0, 3] and len(tracker.notes) == 1


def test_one_that_can_never_be_explained_is_named_at_once():
    model = ll.text_model(bert(), tokenizer())
    with pytest.raises(NothingToExplain, match=r"^pinned example 3: the text is empty"):
        track(model, ["a good film .", "dull .", ""])
    with pytest.raises(NothingToExplain, match=r"^the text is empty"):
        track(model, ["", "dull ."])
    _, net = fragile()
    net.most = 5
    rows = np.array([[1.0, 0, 0], [9, 0, 0]])
    with pytest.raises(ModelError, match=r"^pinned example 2: the model raised ValueError: a row is above 5"):
        track(ll.tabular_model(net, np.zeros((2, 3))), rows, method="occlusion")


def test_of_many_that_fail_alike_a_few_are_named():
    _, net = fragile()
    rows = np.full((20, 3), 9.0)
    rows[0] = 0.5
    tracker = track(ll.tabular_model(net, np.zeros((2, 3))), rows, target=1, every=1)
    net.most = 5
    tracker.step(1)
    assert tracker.notes[0].startswith("Step 1 has no explanation of pinned 2, 3, 4, 5, 6, 7, 8, 9, ...: ")
