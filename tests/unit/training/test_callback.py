"""A tracker of a transformers Trainer, and what it writes to TensorBoard."""

import pytest
import torch
from training_nets import bert, tokenizer, trainer_of
from transformers import set_seed

from limelight.errors import InputError
from limelight.training.callback import metrics_of
from limelight.training.track import track

TEXTS = ["a good film .", "a bad film .", "dull ."]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A Trainer with a tracker and TensorBoard, and the same without."""
    folder = tmp_path_factory.mktemp("trained")
    watched, alone = trainer_of(folder / "a", report_to="tensorboard"), trainer_of(folder / "b")
    tracker = track(watched, TEXTS, every=2, log=folder / "a.track")
    for each in (watched, alone):
        set_seed(0)
        each.train()
    return folder, watched, alone, tracker


def test_a_trainer_learns_the_same_bit_by_bit(trained):
    _, watched, alone, _ = trained
    for name, value in alone.model.state_dict().items():
        assert torch.equal(value, watched.model.state_dict()[name]), name


def test_metrics_and_explanations_come_by_themselves(trained):
    *_, tracker = trained
    assert list(tracker.explanations) == [0, 2, 4, 6] and tracker.state == "done"
    records = tracker.records.set_index("step")
    assert records["loss"].dropna().index.tolist() == [2, 4, 6]
    assert records["eval_accuracy"].dropna().index.tolist() == [3, 6]
    assert not [name for name in records if name.startswith("limelight/") or name.endswith("_per_second")]
    names, _, shares = tracker.evidence()
    assert set(names) == {"a", "good", "bad", "film", "dull"} and shares.shape == (4, 5)


def test_tensorboard_has_its_scalars_and_its_figure(trained):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder, *_, tracker = trained
    [run] = (folder / "a" / "runs").iterdir() if (folder / "a" / "runs").exists() else [folder / "a"]
    events = EventAccumulator(str(run)).Reload()
    drift = [each.step for each in events.Scalars("train/limelight/drift_from_first")]
    assert drift == [2, 4, 6] and "limelight/training" in events.Tags()["images"]
    last = events.Scalars("train/limelight/drift_from_first")[-1].value
    table = tracker.drift.set_index(["step", "against", "measure"])
    assert last == pytest.approx(table.loc[(6, "first", "l1"), "value"], rel=1e-6)


def test_training_that_is_resumed_goes_on_in_the_log_and_stop_ends_it(trained):
    folder, *_ = trained
    watched = trainer_of(folder / "a", max_steps=9)
    tracker = track(watched, TEXTS, every=1, log=folder / "a.track")
    assert list(tracker.explanations) == [0, 2, 4, 6]
    tracker.changed.append(lambda: tracker.stop() if 5 in tracker.explanations else None)
    watched.train(resume_from_checkpoint=str(folder / "a" / "checkpoint-3"))
    assert list(tracker.explanations) == [0, 2, 4, 5] and watched.state.global_step == 5
    assert tracker.records["step"].max() <= 5 and tracker.state == "stopped"


def test_a_summary_writer_of_a_plain_loop_is_written_to(tmp_path):
    class Writer:
        def __init__(self):
            self.scalars, self.figures = [], []

        def add_scalar(self, name, value, step):
            self.scalars.append((name, step))

        def add_figure(self, name, figure, step):
            self.figures.append((name, len(figure.axes), step))

    writer = Writer()
    tracker = track((bert(), tokenizer()), TEXTS[:1], every=1).to(writer)
    tracker.step(1, loss=0.5)
    tracker.finish()
    assert ("limelight/drift_from_first", 1) in writer.scalars and ("limelight/share/good", 1) in writer.scalars
    assert writer.figures == [("limelight/training", 3, 1)]
    with pytest.raises(InputError, match="a str can't be written to"):
        tracker.to("runs")


def test_a_trainer_without_its_tokenizer_is_refused(tmp_path):
    watched = trainer_of(tmp_path)
    watched.processing_class = None
    with pytest.raises(InputError, match="processing_class=tokenizer"):
        track(watched, TEXTS)


def test_of_a_log_only_what_tells_how_well_a_model_does_is_kept():
    assert metrics_of({"loss": 1, "eval_runtime": 2.0, "epoch": 1.0, "limelight/overhead": 0.1, "note": "x",
                       "eval_f1": 0.5}) == {"loss": 1.0, "eval_f1": 0.5}
