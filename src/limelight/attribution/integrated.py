"""Integrated gradients, by more and more points of a quadrature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from limelight.attribution.gradients import gradients, outputs
from limelight.types import Budget, Estimate, TensorGame

if TYPE_CHECKING:
    import torch

FIRST = 8
GAP = 0.01
"""Of the sum of |attributions|: a smaller completeness gap ends the refinement."""


def integrated_gradients(game: TensorGame, target: int, budget: Budget) -> Iterator[Estimate | None]:
    """Yield (x - b) * the mean gradient between b and x, b each baseline in turn (Sundararajan et al. 2017).

    The integral is taken by Gauss and Legendre's quadrature, of twice as many
    points each time (arXiv:1703.01365 for the method), until what the values
    lack of f(x) - f(b) is less than 1 % of the sum of their absolute values.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1); `params["relative_gap"]` is that
        share. None where the budget is too small for another order.
    """
    ends = outputs(game, game.baselines).mean(0), outputs(game, game.x)[0]
    gain, order, spent = ends[1][target] - ends[0][target], FIRST, 0
    while True:
        if order > budget.left > order // 2:
            order = budget.left
        if budget.left < order:
            yield None
            continue
        spent += budget.take(order)
        attributions = _integral(game, target, order)
        values = game.features(attributions)[:, None]
        gap = abs(values.sum() - gain) / max(np.abs(values).sum(), 1e-300)
        yield Estimate(values, np.full_like(values, np.inf), np.inf, False, np.full(1, np.nan), 1.0,
                       {"relative_gap": float(gap), "order": order, "warning": _warning(game, gap)},
                       n_evals=spent, base_values=ends[0], pixels=game.pixels(attributions))
        if gap < GAP:
            return
        order *= 2


def _integral(game: TensorGame, target: int, order: int) -> torch.Tensor:
    """Attributions of the input's numbers, by a quadrature of so many points, meant over baselines: (*shape)."""
    import torch

    nodes, weights = (torch.as_tensor(each, dtype=game.x.dtype, device=game.x.device)
                      for each in np.polynomial.legendre.leggauss(order))
    total = torch.zeros_like(game.x[0])
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        found = gradients(game, torch.lerp(game.baselines, game.x, node), target)
        total += weight * ((game.x - game.baselines) * found).mean(0)
    return total


def _warning(game: TensorGame, gap: float) -> str:
    short = "" if gap < GAP else (f"the values miss the change of the output by {gap:.1%} of their sum: "
                                  "raise n_samples for more points")
    return "; ".join(part for part in (game.warning, short) if part)
