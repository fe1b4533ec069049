"""A tracker of a transformers Trainer, and what it writes to TensorBoard."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from training_nets import Reviews, bert, tokenizer, trainer_of
from transformers import EarlyStoppingCallback, Trainer, TrainerCallback, set_seed

import limelight as ll
from limelight.errors import InputError
from limelight.training.callback import metrics_of
from limelight.training.pinned import chosen
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


def test_a_transformer_is_explained_by_lrp_other_networks_by_one_gradient_and_functions_by_shapley_values(trained):
    *_, tracker = trained
    assert tracker.explanations[0][0].method == "lrp"
    row = np.arange(3.0)
    for model, method in ((torch.nn.Linear(3, 2), "input_x_gradient"), (lambda x: x[:, 0], "shapley")):
        tabular = ll.tabular_model(model, row[None])
        assert chosen("auto", tabular, row, {}) == method
        assert chosen("lime", tabular, row, {}) == "lime"


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


class Keeping(TrainerCallback):
    """Keeps the weights of each step."""

    def __init__(self):
        self.models = {}

    def on_step_end(self, args, state, control, model=None, **_):
        self.models[state.global_step] = deepcopy(model)


def said_by(model, text=TEXTS[0]):
    with torch.no_grad():
        return model.eval()(**tokenizer()(text, return_tensors="pt")).logits.softmax(1)[0].numpy()


@pytest.mark.parametrize(("callbacks", "last", "options"), [
    ([], 6, {}),
    ([EarlyStoppingCallback(1)], 2, {"eval_steps": 1, "save_steps": 1}),
    ([EarlyStoppingCallback(1)], 4, {"eval_strategy": "epoch", "save_strategy": "epoch"}),
], ids=["to the end", "stopped early", "stopped after an epoch"])
def test_the_last_record_is_of_the_last_weights_and_not_of_the_best_ones(tmp_path, callbacks, last, options):
    watched = trainer_of(tmp_path, load_best_model_at_end=True, metric_for_best_model="accuracy", learning_rate=5e-3,
                         **options)
    kept = Keeping()
    tracker = track(watched, TEXTS, every=100, log=tmp_path / "a.track")
    for each in (kept, *callbacks):
        watched.add_callback(each)
    watched.train()
    assert list(tracker.explanations) == [0, last] == [0, watched.state.global_step]
    assert tracker.explanations[last][0].prediction == pytest.approx(said_by(kept.models[last]), abs=1e-6)
    assert abs(tracker.explanations[last][0].prediction - said_by(watched.model)).max() > 1e-5
    before = tracker.records, tracker.overhead
    watched.evaluate(metric_key_prefix="test")  # of the best weights, which are none of this step's
    assert tracker.records.equals(before[0]) and (tracker.state, tracker.overhead) == ("done", before[1])


def test_weights_that_are_gone_are_not_explained_and_a_note_says_so():
    tracker = track((bert(), tokenizer()), TEXTS, every=100)
    tracker.step(3, loss=0.5)
    tracker.finish(explain=False)
    assert list(tracker.explanations) == [0] and tracker.state == "done"
    assert "Step 3 was not explained: by then the model had its best weights again." in tracker.notes


def test_an_evaluation_before_or_after_a_training_is_none_of_its_steps(tmp_path):
    watched = trainer_of(tmp_path, max_steps=3)
    tracker = track(watched, TEXTS, every=2, log=tmp_path / "a.track")
    watched.evaluate()
    assert tracker.overhead == 0 and not tracker.goes_on
    watched.train()
    overhead = tracker.overhead
    watched.evaluate(metric_key_prefix="test")
    assert (tracker.state, tracker.overhead) == ("done", overhead) and not tracker.goes_on
    for each in (tracker, ll.load(tmp_path / "a.track")):
        records = each.records.set_index("step")
        assert records["eval_accuracy"].dropna().index.tolist() == [0, 3]
        assert records["test_accuracy"].dropna().index.tolist() == [3] and each.state == "done"
    assert ll.load(tmp_path / "a.track").overhead == pytest.approx(overhead, rel=0.2)
    resumed = track(trainer_of(tmp_path), TEXTS, every=2, log=tmp_path / "a.track")
    resumed.evaluated(0, {"eval_accuracy": 1.0})  # before a checkpoint is taken up
    assert resumed.records.equals(tracker.records)


def test_a_model_that_the_trainer_makes_when_training_begins_is_the_one_that_is_explained(tmp_path):
    made = []

    def model_init():
        made.append(bert(seed=len(made)))
        return made[-1]

    options = trainer_of(tmp_path, max_steps=2, learning_rate=5e-3, save_strategy="no", eval_strategy="no").args
    watched = Trainer(model_init=model_init, args=options, train_dataset=Reviews(), processing_class=tokenizer())
    tracker, kept = track(watched, TEXTS, every=1, log=tmp_path / "a.track"), Keeping()
    stale = track((watched.model, tokenizer()), TEXTS, every=1)
    for each in (kept, stale.callback):
        watched.add_callback(each)
    watched.train()
    models = {0: bert(seed=1), **kept.models}
    for each in (tracker, ll.load(tmp_path / "a.track")):
        assert list(each.explanations) == [0, 1, 2]
        for step, model in models.items():
            assert each.explanations[step][0].prediction == pytest.approx(said_by(model), abs=1e-6)
    assert [note for note in stale.notes if "give ll.track the Trainer itself" in note]
    assert not [note for note in tracker.notes if "no part in common" in note]


def test_where_a_trainer_begins_anew_its_first_record_is_of_the_weights_that_it_begins_with(tmp_path):
    trainer = trainer_of(tmp_path, save_strategy="no", eval_strategy="no", learning_rate=1e-2)
    tracker = track(trainer, TEXTS, every=3, log=tmp_path / "a.track")
    trainer.train()
    last = tracker._history.found[6][0].values
    trainer.train()
    for each in (tracker, ll.load(tmp_path / "a.track")):
        assert list(each.explanations) == [0, 3, 6]
        assert np.array_equal(each._history.found[0][0].values, last)
    said = "Training was taken up again at step 0: what was told before from there on is forgotten."
    assert [note for note in tracker.notes if note.startswith("Training was")] == [said]


def test_a_model_that_can_not_be_explained_when_training_begins_anew_is_trained_all_the_same(tmp_path):
    trainer = trainer_of(tmp_path, save_strategy="no", eval_strategy="no")
    tracker = track(trainer, TEXTS, every=3)
    trainer.train()
    with torch.no_grad():
        trainer.model.classifier.bias[:] = torch.nan
    trainer.train()
    assert tracker.state == "done" and any("not explained" in note for note in tracker.notes)


@pytest.mark.parametrize("output", ["probability", "logit"])
def test_of_several_labels_each_is_predicted_by_itself(output, tmp_path):
    net = bert(num_labels=3, problem_type="multi_label_classification")
    with torch.no_grad():
        net.classifier.bias[:] = torch.tensor([5.0, -1.0, -5.0])
    tracker = track((net, tokenizer()), TEXTS, target=1, every=1, output=output, log=tmp_path / "a.track")
    with torch.no_grad():
        net.classifier.bias[1] = 1.0  # still not the largest
    tracker.step(1)
    tracker.finish()
    tracker.save(tmp_path / "a.json")
    assert list(tracker.flips["kind"].unique()) == ["other prediction, same evidence"]
    for each in (tracker, ll.load(tmp_path / "a.track"), ll.load(tmp_path / "a.json")):
        assert each.flips.equals(tracker.flips)
        state = each.view.get_state()
        assert state["about"]["outputs"][0] == {"names": ["LABEL_1"], "space": output, "target": 0}
        assert np.frombuffer(state["records"]["predicted"][0], "<u2").tolist() == [0, 1]


def test_a_trainer_says_where_it_ends_so_that_records_are_spread_over_all_of_it(tmp_path):
    trainer, seen = trainer_of(tmp_path, max_steps=2, eval_strategy="no", save_strategy="no"), []
    tracker = track(trainer, TEXTS)

    class Looking(TrainerCallback):
        def on_step_end(self, args, state, control, **_):
            seen.append(tracker._watched.pace._course[:2])

    trainer.add_callback(Looking())
    trainer.train()
    assert seen == [(0, 2)] * 2 and tracker._watched.pace._course is None
