"""The weights' own precision, where a training asks in half of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from limelight.models._torch import device_of

if TYPE_CHECKING:
    import torch


@contextmanager
def whole_precision(module: torch.nn.Module) -> Iterator[None]:
    """Turn autocast off, also where accelerate turns it on by a forward that it puts before a module's own."""
    import torch

    wrapped = [(part, part.__dict__["forward"]) for part in module.modules()
               if {"forward", "_original_forward"} <= part.__dict__.keys()]
    try:
        for part, _ in wrapped:
            part.forward = part._original_forward  # type: ignore[assignment]
        with torch.autocast(device_of(module).type, enabled=False):
            yield
    finally:
        for part, forward in wrapped:
            part.forward = forward
