"""How wrong an answer is, row by row; and what is true, as a user has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.types import Array, OutputSpace

_NEVER_QUITE = 1e-12
"""The least probability whose logarithm is taken."""


@dataclass(frozen=True)
class Loss:
    """How wrong answers are.

    Attributes
    ----------
    name, said : str
        What Python and what a sentence calls it.
    each : callable
        (answers (n, n_outputs), y (n,)) -> (n,). The mean is the loss, and
        the variance divided by n that of the mean.
    curve : callable, optional
        Likewise -> (n, n_outputs): the second derivatives by each answer. None where there are none.
    by_row : bool
        False where a row's loss depends on the answers to other rows.
    """

    name: str
    said: str
    each: Callable[[Array, Array], Array]
    curve: Callable[[Array, Array], Array] | None = None
    by_row: bool = True


def log_loss(answers: Array, y: Array) -> Array:
    """Minus the logarithm of the true class's probability; one column is that of class 1."""
    return -np.log(np.maximum(_true(_both(answers, 1.0), y), _NEVER_QUITE))


def log_loss_curve(answers: Array, y: Array) -> Array:
    """1 / p^2 for the true class, or for the column that its probability is made of."""
    likely = np.maximum(_true(_both(answers, 1.0), y), _NEVER_QUITE)
    chosen = np.zeros_like(answers)
    chosen[np.arange(len(y)), np.minimum(y, answers.shape[1] - 1).astype(int)] = 1 / likely**2
    return chosen


def hinge(answers: Array, y: Array) -> Array:
    """max(0, 1 - m) for a margin m: the true class's own, less the largest other one (Crammer & Singer 2001)."""
    if answers.shape[1] == 1:
        return np.maximum(0, 1 - np.where(y == 1, 1, -1) * answers[:, 0])
    others = answers.copy()
    others[np.arange(len(y)), y.astype(int)] = -np.inf
    return np.maximum(0, 1 - _true(answers, y) + others.max(1))


def error(answers: Array, y: Array, *, middle: float) -> Array:
    """1 where the largest answer is not the true class's; one column is class 1 above `middle`."""
    guess = (answers[:, 0] > middle) if answers.shape[1] == 1 else answers.argmax(1)
    return (guess != y).astype(float)


def squared_error(answers: Array, y: Array, *, target: int) -> Array:
    """(answer - y)^2."""
    return (answers[:, target] - y) ** 2


def squared_error_curve(answers: Array, y: Array, *, target: int) -> Array:
    """2 for the answer that is meant."""
    curve = np.zeros_like(answers)
    curve[:, target] = 2.0
    return curve


def absolute_error(answers: Array, y: Array, *, target: int) -> Array:
    """|answer - y|."""
    return np.abs(answers[:, target] - y)


def unordered(answers: Array, y: Array, *, target: int) -> Array:
    """One minus the area under the ROC curve, of one class against the others.

    A row's share is by how many rows of the other kind it is passed; centred so that
    the variance of the mean is that of DeLong, DeLong & Clarke-Pearson (1988).
    """
    from scipy.stats import rankdata

    score, is_it = (answers[:, 0], y == 1) if answers.shape[1] == 1 else (answers[:, target], y == target)
    n, n_it = len(y), int(is_it.sum())
    passed = np.empty(n)
    ranks = rankdata(score)
    passed[is_it] = 1 - (ranks[is_it] - rankdata(score[is_it])) / (n - n_it)
    passed[~is_it] = (ranks[~is_it] - rankdata(score[~is_it])) / n_it
    area = passed[is_it].mean()
    return area + (passed - area) * n / np.where(is_it, n_it, n - n_it)


def _both(answers: Array, whole: float) -> Array:
    return np.column_stack([whole - answers, answers]) if answers.shape[1] == 1 else answers


def _true(answers: Array, y: Array) -> Array:
    return answers[np.arange(len(y)), y.astype(int)]


LOSSES = {"log_loss": "the log loss", "hinge": "the hinge loss of the margins", "accuracy": "the error rate",
          "auc": "one minus the area under the ROC curve", "squared_error": "the squared error",
          "absolute_error": "the absolute error"}
_TRUTH = {"False": 0, "True": 1}
_PLAIN = ("0", "1", "false", "true", "no", "yes", "negative", "positive", "output 0", "output 1")
"""What says plainly that it is false, and, each behind its opposite, that it is true."""
OF_ALL = ("log_loss", "hinge", "accuracy")
"""Those of a whole answer, whichever output is explained."""
_OF_CLASSES = ("log_loss", "hinge", "accuracy", "auc")
ONE_CLASS = "the area under the ROC curve needs rows of two classes, and y holds one: choose another loss"
_USUAL: dict[OutputSpace, str] = {"probability": "log_loss", "margin": "hinge", "value": "squared_error"}


