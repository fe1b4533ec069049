"""Which losses a Trainer can be given, with which options, and how each is asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limelight.errors import InputError
from limelight.models._gradients import derivable
from limelight.training.losses.agreement import attribution_distillation
from limelight.training.losses.asking import call, keywords, logits_of, module_of
from limelight.training.losses.distilling import distillation
from limelight.training.losses.marks import masks
from limelight.training.losses.proximal import l1_proximal
from limelight.training.losses.reasons import right_reasons
from limelight.training.losses.sparseness import sparse_attributions
from limelight.training.losses.variation import total_variation
from limelight.training.losses.weights import l2, l2_sp

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Batch:
    """What a loss is asked about: a model, its inputs and outputs, and the Trainer that has the rest."""

    model: torch.nn.Module
    inputs: Mapping[str, Any]
    outputs: Any
    trainer: Any


@dataclass(frozen=True)
class Options:
    """A loss's strength, and the options of its function."""

    strength: float
    rest: Mapping[str, Any]


@dataclass(frozen=True)
class Term:
    """A loss: its function, how it is called, and which argument of the Trainer's it needs."""

    function: Callable[..., Any]
    call: Callable[..., torch.Tensor]
    needs: str = ""


def _distilled(batch: Batch, **options: Any) -> torch.Tensor:
    """What the teacher says, at the places that labels count."""
    import torch

    teacher = module_of(batch.trainer.teacher)
    with derivable(teacher), torch.no_grad():
        told = logits_of(call(teacher, keywords(teacher, batch.inputs)))
    said = logits_of(batch.outputs)
    if said.shape == told.shape and said.ndim > 2 and "labels" in batch.inputs:
        counts = _places(batch.model, batch.inputs["labels"]) != -100
        said, told = said[counts], told[counts]
    config = getattr(batch.model, "config", None)
    many = getattr(config, "problem_type", None) == "multi_label_classification"
    return distillation(said, told, alpha=1.0, **{"multi_label": many, **options})


def _places(model: torch.nn.Module, labels: torch.Tensor) -> torch.Tensor:
    """Move labels to the places whose logits they judge: of a model that writes, one before."""
    from torch.nn import functional

    writes = getattr(model, "loss_type", None) == "ForCausalLM"
    return functional.pad(labels[..., 1:], (0, 1), value=-100) if writes else labels


def _right_reasons(batch: Batch, **options: Any) -> torch.Tensor:
    """Of texts only those with a marked word are asked about: the others cost nothing, and their gradients time."""
    import torch

    trainer, inputs = batch.trainer, batch.inputs
    marked = masks(trainer.marks, inputs, getattr(trainer, "processing_class", None))
    if "input_ids" not in inputs:
        return right_reasons(batch.model, inputs, *marked, **options)
    rows = torch.stack([mask.any(1) for mask in marked if mask is not None]).any(0)
    if not rows.any():
        return inputs["input_ids"].new_zeros((), dtype=next(batch.model.parameters()).dtype)
    asked = {name: value[rows] for name, value in inputs.items() if len(getattr(value, "shape", ())) > 0}
    found = right_reasons(batch.model, asked, *(None if mask is None else mask[rows] for mask in marked), **options)
    return found * rows.float().mean()


TERMS = {
    "l2": Term(l2, lambda batch, **options: l2(batch.model, **options)),
    "l2_sp": Term(l2_sp, lambda batch, **options: l2_sp(batch.model, batch.trainer.start, **options)),
    "distillation": Term(distillation, _distilled, "teacher"),
    "attribution_distillation": Term(
        attribution_distillation, lambda batch, **options: attribution_distillation(
            batch.model, batch.trainer.teacher, batch.inputs, **options), "teacher"),
    "right_reasons": Term(right_reasons, _right_reasons, "marks"),
    "sparse_attributions": Term(sparse_attributions, lambda batch, **options: sparse_attributions(
        batch.model, batch.inputs, **options)),
    "total_variation": Term(total_variation, lambda batch, **options: total_variation(
        batch.model, batch.inputs, **options)),
}
"""What is added to a loss."""
FUNCTIONS = {**{name: term.function for name, term in TERMS.items()}, "l1_proximal": l1_proximal}


def read(losses: Mapping[str, float | Mapping[str, Any]], **given: Any) -> dict[str, Options]:
    """Check which losses are wanted, and bring them into one form.

    Raises
    ------
    InputError
        If there is no such loss or option, a strength can't be used, or a loss lacks what it needs.
    """
    found = {name: _options(name, wanted) for name, wanted in losses.items()}
    for name in found:
        needs = TERMS[name].needs if name in TERMS else ""
        if needs and given[needs] is None:
            raise InputError(f"{name} needs {needs}=, and none came")
    if not found:
        raise InputError(f"losses={losses!r} asks for nothing: there are {', '.join(FUNCTIONS)}")
    return found


def _options(name: str, wanted: float | Mapping[str, Any]) -> Options:
    if name not in FUNCTIONS:
        raise InputError(f"there is no loss {name!r}: there are {', '.join(FUNCTIONS)}")
    rest = dict(wanted) if isinstance(wanted, Mapping) else {"strength": wanted}
    strength = rest.pop("strength", None)
    known = {each.name for each in inspect.signature(FUNCTIONS[name]).parameters.values()
             if each.kind is each.KEYWORD_ONLY} - {"alpha"}
    if set(rest) - known:
        raise InputError(f"{name} has no option {', '.join(sorted(set(rest) - known))}: "
                         f"there are {', '.join(['strength', *sorted(known)])}")
    most = 1.0 if name == "distillation" else float("inf")
    if not isinstance(strength, int | float) or not 0 <= strength <= most:
        raise InputError(f"the strength of {name} should be a number from 0 {'to 1' if most == 1 else 'on'}; "
                         f"{strength!r} came: give {{{name!r}: 0.1}}, or {{{name!r}: {{'strength': 0.1, ...}}}}")
    return Options(float(strength), rest)
