"""Weights of a network made random for a while: an explanation of what was learned must not outlive it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

STEPS = 4
"""Of the cascade: more layers are made random together."""


def cascade(module: torch.nn.Module) -> list[list[torch.nn.Parameter]]:
    """Weights that are random after each step, from the output down (Adebayo et al. 2018, arXiv:1810.03292).

    Layers are taken in the order in which the module holds them. The last step has them all.
    """
    layers = [own for part in module.modules() if (own := list(part.parameters(recurse=False)))]
    ends = np.unique(np.linspace(0, len(layers), min(len(layers), STEPS) + 1).round().astype(int))[1:]
    return [[weight for layer in layers[len(layers) - end:] for weight in layer] for end in ends]


@contextmanager
def randomised(weights: Sequence[torch.nn.Parameter], seed: int) -> Iterator[None]:
    """Let weights be normal numbers of the same root mean square; they are put back, also after an exception."""
    import torch

    kept = [weight.detach().clone() for weight in weights]
    source = torch.Generator().manual_seed(seed)
    try:
        with torch.no_grad():
            for weight in weights:
                noise = torch.randn(weight.shape, generator=source).to(weight.device)
                weight.copy_(noise * weight.float().square().mean().sqrt())
        yield
    finally:
        with torch.no_grad():
            for weight, before in zip(weights, kept, strict=True):
                weight.copy_(before)
