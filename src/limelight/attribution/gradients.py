"""Methods that take one gradient: saliency, and input x gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from limelight.errors import InputError
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
        feature (a segment's pixels and channels). Of a text, the length of
        each token's gradient, which has no sign (`sensitivity`).
    """
    budget.take(1)
    found = sensitivity(game, gradients(game, game.x, target))[0]
    yield certain(game, found if signed else found.abs(), signed=signed and game.kind != "text")


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


def rows_saliency(game: TensorGame, inputs: torch.Tensor, targets: Sequence[int], *,
                  signed: bool = True) -> torch.Tensor:
    """Do so for several inputs in one pass, each of an output of its own: (n, *shape)."""
    with game.open():
        found = sensitivity(game, _gradient(game, inputs, targets))
    return found if signed else found.abs()


def rows_input_x_gradient(game: TensorGame, inputs: torch.Tensor, targets: Sequence[int]) -> torch.Tensor:
    """Do so for several inputs in one pass, each of an output of its own: (n, *shape)."""
    with game.open():
        return inputs * _gradient(game, inputs, targets)


def sensitivity(game: TensorGame, gradients: torch.Tensor) -> torch.Tensor:
    """What gradients say of each number, or of a text's tokens: (n, *shape), a token's numbers being one.

    A token counts by the length of its gradient (Li et al. 2016,
    arXiv:1506.01066) and not by the sum of its numbers: a layer norm does not
    feel all of these grow alike, so that where one follows they sum to zero.
    """
    return gradients.norm(dim=-1, keepdim=True) if game.kind == "text" else gradients


def gradients(game: TensorGame, inputs: torch.Tensor, target: int) -> torch.Tensor:
    """Differentiate one output by the inputs, in micro-batches: shape (n, *shape), of at least float32.

    Raises
    ------
    InputError
        If the output has no gradient by the inputs.
    """
    import torch

    with game.open():
        return torch.cat([_halving(lambda part: _gradient(game, part, target), batch)
                          for batch in inputs.split(game.batch_size)])


def picked(outputs: torch.Tensor, target: int | Sequence[int]) -> torch.Tensor:
    """Sum one output of all inputs, or one of each: what is differentiated."""
    rows = slice(None) if isinstance(target, int) else list(range(len(outputs)))
    return outputs[rows, target].sum()


def _gradient(game: TensorGame, batch: torch.Tensor, target: int | Sequence[int]) -> torch.Tensor:
    import torch

    leaf = batch.detach().clone().requires_grad_()
    found = picked(game(leaf.clone()), target)  # a copy, as the module may write into what it is given
    (gradient,) = torch.autograd.grad(found, leaf, allow_unused=True) if found.requires_grad else (None,)
    if gradient is None:
        raise InputError("the model's output has no gradient by its input: it rounds it, detaches it or runs under "
                         "no_grad; use shapley or lime, which only ask it")
    return wide(gradient)


def _halving(ask: Callable[[torch.Tensor], torch.Tensor], batch: torch.Tensor) -> torch.Tensor:
    """Ask about a batch; where memory runs out, in halves."""
    import torch

    try:
        return ask(batch)
    except torch.cuda.OutOfMemoryError:
        if len(batch) < 2:
            raise
    # Out of the except block: the error's traceback would keep the tensors that did not fit.
    torch.cuda.empty_cache()
    return torch.cat([_halving(ask, half) for half in batch.tensor_split(2)])


def outputs(game: TensorGame, inputs: torch.Tensor) -> Array:
    """Ask without gradients: float64 of shape (n, all outputs)."""
    import torch

    with game.open(), torch.no_grad():
        answers = torch.cat([_halving(lambda part: game(part.clone()), batch)
                             for batch in inputs.split(game.batch_size)])
    found: Array = answers.cpu().double().numpy()
    return found


def wide(numbers: torch.Tensor) -> torch.Tensor:
    """Half precision as float32, in which sums are safe; others as they are."""
    return numbers if numbers.dtype.itemsize > 2 else numbers.float()


def certain(game: TensorGame, attributions: torch.Tensor, **params: object) -> Estimate:
    """An estimate that leaves nothing to chance, from attributions of the input's numbers, shape (*shape)."""
    values = game.features(attributions)[:, None]
    return Estimate(values, np.zeros_like(values), np.inf, True, np.full(1, np.nan), 1.0,
                    {"adds_up": False, "warning": game.categories, **params}, n_evals=1,
                    pixels=game.pixels(attributions))
