"""Candidates for shortcuts: features whose share of the evidence rises while the validation metric does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from limelight.training.evidence import Evidence
from limelight.types import Array

ERROR = 0.05
"""The chance of any alarm in a training in which no share rises by more than `RISE` on average."""
RISE = 0.09
"""Of the evidence: a rise by no more than this is none to speak of: in clean fine-tuning, too, words come to matter
more while validation is flat. Chosen by seeds that `tests/figures/shortcut.py` does not report."""
FEWEST = 5
"""Examples that a feature must be in: fewer tell nothing of others."""
FLAT = 0.02
"""A metric that rises by no more is flat: in its own units where it lies within 0 and 1, else of its size."""
LOWER = ("loss", "error", "perplexity")
"""In a metric's name: less of it is better."""
FIRST = ("accuracy", "f1", "auc", "matthews", "score")
"""In a metric's name: what tells of validation, where there are several."""


class Alarm(NamedTuple):
    """A feature whose share rose while validation stayed flat.

    Attributes
    ----------
    from_step, to_step : int
        Of the two records that were held against one another.
    from_share, to_share : float
        Means over the examples that the feature is in.
    examples : int
        How many these are.
    """

    feature: str
    from_step: int
    to_step: int
    from_share: float
    to_share: float
    examples: int
    metric: str
    said: str


def shortcuts(evidence: Mapping[str, Evidence], steps: Array, metric: str, points: Sequence[tuple[int, float]],
              exact: float = 0.0) -> list[Alarm]:
    """Look at each evaluation for features that have come to matter more, with no gain in validation.

    The k-th evaluation is held against the earliest one since which the
    metric has not risen. A feature rises where the one-sided lower limit of
    Student's t for its mean rise, over the examples that it is in, is above
    `RISE`. The limit's error rate is `ERROR` / (n_features k (k + 1)), which
    summed over all features and evaluations is less than `ERROR`
    (Bonferroni): where examples are a sample of the texts, rows, ... in which
    a feature occurs and no feature's share rises by more than `RISE` in these
    on average, that is the chance of a false alarm.

    Parameters
    ----------
    evidence : mapping
        From features to their shares, of shape (n_steps, n_examples_with_it).
    steps : int ndarray of shape (n_steps,)
        Ascending.
    metric : str
    points : sequence of (step, value)
        What the metric was, ascending.
    exact : float
        Its standard error, where it is known.

    Returns
    -------
    list of Alarm
        One a feature, when it is first found.
    """
    known = {name: each for name, each in evidence.items() if len(each.examples) >= FEWEST}
    better = np.array([value for _, value in points]) * (-1 if _lower(metric) else 1)
    at = np.searchsorted(steps, [step for step, _ in points], side="right") - 1
    found: dict[str, Alarm] = {}
    for k in range(1, len(points)):
        j = _flat_since(better[:k + 1], exact)
        if j == k or at[j] < 0 or at[j] == at[k]:
            continue
        level = ERROR / (len(known) * k * (k + 1)) if known else ERROR
        for name, each in known.items():
            if name not in found and _least_rise(each.shares[at[j]], each.shares[at[k]], level) > RISE:
                found[name] = _alarm(name, each, steps, (at[j], at[k]), metric)
    return list(found.values())


def validation_of(names: Sequence[str]) -> str | None:
    """Which metric tells of validation: one that says so by its name, accuracy first, or else an accuracy or F1."""
    named = [name for name in names if name.startswith(("eval_", "val_", "valid", "test_"))]
    for among in (named, names):
        for word in FIRST:
            for name in among:
                if word in name.casefold():
                    return name
    losses = [name for name in named if _lower(name)]
    return losses[0] if losses else None


def _lower(metric: str) -> bool:
    return any(word in metric.casefold() for word in LOWER)


def _flat_since(better: Array, error: float) -> int:
    """The earliest evaluation above which no later one is by more than is flat."""
    low, high = better.min(), better.max()
    margin = FLAT * (1.0 if low >= -1 and high <= 1 else float(np.abs(better).mean()))
    margin = max(margin, 2 * error)
    later = np.maximum.accumulate(better[::-1])[::-1]
    return int(np.argmax(later - better <= margin))


def _least_rise(before: Array, after: Array, level: float) -> float:
    """The one-sided lower limit of the mean rise."""
    rise = after - before
    n = len(rise)
    return float(rise.mean() - student.isf(level, n - 1) * rise.std(ddof=1) / np.sqrt(n))


def _alarm(name: str, each: Evidence, steps: Array, places: tuple[int, int], metric: str) -> Alarm:
    before, after = (float(each.shares[place].mean()) for place in places)
    first, last = (int(steps[place]) for place in places)
    n = len(each.examples)
    said = (f"{name!r} has {after:.0%} of the evidence in {n} examples at step {last:,}, and had {before:.0%} at step "
            f"{first:,}, while {metric} did not rise: it may be a shortcut.")
    return Alarm(name, first, last, before, after, n, metric, said)
