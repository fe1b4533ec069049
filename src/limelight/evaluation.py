"""evaluate: how good an explanation is, by numbers that stand between those of random and of exact attributions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from limelight.errors import InputError, Unsuited
from limelight.evaluated import Evaluated
from limelight.explanation import Explanation
from limelight.metrics import METRICS
from limelight.quality import perturbation
from limelight.revived import Revived
from limelight.types import Array

if TYPE_CHECKING:
    import pandas


def evaluate(explanation: Explanation, metrics: str | Sequence[str] = "default", model: Any = None) -> pandas.DataFrame:
    """Measure how good an explanation of one output is.

    Hides features as the explanation's masker does and asks the model, where
    what was evaluated before does not say; what it asks is kept beside that.
    Sums of values are not judged by the rows that they were fitted to, but by
    coalitions drawn for it, or by all of them where all are known.

    Parameters
    ----------
    explanation : Explanation
    metrics : "default", "all", str or sequence of str
        "default": all that need not explain anew. "all": `seed_stability`,
        `sensitivity_max` (nearby inputs), `randomisation` and
        `efficient_randomisation` too. Both leave out what can't run here:
        `.attrs["left_out"]` says why.
    model : optional
        The model that was explained, where the explanation came from a file.

    Returns
    -------
    DataFrame, indexed by metric
        `value`; `random`, `input`, `exact`: what random attributions have on
        average, what such have that look at the input alone (|x|, edges,
        lengths of words), and exact Shapley values where they can be had;
        `informative`: whether exact ones are better than random ones here (NA:
        not known); `better`: "higher" or "lower"; `n_evals`: how many
        evaluations, its nulls among them, it took beyond what was known.

    Raises
    ------
    InputError
        If a metric is unknown or can't run here, or the model is missing or another one.
    """
    import pandas

    subject = _subject(explanation, model)
    names, left_out, rows = _names(metrics), {}, {}
    for name in names:
        before = subject.n_evals
        try:
            found = METRICS[name].score(subject)
        except Unsuited as error:
            if metrics not in ("default", "all"):
                raise
            left_out[name] = str(error)
            continue
        better = METRICS[name].better
        rows[name] = {"value": found.value, "random": found.random, "input": found.input, "exact": found.exact,
                      "informative": found.informative(better), "better": better,
                      "n_evals": subject.n_evals - before}
    table = pandas.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS)).rename_axis("metric")
    table = table.astype({"informative": "boolean"})
    table.attrs["left_out"] = left_out
    return table


COLUMNS = ("value", "random", "input", "exact", "informative", "better", "n_evals")


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


def _names(metrics: str | Sequence[str]) -> list[str]:
    if isinstance(metrics, str) and metrics in ("default", "all"):
        return [name for name, metric in METRICS.items() if metrics == "all" or not metric.dear]
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    unknown = [name for name in names if name not in METRICS]
    if unknown:
        raise InputError(f"there is no metric {unknown[0]!r}: give 'default', 'all', or names among "
                         f"{', '.join(METRICS)}")
    return names


def _subject(explanation: Explanation, model: Any) -> Evaluated:
    if not isinstance(explanation, Explanation):
        raise InputError("evaluate needs an Explanation, as ll.explain returns and a view has as .explanation; a "
                         f"{type(explanation).__name__} came")
    return Evaluated(explanation, explanation._run if model is None else Revived(explanation, model))
