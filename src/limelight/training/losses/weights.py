"""Penalties of weights: their size, and how far they are from where they began."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from limelight.attribution.gradients import wide
from limelight.errors import InputError
from limelight.models._gradients import plain

if TYPE_CHECKING:
    import torch


def l2(model: torch.nn.Module) -> torch.Tensor:
    """Sum the squares of a model's trainable weights, biases and the scales of norms left out.

    Times a strength it is the classical penalty, whose gradient goes through
    the optimizer. AdamW's weight decay does not, and is another thing
    (Loshchilov and Hutter 2017, arXiv:1711.05101): use one of them.

    Returns
    -------
    torch.Tensor
        A number.
    """
    return _total(model, (wide(weight).square().sum() for _, weight in _trained(model) if weight.ndim > 1))


def l2_sp(model: torch.nn.Module, start: Mapping[str, torch.Tensor], *, new: float = 1.0) -> torch.Tensor:
    """Sum the squared distances of weights from where they began, so that fine-tuning forgets less.

    `sum_S (w - w0)**2 + new * sum_rest w**2` (Xuhong et al. 2018,
    arXiv:1802.01483): S are trainable weights with a start of their shape, the
    rest those without, such as a new head, for which `l2` is meant. Frozen
    weights don't count.

    Parameters
    ----------
    start : mapping of str to torch.Tensor
        From `weights(model)` before training.
    new : float
        How much weights without a start count.

    Returns
    -------
    torch.Tensor
        A number.

    Raises
    ------
    InputError
        If `start` holds the weights themselves, as `model.state_dict()`
        does, and so would move along with them, or has none of the model's.
    """
    known, rest = [], []
    for name, weight in _trained(model):
        began = start.get(name)
        if began is None or began.shape != weight.shape:
            rest.append((name, weight))
            continue
        if weight.numel() and began.data_ptr() == weight.data_ptr():  # what is empty is nowhere
            raise InputError(f"start holds {name} itself, which moves along with the model: take copies by "
                             "limelight.losses.weights(model) before training")
        known.append((wide(weight) - wide(began.to(weight.device))).square().sum())
    if rest and not known:
        raise InputError(f"start has no weight of {type(model).__name__} by its name and shape, such as "
                         f"{rest[0][0]}: take them by limelight.losses.weights(model) before training")
    return _total(model, [*known, *(new * wide(weight).square().sum() for _, weight in rest if weight.ndim > 1)])


def weights(model: torch.nn.Module, *, without: Iterable[str] = ()) -> dict[str, torch.Tensor]:
    """Copy a model's weights, to be the start of `l2_sp`.

    Parameters
    ----------
    without : iterable of str
        Names of parts that are new, such as "classifier": they have no start.

    Returns
    -------
    dict of str to torch.Tensor
        On the model's device: as much memory as the weights.

    Raises
    ------
    InputError
        If the model has no such part.
    """
    held, without = dict(plain(model).named_parameters()), tuple(without)
    unknown = [part for part in without if not any(_within(name, part) for name in held)]
    if unknown:
        parts = dict.fromkeys(name.partition(".")[0] for name in held)
        raise InputError(f"{type(model).__name__} has no weights in {', '.join(unknown)}: there are {', '.join(parts)}")
    return {name: weight.detach().clone() for name, weight in held.items()
            if not any(_within(name, part) for part in without)}


def _within(name: str, part: str) -> bool:
    return f"{name}.".startswith(f"{part}.")


def _trained(model: torch.nn.Module) -> Iterator[tuple[str, torch.Tensor]]:
    return ((name, weight) for name, weight in plain(model).named_parameters() if weight.requires_grad)


def _total(model: torch.nn.Module, parts: Iterable[torch.Tensor]) -> torch.Tensor:
    import torch

    found = list(parts)
    return torch.stack(found).sum() if found else torch.zeros((), device=next(model.parameters()).device)
