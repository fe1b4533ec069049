"""Integrated gradients, by more and more points of a quadrature."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from limelight.attribution.paths import ends, integrals, relative_gap
from limelight.types import Budget, Estimate, TensorGame

FIRST = 8
GAP = 0.01
"""Of the sum of |attributions|: a larger completeness gap is told."""


def integrated_gradients(game: TensorGame, target: int, budget: Budget, *,
                         gap: float = 0.01) -> Iterator[Estimate | None]:
    """Yield (x - b) * the mean gradient between b and x (Sundararajan et al. 2017, arXiv:1703.01365).

    The integral is taken by Gauss and Legendre's quadrature, of twice as many
    points each time, until what the values lack of f(x) - f(b) is less than
    `gap` of the sum of their absolute values. A pass asks about one point; of
    several baselines, which are averaged over, about one on the way from each.

    Parameters
    ----------
    gap : float
        When to end; 0: when the budget is spent.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1); `params["relative_gap"]` is that
        share. None where the budget is too small for another order.
    """
    low, high = ends(game)
    gain, scale = high[target] - low[target], max(abs(high[target]), abs(low[target]))
    order, spent = min(FIRST, budget.left), 0
    while True:
        if order > budget.left > order // 2:
            order = budget.left
        if budget.left < order:
            yield None
            continue
        spent += budget.take(order)
        nodes, weights = np.polynomial.legendre.leggauss(order)
        points = np.broadcast_to((nodes[:, None] + 1) / 2, (1, order, len(game.baselines)))
        (attributions,) = integrals(game, target, points, weights / 2)
        values = game.features(attributions)[:, None]
        missing = relative_gap(values, gain, scale)
        yield Estimate(values, np.full_like(values, np.inf), np.inf, False, np.full(1, np.nan), 1.0,
                       {"relative_gap": missing, "order": order, "warning": _warning(game, missing)},
                       n_evals=spent, base_values=low, pixels=game.pixels(attributions))
        if missing < gap:
            return
        order *= 2


def _warning(game: TensorGame, gap: float) -> str:
    short = f"the values miss the change of the output by {gap:.1%} of their sum: "
    half = game.x.dtype.itemsize <= 2
    advice = ("half precision rounds too much for them, use model.float()" if half else
              "raise n_samples for more points; if it stays, the model jumps or rounds its input")
    return "; ".join(filter(None, (game.warning, game.categories, (short + advice) * (gap >= GAP))))
