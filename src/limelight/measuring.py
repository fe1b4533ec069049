"""How good an explanation is, found a little at a time: what a view asks for while it stays quick."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from limelight.errors import InputError
from limelight.evaluated import Evaluated
from limelight.explanation import Explanation
from limelight.feedback import MARKS, Feedback, marked
from limelight.metrics import METRICS, Score, names_of
from limelight.played import Unfinished
from limelight.quality import perturbation
from limelight.types import Array

Wants = Literal["known", "usual", "all"]
"""What may be measured: what takes no evaluations; the metrics that are not dear, too; or all that there are."""


class Pace:
    """Lets work be begun until a moment has come, and at least one piece of it; without a moment, none."""

    def __init__(self) -> None:
        self._until: float | None = None
        self._worked = False

    def start(self, until: float | None) -> None:
        """Begin anew."""
        self._until, self._worked = until, False

    def __call__(self) -> None:
        if self._until is None or (self._worked and time.perf_counter() >= self._until):
            raise Unfinished
        self._worked = True


class Measuring:
    """The metrics of one explanation, and the curves of its output as features go and come.

    Parameters
    ----------
    explanation : Explanation

    Attributes
    ----------
    curves : dict of ndarray of shape (n_counts,)
        The output while the most important features go, "deletion", and while
        they come, "insertion"; "random_deletion" and "random_insertion": its
        mean over random orders, and "random_deletion_error" and
        "random_insertion_error" the standard error of that; "exact_deletion"
        and "exact_insertion": by exact Shapley values, where these are others
        than the explanation's. What is not known yet is missing.
    """

    def __init__(self, explanation: Explanation):
        self.explanation, self._pace = explanation, Pace()
        self._subject = Evaluated(explanation, explanation._run, pace=self._pace)
        self.curves: dict[str, Array] = {}
        self._tasks: dict[str, Callable[[], None]] = {
            "curves": self._own_curves, "exact": self._exact_curves, "random": self._random_curves}
        self._scores: dict[str, Score] = {}
        self._refusals: dict[str, str] = {}
        self._over: set[str] = set()
        self._looked: set[str] = set()
        self._spent: dict[str, int] = {}

    def mark(self, feedback: Feedback) -> None:
        """A reader marked otherwise: what depends on that is measured anew."""
        if feedback.pairs == self._subject.explanation.feedback.pairs:
            return
        self._subject.explanation = marked(self._subject.explanation, feedback.pairs)
        of_marks = {name for name, metric in METRICS.items() if metric.needs in MARKS}
        self._over -= of_marks
        self._looked -= of_marks
        for name in of_marks:
            self._scores.pop(name, None)

    @property
    def counts(self) -> Array:
        """How many features are gone, or there, at each point of a curve: (n_counts,)."""
        return perturbation.counts(self._subject.n_features)

    @property
    def order(self) -> Array:
        """Features, that which speaks most for the output first: (n_features,)."""
        return np.asarray(np.argsort(-self._subject.values, kind="stable"))

    @property
    def n_evals(self) -> int:
        """Evaluations that all of it took beyond what was known."""
        return sum(self._spent.values())

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """What is known of each metric: the numbers of its `Score` and `informative`, or a `refusal`; see `evaluate`.

        None stands for what is not known.
        """
        found = {name: {**_numbers(score), "informative": score.informative(METRICS[name].better), "refusal": ""}
                 for name, score in self._scores.items()}
        refused: dict[str, dict[str, Any]] = {name: {"refusal": why} for name, why in self._refusals.items()}
        return {name: {**row, "better": METRICS[name].better, "n_evals": self._spent[name]}
                for name in METRICS if (row := (found | refused).get(name)) is not None}

    def left(self, wants: Wants) -> int:
        """How many parts of the work are left."""
        return len(self._left(wants))

    def step(self, wants: Wants, seconds: float) -> None:
        """Go on for about so long, and no longer than the next micro-batch takes.

        Raises
        ------
        ModelError
            What the model raised. What came before is kept.
        """
        until = time.perf_counter() + seconds
        self._pace.start(None if wants == "known" else until)
        for name in self._left(wants):
            try:
                self._go_on(name)
            except Unfinished:
                if wants != "known":
                    return
            self._looked.add(name)
            if time.perf_counter() >= until:
                return

    def _left(self, wants: Wants) -> list[str]:
        metrics = names_of("all" if wants == "all" else "default", self._subject.explanation.feedback.values())
        over = self._over | self._looked if wants == "known" else self._over
        return [name for name in (*self._tasks, *metrics) if name not in over]

    def _go_on(self, name: str) -> None:
        before = self._subject.n_evals
        try:
            self._do(name)
            self._over.add(name)
        finally:
            self._spent[name] = self._spent.get(name, 0) + self._subject.n_evals - before

    def _do(self, name: str) -> None:
        try:
            if name in self._tasks:
                self._tasks[name]()
            else:
                self._scores[name] = METRICS[name].score(self._subject)
        except InputError as error:
            if name in METRICS:
                self._refusals[name] = getattr(self.explanation._run, "no_model", "") or str(error)

    def _own_curves(self) -> None:
        self._ask("", self._subject.values)

    def _exact_curves(self) -> None:
        known = self._subject.known_exact is not None
        exact = self._subject.exact
        if not known and exact is not None:  # what was found so far cost nothing, and is known better now
            self._over -= {"random", *self._scores}
        if exact is not None and exact is not self._subject.values:
            self._ask("exact_", exact)

    def _ask(self, prefix: str, values: Array) -> None:
        deletion, insertion = (self._subject(metric.rows(values))
                               for metric in (perturbation.deletion, perturbation.insertion))
        self.curves |= {f"{prefix}deletion": deletion, f"{prefix}insertion": insertion}

    def _random_curves(self) -> None:
        present = self.counts
        for name, sizes in (("insertion", present), ("deletion", self._subject.n_features - present)):
            mean, error = self._subject.means(sizes)
            self.curves |= {f"random_{name}": mean, f"random_{name}_error": error}


def _numbers(score: Score) -> dict[str, Any]:
    """A score's numbers by name; None for what is not known."""
    found = {"value": score.value, "std_error": score.std_error, "random": score.random, "random_error": score.error,
             "input": score.input, "exact": score.exact}
    return {name: float(number) if np.isfinite(number) else None for name, number in found.items()}
