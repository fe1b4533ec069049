"""Every metric by name: its value, and what it gives to attributions that are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from limelight.errors import Unsuited
from limelight.evaluated import Evaluated
from limelight.quality import perturbation
from limelight.quality.agreement import rank_agreement
from limelight.quality.complexity import complexity, effective_complexity, sparseness
from limelight.quality.infidelity import infidelity, sensitivity_n
from limelight.quality.perturbation import Perturbation
from limelight.quality.sensitivity import relative_changes, sensitivity_max, similarity
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
    """

    value: float
    random: float = np.nan
    error: float = 0.0
    input: float = np.nan
    exact: float = np.nan
    likely: float = np.nan

    def informative(self, better: str) -> bool | None:
        """Whether the metric tells exact attributions from random ones here; None where it is not known.

        Where estimated ones are better than random ones, it does; where they are not, exact ones may be.
        """
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
    better : {"higher", "lower"}
    score : callable
    dear : bool
        True when it explains anew, which takes as many evaluations several times over.
    """

    better: str
    score: Callable[[Evaluated], Score]
    dear: bool = False


def _ordered(metric: Perturbation) -> Metric:
    """One that reads the order of attributions."""
    def score(subject: Evaluated) -> Score:
        def read(values: Array) -> float:
            return metric(subject, values)

        value, exact = read(subject.values), _or_nan(read, subject.exact)
        return Score(value, *metric.at_random(subject.n_features, subject.means),
                     _or_nan(lambda values: read(np.abs(values)), subject.of_input), exact, _likely(subject, read))

    return Metric(metric.better, score)


def _infidelity(subject: Evaluated) -> Score:
    coalitions, weights = subject.sample
    drops = subject.drops(coalitions)
    return _against_shuffles(subject, lambda values: infidelity(values, coalitions, drops, weights))


def _sensitivity_n(subject: Evaluated) -> Score:
    drops = subject.drops(subject.subsets)
    return _against_shuffles(subject, lambda values: sensitivity_n(values, subject.subsets, drops))


def _against_shuffles(subject: Evaluated, read: Callable[[Array], Array]) -> Score:
    """One that reads sums of attributions."""
    draws = read(subject.shuffled)
    return Score(float(read(subject.values)), *_mean(draws), _or_nan(read, subject.of_input),
                 _or_nan(read, subject.exact), _likely(subject, read))


def _spread(better: str, read: Callable[[Array], float]) -> Metric:
    """One that reads the attributions and asks no model."""
    def score(subject: Evaluated) -> Score:
        return Score(read(subject.values), *_mean(np.array([read(draw) for draw in subject.normal])),
                     exact=_or_nan(read, subject.known_exact), likely=_likely(subject, read))

    return Metric(better, score)


def _gap(subject: Evaluated) -> Score:
    if not subject.explanation.params.get("adds_up", True):
        raise Unsuited(f"values of {subject.explanation.method} don't add up to the prediction, and need not: they "
                       "have no completeness gap")
    total = subject.explanation.prediction - subject.explanation.base_values
    gain = float(total[subject.target])
    return Score(abs(float(subject.values.sum()) - gain), *_mean(np.abs(subject.normal.sum(1) - gain)), exact=0.0)


def _seeds(subject: Evaluated) -> Score:
    chance = _mean(np.array([similarity(subject.values, draw[None]) for draw in subject.normal]))
    if subject.explanation.exact:
        return Score(1.0, *chance, exact=1.0)
    return Score(similarity(subject.values, subject.of_other_seeds), *chance, exact=1.0)


def _nearby(subject: Evaluated) -> Score:
    return Score(sensitivity_max(subject.values, subject.of_nearby),
                 *_mean(relative_changes(subject.values, subject.normal)), input=np.nan)


def _randomisation(subject: Evaluated) -> Score:
    alike = [rank_agreement(subject.values, subject.of_random_weights(step)) for step in range(subject.n_steps)]
    return Score(_known_mean(np.array(alike)), 0.0, input=1.0)


def _efficient(subject: Evaluated) -> Score:
    before, after = complexity(subject.values), complexity(subject.of_random_weights(-1))
    return Score((after - before) / before if before else np.nan, 0.0, input=0.0)


def _mean(draws: Array) -> tuple[float, float]:
    """Mean and its standard error; NaN where nothing is known."""
    known = draws[~np.isnan(draws)]
    return (float(known.mean()), float(known.std(ddof=1) / np.sqrt(len(known)))) if len(known) > 1 else (np.nan, 0.0)


def _known_mean(numbers: Array) -> float:
    return float(np.nanmean(numbers)) if not np.isnan(numbers).all() else float("nan")


def _likely(subject: Evaluated, read: Callable[[Array], Any]) -> float:
    """The score of estimated Shapley values, where exact ones are not known."""
    return _or_nan(read, subject.likely) if subject.known_exact is None else float("nan")


def _or_nan(read: Callable[[Array], Any], values: Array | None) -> float:
    return float("nan") if values is None else float(read(values))


METRICS: dict[str, Metric] = {
    "deletion_auc": _ordered(perturbation.deletion),
    "insertion_auc": _ordered(perturbation.insertion),
    "comprehensiveness": _ordered(perturbation.comprehensiveness),
    "sufficiency": _ordered(perturbation.sufficiency),
    "infidelity": Metric("lower", _infidelity),
    "sensitivity_n": Metric("higher", _sensitivity_n),
    "completeness_gap": Metric("lower", _gap),
    "sparseness": _spread("higher", sparseness),
    "complexity": _spread("lower", complexity),
    "effective_complexity": _spread("lower", effective_complexity),
    "seed_stability": Metric("higher", _seeds, dear=True),
    "sensitivity_max": Metric("lower", _nearby, dear=True),
    "randomisation": Metric("lower", _randomisation, dear=True),
    "efficient_randomisation": Metric("higher", _efficient, dear=True),
}
"""In the order of the table. `seed_stability`: mean cosine similarity to the answers of other seeds;
`sensitivity_max`: the largest relative change among nearby inputs; `randomisation`: mean rank correlation of
|values| with those after each step of making the weights random; `efficient_randomisation`: by what share
complexity rises when all of them are (Hedström et al. 2024, arXiv:2401.06465)."""
