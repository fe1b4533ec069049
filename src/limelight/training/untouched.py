"""Asking a module in the middle of its training, so that neither of the two makes a difference to the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from limelight.training.pinned import undisturbed
from limelight.training.precision import whole_precision

if TYPE_CHECKING:
    import torch


@contextmanager
def untouched(module: torch.nn.Module | None) -> Iterator[None]:
    """Ask in the weights' own precision; leave weights and random number generators bit by bit as they were.

    Parameters
    ----------
    module : torch.nn.Module or None
        None for functions, of which only the generators are put back.
    """
    with ExitStack() as stack:
        stack.enter_context(undisturbed())
        if module is not None:
            stack.enter_context(whole_precision(module))
            stack.enter_context(_bounded_aside(module))
        yield


@contextmanager
def _bounded_aside(module: torch.nn.Module) -> Iterator[None]:
    """Have copies stand in for embeddings with `max_norm`: a vector that is too long is cut when it is looked up."""
    held = [part._parameters for part in module.modules()]
    copies = {id(weight): weight.detach().clone() for part in module.modules()
              if getattr(part, "max_norm", None) is not None and (weight := part._parameters.get("weight")) is not None}
    places = [(kept, name, weight) for kept in held for name, weight in kept.items() if id(weight) in copies]
    try:
        for kept, name, weight in places:
            kept[name] = copies[id(weight)]  # type: ignore[assignment]
        yield
    finally:
        for kept, name, weight in places:
            kept[name] = weight
