"""A Trainer with losses on explanations: parts add up, and weigh alike however batches are cut."""

from types import SimpleNamespace

import pytest
import torch
from training_nets import bert, reviews, tokenizer
from transformers import Trainer, TrainingArguments

import limelight as ll
from limelight.training.losses.explaining import attributions
from limelight.training.terms import TERMS, Batch

pytestmark = pytest.mark.filterwarnings("ignore:right_reasons is")  # of models that have learned nothing

CALM = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
MARK = SimpleNamespace(feedback={"good": "should not matter"}, feature_names=("good", "film"),
                       subject={"kind": "text", "pieces": [["good", 0], [" ", -1], ["film", 1]]})
EVERYTHING = {"l2": 1e-3, "l2_sp": 0.1, "distillation": {"strength": 0.3, "temperature": 3.0},
              "attribution_distillation": 0.2, "right_reasons": 0.5,
              "sparse_attributions": {"strength": 0.1, "measure": "gini"}}


class Explained(ll.losses.ExplainedLosses, Trainer):
    pass


def arguments(folder, **options):
    # Plain gradient descent, so that a step shows the loss's gradient as it is.
    return TrainingArguments(**{"output_dir": folder, "max_steps": 2, "logging_steps": 1, "report_to": "none",
                                "save_strategy": "no", "use_cpu": True, "disable_tqdm": True, "optim": "sgd",
                                "learning_rate": 0.5, "lr_scheduler_type": "constant", "max_grad_norm": 0.0,
                                "per_device_train_batch_size": 4, **options})


def examples():
    batch = reviews()
    rows = [{name: value[i] for name, value in batch.items()} for i in (0, 1)]
    return rows * 4


def trained(folder, losses, kind=Explained, **options):
    model = bert(**CALM)
    # It takes any keyword and ignores num_items_in_batch, of which the Trainer makes a loss that grows with the
    # batches of a step. Label smoothing is the Trainer's own loss, and uses it.
    model.accepts_loss_kwargs = "label_smoothing_factor" in options
    given = {} if kind is Trainer else {"losses": losses, "teacher": bert(seed=1, **CALM), "marks": MARK}
    trainer = kind(model=model, args=arguments(folder, **options), train_dataset=examples(),
                   eval_dataset=examples()[:2], processing_class=tokenizer(), **given)
    trainer.train()
    return trainer


def weights_of(trainer):
    return torch.cat([weight.detach().flatten() for weight in trainer.model.parameters()])


def logged(trainer):
    return [entry for entry in trainer.state.log_history if "loss" in entry]


def added_up(trainer):
    """Each loss that was logged, and what its parts add up to."""
    return [(entry["loss"], sum(value for name, value in entry.items() if name.startswith("loss_")))
            for entry in logged(trainer)]


def test_the_parts_add_up_where_training_is_taken_up_and_where_it_begins_anew(tmp_path):
    options = {"max_steps": 5, "logging_steps": 2, "learning_rate": 0.01}
    trainer = trained(tmp_path, EVERYTHING, save_strategy="steps", save_steps=2, **options)
    found = added_up(trainer)
    trainer.train(resume_from_checkpoint=str(tmp_path / "checkpoint-2"))
    found += added_up(trainer)
    trainer.train()  # the fifth step was not logged
    found += added_up(trainer)
    assert len(found) == 6
    for loss, parts in found:
        assert parts == pytest.approx(loss, rel=1e-4)


@pytest.mark.parametrize("options", [{}, {"gradient_accumulation_steps": 2, "per_device_train_batch_size": 2},
                                     {"bf16": True}, {"label_smoothing_factor": 0.1}], ids=str)
def test_the_parts_that_are_logged_add_up_to_the_loss(tmp_path, options):
    for entry in logged(trained(tmp_path, EVERYTHING, **options)):
        parts = {name.removeprefix("loss_"): value for name, value in entry.items() if name.startswith("loss_")}
        assert set(parts) == {*EVERYTHING, "task"}
        assert sum(parts.values()) == pytest.approx(entry["loss"], rel=1e-4)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU, and there is none here")
@pytest.mark.parametrize("options", [{"fp16": True}, {"bf16": True}], ids=str)
def test_half_precision_on_a_gpu_learns_what_single_does(tmp_path, options):
    single, half = (trained(tmp_path, EVERYTHING, use_cpu=False, max_steps=8, **some) for some in ({}, options))
    for one, other in zip(logged(single), logged(half), strict=True):
        for name in EVERYTHING:
            assert other[f"loss_{name}"] == pytest.approx(one[f"loss_{name}"], rel=0.1, abs=1e-4)


@pytest.mark.parametrize("options", [{}, {"label_smoothing_factor": 0.1}], ids=str)
def test_a_step_is_the_same_however_its_batch_is_cut(tmp_path, options):
    whole = trained(tmp_path, EVERYTHING, **options)
    cut = trained(tmp_path, EVERYTHING, per_device_train_batch_size=2, gradient_accumulation_steps=2, **options)
    torch.testing.assert_close(weights_of(whole), weights_of(cut), atol=1e-5, rtol=1e-4)
    assert logged(whole)[1]["loss_l2_sp"] == pytest.approx(logged(cut)[1]["loss_l2_sp"], rel=1e-3)


