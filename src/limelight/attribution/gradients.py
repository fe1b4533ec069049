"""Methods that take one gradient: saliency, and input x gradient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from limelight.types import Array, Budget, Estimate, TensorGame

if TYPE_CHECKING:
    import torch


def saliency(game: TensorGame, target: int, budget: Budget, *, signed: bool = True) -> Iterator[Estimate]:
    """Yield the gradient of an output by the input (Simonyan et al. 2013, arXiv:1312.6034).

    Parameters
    ----------
    signed : bool
        Keep the sign, so that positive speaks for the output: the default. With
        False, the absolute value of each number's gradient, as captum's Saliency.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1): the gradient, summed over what makes a
        feature (a token's embedding, a segment's pixels and channels).
    """
    budget.take(1)
    gradient = gradients(game, game.x, target)[0]
    yield certain(game, gradient if signed else gradient.abs())


def input_x_gradient(game: TensorGame, target: int, budget: Budget) -> Iterator[Estimate]:
    """Yield the gradient times the input, signed (Shrikumar et al. 2016, arXiv:1605.01713).

    Yields
    ------
    Estimate
        Values of shape (n_features, 1), which add up to the output of a network
        without biases whose activations are piecewise linear, and to nothing else.
    """
    budget.take(1)
    yield certain(game, game.x[0] * gradients(game, game.x, target)[0])


def gradients(game: TensorGame, inputs: torch.Tensor, target: int) -> torch.Tensor:
    """Differentiate one output by the inputs, in micro-batches: like `inputs`, shape (n, *shape)."""
    import torch

    parts = []
    with game.open():
        for batch in inputs.detach().split(game.batch_size):
            leaf = batch.requires_grad_()
            (found,) = torch.autograd.grad(game(leaf)[:, target].sum(), leaf)
            parts.append(found)
    return torch.cat(parts)


def outputs(game: TensorGame, inputs: torch.Tensor) -> Array:
    """Ask without gradients: float64 of shape (n, all outputs)."""
    import torch

    with game.open(), torch.no_grad():
        found: Array = torch.cat([game(batch) for batch in inputs.split(game.batch_size)]).double().cpu().numpy()
    return found


def certain(game: TensorGame, attributions: torch.Tensor, **params: object) -> Estimate:
    """An estimate that leaves nothing to chance, from attributions of the input's numbers, shape (*shape)."""
    values = game.features(attributions)[:, None]
    return Estimate(values, np.zeros_like(values), np.inf, True, np.full(1, np.nan), 1.0,
                    {"adds_up": False, **params}, n_evals=1, pixels=game.pixels(attributions))
