"""A student that gives its teacher's reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.models._gradients import embedding_of
from limelight.training.losses.asking import Asked, module_of
from limelight.training.losses.explaining import attributions, largest

if TYPE_CHECKING:
    import torch

    from limelight.training.losses.asking import Batch


def attribution_distillation(student: torch.nn.Module, teacher: torch.nn.Module, inputs: Batch,
                             targets: torch.Tensor | None = None, *, method: str = "input_x_gradient", steps: int = 8,
                             baseline: Any = 0.0, softplus: float | None = None) -> torch.Tensor:
    """How far a student's explanations point away from its teacher's.

    The mean over examples of `1 - cos(E_teacher(x, y), E_student(x, y))`, y
    being what the teacher predicts (e2KD: Parchami-Araghi et al. 2024,
    arXiv:2402.03119): 0 where they agree up to their size, 1 where they have
    nothing in common, 2 where they are opposed. It is meant beside
    `distillation`, not in its place. An example that either model explains by
    nothing but zeros counts as 1, and teaches nothing.

    Parameters
    ----------
    student, teacher : torch.nn.Module
        With the same inputs and outputs; of texts, the same tokenizer: their
        tokens' shares are compared, so the width of embeddings may differ.
    inputs : torch.Tensor or mapping
        A batch, as both models take it.
    targets : torch.Tensor of shape (n,), optional
        Which output to explain. Default: the teacher's largest logit.
    method, steps, baseline
        "input_x_gradient" takes one pass, "integrated_gradients" `steps`.
    softplus : float, optional
        Of ReLU networks, explain them with softplus(beta) in their place, so
        that biases learn, too: for both.

    Returns
    -------
    torch.Tensor
        A number from 0 to 2.

    Raises
    ------
    InputError
        If the two models have other token ids or outputs.
    """
    options: dict[str, Any] = {"method": method, "steps": steps, "baseline": baseline, "softplus": softplus}
    # By the inputs as they are: at a point on the way from a baseline the teacher may predict another class.
    targets = largest(teacher, inputs) if targets is None else targets
    wanted, told = attributions(teacher, inputs, targets, create_graph=False, **options)
    _check_vocabularies(student, teacher, told)
    found, asked = attributions(student, inputs, targets, **options)
    if asked.logits.shape != told.logits.shape:
        raise InputError(f"the student has {asked.logits.shape[1]} outputs and the teacher {told.logits.shape[1]}: "
                         "their explanations are of the same output only where both have the same classes")
    return (1 - cosine(found.flatten(1), wanted.detach().to(found).flatten(1))).mean()


def cosine(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Cosine of rows, shape (n,): 0, with no gradient, where a row is zero."""
    import torch

    squares = torch.stack([a.square().sum(1), b.square().sum(1)])
    nothing = (squares == 0).any(0)
    lengths = torch.where(nothing, 1.0, squares).sqrt()
    return torch.where(nothing, 0.0, (a * b).sum(1) / lengths[0] / lengths[1])


def _check_vocabularies(student: torch.nn.Module, teacher: torch.nn.Module, told: Asked) -> None:
    if told.kind != "tokens":
        return
    sizes = [embedding_of(module_of(model)).num_embeddings for model in (student, teacher)]
    if sizes[0] != sizes[1]:
        raise InputError(f"the student knows {sizes[0]} token ids and the teacher {sizes[1]}, so that the same ids are "
                         "other words to them: attributions by tokens need one tokenizer. With two, use distillation "
                         "alone; with one whose ids were padded, call resize_token_embeddings on the student first")
