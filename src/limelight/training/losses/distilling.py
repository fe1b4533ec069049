"""A student that learns from a teacher's probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.training.losses.asking import logits_of

if TYPE_CHECKING:
    import torch


def distillation(student: torch.Tensor, teacher: torch.Tensor, labels: torch.Tensor | None = None, *,
                 temperature: float = 2.0, alpha: float = 0.5, hard: bool = False,
                 multi_label: bool = False) -> torch.Tensor:
    """Mix the loss on labels with how far a student's probabilities are from its teacher's.

    `(1 - alpha) CE(labels, student) + alpha t**2 KL(teacher || student)`, both
    softened by the temperature: softmax(logits / t) (Hinton et al. 2015,
    arXiv:1503.02531). The teacher comes first in KL, so that the student pays
    for what the teacher holds possible and it does not. t**2 keeps the
    gradient's size, (softmax(student / t) - softmax(teacher / t)) * t, about
    the same at any temperature. Means over examples, not over classes.

    Parameters
    ----------
    student, teacher : torch.Tensor of shape (..., n_classes)
        Logits, or an output that has them. The teacher's get no gradient; by -inf it rules a class out.
    labels : torch.Tensor of shape (...), optional
        Classes; where -100 stands, nothing counts, the teacher neither. With
        `multi_label`, shape (..., n_classes), of zeros and ones. Without
        labels, what the teacher says is all there is: `alpha=1`.
    temperature : float
    alpha : float
        The teacher's share, from 0 to 1.
    hard : bool
        Learn the teacher's most likely class and not its probabilities
        (Touvron et al. 2020, arXiv:2012.12877): no temperature.
    multi_label : bool
        Each class is a yes or no of its own: sums of the two-valued CE and KL over classes.

    Returns
    -------
    torch.Tensor
        A number.

    Raises
    ------
    InputError
        If there is one output, as a number has no distribution, or shapes or numbers can't be used.
    """
    student, teacher = _logits("student", student), _logits("teacher", teacher).detach()
    _check(student, teacher, labels, temperature, alpha, multi_label)
    if labels is not None and not multi_label:
        counts = labels != -100
        student, teacher, labels = student[counts], teacher[counts], labels[counts]
    n = max(student[..., 0].numel(), 1)
    given = student.new_zeros(()) if labels is None or alpha == 1 else _cross_entropy(student, labels, multi_label)
    if hard:
        told = (teacher > 0).to(student) if multi_label else teacher.argmax(-1)
        learned = _cross_entropy(student, told, multi_label)
    else:
        learned = temperature**2 * _divergence(teacher / temperature, student / temperature, multi_label)
    return ((1 - alpha) * given + alpha * learned) / n


def _logits(whose: str, given: Any) -> torch.Tensor:
    try:
        return logits_of(given)
    except InputError:
        raise InputError(f"distillation compares logits, and the {whose}'s came as {type(given).__name__}: give a "
                         "torch tensor, or a model's output with logits") from None


def _cross_entropy(logits: torch.Tensor, labels: torch.Tensor, multi_label: bool) -> torch.Tensor:
    from torch.nn import functional

    if multi_label:
        return functional.binary_cross_entropy_with_logits(logits, labels.to(logits), reduction="sum")
    return functional.cross_entropy(logits.flatten(0, -2), labels.flatten(), reduction="sum")


def _divergence(of: torch.Tensor, by: torch.Tensor, multi_label: bool) -> torch.Tensor:
    """KL(of || by) of logits, summed: what `of` rules out, by a logit of -inf, adds nothing, as 0 log 0 does."""
    import torch
    from torch.nn import functional

    if multi_label:
        of, by = (functional.logsigmoid(torch.stack([logits, -logits])) for logits in (of, by))
    else:
        of, by = of.log_softmax(-1), by.log_softmax(-1)
    ruled_out = of == -torch.inf
    return functional.kl_div(by.masked_fill(ruled_out, 0), of.masked_fill(ruled_out, 0), reduction="sum",
                             log_target=True)


def _check(student: torch.Tensor, teacher: torch.Tensor, labels: torch.Tensor | None, temperature: float,
           alpha: float, multi_label: bool) -> None:
    if student.shape != teacher.shape:
        raise InputError(f"the student's logits have shape {tuple(student.shape)} and the teacher's "
                         f"{tuple(teacher.shape)}: both need the same classes of the same examples")
    if student.ndim < 2 or (student.shape[-1] == 1 and not multi_label):
        raise InputError("distillation compares distributions over classes, and logits of shape "
                         f"{tuple(student.shape)} are one number an example: for regression learn the teacher's "
                         "output by a squared error; for a yes or no use multi_label=True")
    if not temperature > 0 or not 0 <= alpha <= 1:
        raise InputError(f"temperature={temperature!r} and alpha={alpha!r} can't be used: "
                         "the temperature should be above 0, and alpha from 0 to 1")
    if labels is None and alpha != 1:
        raise InputError(f"alpha={alpha!r} leaves a share to labels, and none came: give labels, or alpha=1")
    if labels is not None and not hasattr(labels, "new_zeros"):
        raise InputError(f"labels should be a torch tensor; {type(labels).__name__} came: torch.as_tensor makes one")
    wanted = student.shape if multi_label else student.shape[:-1]
    if labels is not None and labels.shape != wanted:
        raise InputError(f"labels have shape {tuple(labels.shape)}, and logits of shape {tuple(student.shape)} "
                         f"need {tuple(wanted)}")
