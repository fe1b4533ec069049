"""Metrics that take features out, or put them in, in the order of their attributions."""

from __future__ import annotations

import numpy as np

from limelight.evaluated import Evaluated
from limelight.metrics.score import Metric, Score, likely, mean, or_nan
from limelight.quality import perturbation
from limelight.quality.perturbation import Perturbation
from limelight.types import Array

ORDERS = 5
"""Random ones, where each must be asked by itself."""


def ordered(metric: Perturbation) -> Metric:
    """One that reads outputs: those of random orders come from mean outputs of coalitions by size."""
    def score(subject: Evaluated) -> Score:
        def read(values: Array) -> float:
            return metric(subject, values)

        value, exact = read(subject.values), or_nan(read, subject.exact)
        return Score(value, *metric.at_random(subject.n_features, subject.means),
                     or_nan(lambda values: read(np.abs(values)), subject.of_input), exact, likely(subject, read))

    return Metric(metric.better, score)


def gap(metric: Perturbation) -> Metric:
    """One that reads how far outputs are from the prediction."""
    def score(subject: Evaluated) -> Score:
        def read(values: Array) -> float:
            return metric(subject.gaps, values)

        return Score(read(subject.values), *metric.at_random(subject.n_features, subject.mean_gaps),
                     or_nan(read, subject.of_input), or_nan(read, subject.exact), likely(subject, read))

    return Metric(metric.better, score, extra=True)


def monotonicity(subject: Evaluated) -> Score:
    """Score how steadily the output rises."""
    def read(values: Array) -> float:
        return perturbation.monotonicity(subject, values)

    draws = np.array([read(draw) for draw in subject.normal[:ORDERS]])
    return Score(read(subject.values), *mean(draws), or_nan(read, subject.of_input), or_nan(read, subject.exact),
                 likely(subject, read))
