"""Before a training begins it is said that its examples can give no alarm."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

import limelight as ll
from limelight.training.alarms import FEWEST
from limelight.training.prospects import no_alarms
from limelight.training.track import track

ROWS = np.random.default_rng(0).normal(size=(FEWEST, 3))


@pytest.mark.parametrize("n", [FEWEST - 1, FEWEST])
def test_columns_need_as_many_rows_as_an_alarm_does(n, tmp_path):
    model = ll.tabular_model(torch.nn.Linear(3, 2), ROWS)
    for _ in range(2):  # a training that goes on in its log says it once
        tracker = track(model, ROWS[:n], log=tmp_path / "a.track")
        said = [note for note in tracker.notes if f"need a feature that is in {FEWEST} examples" in note]
        assert len(said) == (n < FEWEST)
        tracker.finish()


@pytest.mark.parametrize(("n", "told", "noted"), [
    (FEWEST, {"loss": 0.5}, True), (FEWEST, {"loss": 0.5, "val_acc": 0.5}, False), (FEWEST, {}, False),
    (FEWEST - 1, {"loss": 0.5}, False)])
def test_where_no_metric_tells_of_validation_the_end_says_so(n, told, noted):
    tracker = track(ll.tabular_model(torch.nn.Linear(3, 2), ROWS), ROWS[:n], every=1)
    for step in (1, 2, 3):
        tracker.step(step, **told)
    assert not any("told of validation" in note for note in tracker.notes)
    tracker.finish()
    assert any("told of validation" in note for note in tracker.notes) == noted


@pytest.mark.parametrize("output", ["probability", "logit"])
def test_what_has_no_evidence_left_is_told(output):
    net = torch.nn.Linear(3, 2)
    tracker = track(ll.tabular_model(net, ROWS), ROWS, output=output, every=1)
    assert tracker.notes == []
    with torch.no_grad():
        net.bias[0] = 300.0
    tracker.step(1)
    assert tracker.notes == ([] if output == "logit" else [
        f"At step 1 all attributions of {FEWEST} of {FEWEST} examples are 0: a probability that is certain has no "
        "slope. Take output='logit'."])
    with torch.no_grad():
        net.weight.zero_()
    tracker.step(2)
    assert [note.partition(":")[0] for note in tracker.notes] == [
        f"At step 2 all attributions of {FEWEST} of {FEWEST} examples are 0"]
    assert "same prediction, other evidence" not in set(tracker.flips["kind"])


def test_a_word_counts_once_a_text():
    def said(*names, alike=True):
        return no_alarms(SimpleNamespace(names=names, alike=alike))

    assert said(*[["good", name] for name in "abcde"]) == ""
    assert "and none is" in said(*[["good", "good", name] for name in "abcd"], ["other"])
    assert "and none is" in said()
    assert said(["segment 1 of picture 1"], alike=False).startswith("Shortcut alarms compare features by name")
