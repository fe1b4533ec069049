"""Our explanations as shap's, for its own plots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError, warn
from limelight.explanation import Explanation
from limelight.types import Array

if TYPE_CHECKING:
    import shap

MISSED = 0.01
"""Values that miss the change of the output by a larger share don't add up."""


def one_output(explanation: Explanation, target: int) -> shap.Explanation:
    """One output: values of shape (n_features,), as shap's waterfall, bar, force and text take them."""
    import shap

    _warn_of_sums(explanation, [target])
    found = shap.Explanation(explanation.values[:, target].copy(), float(explanation.base_values[target]),
                             data_of(explanation), feature_names=list(explanation.feature_names),
                             error_std=_errors(explanation, target))
    found.output_names = explanation.output_names[target]  # given before, they would be an axis of the values
    return found


def all_outputs(explanation: Explanation) -> shap.Explanation:
    """All outputs that are computed: values of shape (n_features, n_outputs)."""
    import shap

    computed = np.flatnonzero(~np.isnan(explanation.values).any(0))
    _warn_of_sums(explanation, computed)
    return shap.Explanation(explanation.values[:, computed], explanation.base_values[computed],
                            data_of(explanation), feature_names=list(explanation.feature_names),
                            output_names=[explanation.output_names[k] for k in computed])


def check_stack(first: Explanation, others: Sequence[Any]) -> None:
    """Refuse what can't stand in one stack with `first`."""
    for other in others:
        if not isinstance(other, Explanation):
            raise InputError(f"to_shap stacks explanations, and {type(other).__name__} came: an output is target=, "
                             "and a view's explanation is view.explanation")
        if other.feature_names != first.feature_names:
            raise InputError("to_shap stacks explanations of the same features: these have "
                             f"{_few(first.feature_names)} and {_few(other.feature_names)}")
        if other.output_space != first.output_space:
            raise InputError(f"one plot can't hold different output spaces: these explain a {first.output_space} and a "
                             f"{other.output_space}. Explain all with the same output=")


def stacked(explanations: list[Explanation], targets: list[int]) -> shap.Explanation:
    """Several inputs of the same features: values of shape (n_inputs, n_features), as shap's beeswarm takes them."""
    import shap

    pairs = list(zip(explanations, targets, strict=True))
    found = shap.Explanation(np.stack([each.values[:, k] for each, k in pairs]),
                             np.array([each.base_values[k] for each, k in pairs]),
                             np.stack([data_of(each) for each in explanations]),
                             feature_names=list(explanations[0].feature_names))
    found.output_names = explanations[0].output_names[targets[0]]
    return found


def of_pixels(explanation: Explanation, target: int) -> shap.Explanation:
    """A picture: values of shape (1, height, width, 1), as shap's image takes them.

    The method's own attributions of pixels where it has any; otherwise each
    segment's value shared evenly by its pixels, so that the sum stays.
    """
    import shap
    from PIL import Image

    subject = explanation.subject
    if subject.get("kind") != "image":
        raise InputError(f"pixels=True is for pictures, and this is a {subject.get('kind', 'text or table')}")
    with Image.open(BytesIO(subject["picture"])) as file:
        picture = np.asarray(file.convert("RGB"))
    values = explanation.pixels
    if values is None or target != explanation.target:
        segment, length = np.frombuffer(subject["segments"], "<u2").reshape(-1, 2).T
        labels = np.repeat(segment, length)
        share = explanation.values[:, target] / np.maximum(np.bincount(labels, minlength=len(explanation.values)), 1)
        values = share[labels].reshape(picture.shape[:2])
    found = shap.Explanation(np.asarray(values, float)[None, ..., None],
                             np.array([explanation.base_values[target]]), picture[None] / 255.0)
    found.output_names = [explanation.output_names[target]]  # given before, they would be an axis of the values
    return found


def data_of(explanation: Explanation) -> Array:
    """One entry a feature: a text's words with what follows them, a group's members in words."""
    if explanation.subject.get("kind") == "text":
        return np.array(_with_what_follows(explanation.subject["pieces"], len(explanation.values)))
    data: list[Any] = [", ".join(map(str, value)) if isinstance(value, tuple) else value for value in explanation.data]
    numbers = all(isinstance(value, (int, float, np.number)) for value in data)
    return np.array(data, float if numbers else object)


def _with_what_follows(pieces: list[list[Any]], n: int) -> list[str]:
    """shap's text plot writes its tokens one after the other: spaces and signs have to be part of them."""
    parts, last, waiting = [""] * n, -1, ""
    for piece, feature in pieces:
        if feature < 0 and last < 0:
            waiting += piece
            continue
        last = feature if feature >= 0 else last
        parts[last] += waiting + piece
        waiting = ""
    return parts


def _warn_of_sums(explanation: Explanation, targets: Iterable[int]) -> None:
    """Say so where base value and values miss the prediction: shap's plots add them up unasked."""
    for k in targets:
        values, change = explanation.values[:, k], explanation.prediction[k] - explanation.base_values[k]
        low, high = explanation.interval()
        half = (high - low)[:, k] / 2
        margin = np.sqrt(np.square(half[np.isfinite(half)]).sum())
        missed = abs(values.sum() - change)
        if missed > margin and missed > MISSED * max(abs(change), np.abs(values).sum()):
            warn(f"base value and attributions of {explanation.method} add up to "
                 f"{explanation.base_values[k] + values.sum():.3g}, and the model says {explanation.prediction[k]:.3g} "
                 f"for {explanation.output_names[k]!r}. shap's waterfall, force and text plots add these up and would "
                 "write a false f(x): use bar, or method='shapley'")
            return


def _errors(explanation: Explanation, target: int) -> Array | None:
    errors = explanation.std_error[:, target]
    return errors.copy() if np.isfinite(errors).all() else None


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names[:3])) + (", ..." if len(names) > 3 else "")
