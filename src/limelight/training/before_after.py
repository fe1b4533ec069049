"""Models before and after, side by side: how right they are, and how well they can be explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight import api
from limelight.errors import InputError
from limelight.models.recognise import as_model
from limelight.quality.agreement import rank_agreement
from limelight.quality.complexity import complexity, sparseness
from limelight.training.drift import l1
from limelight.types import Array

if TYPE_CHECKING:
    import pandas

    from limelight.explanation import Explanation

METRICS = ("comprehensiveness", "sufficiency")
"""Of `ll.evaluate`, as means over the examples."""


def before_after(models: Mapping[str, Any], examples: Sequence[Any], labels: Sequence[int | str], *,
                 pinned: int = 8, method: str = "auto", metrics: Sequence[str] = METRICS, seed: int = 0,
                 **options: Any) -> pandas.DataFrame:
    """Hold models against one another: base and fine-tuned, teacher and student, with and without regularisation.

    Parameters
    ----------
    models : mapping of str to model
        By what they are called; what `ll.explain` takes. The first is what the others are held against.
    examples : sequence of inputs
        Held-out ones, the same for all.
    labels : sequence of int or str
        The right output of each, by index or name.
    pinned : int
        How many of the examples are explained, from the first on.
    method : str
        As of `ll.explain`. "auto": input_x_gradient for torch models, and shapley for others.
    metrics : sequence of str
        Of `ll.evaluate`.
    seed : int
    **options
        Of `ll.explain`.

    Returns
    -------
    DataFrame
        One row a model: `accuracy`, macro `f1`, `n` examples; of the explained
        ones the means of `sparseness`, `complexity` and `metrics`; and against
        the first model `moved`, the share of the evidence that is elsewhere, and
        `rank`, Spearman's correlation of the sizes.

    Raises
    ------
    InputError
        If there is nothing to compare, or labels are none of the outputs.
    """
    import pandas

    examples = list(examples)
    if not models or not examples or len(labels) != len(examples) or pinned < 1:
        raise InputError(f"compare of models needs examples=, a label for each in labels=, and models by name: "
                         f"{len(models)} models, {len(examples)} examples and {len(labels)} labels came, {pinned} to "
                         "be explained")
    rows, first = [], None
    for name, model in models.items():
        wrapped = as_model(model, examples[0])
        chosen = _named(method, wrapped)
        targets = _targets(wrapped, labels)
        explained = [api.explain(wrapped, x, method=chosen, target=target, seed=seed, progress=False, **options)
                     for x, target in zip(examples[:pinned], targets[:pinned], strict=True)]
        first = first or explained
        rows.append({"model": name, **_right(_predicted(wrapped, examples), targets), "n": len(examples),
                     **_explained(explained, metrics), **_against(first, explained)})
    return pandas.DataFrame(rows).set_index("model")


def _named(method: str, model: Any) -> str:
    if method != "auto":
        return method
    return "shapley" if getattr(model, "module", None) is None else "input_x_gradient"


def _predicted(model: Any, examples: Sequence[Any]) -> Array:
    """The output that is predicted for each example: (n,)."""
    if model.kind == "text":
        return np.asarray(model.texts(examples, "probability").argmax(1))
    opened = [api.start(model, x, method="occlusion", target=None, output="probability", n_samples="auto",
                        kernel_width=None, tolerance=None, seed=0, options={}) for x in examples]
    found = [run.game.chosen.columns[run.question.target] for run in opened if run.game is not None]
    return np.array(found, int)


def _targets(model: Any, labels: Sequence[int | str]) -> list[int]:
    names = list(model.output_names or ())
    found = [names.index(each) if each in names else each for each in labels]
    wrong = [each for each in found if isinstance(each, str)]
    if wrong:
        raise InputError(f"label {wrong[0]!r} is no output of {model.name}: there are {', '.join(map(repr, names))}")
    return [int(each) for each in found]


def _right(predicted: Array, targets: Sequence[int]) -> dict[str, float]:
    """Accuracy, and the mean F1 of the classes that there are."""
    right = np.array(targets)
    scores = []
    for label in np.union1d(right, predicted):
        both = np.count_nonzero((right == label) & (predicted == label))
        scores.append(2 * both / (np.count_nonzero(right == label) + np.count_nonzero(predicted == label)))
    return {"accuracy": float((right == predicted).mean()), "f1": float(np.mean(scores))}


def _explained(found: Sequence[Explanation], metrics: Sequence[str]) -> dict[str, float]:
    from limelight.evaluation import evaluate

    columns = [each.values[:, each.target] for each in found]
    tables = [evaluate(each, list(metrics))["value"] for each in found] if metrics else []
    return {"sparseness": _mean([sparseness(each) for each in columns]),
            "complexity": _mean([complexity(each) for each in columns]),
            **{name: _mean([float(table[name]) for table in tables]) for name in metrics}}


def _against(first: Sequence[Explanation], found: Sequence[Explanation]) -> dict[str, float]:
    """How far each is from the first model's: where both have the same features."""
    pairs = [(a.values[:, a.target], b.values[:, b.target]) for a, b in zip(first, found, strict=True)
             if a.feature_names == b.feature_names]
    return {"moved": _mean([l1(a, b) for a, b in pairs]), "rank": _mean([rank_agreement(a, b) for a, b in pairs])}


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")
