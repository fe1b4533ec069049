"""Trainings of several processes: the first one explains, where it has all weights, and the others do nothing."""

from types import SimpleNamespace

import pytest
import torch
from training_nets import bert, tokenizer, trainer_of
from transformers import TrainerControl

from limelight.errors import Unsuited
from limelight.training.processes import check_whole
from limelight.training.track import track

TEXTS = ["a good film .", "a bad film .", "dull ."]


def test_of_several_processes_only_the_first_one_tells(tmp_path):
    tracker = track((bert(), tokenizer()), TEXTS, every=1)
    args = SimpleNamespace(world_size=2, load_best_model_at_end=True)

    def told(first, best=None):
        state = SimpleNamespace(is_world_process_zero=first, global_step=1, max_steps=1, best_model_checkpoint=best)
        control = TrainerControl()
        tracker.callback.on_train_begin(args, state, control, model=tracker._watched.module)
        tracker.callback.on_step_end(args, state, control)
        tracker.callback.on_log(args, state, control, logs={"loss": 0.5})
        tracker.callback.on_train_end(args, state, control)
        return control

    told(first=False)
    assert tracker.state == "elsewhere" and list(tracker.explanations) == [0] and not len(tracker.records)
    tracker.changed.append(tracker.stop)
    assert not told(first=True).should_training_stop  # the other process would wait for it for ever
    assert tracker.state == "stopped" and list(tracker.explanations) == [0, 1]
    assert [note for note in tracker.notes if note.startswith("This training has several processes and goes on")]


def test_in_the_other_processes_a_tracker_does_nothing_whatever_it_is_asked(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 1)
    with track((bert(), tokenizer()), TEXTS, log=tmp_path / "a.track").to("anything") as tracker:
        assert tracker.step(1, loss=0.5) and tracker.step(2, loss=torch.tensor(0.1))
        tracker.stop()
        assert tracker.step(3)
    tracker.save(tmp_path / "a.html")
    assert not list(tmp_path.iterdir()) and tracker.state == "elsewhere" and tracker.notes == []
    assert not len(tracker.records) and not len(tracker.drift) and not len(tracker.alarms) and not tracker.explanations
    assert "the first process" in repr(tracker) and tracker._repr_mimebundle_()[0] == {"text/plain": repr(tracker)}
    tracker._ipython_display_()
    assert capsys.readouterr() == ("", "")
    tracker.callback.on_train_begin(None, SimpleNamespace(is_world_process_zero=False), None)
    assert tracker.state == "elsewhere"


def test_weights_that_are_cut_up_are_refused_by_every_process(tmp_path):
    watched = trainer_of(tmp_path)
    watched.is_fsdp_enabled = True
    with pytest.raises(Unsuited, match="under FSDP each process has a part of them: train with DDP or ZeRO-2"):
        track(watched, TEXTS)
    watched.is_fsdp_enabled = False
    watched.accelerator.state = SimpleNamespace(deepspeed_plugin=SimpleNamespace(zero_stage=3))
    with pytest.raises(Unsuited, match="under DeepSpeed's ZeRO-3"):
        track(watched, TEXTS)
    module = torch.nn.Linear(2, 2)
    check_whole(module)
    module.weight.ds_id = 0
    tracker = track((bert(), tokenizer()), TEXTS)
    with pytest.raises(Unsuited, match="under DeepSpeed's ZeRO-3"):
        tracker.callback.on_train_begin(None, None, None, model=module)
    for name in ("FullyShardedDataParallel", "FSDPModule"):
        cut = type(name, (torch.nn.Identity,), {})
        with pytest.raises(Unsuited, match="under FSDP"):
            check_whole(torch.nn.Sequential(torch.nn.Linear(1, 1), type("Kind", (cut,), {})()))
