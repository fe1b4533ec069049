"""Candidates for shortcuts: features that come to speak for the right output while the validation metric stays flat."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from limelight.training.evidence import Evidence
from limelight.types import Array

ERROR = 0.05
"""The chance of any alarm in a training in which no net share rises by more than `RISE` on average, where rises are
near normal over the examples: of few examples, or of copies of one, they may not be."""
RISE = 0.05
"""Of the evidence: a rise by no more than this is none to speak of: in clean fine-tuning, too, words come to matter
more while validation is flat. Chosen by seeds that `tests/figures/shortcut.py` does not report."""
FEWEST = 5
"""Examples that a feature must be in: fewer tell nothing of others."""
FLAT = 0.02
"""A metric that rises by no more is flat: in its own units where it lies within 0 and 1, else of its size."""
LOWER = re.compile(r"loss|error|perplexity|entropy|brier|(?<![a-z])(r?mse|mae|wer|cer|nll)(?![a-z])", re.IGNORECASE)
"""In a metric's name: less of it is better. Views know it by the same words (timeline.js)."""
FIRST = tuple(re.compile(word, re.IGNORECASE) for word in (
    "accuracy|(?<![a-z])acc(?![a-z])", "f1", "auc", "matthews|(?<![a-z])mcc(?![a-z])",
    "score|precision|recall|pearson|spearman|kappa|bleu|rouge|(?<![a-z])(iou|dice)(?![a-z])"))
"""In a metric's name: what tells of validation, where there are several."""
HELD_OUT = re.compile(r"(?<![a-z])(eval|val|valid|validation|test|dev)(?![a-z])", re.IGNORECASE)
"""In a metric's name: it is of rows that are not trained on."""
TRAINED = re.compile(r"(?<![a-z])train(ing)?(?![a-z])", re.IGNORECASE)


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
              both: bool = False, lower: bool | None = None) -> list[Alarm]:
    """Look at each evaluation for features that have come to speak for the target, with no gain in validation.

    A shortcut that validation hides speaks for the right output wherever it
    occurs. What a model merely overfits to speaks for it in some examples and
    against it in others: its share of the evidence rises, its net share, with
    signs, does not.

    The k-th evaluation is held against the earliest one since which the
    metric has not risen. A feature rises where the one-sided lower limit of
    Student's t for the mean rise of its net share, over the examples that it
    is in, is above `RISE`, above what it had, and above what it rose by from
    the first evaluation until then: what was evidence before, and weighs a
    little more now, is none, nor is what came up while validation rose, and
    now comes up by the rest of the way. One that rises at two evaluations in a
    row is a candidate. The limit's error rate is `ERROR` / (n_features k (k + 1)), which
    summed over all features and evaluations is less than `ERROR`
    (Bonferroni): where examples are a sample of the texts, rows, ... in which
    a feature occurs and no feature's net share rises by more than `RISE` in
    these on average, that is a bound on the chance of a false alarm, as far as
    a mean rise over its error follows Student's t: rises that are far from
    normal, in a handful of examples, have false alarms more often. How often
    they come in trainings, `make figures` counts.

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
    lower : bool, optional
        Whether less of the metric is better. Default: by its name.

    Returns
    -------
    list of Alarm
        One a feature, when it is first found.
    """
    known = {name: each for name, each in evidence.items() if len(each.examples) >= FEWEST}
    watch = Watch(metric, len(known), both, lower)
    watch.look(points, steps, lambda place: {name: each.shares[place] for name, each in known.items()})
    return list(watch.found.values())


