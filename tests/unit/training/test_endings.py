"""How a training may end besides well: what was recorded is kept, and a later one goes on from there."""

import gc
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from training_nets import trainer_of
from transformers import TrainerCallback

import limelight as ll
from limelight.training.endings import end_of
from limelight.training.log import whole
from limelight.training.pace import MOST
from limelight.training.track import track

ROWS = np.random.default_rng(0).normal(size=(20, 3))
KILLED = """
import sys
import numpy as np, torch, limelight as ll
from limelight.training.track import track
torch.manual_seed(0)
rows = np.random.default_rng(0).normal(size=(20, 3))
net = torch.nn.Linear(3, 2)
tracker = track(ll.tabular_model(net, rows[:10]), rows[:5], every=2, log=sys.argv[1])
for step in range(1, 100_000):
    with torch.no_grad():
        net.weight += 0.01
    tracker.step(step, loss=1 / step)
    print(step, flush=True)
"""


def tracked(**options):
    torch.manual_seed(0)
    net = torch.nn.Linear(3, 2)
    return net, track(ll.tabular_model(net, ROWS[:10]), ROWS[:5], every=2, **options)


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
    assert tracker.state == "failed" and "after step 4: RuntimeError: the disk is full" in tracker.notes[-1]
    assert list(tracker.explanations) == list(ll.load(tmp_path / "a.track").explanations) == [0, 2, 4]
    failing.on = False
    trainer.train(resume_from_checkpoint=True)
    assert tracker.state == "done" and list(tracker.explanations) == [0, 2, 4, 6]


def test_a_notebooks_cell_tells_a_plain_loop_how_it_ended():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        shell.user_ns.update(tracked=tracked, learn=learn)
        shell.run_cell("net, tracker = tracked(); 1 / 0")  # training has not begun
        tracker = shell.user_ns["tracker"]
        assert tracker.state == "running"
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


def test_a_cell_that_fails_while_a_thread_trains_is_no_failure_of_the_training():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        net, tracker = tracked()
        worker = threading.Thread(target=learn, args=(net, tracker, range(1, 5)))
        shell.user_ns.update(worker=worker)
        shell.run_cell("worker.start(); worker.join(); 1 / 0")
        assert tracker.state == "running" and tracker.notes == [] and list(tracker.explanations) == [0, 2, 4]
        tracker.stop()
        assert tracker.state == "stopped" and not tracker.step(5)
    finally:
        InteractiveShell.clear_instance()


def test_what_is_read_waits_for_what_a_thread_adds_and_the_other_way_round():
    net, tracker = tracked()
    learn(net, tracker, range(1, 3))
    readers = [lambda name=name: getattr(tracker, name) for name in ("records", "drift", "parted", "figures", "flips",
                                                                     "alarms")]
    for waits in (*readers, tracker.evidence, lambda: repr(tracker), lambda: tracker.step(4, loss=1.0)):
        other = threading.Thread(target=waits)
        with tracker._history.busy:
            other.start()
            other.join(0.02)
            assert other.is_alive() and list(tracker._history.rows) == [1, 2]
        other.join()
    assert list(tracker.records["step"]) == [1, 2, 4]


LEFT = """
import os, sys
import numpy as np, torch, limelight as ll
from limelight.training.track import track
rows = np.random.default_rng(0).normal(size=(20, 3))
tracker = track(ll.tabular_model(torch.nn.Linear(3, 2), rows[:10]), rows[:2], every=2, log=sys.argv[1])
tracker.step(1, loss=1.0)
if os.fork() == 0:
    sys.exit()
os.wait()
print(ll.load(sys.argv[1]).state, flush=True)
tracker.step(2, loss=0.5)
"""


def test_a_loop_that_tells_of_no_end_was_stopped_where_its_process_ends(tmp_path):
    path = tmp_path / "a.track"
    told = subprocess.run([sys.executable, "-c", LEFT, str(path)], capture_output=True, text=True, check=True)
    assert told.stdout == "not ended\n"  # a process that it forked says nothing of it
    loaded = ll.load(path)
    assert loaded.state == "stopped" and list(loaded.explanations) == [0, 2] and loaded.overhead > 0


def test_a_log_without_an_end_has_that_of_its_process(tmp_path):
    path = tmp_path / "a.track"
    net, tracker = tracked(log=path)
    learn(net, tracker, range(1, 3))
    began = whole(path.read_bytes(), "it").entries[1]
    for change, state in (({}, "not ended"), ({"pid": 2**22 + 1}, "stopped"), ({"host": "elsewhere"}, "not ended"),
                          ({"began": began["began"] - 1000}, "stopped"), ({"began": None}, "not ended")):
        found, overhead, notes = end_of([{**began, **change}, {"kind": "row"}])
        assert (found, notes) == (state, []) and np.isnan(overhead)  # who knows what it cost
    assert end_of([{"kind": "header"}, {"kind": "row"}])[0] == "not ended"  # a log of the first version
    loaded = ll.load(path)
    assert loaded.state == "not ended" and np.isnan(loaded.overhead) and "not ended\n" in repr(loaded)
    assert loaded.view.get_state()["status"]["overhead"] is None
    assert np.isnan(ll.load(loaded.save(tmp_path / "a.json")).overhead)
    tracker.broken_off(ValueError("wrong"))
    assert (ll.load(path).state, ll.load(path).notes) == ("failed", tracker.notes)


def test_a_tracker_that_is_forgotten_ends_its_log_for_the_next_one(tmp_path):
    path = tmp_path / "a.track"
    net, tracker = tracked(log=path)
    learn(net, tracker, range(1, 3))
    del tracker
    gc.collect()
    assert whole(path.read_bytes(), "it").entries[-1]["state"] == "stopped"
    net, tracker = tracked(log=path)
    learn(net, tracker, range(3, 5))
    assert list(ll.load(path).explanations) == [0, 2, 4]


def test_two_trackers_do_not_write_one_log(tmp_path):
    path = tmp_path / "a.track"
    net, first = tracked(log=path)
    learn(net, first, range(1, 4))
    with pytest.raises(ll.InputError, match=rf"has another tracker \(process {os.getpid()} of .*its finish\(\), or"):
        tracked(log=path)
    first.finish()
    net, second = tracked(log=path)
    assert first.step(4, loss=1.0) and "has another tracker" in first.notes[-1]
    learn(net, second, range(4, 6))
    second.finish()
    first.step(5, loss=1.0)
    assert first.notes[-1] == "The log can't be written, and lacks some records: another tracker has gone on in it."
    assert list(ll.load(path).records["step"]) == [1, 2, 3, 4, 5] and ll.load(path).state == "done"
    assert list(first.records["step"]) == [1, 2, 3, 4, 5] and not path.with_name("a.track.lock").exists()


def test_what_has_ended_is_not_stopped_any_more():
    net, tracker = tracked()
    learn(net, tracker, range(1, 3))
    tracker.finish()
    tracker.stop()
    assert tracker.state == "done"


def test_a_short_training_says_what_its_last_explanation_took():
    net, tracker = tracked()
    tracker._watched.pace.every = "auto"
    with tracker:
        learn(net, tracker, range(1, 3))
    assert tracker.overhead > MOST
    assert f"took {tracker.overhead:,.0%} of the training's own time, and not 5% at most" in tracker.notes[-1]


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
