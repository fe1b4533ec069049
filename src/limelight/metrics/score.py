"""What a metric found, and what it gives to attributions that are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from limelight.evaluated import Evaluated
from limelight.types import Array

ERRORS = 2
"""Standard errors by which exact attributions must be better than random ones, for a metric to tell them apart."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Score:
    """A metric's value, and what it gives to attributions that are none.

    Attributes
    ----------
    value : float
    random, error : float
        The mean over random attributions, and its standard error.
    input : float
        Of attributions that look at the input and at no model.
    exact, likely : float
        Of exact Shapley values, and of estimated ones. NaN where any of these can't be had.
    std_error : float
        Of `value`, as far as it was drawn what to ask: 0 where nothing was, NaN where it is not known.
    """

    value: float
    random: float = np.nan
    error: float = 0.0
    input: float = np.nan
    exact: float = np.nan
    likely: float = np.nan
    std_error: float = 0.0

    def informative(self, better: str) -> bool | None:
        """Whether the metric tells exact attributions from random ones here; None where it is not known.

        Nor is it where neither end is better: then none is right.
        Where estimated ones are better than random ones, it does; where they are not, exact ones may be.
        """
        if better == "neither":
            return None
        known = not np.isnan(self.exact)
        best = self.exact if known else self.likely
        gap = (best - self.random) * (1 if better == "higher" else -1)
        tells = bool(gap > ERRORS * self.error + ROUNDING * max(abs(best), abs(self.random)))
        return tells if known and not np.isnan(self.random) else tells or None


@dataclass(frozen=True)
class Metric:
    """A metric by name.

    Attributes
    ----------
    better : {"higher", "lower", "neither"}
        "neither": it says what an explanation is like, and not how right.
    score : callable
    dear : bool
        True when it explains anew, which takes as many evaluations several times over.
    needs : {"", "truth", "should not matter", "should matter"}
        "truth": what should matter must be known. The others: a reader must have marked something so.
    extra : bool
        True when it says much the same as one in "default", or less.
    """

    better: Literal["higher", "lower", "neither"]
    score: Callable[[Evaluated], Score]
    dear: bool = False
    needs: str = ""
    extra: bool = False


def against_shuffles(subject: Evaluated, read: Callable[[Array], Array], std_error: float = 0.0) -> Score:
    """Score one that reads sums of attributions, or which are the largest: random ones are the same, elsewhere.

    Parameters
    ----------
    read : callable
        From values, (n_features,) or (n_features, k), to scores, () or (k,).
    """
    return Score(float(read(subject.values)), *mean(read(subject.shuffled)), or_nan(read, subject.of_input),
                 or_nan(read, subject.exact), likely(subject, read), std_error)


def mean(draws: Array) -> tuple[float, float]:
    """Mean and its standard error; NaN where nothing is known."""
    known = draws[~np.isnan(draws)]
    return (float(known.mean()), float(known.std(ddof=1) / np.sqrt(len(known)))) if len(known) > 1 else (np.nan, 0.0)


def likely(subject: Evaluated, read: Callable[[Array], Any]) -> float:
    """The score of estimated Shapley values, where exact ones are not known."""
    return or_nan(read, subject.likely) if subject.known_exact is None else float("nan")


def or_nan(read: Callable[[Array], Any], values: Array | None) -> float:
    """The score of values, where there are any."""
    return float("nan") if values is None else float(read(values))
