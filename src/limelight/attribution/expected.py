"""Expected gradients, which shap and captum call Gradient SHAP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from limelight.attribution.paths import ends, integrals, relative_gap
from limelight.attribution.samples import FEWEST, Samples
from limelight.errors import InputError
from limelight.types import Budget, Estimate, TensorGame

POINTS = 4
"""In one sample: one in each quarter of the way."""
GAP = 0.01
"""Of the sum of |attributions|: a larger completeness gap is told."""


def gradient_shap(game: TensorGame, target: int, budget: Budget, *, seed: int = 0) -> Iterator[Estimate | None]:
    """Yield the mean of (x - b) * gradient at random points between b and x (Erion et al. 2021, arXiv:1906.10670).

    A pass asks about one point on the way from each baseline, so that no
    chance is left in the choice of these. Four passes are one sample: each
    baseline's points are drawn in the four quarters of its way. It goes on
    until the budget is spent.

    Values add up to f(x) - mean f(b) on average. From ten samples on, what
    samples lack of that is used to correct them (`Samples`): the values add
    up, and errors are smaller. `params["relative_gap"]` is what they lacked
    before, as a share of the sum of their absolute values.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1), with errors from ten samples on;
        pixels are not corrected. None where the budget is too small for a
        sample.
    """
    if budget.left < POINTS:
        raise InputError(f"n_samples={budget.left} is too few: gradient_shap takes {POINTS} passes for a sample; "
                         f"give {POINTS} or more")
    rng, n_baselines = np.random.default_rng(seed), len(game.baselines)
    low, high = ends(game)
    gain, scale = high[target] - low[target], max(abs(high[target]), abs(low[target]))
    found = Samples(game, gain)
    while True:
        n = min(max(1, game.batch_size // (POINTS * n_baselines)), max(FEWEST, found.n), budget.left // POINTS)
        if not n:
            yield None
            continue
        budget.take(n * POINTS)
        points = (np.arange(POINTS)[:, None] + rng.random((n, POINTS, n_baselines))) / POINTS
        found.add(integrals(game, target, points, np.full(POINTS, 1 / POINTS)))
        estimate = found.estimate(n_evals=found.n * POINTS, base_values=low)
        gap = relative_gap(estimate.values, estimate.values.sum() - found.lack, scale)
        yield replace(estimate, params={"relative_gap": gap, "warning": _warning(game, found, gap)})


def _warning(game: TensorGame, found: Samples, gap: float) -> str:
    short = ""
    if gap >= GAP and (found.n < FEWEST or not found.agrees):
        short = f"the values miss the change of the output by {gap:.1%} of their sum" + (
            ": raise n_samples" if found.agrees else ", by more than chance: the model jumps, or rounds")
    return "; ".join(filter(None, (game.warning, game.categories, short)))
