"""How a training may end besides well: what was recorded is kept, and a later one goes on from there."""

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import torch
from training_nets import trainer_of
from transformers import TrainerCallback

import limelight as ll
from limelight.training.track import track

ROWS = np.random.default_rng(0).normal(size=(20, 3))
KILLED = """
import sys
import numpy as np, torch, limelight as ll
from limelight.training.track import track
torch.manual_seed(0)
rows = np.random.default_rng(0).normal(size=(20, 3))
net = torch.nn.Linear(3, 2)
tracker = track(ll.tabular_model(net, rows[:10]), rows[:2], every=2, log=sys.argv[1])
for step in range(1, 100_000):
    with torch.no_grad():
        net.weight += 0.01
    tracker.step(step, loss=1 / step)
    print(step, flush=True)
"""


def tracked(**options):
    torch.manual_seed(0)
    net = torch.nn.Linear(3, 2)
    return net, track(ll.tabular_model(net, ROWS[:10]), ROWS[:2], every=2, **options)


def learn(net, tracker, steps, error=None):
    for step in steps:
        with torch.no_grad():
            net.weight += 0.01
        if not tracker.step(step, loss=1 / step):
            break
    if error is not None:
        raise error


@pytest.mark.parametrize(("error", "state", "notes"), [
    (ValueError("no more rows"), "failed", ["Training failed after step 5: ValueError: no more rows"]),
    (KeyboardInterrupt(), "stopped", [])])
def test_a_loop_that_is_broken_off_keeps_its_records_and_goes_on_later(tmp_path, error, state, notes):
    net, tracker = tracked(log=tmp_path / "a.track")
    told = []
    tracker.changed.append(lambda: told.append(tracker.state))
    with pytest.raises(type(error)), tracker:
        learn(net, tracker, range(1, 6), error)
    assert (tracker.state, told[-1], tracker.notes) == (state, state, notes)
    assert list(ll.load(tmp_path / "a.track").records["step"]) == list(tracker.records["step"]) == [1, 2, 3, 4, 5]
    assert list(tracker.explanations) == [0, 2, 4]
    tracker.save(tmp_path / "a.json")
    assert ll.load(tmp_path / "a.json").state == state
    with tracker:
        learn(net, tracker, range(6, 9))
    assert tracker.state == "done" and list(ll.load(tmp_path / "a.track").explanations) == [0, 2, 4, 6, 8]


def test_stop_counts_for_the_loop_that_runs_and_not_for_the_next():
    net, tracker = tracked()
    with tracker:
        tracker.step(1)
        tracker.stop()
        assert not tracker.step(2)
    assert tracker.state == "stopped"
    tracker.stop()
    learn(net, tracker, range(2, 5))
    assert tracker.state == "running" and list(tracker.explanations) == [0, 1, 2, 4]


def test_a_trainer_that_fails_has_a_tracker_that_says_so(tmp_path):
    class Failing(TrainerCallback):
        def on_step_end(self, args, state, control, **_):
            if state.global_step == 4 and not state.is_hyper_param_search and self.on:
                raise RuntimeError("the disk is full")

    failing = Failing()
    failing.on = True
    trainer = trainer_of(tmp_path / "trained")
    trainer.add_callback(failing)
    tracker = track(trainer, ["a good film ."], every=2, log=tmp_path / "a.track")
    with pytest.raises(RuntimeError, match="the disk is full"):
        trainer.train()
    assert tracker.state == "failed" and "after step 4: RuntimeError: the disk is full" in tracker.notes[0]
    assert list(tracker.explanations) == list(ll.load(tmp_path / "a.track").explanations) == [0, 2, 4]
    failing.on = False
    trainer.train(resume_from_checkpoint=True)
    assert tracker.state == "done" and list(tracker.explanations) == [0, 2, 4, 6]


def test_a_notebooks_cell_tells_a_plain_loop_how_it_ended():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        shell.user_ns.update(tracked=tracked, learn=learn)
        shell.run_cell("net, tracker = tracked()")
        tracker = shell.user_ns["tracker"]
        for code, state in (("learn(net, tracker, range(1, 3))", "running"), ("1 / 0", "running"),
                            ("learn(net, tracker, range(3, 5), KeyboardInterrupt())", "stopped"),
                            ("learn(net, tracker, range(5, 7), ValueError('wrong'))", "failed")):
            shell.run_cell(code)
            assert tracker.state == state and not tracker._watched.pace.goes_on
        assert tracker.notes == ["Training failed after step 6: ValueError: wrong"]
        assert list(tracker.explanations) == [0, 2, 4, 6]
        assert not [each for each in shell.events.callbacks["post_run_cell"] if "at_end_of_cell" in repr(each)]
    finally:
        InteractiveShell.clear_instance()


def test_a_training_that_is_killed_loses_its_last_record_at_most_and_is_taken_up(tmp_path):
    path = tmp_path / "a.track"
    with subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE) as process:
        seen = [int(process.stdout.readline()) for _ in range(50)]
        os.kill(process.pid, signal.SIGKILL)
        seen += [int(line) for line in process.stdout.read().split(b"\n")[:-1] if line]
    loaded = ll.load(path)
    steps = list(loaded.records["step"])
    assert steps == list(range(1, len(steps) + 1)) and len(steps) >= seen[-1]
    assert set(range(0, seen[-1] + 1, 2)) <= set(loaded.explanations) and loaded.state == "stopped"
    net, tracker = tracked(log=path)
    with tracker:
        learn(net, tracker, range(steps[-1] + 1, steps[-1] + 4))
    assert list(ll.load(path).records["step"]) == list(range(1, steps[-1] + 4)) and tracker.state == "done"
