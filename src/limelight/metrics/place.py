"""Metrics that look at attributions alone: how they are spread, and whether they are where they should be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from limelight.errors import Unsuited
from limelight.evaluated import Evaluated
from limelight.metrics.score import Metric, Score, likely, mean, or_nan
from limelight.quality import localisation
from limelight.types import Array

TOP = 5
"""Of the largest values, held against what should matter; no more than that is."""


def spread(better: Literal["higher", "lower"], read: Callable[[Array], float], extra: bool = False) -> Metric:
    """One of how many features hold how much."""
    def score(subject: Evaluated) -> Score:
        return Score(read(subject.values), *mean(np.array([read(draw) for draw in subject.normal])),
                     exact=or_nan(read, subject.known_exact), likely=likely(subject, read))

    return Metric(better, score, extra=extra)


def localised(measure: Callable[[Array, Array], float], random: float | None = None) -> Metric:
    """One that needs to know what should matter; `random` is what random orders have, or the share that should."""
    def score(subject: Evaluated) -> Score:
        truth = subject.truth
        if truth is None:
            raise Unsuited("it is not known which features should matter: call evaluate with truth=")

        def read(values: Array) -> float:
            return measure(values, truth)

        return Score(read(subject.values), float(truth.mean()) if random is None else random, 0.0,
                     or_nan(read, subject.of_input), or_nan(read, subject.known_exact), likely(subject, read))

    return Metric("higher", score, needs="truth")


def top_k(values: Array, truth: Array) -> float:
    """Share of what should matter among the five largest |values|, or as many as should."""
    return localisation.top_k_intersection(values, truth, min(TOP, int(truth.sum())))
