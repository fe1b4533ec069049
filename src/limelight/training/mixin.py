"""Losses on explanations in a transformers Trainer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError, warn
from limelight.training.losses.asking import module_of
from limelight.training.losses.marks import marked
from limelight.training.losses.proximal import l1_proximal, zeros
from limelight.training.losses.weights import weights
from limelight.training.terms import TERMS, Batch, read

if TYPE_CHECKING:
    import torch


LEAST_SHARE = 1e-3
"""Of the task's loss: of less than that a part has next to no say."""


class ExplainedLosses:
    """Adds losses to a transformers Trainer: `class Mine(ExplainedLosses, Trainer): ...`.

    The Trainer's own loss stays what it is, with its label smoothing; others
    are added to it while it trains, and not to the loss of an evaluation. Of
    accumulated gradients each part is a mean over the batches of a step, and
    weighs as much whatever their number. (Some models, such as Bert's
    classifier in transformers 5.23, accept the Trainer's `num_items_in_batch`
    and ignore it, so that the task's own loss grows with that number:
    `model.accepts_loss_kwargs = False` mends it.) Explanations are taken in the
    weights' precision, also where fp16 or bf16 is on. Each part is logged
    beside the loss as `loss_<name>`, times its strength: they add up to it.

    Parameters
    ----------
    losses : mapping of str to float or mapping
        A strength for each loss by its name, or its strength and the options
        of its function: `{"l2_sp": 0.01, "sparse_attributions":
        {"strength": 0.1, "measure": "gini"}}`. The strength of "distillation"
        is its `alpha`: the task's loss has the rest. With "l1_proximal", the
        share of zeros is logged, too.
    teacher : torch.nn.Module, optional
        For "distillation" and "attribution_distillation": it is moved to the
        training's device, and is given what the model is given.
    marks : Explanation or iterable of them, optional
        For "right_reasons", with a reader's marks.
    start : mapping of str to torch.Tensor, optional
        For "l2_sp"; default `weights(model)` now. With a new head, give
        `weights(model, without=["classifier"])`.

    Raises
    ------
    InputError
        If there is no such loss or option, or what it needs is missing or can't be used.

    Warns
    -----
    UserWarning
        If "right_reasons" is next to nothing beside the task's loss when it is first logged.
    """

    model: Any
    args: Any
    state: Any
    optimizer: Any
    accelerator: Any
    is_world_process_zero: Any

    def __init__(self, *args: Any, losses: Mapping[str, float | Mapping[str, Any]],
                 teacher: torch.nn.Module | None = None, marks: Any = None,
                 start: Mapping[str, torch.Tensor] | None = None, **kwargs: Any):
        self._losses = read(losses, teacher=teacher, marks=marks)
        if teacher is not None:
            _check_teacher(teacher)
        self.marks = marked(marks) if "right_reasons" in self._losses else marks
        super().__init__(*args, **kwargs)
        self.teacher = None if teacher is None else teacher.to(self.args.device)
        self.start = start
        if "l2_sp" in self._losses and start is None:
            self.start = weights(self.model)
        self._parts: dict[str, torch.Tensor] = {}
        self._begun_at, self._told_of_nothing = 0, False
        self._shrinking: Any = None

    def train(self, *args: Any, **kwargs: Any) -> Any:
        """Train, as the Trainer does: what another training had left to log is none of this one."""
        self._parts = {}
        return super().train(*args, **kwargs)  # type: ignore[misc]

    def compute_loss(self, model: torch.nn.Module, inputs: dict[str, Any], return_outputs: bool = False,
                     **kwargs: Any) -> Any:
        """Return the loss, and with `return_outputs` the model's outputs, too."""
        loss, outputs = super().compute_loss(model, dict(inputs), return_outputs=True, **kwargs)  # type: ignore[misc]
        if model.training:
            loss = self._added(Batch(module_of(model), inputs, outputs, self), loss,
                               self._is_scaled(kwargs.get("num_items_in_batch")))
        return (loss, outputs) if return_outputs else loss

    def create_optimizer(self, *args: Any, **kwargs: Any) -> Any:
        """Make the optimizer, as the Trainer does, and have it shrink weights."""
        made = super().create_optimizer(*args, **kwargs)  # type: ignore[misc]
        if "l1_proximal" in self._losses:
            if self._shrinking is not None:
                self._shrinking.remove()
            self._shrinking = l1_proximal(self.optimizer, self._losses["l1_proximal"].strength)
        return made

    def log(self, logs: dict[str, float], *args: Any, **kwargs: Any) -> None:
        """Log, and the parts of the loss since the last time."""
        if "loss" in logs:
            steps = max(self.state.global_step - self._begun_at, 1)
            logs = {**logs, **{f"loss_{name}": self.accelerator.gather(part).mean().item() / steps
                               for name, part in self._parts.items()}}
            self._parts = {}
            self._warn_of_nothing(logs)
            if "l1_proximal" in self._losses:
                logs["zeros"] = zeros(self.model)
        super().log(logs, *args, **kwargs)  # type: ignore[misc]

    def _added(self, batch: Batch, task: torch.Tensor, scaled: bool) -> torch.Tensor:
        """Add the others to the task's loss, which may be scaled for a step of several batches already."""
        n = getattr(self, "current_gradient_accumulation_steps", self.args.gradient_accumulation_steps)
        weight = 1 / n if scaled else 1.0
        parts = {name: weight * options.strength * TERMS[name].call(batch, **options.rest)
                 for name, options in self._losses.items() if name in TERMS}
        parts["task"] = (1 - self._losses["distillation"].strength) * task if "distillation" in parts else task
        if not self._parts:  # the first since they were logged, or since training began or was taken up
            self._begun_at = self.state.global_step
        for name, part in parts.items():
            told = part.detach() if scaled else part.detach() / n
            self._parts[name] = self._parts[name] + told if name in self._parts else told
        return sum(parts.values(), task.new_zeros(()))

    def _warn_of_nothing(self, logs: Mapping[str, float]) -> None:
        """Say at the first log that marks change next to nothing; later a small part may be what was learned."""
        part, task = logs.get("loss_right_reasons"), logs.get("loss_task", 0.0)
        if part is None or self._told_of_nothing:
            return
        self._told_of_nothing = True
        if self._losses["right_reasons"].strength and part < LEAST_SHARE * abs(task) and self.is_world_process_zero():
            why = ("no batch so far had a marked feature that counts" if part == 0 else
                   "raise its strength, or train the task first where the model has hardly begun to read its inputs")
            warn(f"right_reasons is {part:.1e} of a loss of {task:.2g}, and changes next to nothing: {why}")

    def _is_scaled(self, num_items: Any) -> bool:
        """Whether the Trainer takes the loss as it is, and does not divide it by the batches of a step."""
        told = getattr(self, "loss_is_scaled_for_ga", None)
        counted = getattr(self, "model_accepts_loss_kwargs", False) and num_items is not None
        return bool(told if told is not None else counted or getattr(self, "compute_loss_func", None) is not None)


def _check_teacher(teacher: Any) -> None:
    import torch

    if not isinstance(teacher, torch.nn.Module):
        raise InputError(f"teacher= should be a torch.nn.Module; {type(teacher).__name__} came: give a loaded model, "
                         "and of a pipeline its model")
