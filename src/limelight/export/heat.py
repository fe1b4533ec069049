"""An image with its segments, or its pixels, coloured by their attributions."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.types import Array

if TYPE_CHECKING:
    from limelight.explanation import Explanation

FOR, AGAINST = (217, 88, 13), (42, 111, 187)
STRONGEST = 0.75
"""How much of the colour covers the picture where the attribution is largest."""
FINENESS, PASSES, CLIPPED = 75, 3, 0.005
"""Pixels are smoothed, and their strongest colour is found, as in js/lib/heat.js."""
GREYED = 0.85
"""How grey the picture is beneath a map of its pixels: orange on an orange cat would not be seen."""


def heat(subject: Mapping[str, Any], values: Array, most: float | None = None) -> Array:
    """Blend orange (for) and blue (against) into the picture.

    Parameters
    ----------
    subject : mapping
        Of an image: see CONTRIBUTING.md, "What crosses to the browser".
    values : ndarray of shape (n_segments,) or (height, width)
        Of segments, or of single pixels, which are smoothed a little.
    most : float, optional
        What the strongest colour stands for; default the largest absolute value.

    Returns
    -------
    ndarray of shape (height, width, 3), uint8
    """
    from PIL import Image

    with Image.open(BytesIO(subject["picture"])) as picture:
        pixels = np.asarray(picture.convert("RGB"), float)
    if values.ndim == 2:
        pixels += GREYED * (pixels.mean(2, keepdims=True) - pixels)
        each = _smooth(values)[..., None]
        strongest = np.quantile(np.abs(each), 1 - CLIPPED) or np.abs(each).max()
    else:
        segment, length = np.frombuffer(subject["segments"], "<u2").reshape(-1, 2).T
        each = values[np.repeat(segment, length)].reshape(pixels.shape[:2])[..., None]
        strongest = np.abs(values).max()
    cover = STRONGEST * np.minimum(1, np.abs(each) / max(strongest if most is None else most, 1e-12))
    return np.round((1 - cover) * pixels + cover * np.where(each > 0, FOR, AGAINST)).astype(np.uint8)


def _smooth(pixels: Array) -> Array:
    from scipy.ndimage import uniform_filter

    reach = max(1, round(pixels.shape[1] / FINENESS))
    smooth = pixels.astype(float)
    for _ in range(PASSES):
        smooth = uniform_filter(smooth, 2 * reach + 1, mode="nearest")
    return smooth


def finest(explanation: Explanation, target: int) -> Array:
    """Return what a heat map of one output shows: its pixels where there are, and otherwise its segments."""
    pixels = explanation.pixels if target == explanation.target else None
    subject = explanation.subject
    if pixels is not None and pixels.shape == (subject.get("height"), subject.get("width")):
        return pixels
    return explanation.values[:, target]


def heat_png(subject: Mapping[str, Any], values: Array, most: float | None = None) -> bytes:
    """Return the same as the bytes of a PNG file."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(heat(subject, values, most)).save(file, "PNG")
    return file.getvalue()