class Watch:
    """Looks at one evaluation after the other, as `shortcuts` says: what was found stays found.

    Parameters
    ----------
    metric : str
    n_features : int
        How many are looked at.
    both : bool
    lower : bool, optional

    Attributes
    ----------
    found : dict of str to Alarm
    """

    def __init__(self, metric: str, n_features: int, both: bool, lower: bool | None = None):
        self.metric, self.found = metric, dict[str, Alarm]()
        self._lower = _lower(metric) if lower is None else lower
        self._error, self._sides = ERROR / max(n_features, 1), (1, -1) if both else (1,)
        self._next, self._rising = 1, dict[str, int]()

    def look(self, points: Sequence[tuple[int, float]], steps: Array,
             net: Callable[[int], Mapping[str, Array]]) -> None:
        """Look at the evaluations that are new.

        Parameters
        ----------
        points : sequence of (step, value)
            All evaluations, ascending: those that were looked at before are as they were.
        steps : int ndarray of shape (n_records,)
        net : callable
            From a record's place to the features' net shares in the examples that they are in.
        """
        if self._next >= len(points) or not len(steps):
            return
        # Replaced and not changed: a copy that looks ahead has its own.
        self.found = dict(self.found)
        better = np.array([value for _, value in points]) * (-1 if self._lower else 1)
        at = np.maximum(np.searchsorted(steps, [step for step, _ in points], side="right") - 1, 0)
        for k in range(self._next, len(points)):
            if at[k] > at[k - 1]:  # each record once
                places = [int(at[_flat_since(better[:k + 1])]), int(at[k])]
                self._hold(k, steps[places], net(int(at[0])), *map(net, places))
        self._next = len(points)

    def _hold(self, k: int, steps: Array, first: Mapping[str, Array], before: Mapping[str, Array],
              after: Mapping[str, Array]) -> None:
        """Hold two records against one another, at the k-th evaluation."""
        level = self._error / (k * (k + 1) * len(self._sides))
        known = {name: _known(first[name], before[name], after[name]) for name in after}
        rising = {name: side for name, shares in known.items() for side in self._sides
                  if _rises(side * shares, level)}
        for name, side in rising.items():
            if name not in self.found and self._rising.get(name) == side:
                _, was, now = known[name]
                self.found[name] = _alarm(name, was, now, steps, self.metric, side)
        self._rising = rising


def validation_of(names: Sequence[str]) -> str | None:
    """Which metric tells of validation: one that says so by its name, accuracy first, or else an accuracy or F1."""
    named = [name for name in names if HELD_OUT.search(name)]
    for among in (named, [name for name in names if not TRAINED.search(name)]):
        for word in FIRST:
            for name in among:
                if word.search(name):
                    return name
    losses = [name for name in named if _lower(name)]
    return losses[0] if losses else None


def _lower(metric: str) -> bool:
    return LOWER.search(metric) is not None


def _flat_since(better: Array) -> int:
    """The earliest evaluation above which no later one is by more than is flat."""
    low, high = better.min(), better.max()
    margin = FLAT * (1.0 if low >= -1 and high <= 1 else float(np.abs(better).mean()))
    later = np.maximum.accumulate(better[::-1])[::-1]
    return int(np.argmax(later - better <= margin))


def _known(*shares: Array) -> Array:
    """Those in examples that were explained at each of the records: (n_records, n_examples)."""
    several = np.stack(shares)
    return several[:, np.isfinite(several).all(0)]


def _rises(shares: Array, level: float) -> bool:
    """Whether the one-sided lower limit of the mean rise is above `RISE`, what there was, and the rise before."""
    first, before, after = shares
    if len(after) < FEWEST:
        return False
    rise, least = after - before, max(RISE, before.mean(), (before - first).mean())
    mean, n = rise.mean(), len(rise)
    if mean <= least or after.mean() <= 0:
        return False
    return bool(mean - _quantile(level, n - 1) * rise.std(ddof=1) / np.sqrt(n) > least)


@lru_cache(maxsize=4096)
def _quantile(level: float, dof: int) -> float:
    """Student's, which takes longer than all else here."""
    return float(student.isf(level, dof))


def _alarm(name: str, before: Array, after: Array, steps: Array, metric: str, side: int) -> Alarm:
    was, now = float(before.mean()), float(after.mean())
    first, last = (int(step) for step in steps)
    n = len(after)
    way = "for the target" if side > 0 else "against the target"
    at = "at step" if side * was >= 0 else "the other way at step"
    # Pictures and tables repeat it; views make a sentence of their own of the numbers.
    sentence = (f"{name!r} came to speak {way} with {round(100 * abs(now))}% of the evidence in {n} examples at step "
                f"{last:,}, from {round(100 * abs(was))}% {at} {first:,}, while {metric} did not rise: it may be "
                "a shortcut.")
    return Alarm(name, first, last, was, now, n, metric, sentence)
