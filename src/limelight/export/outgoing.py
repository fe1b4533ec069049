"""Our explanations as shap's, for its own plots."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.types import Array

if TYPE_CHECKING:
    import shap


def one_output(explanation: Explanation, target: int) -> shap.Explanation:
    """One output: values of shape (n_features,), as shap's waterfall, bar, force and text take them."""
    import shap

    found = shap.Explanation(explanation.values[:, target].copy(), float(explanation.base_values[target]),
                             data_of(explanation), feature_names=list(explanation.feature_names),
                             error_std=_errors(explanation, target))
    found.output_names = explanation.output_names[target]  # given before, they would be an axis of the values
    return found


def all_outputs(explanation: Explanation) -> shap.Explanation:
    """All outputs that are computed: values of shape (n_features, n_outputs)."""
    import shap

    computed = np.flatnonzero(~np.isnan(explanation.values).any(0))
    return shap.Explanation(explanation.values[:, computed], explanation.base_values[computed],
                            data_of(explanation), feature_names=list(explanation.feature_names),
                            output_names=[explanation.output_names[k] for k in computed])


def stacked(explanations: list[Explanation], targets: list[int]) -> shap.Explanation:
    """Several inputs of the same features: values of shape (n_inputs, n_features), as shap's beeswarm takes them."""
    import shap

    names = explanations[0].feature_names
    for other in explanations[1:]:
        if other.feature_names != names:
            raise InputError("to_shap stacks explanations of the same features: these have "
                             f"{_few(names)} and {_few(other.feature_names)}")
    pairs = list(zip(explanations, targets, strict=True))
    found = shap.Explanation(np.stack([each.values[:, k] for each, k in pairs]),
                             np.array([each.base_values[k] for each, k in pairs]),
                             np.stack([data_of(each) for each in explanations]), feature_names=list(names))
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


def _errors(explanation: Explanation, target: int) -> Array | None:
    errors = explanation.std_error[:, target]
    return errors.copy() if np.isfinite(errors).all() else None


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names[:3])) + (", ..." if len(names) > 3 else "")
