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


def spread(read: Callable[[Array], float], extra: bool = False) -> Metric:
    """One of how many features hold how much. The model knows how many it should be: neither end is better."""
    def score(subject: Evaluated) -> Score:
        return Score(read(subject.values), *mean(np.array([read(draw) for draw in subject.normal])),
                     exact=or_nan(read, subject.known_exact), likely=likely(subject, read))

    return Metric("neither", score, extra=extra)


def localised(measure: Callable[[Array, Array], float], random: float | None = None) -> Metric:
    """One that needs to know what should matter; `random` is what random orders have, or the share that should."""
    def score(subject: Evaluated) -> Score:
        truth = subject.truth
        if truth is None:
            raise Unsuited("it is not known which features should matter: call evaluate with truth=")

        return _held(subject, measure, truth, random)

    return Metric("higher", score, needs="truth")


def marked(mark: str, better: Literal["higher", "lower"]) -> Metric:
    """Share of the summed |values| at features that a reader marked so."""
    def score(subject: Evaluated) -> Score:
        found = np.zeros(subject.n_features, bool)
        found[subject.explanation.feedback.of(mark)] = True
        if not found.any():
            raise Unsuited(f"no feature is marked {mark!r}: ex.mark(feature, {mark!r}) marks one")
        return _held(subject, localisation.relevance_mass, found)

    return Metric(better, score, needs=mark)


def _held(subject: Evaluated, measure: Callable[[Array, Array], float], features: Array,
          random: float | None = None) -> Score:
    """What is at some features; at random ones it is their share of all."""
    def read(values: Array) -> float:
        return measure(values, features)

    return Score(read(subject.values), float(features.mean()) if random is None else random, 0.0,
                 or_nan(read, subject.of_input), or_nan(read, subject.known_exact), likely(subject, read))


def top_k(values: Array, truth: Array) -> float:
    """Share of what should matter among the five largest |values|, or as many as should."""
    return localisation.top_k_intersection(values, truth, min(TOP, int(truth.sum())))
