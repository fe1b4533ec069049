"""Gradients on the way from baselines to an input: what integrated and expected gradients are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.attribution.gradients import gradients, outputs, wide
from limelight.types import Array, TensorGame

if TYPE_CHECKING:
    import torch

NEGLIGIBLE = 1e-4
"""Of the outputs."""


def integrals(game: TensorGame, target: int, points: Array, weights: Array) -> torch.Tensor:
    """Compute sum_j w_j mean_b (x - b) * grad f(b + t_jb (x - b)) of several sets of points t.

    Inputs are asked in micro-batches that their order alone decides: set by
    set, point by point, baseline by baseline. No more than one is kept.

    Parameters
    ----------
    points : ndarray of shape (n_sets, n_points, n_baselines)
        Each in 0 (the baseline) to 1 (the input).
    weights : ndarray of shape (n_points,)

    Returns
    -------
    attributions : torch.Tensor of shape (n_sets, *shape)
        Of at least float32.
    """
    import torch

    x, baselines = wide(game.x), wide(game.baselines)
    n_baselines, per_set = len(baselines), points[0].size
    numbers = (-1,) + (1,) * (x.ndim - 1)
    t, share = (torch.tensor(each.ravel(), dtype=x.dtype, device=x.device).reshape(numbers)
                for each in (points, np.repeat(weights / n_baselines, n_baselines)))
    totals = x.new_zeros((len(points), *x.shape[1:]))
    for start in range(0, points.size, game.batch_size):
        stop = min(start + game.batch_size, points.size)
        order = torch.arange(start, stop, device=x.device)
        b = baselines[order % n_baselines]
        found = (x - b) * gradients(game, torch.lerp(b, x, t[start:stop]).to(game.x.dtype), target)
        found *= share[order % per_set]
        for k in range(start // per_set, (stop - 1) // per_set + 1):
            totals[k] += found[max(k * per_set - start, 0) : (k + 1) * per_set - start].sum(0)
    return totals


def ends(game: TensorGame) -> tuple[Array, Array]:
    """Mean outputs of the baselines, and those of the input, each of shape (all outputs,)."""
    import torch

    # Together: two inputs cost little more than one of them.
    found = outputs(game, torch.cat([game.baselines, game.x]))
    return found[:-1].mean(0), found[-1]


def relative_gap(values: Array, gain: float, scale: float) -> float:
    """What values lack of a change of the output, as a share of the sum of their absolute values.

    Parameters
    ----------
    values : ndarray
    gain : float
        f(x) - f(b).
    scale : float
        The larger output of both ends. Where all values are tiny beside it, the
        share is of `NEGLIGIBLE` of it: float32 tells no smaller changes.
    """
    return float(abs(values.sum() - gain) / max(np.abs(values).sum(), NEGLIGIBLE * scale, 1e-300))