def test_explanations_are_in_the_weights_precision_where_the_trainer_is_in_half(tmp_path):
    model = trained(tmp_path, {"l2": 0.0}, bf16=True, max_steps=1).model
    plain = bert(**CALM)
    plain.load_state_dict(model.state_dict())
    batch = {name: value for name, value in reviews().items() if name != "labels"}
    found, expected = (attributions(each, batch)[0] for each in (model, plain))
    torch.testing.assert_close(found, expected, atol=0, rtol=0)
    with torch.no_grad():
        half, whole = (each.eval()(**batch).logits for each in (model, plain))
    assert not torch.equal(half, whole)


def test_without_strength_it_is_the_trainer_itself(tmp_path):
    nothing = trained(tmp_path, {name: 0.0 for name in EVERYTHING})
    own = trained(tmp_path, None, Trainer)
    torch.testing.assert_close(weights_of(nothing), weights_of(own), atol=1e-7, rtol=1e-6)


def test_an_evaluation_has_the_loss_of_the_task_alone(tmp_path):
    trainer = trained(tmp_path, {**EVERYTHING, "l2": 100.0}, max_steps=1, learning_rate=0.0)
    plain = Trainer(model=trainer.model, args=arguments(tmp_path), eval_dataset=examples()[:2])
    assert trainer.evaluate()["eval_loss"] == pytest.approx(plain.evaluate()["eval_loss"], rel=1e-6)


def test_right_reasons_asks_only_about_texts_with_a_marked_word(tmp_path):
    trainer = trained(tmp_path, {"right_reasons": 0.5}, learning_rate=0.0, per_device_train_batch_size=8, max_steps=1)
    seen = []
    trainer.model.register_forward_pre_hook(lambda _, __, given: seen.append(len(given["input_ids"])),
                                            with_kwargs=True)
    batch = {name: torch.stack([row[name] for row in examples()]) for name in examples()[0]}
    model = trainer.model
    whole = ll.losses.right_reasons(model, batch, *ll.losses.masks(MARK, batch, tokenizer()))
    asked = TERMS["right_reasons"].call(Batch(model, batch, None, trainer))
    torch.testing.assert_close(asked, whole)
    good = tokenizer()("good", add_special_tokens=False)["input_ids"][0]
    n = int((batch["input_ids"] == good).any(1).sum())
    assert seen == [8, n] and 0 < n < 8
    none = {name: value[(batch["input_ids"] != good).all(1)] for name, value in batch.items()}
    assert TERMS["right_reasons"].call(Batch(model, none, None, trainer)) == 0 and len(seen) == 2


def test_the_proximal_step_makes_zeros_and_says_how_many(tmp_path):
    trainer = trained(tmp_path, {"l1_proximal": 0.05}, optim="adamw_torch", learning_rate=1e-3, max_steps=3)
    shares = [entry["zeros"] for entry in logged(trainer)]
    assert shares == sorted(shares) and shares[-1] == ll.losses.zeros(trainer.model) > 0.1


def test_a_teacher_is_followed_and_left_as_it_was(tmp_path):
    trainer = trained(tmp_path, {"distillation": 1.0}, max_steps=60, learning_rate=0.5)
    teacher, batch = trainer.teacher, {name: value for name, value in reviews().items() if name != "labels"}
    with torch.no_grad():
        said, told = (model.eval()(**batch).logits.softmax(1) for model in (trainer.model, teacher))
    torch.testing.assert_close(said, told, atol=0.02, rtol=0)
    torch.testing.assert_close(teacher.classifier.weight, bert(seed=1, **CALM).classifier.weight)
    assert all(weight.grad is None for weight in teacher.parameters())


@pytest.mark.parametrize(("losses", "given", "said"), [
    ({"l3": 1.0}, {}, "no loss 'l3': there are l2, l2_sp"),
    ({}, {}, "asks for nothing"),
    ({"distillation": 0.5}, {}, "distillation needs teacher="),
    ({"right_reasons": 1}, {}, "right_reasons needs marks="),
    ({"distillation": 2.0}, {"teacher": 1}, "a number from 0 to 1; 2.0 came"),
    ({"l2": "much"}, {}, "a number from 0 on; 'much' came"),
    ({"l2_sp": {"strength": 1.0, "old": 1.0}}, {}, "no option old: there are strength, new"),
    ({"distillation": 0.5}, {"teacher": "bert"}, "teacher= should be a torch.nn.Module; str came"),
    ({"right_reasons": 1}, {"marks": "good"}, "marks should be explanations; str came"),
    ({"right_reasons": 1}, {"marks": SimpleNamespace(feedback={})}, "expected explanations with marks"),
])
def test_a_loss_that_can_not_be_had_is_refused_at_once(losses, given, said):
    with pytest.raises(ll.InputError, match=said):
        Explained(losses=losses, **given)


def test_marks_that_change_next_to_nothing_are_told_of_once(tmp_path):
    with pytest.warns(UserWarning, match=r"right_reasons is .*e-.* of a loss of .* raise its strength") as told:
        trained(tmp_path, {"right_reasons": 1e-6})
    assert len(told) == 1


def test_marks_may_come_one_by_one(tmp_path):
    trainer = Explained(model=bert(), args=arguments(tmp_path), losses={"right_reasons": 1.0}, marks=iter([MARK]))
    assert trainer.marks == [MARK]
