"""Metrics that explain anew: by other seeds, nearby inputs, random weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from limelight.evaluated import Evaluated
from limelight.found_again import Neighbors
from limelight.metrics.score import Score, mean
from limelight.quality.agreement import rank_agreement
from limelight.quality.complexity import complexity
from limelight.quality.sensitivity import (
    local_lipschitz,
    relative_changes,
    relative_stability,
    sensitivity_avg,
    sensitivity_max,
    similarities,
)
from limelight.types import Array

QUANTILE = 0.9
"""Of the relative input stabilities: their largest has no bound."""


def seeds(subject: Evaluated) -> Score:
    """Score the likeness of the answers of other seeds."""
    chance = mean(similarities(subject.values, subject.normal))
    if subject.explanation.exact:
        return Score(1.0, *chance, exact=1.0)
    value, error = mean(similarities(subject.values, subject.of_other_seeds))
    return Score(value, *chance, exact=1.0, std_error=error)


def nearby_max(subject: Evaluated) -> Score:
    """Score the largest relative change."""
    return _near(subject, lambda values, near: sensitivity_max(values, near.values),
                 mean(relative_changes(subject.values, subject.normal)))


def nearby_avg(subject: Evaluated) -> Score:
    """Score the mean relative change."""
    return _near(subject, lambda values, near: sensitivity_avg(values, near.values),
                 mean(relative_changes(subject.values, subject.normal)),
                 mean(relative_changes(subject.values, subject.neighbors.values))[1])


def lipschitz(subject: Evaluated) -> Score:
    """Score the largest change by the distance."""
    near = subject.neighbors
    chance = [local_lipschitz(subject.values, draws, near.distances) for draws in _as_many(subject)]
    return _near(subject, lambda values, near: local_lipschitz(values, near.values, near.distances),
                 mean(np.array(chance)))


def input_stability(subject: Evaluated) -> Score:
    """Score the logarithm of a high relative change, in units of that of the input."""
    near = subject.neighbors
    chance = [_logarithm(relative_stability(subject.values, draws, near.changes)) for draws in _as_many(subject)]
    return _near(subject, _of_alike, mean(np.array(chance)))


def randomisation(subject: Evaluated) -> Score:
    """Score how much of the order is left as more and more weights are random."""
    alike = np.array([rank_agreement(subject.values, subject.of_random_weights(step))
                      for step in range(subject.n_steps)])
    value = float(np.nanmean(alike)) if not np.isnan(alike).all() else float("nan")
    return Score(value, 0.0, input=1.0, std_error=float("nan"))


def efficient(subject: Evaluated) -> Score:
    """Score how much more complex the explanation gets when all weights are random."""
    before, after = complexity(subject.values), complexity(subject.of_random_weights(-1))
    value = (after - before) / before if before else float("nan")
    return Score(value, 0.0, input=0.0, std_error=float("nan"))


def _near(subject: Evaluated, read: Callable[[Array, Neighbors], float], chance: tuple[float, float],
          std_error: float = float("nan")) -> Score:
    """One that reads nearby inputs. Of these exact values are known where those of the input are exact themselves."""
    value = read(subject.values, subject.neighbors)
    return Score(value, *chance, exact=value if subject.known_exact is subject.values else float("nan"),
                 std_error=std_error)


def _of_alike(values: Array, near: Neighbors) -> float:
    """Inputs of another prediction may well have another explanation."""
    return _logarithm(relative_stability(values, near.values, near.changes)[near.alike])


def _logarithm(stabilities: Array) -> float:
    if not len(stabilities) or not (stabilities > 0).any():
        return float("nan")
    with np.errstate(divide="ignore"):
        return float(np.log10(np.quantile(stabilities, QUANTILE)))


def _as_many(subject: Evaluated) -> Array:
    """Random attributions in lots of as many as there are nearby inputs: (n, n_inputs, n_features)."""
    n = len(subject.neighbors.distances)
    return subject.normal[: len(subject.normal) // n * n].reshape(-1, n, subject.n_features)
