"""Models before and after, side by side: how right they are, and how well they can be explained."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight import api
from limelight.errors import InputError
from limelight.models.recognise import as_model
from limelight.quality.agreement import rank_agreement
from limelight.quality.complexity import complexity, sparseness
from limelight.training.drift import l1
from limelight.training.pinned import chosen
from limelight.types import Array, Output

if TYPE_CHECKING:
    import pandas

    from limelight.explanation import Explanation

METRICS = ("comprehensiveness", "sufficiency")
"""Of `ll.evaluate`, as means over the examples."""


def before_after(models: Mapping[str, Any], examples: Sequence[Any], labels: Sequence[int | str], *,
                 pinned: int = 8, method: str = "auto", output: Output = "probability",
                 metrics: Sequence[str] = METRICS, seed: int = 0, n_samples: int | str = "auto",
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
        As of `ll.explain`, one for all. "auto": lrp for transformers, input_x_gradient for other torch models, and
        shapley for others; shapley, too, where the models differ in that.
    output : {"probability", "logit"}
        What is explained, of all.
    metrics : sequence of str
        Of `ll.evaluate`.
    seed : int
    n_samples : int or "auto"
        As of `ll.explain`.
    **options
        The method's own.

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
    known = {name: as_model(model, examples[0]) for name, model in models.items()}
    own = {chosen(method, model, examples[0], options, OWN) for model in known.values()}
    by = own.pop() if len(own) == 1 else "shapley"
    for name, wrapped in known.items():
        targets = _targets(wrapped, labels)
        explained = [api.explain(wrapped, x, method=by, target=target, output=output, seed=seed,
                                 n_samples=n_samples, progress=False, **options)
                     for x, target in zip(examples[:pinned], targets[:pinned], strict=True)]
        first = first or explained
        rows.append({"model": name, **_right(_predicted(wrapped, examples), targets), "n": len(examples),
                     **_explained(explained, metrics), **_against(first, explained)})
    return pandas.DataFrame(rows).set_index("model")


OWN = tuple(name for name, each in inspect.signature(before_after).parameters.items() if each.kind is each.KEYWORD_ONLY)


def _predicted(model: Any, examples: Sequence[Any]) -> Array:
    """The output that is predicted for each example: (n,)."""
    if model.kind == "text":
        return np.asarray(model.texts(examples, "probability").argmax(1))
    opened = [api.start(model, x, method="occlusion", target=None, output="probability", n_samples="auto",
                        kernel_width=None, tolerance=None, seed=0, options={}) for x in examples]
    found = [run.game.chosen.columns[run.question.target] for run in opened if run.game is not None]
    return np.array(found, int)


def _targets(model: Any, labels: Sequence[int | str]) -> list[int]:
    names = model.output_names
    if names is not None and len(names) < 2:
        raise InputError(f"accuracy and F1 are of classes, and {model.name} has a single output: hold its explanations "
                         "against another's with ll.compare(explanations), and count its errors yourself")
    if _numbered_otherwise(names or ()) and not all(isinstance(each, str) for each in labels):
        raise InputError(f"the outputs of {model.name} are called {', '.join(map(repr, names[:10]))}, so a number may "
                         "be a name or an index: give the names, labels=[str(label) for label in labels]")
    found = [list(names).index(each) if each in (names or ()) else each for each in labels]
    wrong = [each for each in found if not _is_output(each, names)]
    if wrong:
        there = f": there are {', '.join(map(repr, names))}" if names else ""
        raise InputError(f"label {wrong[0]!r} is no output of {model.name}{there}")
    return [int(each) for each in found]


def _numbered_otherwise(names: Sequence[str]) -> bool:
    """Whether outputs are called by numbers other than their indices, as classes from 1 on are."""
    try:
        return [float(name) for name in names] != list(range(len(names)))
    except ValueError:
        return False


def _is_output(label: Any, names: Sequence[str] | None) -> bool:
    """Whether it is the index of one; a function's, without names, may be any."""
    return not isinstance(label, str) and int(label) == label and 0 <= label < (len(names) if names else np.inf)


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
