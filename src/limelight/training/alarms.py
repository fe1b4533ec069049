"""Candidates for shortcuts: features that come to speak for the right output while the validation metric stays flat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from limelight.training.evidence import Evidence
from limelight.types import Array

ERROR = 0.05
"""The chance of any alarm in a training in which no net share rises by more than `RISE` on average."""
RISE = 0.05
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
    """A feature whose net share rose while validation stayed flat.

    Attributes
    ----------
    from_step, to_step : int
        Of the two records that were held against one another.
    from_share, to_share : float
        What it has of the evidence, less where it speaks against the target: means over the examples that it is in.
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
              both: bool = False) -> list[Alarm]:
    """Look at each evaluation for features that have come to speak for the target, with no gain in validation.

    A shortcut that validation hides speaks for the right output wherever it
    occurs. What a model merely overfits to speaks for it in some examples and
    against it in others: its share of the evidence rises, its net share, with
    signs, does not.

    The k-th evaluation is held against the earliest one since which the
    metric has not risen. A feature rises where the one-sided lower limit of
    Student's t for the mean rise of its net share, over the examples that it
    is in, is above `RISE` and above what it had: what was evidence before, and
    weighs a little more now, is none. One that rises at two evaluations in a
    row is a candidate. The limit's error rate is `ERROR` / (n_features k (k + 1)), which
    summed over all features and evaluations is less than `ERROR`
    (Bonferroni): where examples are a sample of the texts, rows, ... in which
    a feature occurs and no feature's net share rises by more than `RISE` in
    these on average, that is a bound on the chance of a false alarm.

    Parameters
    ----------
    evidence : mapping
        From features to their signed shares (`drift.signed_shares`), of shape (n_steps, n_examples_with_it).
    steps : int ndarray of shape (n_steps,)
        Ascending.
    metric : str
    points : sequence of (step, value)
        What the metric was, ascending.
    both : bool
        Whether net shares that fall count as well: where all examples have one
        target, right for some of them only, a shortcut may speak against it.

    Returns
    -------
    list of Alarm
        One a feature, when it is first found.
    """
    known = {name: each for name, each in evidence.items() if len(each.examples) >= FEWEST}
    found: dict[str, Alarm] = {}
    before: dict[str, int] = {}
    for k, first, last in _looks(metric, points, steps):
        level = ERROR / (max(len(known), 1) * k * (k + 1) * (2 if both else 1))
        now = {name: side for name, each in known.items() for side in ((1, -1) if both else (1,))
               if _rises(side * each.shares[first], side * each.shares[last], level)}
        for name, side in now.items():
            if name not in found and before.get(name) == side:
                found[name] = _alarm(name, known[name], steps, (first, last), metric, side)
        before = now
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


def _looks(metric: str, points: Sequence[tuple[int, float]], steps: Array) -> Iterator[tuple[int, int, int]]:
    """Yield (k, first, last): evaluations, and which records are held against one another; each record once."""
    better = np.array([value for _, value in points]) * (-1 if _lower(metric) else 1)
    at = np.searchsorted(steps, [step for step, _ in points], side="right") - 1
    for k in range(1, len(points)):
        if at[k] > at[k - 1]:
            first = at[_flat_since(better[:k + 1])]
            yield k, max(int(first), 0), int(at[k])


def _flat_since(better: Array) -> int:
    """The earliest evaluation above which no later one is by more than is flat."""
    low, high = better.min(), better.max()
    margin = FLAT * (1.0 if low >= -1 and high <= 1 else float(np.abs(better).mean()))
    later = np.maximum.accumulate(better[::-1])[::-1]
    return int(np.argmax(later - better <= margin))


def _rises(before: Array, after: Array, level: float) -> bool:
    """Whether the one-sided lower limit of the mean rise is above `RISE`, and above what there was."""
    rise, least = after - before, max(RISE, before.mean())
    mean, n = rise.mean(), len(rise)
    if mean <= least or after.mean() <= 0:
        return False
    return bool(mean - _quantile(level, n - 1) * rise.std(ddof=1) / np.sqrt(n) > least)


@lru_cache(maxsize=4096)
def _quantile(level: float, dof: int) -> float:
    """Student's, which takes longer than all else here."""
    return float(student.isf(level, dof))


def _alarm(name: str, each: Evidence, steps: Array, places: tuple[int, int], metric: str, side: int) -> Alarm:
    before, after = (float(each.shares[place].mean()) for place in places)
    first, last = (int(steps[place]) for place in places)
    n = len(each.examples)
    way = "for the target" if side > 0 else "against the target"
    said = (f"{name!r} came to speak {way} with {side * round(100 * after)}% of the evidence in {n} examples at step "
            f"{last:,}, from {side * round(100 * before)}% at step {first:,}, while {metric} did not rise: it may be "
            "a shortcut.")
    return Alarm(name, first, last, before, after, n, metric, said)
