"""SmoothGrad: the mean gradient around an input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limelight.attribution.gradients import gradients, sensitivity
from limelight.attribution.samples import FEWEST, Samples
from limelight.errors import InputError
from limelight.scalars import is_finite
from limelight.types import Budget, Estimate, TensorGame

if TYPE_CHECKING:
    import torch


def smooth_grad(game: TensorGame, target: int, budget: Budget, *, noise: float = 0.15,
                seed: int = 0) -> Iterator[Estimate | None]:
    """Yield the mean gradient at the input with normal noise, signed (Smilkov et al. 2017, arXiv:1706.03825).

    Of a text it is the mean length of each token's gradient, without a sign,
    as in saliency. Noise is drawn in pairs, e and -e, and a pair is one sample: what is odd
    around the input cancels. It goes on until the budget is spent.

    Parameters
    ----------
    noise : float
        Standard deviation, as a share of the input's range: for a picture the
        range of all its numbers, as in the paper; for a table each column's
        over the background and the row; for a text each dimension's of the
        embedding over its tokens and the one that stands for absent words.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1), with errors from ten pairs on. They
        add up to nothing. None where the budget is too small for a pair.
    """
    import torch

    if budget.left < 2:
        raise InputError(f"n_samples={budget.left} is too few: smooth_grad takes passes in pairs; give 2 or more")
    draws = torch.Generator().manual_seed(int(seed) % 2**63)  # on the host, so that every device gets the same noise
    found = Samples(game)
    while True:
        n = min(max(1, game.batch_size // 2), max(FEWEST, found.n), budget.left // 2)  # a tolerance looks in between
        if not n:
            yield None
            continue
        budget.take(2 * n)
        shift = noise * game.spread * _normal(game.x, n, draws)
        around = sensitivity(game, gradients(game, torch.cat([game.x + shift, game.x - shift]), target))
        found.add(around.unflatten(0, (2, n)).mean(0))
        said = {"adds_up": False, "signed": game.kind != "text", "warning": game.categories}
        yield found.estimate(params=said, n_evals=2 * found.n)


def check_smooth_grad(game: TensorGame, *, noise: float = 0.15) -> None:
    """Raise InputError unless the noise is a positive number."""
    if not is_finite(noise) or noise <= 0:
        raise InputError(f"noise={noise!r} can't be used: give a standard deviation as a share of the input's range, "
                         "such as 0.15")


def _normal(like: torch.Tensor, n: int, draws: torch.Generator) -> torch.Tensor:
    """Standard normal numbers of shape (n, *shape): one draw at a time, so that they don't depend on n."""
    import torch

    return torch.cat([torch.randn(like.shape, generator=draws) for _ in range(n)]).to(like)
