"""evaluate: how good an explanation is, by numbers that stand between those of random and of exact attributions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from limelight.errors import InputError, Unsuited
from limelight.evaluated import Evaluated
from limelight.explanation import Explanation
from limelight.metrics import METRICS, names_of
from limelight.metrics.truth import truth_of
from limelight.quality import perturbation
from limelight.revived import Revived
from limelight.types import Array

if TYPE_CHECKING:
    import pandas


def evaluate(explanation: Explanation, metrics: str | Sequence[str] = "default", model: Any = None,
             truth: Any = None) -> pandas.DataFrame:
    """Measure how good an explanation of one output is.

    Hides features as the explanation's masker does and asks the model, where
    what was evaluated before does not say; what it asks is kept beside that.
    Sums of values are not judged by the rows that they were fitted to, but by
    coalitions drawn for it, or by all of them where all are known.

    Parameters
    ----------
    explanation : Explanation
    metrics : "default", "all", str or sequence of str
        "default": a few of each kind that explain nothing anew. "all": those
        that say much the same too (`pgi`, `faithfulness_correlation`,
        ...), and those that explain other seeds, nearby inputs and networks
        with random weights, which takes many times as long. Both leave out
        what can't run here: `.attrs["left_out"]` says why.
    model : optional
        The model that was explained, where the explanation came from a file.
    truth : sequence of names or indices, or array of bools or of 0 and 1, optional
        Which features should matter, where that is known: planted ones, an
        object's pixels. Then "default" and "all" measure localisation too, as
        they do what is on features that a reader marked. An
        array of a picture's shape stands for the segments of which it
        holds at least half.

    Returns
    -------
    DataFrame, indexed by metric
        `value`; `std_error`: how far it may be off because not all was asked
        (0: nothing was drawn; NaN: not known); `random`, `input`, `exact`:
        what random attributions have on average, what such have that look at
        the input alone (|x|, edges, lengths of words), and exact Shapley
        values where they can be had; `random_error`: the standard error of
        `random`; `informative`: whether exact ones are better than random
        ones here (NA: not known, or neither end is better); `better`:
        "higher", "lower" or "neither"; `n_evals`: how many evaluations, its nulls among them, it took
        beyond what was known.

    Raises
    ------
    InputError
        If a metric or a feature is unknown, a metric can't run here, or the
        model is missing or another one.
    """
    from limelight.scores import COLUMNS, Scores

    known = None if truth is None else truth_of(_checked(explanation), truth)
    subject = _subject(explanation, model, known)
    told = {*explanation.feedback.values(), *(() if known is None else ("truth",))}
    names, left_out, rows = _names(metrics, told), {}, {}
    for name in names:
        try:
            rows[name] = _row(name, subject)
        except Unsuited as error:
            if metrics not in ("default", "all"):
                raise
            left_out[name] = str(error)
    table = Scores(rows.values(), index=list(rows), columns=COLUMNS).rename_axis("metric")
    table = Scores(table.astype({"informative": "boolean"}))
    table.attrs["left_out"] = left_out
    return table


def _row(name: str, subject: Evaluated) -> dict[str, Any]:
    """What the table says of one metric."""
    before, metric = subject.n_evals, METRICS[name]
    found = metric.score(subject)
    return {"value": found.value, "std_error": found.std_error, "random": found.random, "random_error": found.error,
            "input": found.input, "exact": found.exact, "informative": found.informative(metric.better),
            "better": metric.better, "n_evals": subject.n_evals - before}


class Curves(NamedTuple):
    """Outputs while features go, and while they come: the most important first.

    Attributes
    ----------
    counts : int ndarray of shape (n,)
        How many are gone, or there.
    deletion, insertion : ndarray of shape (n, n_outputs)
    """

    counts: Array
    deletion: Array
    insertion: Array


def curves(explanation: Explanation, model: Any = None) -> Curves:
    """Ask what the outputs are while features go, and while they come. Parameters are those of `evaluate`."""
    subject = _subject(explanation, model)
    return Curves(perturbation.counts(subject.n_features), subject.outputs(perturbation.deletion.rows(subject.values)),
                  subject.outputs(perturbation.insertion.rows(subject.values)))


def _names(metrics: str | Sequence[str], told: Collection[str]) -> list[str]:
    if isinstance(metrics, str) and metrics in ("default", "all"):
        return names_of(metrics, told)
    if not isinstance(metrics, Iterable):
        raise InputError(f"metrics={metrics!r} names no metric: give 'default', 'all', or names among "
                         f"{', '.join(METRICS)}")
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    unknown = [name for name in names if name not in METRICS]
    if unknown:
        raise InputError(f"there is no metric {unknown[0]!r}: give 'default', 'all', or names among "
                         f"{', '.join(METRICS)}")
    return names


def _checked(explanation: Any) -> Explanation:
    if not isinstance(explanation, Explanation):
        raise InputError("evaluate needs an Explanation, as ll.explain returns and a view has as .explanation; a "
                         f"{type(explanation).__name__} came")
    return explanation


def _subject(explanation: Any, model: Any, truth: Array | None = None) -> Evaluated:
    _checked(explanation)
    return Evaluated(explanation, explanation._run if model is None else Revived(explanation, model), truth)
