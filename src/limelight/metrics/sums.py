"""Metrics that hold sums of attributions against what the output loses."""

from __future__ import annotations

from functools import partial

import numpy as np

from limelight.errors import Unsuited
from limelight.evaluated import Evaluated
from limelight.metrics.score import Score, against_shuffles, mean
from limelight.quality.infidelity import (
    correlation,
    infidelity,
    infidelity_error,
    sensitivity_n,
    sensitivity_n_error,
    sizes_of,
)
from limelight.types import Array

ENOUGH = (25, 50, 100)
"""Subsets of each size: more are asked about only while it is not clear what their correlation is."""
CLEAR = 0.02
"""Standard error of a correlation."""
FIFTH = 0.2
"""Of the features, taken out by faithfulness correlation."""


def infidelity_score(subject: Evaluated) -> Score:
    """Score by coalitions that the Shapley kernel draws."""
    coalitions, weights = subject.sample
    drops = subject.drops(coalitions)
    return against_shuffles(subject, lambda values: infidelity(values, coalitions, drops, weights),
                            infidelity_error(subject.values, coalitions, drops))


def correlation_score(subject: Evaluated, sizes: Array) -> Score:
    """Score by the mean correlation over subsets of each size."""
    most = [subject.left_by(int(size)) for size in sizes]
    for enough in ENOUGH:
        rows = np.concatenate([each[:enough] for each in most])
        drops = subject.drops(rows)
        error = sensitivity_n_error(subject.values, rows, drops)
        if not error > CLEAR:
            break
    return against_shuffles(subject, lambda values: sensitivity_n(values, rows, drops), error)


def sensitivity_n_score(subject: Evaluated) -> Score:
    """Score by subsets of a few sizes."""
    return correlation_score(subject, sizes_of(subject.n_features))


def faithfulness_correlation(subject: Evaluated) -> Score:
    """Score by subsets of a fifth of the features."""
    return correlation_score(subject, np.array([max(1, round(FIFTH * subject.n_features))]))


def faithfulness_estimate(subject: Evaluated) -> Score:
    """Score by what the output loses without each feature alone."""
    alone = ~np.eye(subject.n_features, dtype=bool)
    return against_shuffles(subject, partial(correlation, coalitions=alone, drops=subject.drops(alone)))


def completeness_gap(subject: Evaluated) -> Score:
    """Score by what all values together miss of the output's change."""
    if not subject.explanation.params.get("adds_up", True):
        raise Unsuited(f"values of {subject.explanation.method} don't add up to the prediction, and need not: they "
                       "have no completeness gap")
    total = subject.explanation.prediction - subject.explanation.base_values
    gain = float(total[subject.target])
    return Score(abs(float(subject.values.sum()) - gain), *mean(np.abs(subject.normal.sum(1) - gain)), exact=0.0)