def choose_loss(name: str, space: OutputSpace, target: int) -> Loss:
    """Find a loss by its name; "auto" is log loss of probabilities, hinge loss of margins, squared error of values.

    Raises
    ------
    InputError
        If there is no such loss, or answers of this kind have none.
    """
    name = _USUAL[space] if name == "auto" else name
    if name not in LOSSES:
        raise InputError(f"loss={name!r} is unknown: choose \"auto\" or one of {', '.join(map(repr, LOSSES))}")
    if (space == "value") == (name in _OF_CLASSES) or (name == "log_loss" and space != "probability"):
        raise InputError(f"loss={name!r} does not suit a model that answers with a {space}: choose "
                         f"{_USUAL[space]!r}, or leave it \"auto\"")
    middle = 0.5 if space == "probability" else 0.0
    each, curve = _functions(target, middle)[name]
    return Loss(name, LOSSES[name], each, curve, by_row=name != "auc")


def change(target: int) -> Loss:
    """The size of a change of the prediction, where it is not known what is true: y is what the model answered."""
    return Loss("change", "the prediction", partial(absolute_error, target=target))


def _functions(target: int, middle: float) -> dict[str, tuple[Any, Any]]:
    return {"log_loss": (log_loss, log_loss_curve), "hinge": (hinge, None),
            "accuracy": (partial(error, middle=middle), None), "auc": (partial(unordered, target=target), None),
            "squared_error": (partial(squared_error, target=target), partial(squared_error_curve, target=target)),
            "absolute_error": (partial(absolute_error, target=target), None)}


def read_targets(y: Any, n_rows: int, n_outputs: int, names: Sequence[str] | None, loss: Loss) -> Array:
    """Read what is true: indices of classes, or numbers, float64 of shape (n_rows,).

    Parameters
    ----------
    y : array_like of shape (n_rows,) or (n_rows, 1)
    names : sequence of str, optional
        Of the outputs. One output of a classifier is its second class's.

    Raises
    ------
    InputError
        If `y` is of another length, lacks values, or holds labels that no output has.
    """
    from limelight.models._columns import is_missing

    found = np.asarray(y.detach().cpu() if hasattr(y, "detach") else y)
    values = found[:, 0] if found.ndim == 2 and found.shape[1] == 1 else found
    if values.shape != (n_rows,):
        raise InputError(f"y should hold one label or number for each of the {n_rows:,} rows of X; shape "
                         f"{found.shape} came")
    missing = sum(map(is_missing, values.tolist()))
    if missing:
        raise InputError(f"y is missing (NaN) in {missing:,} of {n_rows:,} rows: leave these rows out of X and y")
    read = _classes(values, n_outputs, names) if loss.name in _OF_CLASSES else _numbers(values)
    if loss.name == "auc" and len(np.unique(read)) < 2:
        raise InputError(ONE_CLASS)
    return read


def _numbers(values: Array) -> Array:
    try:
        numbers = values.astype(float)
    except (TypeError, ValueError):
        raise InputError("y should hold numbers, as the model's answers are values: labels came. If the model answers "
                         "with scores of classes, give a function that makes probabilities of them") from None
    if not np.isfinite(numbers).all():
        raise InputError("y should hold finite numbers: leave rows with infinite ones out of X and y")
    return numbers


def _classes(values: Array, n_outputs: int, names: Sequence[str] | None) -> Array:
    labels = [_label(value) for value in values.tolist()]
    known = set(labels)
    if n_outputs == 1:
        return _of_one_output(labels, known, names)
    names = [str(i) for i in range(n_outputs)] if names is None else list(names)
    place = {name: i for i, name in enumerate(names)}
    if n_outputs == 2 and known <= set(_TRUTH) and not known <= set(place):
        place = _truth(names) or place
    if not known <= set(place) and known <= {str(i) for i in range(n_outputs)}:
        place = {str(i): i for i in range(n_outputs)}
    unknown = sorted(known - set(place))
    if unknown:
        raise InputError(f"y holds {', '.join(map(repr, unknown[:5]))}{', ...' if len(unknown) > 5 else ''}, which no "
                         f"output is named: expected {', '.join(map(repr, names[:10]))}, or indices from 0 to "
                         f"{n_outputs - 1}")
    return np.array([place[label] for label in labels], float)


def _truth(names: Sequence[str]) -> dict[str, int]:
    """Which of two outputs False and True are; empty where their names don't say so, as "ham" and "spam"."""
    plain = [_PLAIN.index(name.casefold()) if name.casefold() in _PLAIN else -1 for name in names]
    opposite = min(plain) >= 0 and plain[0] // 2 == plain[1] // 2 and plain[0] != plain[1]
    return {"False": plain.index(min(plain)), "True": plain.index(max(plain))} if opposite else {}


def _of_one_output(labels: list[str], known: set[str], names: Sequence[str] | None) -> Array:
    """Of one score for two classes: 1 for the one that it is named after, else for "1" or "True"."""
    name = next((each for each in (*(names or ()), "1", "True") if each in known), None)
    if len(known) > 2 or (name is None and not known <= {"0", "False"}):
        raise InputError(f"y holds {', '.join(map(repr, sorted(known)[:5]))}, and the model has one output: expected 0 "
                         "and 1, or two labels of which one is the output's name")
    return np.array([label == name for label in labels], float)


def _label(value: Any) -> str:
    """A label as outputs are named: 2.0 is "2"."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
