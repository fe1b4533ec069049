"""Texts and images, explained one by one, in an order that leaves a fair sample when it is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from limelight import api
from limelight.dataset.loss import choose_loss, read_targets
from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.maskers.words import words
from limelight.models.recognise import as_model
from limelight.question import find_target
from limelight.sources import MOST_OUTPUTS
from limelight.types import Array, Output, Target

TEXTS, IMAGES = 100, 50
"""So many are explained where nothing else was asked for."""
LEAST, A_WORD, A_SEGMENT = 200, 4, 8
"""Evaluations of a text or image, where nothing else was asked for: at least so many, and so many a feature."""


@dataclass(frozen=True)
class Asking:
    """What every text or image is asked with: the arguments of `explain`."""

    model: Any
    method: str
    target: Target
    output: Output
    n_samples: int | str
    groups: Any
    seed: int
    options: Mapping[str, Any]

    def to_repeat(self) -> dict[str, Any]:
        """What an overview from a file needs to explain one again."""
        limit = {} if self.n_samples == "auto" else {"n_samples": self.n_samples}
        return {"seed": self.seed, **limit, **self.options}

    def explain(self, x: Any, n_samples: int | str | None = None, **changes: Any) -> Explanation:
        """Explain one, with some arguments changed."""
        given = {"method": self.method, "target": self.target, "output": self.output, "groups": self.groups,
                 "n_samples": n_samples or self.n_samples, "seed": self.seed, **self.options, **changes}
        return api.explain(self.model, x, **{"progress": False, **given})


def asking(model: Any, inputs: Sequence[Any], target: Target, **given: Any) -> Asking:
    """Decide on the output that all are asked about.

    Raises
    ------
    InputError
        If there are more outputs than are kept of each, and none was chosen.
    """
    wrapped = as_model(model, inputs[0])
    names = wrapped.output_names
    if target is None and names is not None and len(names) > MOST_OUTPUTS:
        raise InputError(f"{wrapped.name} has {len(names):,} outputs, of which {MOST_OUTPUTS} are kept of each input, "
                         "and not of each the same: say which one is meant, as in "
                         f"ll.overview(model, X, target={names[0]!r})")
    return Asking(wrapped, target=target, **given)


def budget(text: str) -> int:
    """Evaluations of a text."""
    return max(LEAST, A_WORD * len(words(text)))


def one_by_one(asked: Asking, inputs: Sequence[Any], order: Array,
               spend: Callable[[Any], int | str]) -> Iterator[tuple[int, Explanation | None]]:
    """Yield the number of each input and its explanation; None where there is nothing in it to hide.

    An error in one names it.
    """
    for i in order.tolist():
        x = inputs[i]
        if isinstance(x, str) and not words(x):
            yield i, None
            continue
        try:
            yield i, asked.explain(x, spend(x) if asked.n_samples == "auto" else None)
        except InputError as error:
            raise InputError(f"X[{i}]: {error}") from error


def common(explained: Sequence[Explanation]) -> tuple[tuple[str, ...], list[list[int]]]:
    """Outputs that all explanations have, and where each has them.

    Raises
    ------
    InputError
        If they share none.
    """
    names = [name for name in explained[0].output_names if all(name in each.output_names for each in explained)]
    if not names:
        raise InputError("these inputs have no output in common among the ten most likely of each: say which one is "
                         "meant, with target=")
    if any(np.isnan(each.values[:, each.output_names.index(name)]).any() for each in explained for name in names):
        names = [explained[0].output_names[explained[0].target]]  # gradients are of the target only
    return tuple(names), [[each.output_names.index(name) for name in names] for each in explained]


def stacked(name: str, explained: Sequence[Explanation], places: list[list[int]]) -> Array:
    """One array of all explanations, of the outputs that they share, which come last."""
    return np.array([getattr(each, name)[..., place] for each, place in zip(explained, places, strict=True)])


def shown(target: Target, names: tuple[str, ...], predictions: Array) -> int:
    """The output that is shown: the one asked for, the second of two, or the one predicted most often."""
    if target is not None and not isinstance(target, tuple):
        return find_target(target, names)
    return 1 if len(names) == 2 else int(np.bincount(predictions.argmax(1), minlength=len(names)).argmax())


def outcome_of(y: Any, n: int, names: tuple[str, ...], index: Array) -> Array | None:
    """What was to be predicted of the explained ones: indices of outputs, or numbers where there is one output.

    Raises
    ------
    InputError
        If `y` is of another length, or names no outputs.
    """
    if y is None:
        return None
    return read_targets(y, n, len(names), names, choose_loss("accuracy" if len(names) > 1 else "squared_error",
                                                             "probability" if len(names) > 1 else "value", 0))[index]
