"""What the output does as the most important features go or come: deletion, insertion, and shares of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from limelight.types import Array

MOST_STEPS = 50
"""Points of a curve, besides the first: with more features several go at a time."""
SHARES = (0.01, 0.05, 0.1, 0.2, 0.5)
"""Of the features, taken out or left alone by comprehensiveness and sufficiency (DeYoung et al. 2020)."""

QUARTER = 0.25
"""Of the features: how many at most the prediction gaps are about (Agarwal et al. 2022, arXiv:2206.11104)."""
ROUNDING = 1e-12
MOST_GAPS = 10
"""Numbers of features, evenly from one to a quarter of them, that a prediction gap is the mean over."""


@dataclass(frozen=True)
class Perturbation:
    """A metric that asks about some coalitions, and is linear in what the model says.

    Attributes
    ----------
    rows : callable
        From values (n_features,) to the coalitions it asks about, bool (n, n_features).
        How many features each holds does not depend on the values.
    reduce : callable
        From coalitions' sizes and outputs, each (n,), to the score.
    better : {"higher", "lower"}
    """

    rows: Callable[[Array], Array]
    reduce: Callable[[Array, Array], float]
    better: Literal["higher", "lower"]

    def __call__(self, game: Callable[[Array], Array], values: Array) -> float:
        """Score attributions; `game` is one output: bool (n, n_features) -> (n,)."""
        rows = self.rows(values)
        return self.reduce(rows.sum(1), game(rows))

    def at_random(self, n_features: int, means: Callable[[Array], tuple[Array, Array]]) -> tuple[float, float]:
        """The score that random orders of the features have on average, and its standard error.

        Parameters
        ----------
        means : callable
            From sizes (n,) to the mean output of coalitions of each, and its standard error.
        """
        sizes = self.rows(np.zeros(n_features)).sum(1)
        unique, place = np.unique(sizes, return_inverse=True)
        mean, error = means(unique)
        share = np.array([self.reduce(sizes, 1.0 * (place == i)) for i in range(len(unique))])
        return self.reduce(sizes, mean[place]), float(np.hypot.reduce(share * error))


def counts(n_features: int) -> Array:
    """How many features are gone at each step: 0 to all of them, in at most `MOST_STEPS` steps."""
    return np.unique(np.linspace(0, n_features, min(n_features, MOST_STEPS) + 1).round().astype(int))


def top(values: Array, number: Array) -> Array:
    """The most important features, most for the output first: bool (len(number), n_features)."""
    rank = np.argsort(np.argsort(-values, kind="stable"))
    return rank < np.asarray(number)[:, None]


def _rationales(values: Array) -> Array:
    number = np.ceil(np.array(SHARES) * len(values) - 1e-9)
    return top(values, np.maximum(number, 1))


def _removed(values: Array) -> Array:
    return ~top(values, counts(len(values)))


def _inserted(values: Array) -> Array:
    return top(values, counts(len(values)))


def _without(values: Array) -> Array:
    return np.vstack([np.ones(len(values), bool), ~_rationales(values)])


def _alone(values: Array) -> Array:
    return np.vstack([np.ones(len(values), bool), _rationales(values)])


def _growing(values: Array) -> Array:
    return _removed(values)[::-1]


def _without_largest(values: Array) -> Array:
    return ~top(np.abs(values), _quarter(len(values)))


def _largest_alone(values: Array) -> Array:
    return top(np.abs(values), _quarter(len(values)))


def _quarter(n_features: int) -> Array:
    most = int(np.ceil(QUARTER * n_features))
    return np.unique(np.linspace(1, most, min(most, MOST_GAPS)).round().astype(int))


def area(sizes: Array, outputs: Array) -> float:
    """Area under a curve of outputs against the share of features that are present, by trapezia."""
    return float(np.abs(np.diff(sizes)) @ (outputs[1:] + outputs[:-1]) / 2 / sizes.max())


def rising(outputs: Array) -> float:
    """Share of the steps from one point of a curve to the next on which the output does not fall, but for rounding."""
    if len(outputs) < 2:
        return float("nan")
    return float((np.diff(outputs) >= -ROUNDING * np.abs(outputs).max()).mean())


def _mean(sizes: Array, gaps: Array) -> float:
    return float(gaps.mean())


def _drop(sizes: Array, outputs: Array) -> float:
    return float(outputs[0] - outputs[1:].mean())


deletion = Perturbation(_removed, area, "lower")
"""Mean output while features go, the most important first (Petsiuk et al. 2018, arXiv:1806.07421)."""
insertion = Perturbation(_inserted, area, "higher")
"""Mean output while features come, the most important first (Petsiuk et al. 2018)."""
comprehensiveness = Perturbation(_without, _drop, "higher")
"""What the output loses without the most important features, mean over `SHARES` (arXiv:1911.03429)."""
sufficiency = Perturbation(_alone, _drop, "lower")
"""What it loses with these features alone, mean over `SHARES` (arXiv:1911.03429)."""
gap_important = Perturbation(_without_largest, _mean, "higher")
"""How far the output moves without the features of the largest |values|: PGI of OpenXAI (arXiv:2206.11104). Its
"outputs" are distances from the prediction."""
gap_unimportant = Perturbation(_largest_alone, _mean, "lower")
"""How far it moves without all others: PGU of OpenXAI."""


def monotonicity(game: Callable[[Array], Array], values: Array) -> float:
    """Share of the steps on which the output does not fall while features come, the least value first.

    Arya et al. 2019 (arXiv:1909.03012) ask whether it is 1, and leave the step from nothing out.
    """
    return rising(game(_growing(values)))
