"""Two estimators' answers as one: each counts for how well it predicts pairs that it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from limelight.types import Array

POWER = 3
"""Of what the other one misses, in an estimator's share: tests/figures/choices.py tries others."""


@dataclass(frozen=True)
class Answer:
    """What an estimator says, and what it missed.

    Attributes
    ----------
    values : ndarray of shape (n_features, n_outputs)
    missed : ndarray of shape (p, n_outputs)
        Leave-one-out residuals of h; everything and nothing left out.
    """

    values: Array
    missed: Array

    def miss(self, weights: Array) -> Array:
        """Weighted sum of the squares of what it missed, shape (n_outputs,)."""
        return weights @ self.missed**2


def averaged(one: Answer, other: Answer, weights: Array) -> tuple[Answer, Array]:
    """Average two answers, and say what the share of the first one is, shape (n_outputs,).

    With few pairs it is not known well which of them is better: then both
    miss about as much, and the mean of two different answers is nearer to the
    truth than most. Where one of them misses several times less it is left
    alone, by the third power of the weighted squares that are missed.

    Parameters
    ----------
    one, other : Answer
    weights : ndarray of shape (p,)
        Those of the Shapley kernel make a miss count for what it does to the values.
    """
    a, b = one.miss(weights), other.miss(weights)
    most = np.maximum(a, b)
    a, b = (part / np.where(most > 0, most, 1) for part in (a, b))
    both = a**POWER + b**POWER
    share = np.where(both > 0, b**POWER / np.where(both > 0, both, 1), 0.5)
    return Answer(share * one.values + (1 - share) * other.values,
                  share * one.missed + (1 - share) * other.missed), share
