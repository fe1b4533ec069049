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
QUALITY = 85
"""Of the file: a photo takes an eighth of what PNG takes."""
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
    else:
        each = values[segments_of(subject)][..., None]
    cover = STRONGEST * np.minimum(1, np.abs(each) / max(strongest(values) if most is None else most, 1e-300))
    return np.round((1 - cover) * pixels + cover * np.where(each > 0, FOR, AGAINST)).astype(np.uint8)


def strongest(values: Array) -> float:
    """What the strongest colour stands for: of pixels, what all but a few are below."""
    if values.ndim == 1:
        return float(np.abs(values).max())
    smooth = np.abs(_smooth(values))
    return float(np.quantile(smooth, 1 - CLIPPED) or smooth.max())


def segments_of(subject: Mapping[str, Any]) -> Array:
    """The map of an image's segments, int of shape (height, width)."""
    segment, length = np.frombuffer(subject["segments"], "<u2").reshape(-1, 2).T
    return np.repeat(segment.astype(int), length).reshape(subject["height"], subject["width"])


def middle(inside: Array) -> tuple[float, float]:
    """Where in a segment there is most room for its number: x and y, in pixels."""
    from scipy.ndimage import distance_transform_edt

    y, x = np.unravel_index(distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1].argmax(), inside.shape)
    return float(x) + 0.5, float(y) + 0.5


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


def heat_jpeg(subject: Mapping[str, Any], values: Array, side: int, most: float | None = None) -> bytes:
    """Return the same as the bytes of a JPEG file, at most so many pixels wide and high."""
    from PIL import Image

    file = BytesIO()
    picture = Image.fromarray(heat(subject, values, most))
    picture.thumbnail((side, side))
    picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()
