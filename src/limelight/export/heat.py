"""An image with its segments, or its pixels, coloured by their attributions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from limelight.export import shown
from limelight.export.measure import printable
from limelight.types import Array

if TYPE_CHECKING:
    from limelight.explanation import Explanation

FOR, AGAINST = shown.rgb(shown.FOR), shown.rgb(shown.AGAINST)
STRONGEST = 0.75
"""How much of the colour covers the picture where the attribution is largest."""
FINENESS, PASSES, CLIPPED = 75, 3, 0.005
"""Pixels are smoothed, and their strongest colour is found, as in js/lib/heat.js."""
QUALITY = 85
"""Of the file: a photo takes an eighth of what PNG takes."""
GREYED = 0.85
"""How grey the picture is beneath a map of its pixels: orange on an orange cat would not be seen."""


def heat(subject: Mapping[str, Any], values: Array, most: float | None = None, side: int | None = None) -> Array:
    """Blend orange (for) and blue (against) into the picture.

    Parameters
    ----------
    subject : mapping
        Of an image: see CONTRIBUTING.md, "What crosses to the browser".
    values : ndarray of shape (n_segments,) or (height, width)
        Of segments, or of single pixels, which are smoothed a little.
    most : float, optional
        What the strongest colour stands for; default the largest absolute value.
    side : int, optional
        How many pixels wide and high it may be: a larger picture is made
        smaller before it is coloured. Default: as large as it is.

    Returns
    -------
    ndarray of shape (height, width, 3), uint8
    """
    from PIL import Image

    with Image.open(BytesIO(subject["picture"])) as file:
        picture = file.convert("RGB")
    if side is not None:
        picture.thumbnail((side, side))
    pixels = np.asarray(picture, float)
    if values.ndim == 2:
        values = _averaged(values, *picture.size)
        pixels += GREYED * (pixels.mean(2, keepdims=True) - pixels)
        each = _smooth(values)[..., None]
    else:
        each = values[_sampled(segments_of(subject), *picture.size)][..., None]
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
    from limelight.maskers.segments import map_of

    return map_of(subject["segments"], subject["height"], subject["width"])


class Mark(NamedTuple):
    """One of the strongest segments.

    Attributes
    ----------
    name : str
        Its number; of a group's or another's name what there is room for.
    value : float
    inside : bool ndarray of shape (height, width)
    x, y : float
        Where its number belongs, in pixels.
    """

    name: str
    value: float
    inside: Array
    x: float
    y: float


def marked(explanation: Explanation, rows: shown.Rows) -> Iterator[Mark]:
    """The strongest segments that have a place in the picture, but for those that are faint beside the first."""
    segments = segments_of(explanation.subject)
    for feature, value in list(zip(rows.features, rows.values, strict=True))[:shown.MARKED]:
        inside = segments == feature
        if inside.any() and abs(value) >= shown.FAINT * abs(rows.values[0]):
            name = printable(explanation.feature_names[feature]).removeprefix("segment ")[:4]
            yield Mark(name, float(value), inside, *middle(inside))


def middle(inside: Array) -> tuple[float, float]:
    """Where in a segment there is most room for its number: x and y, in pixels."""
    from scipy.ndimage import distance_transform_edt

    rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
    around = np.pad(inside[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1], 1)
    y, x = np.unravel_index(distance_transform_edt(around).argmax(), around.shape)
    return float(columns[0] + x) - 0.5, float(rows[0] + y) - 0.5


def _sampled(segments: Array, width: int, height: int) -> Array:
    """The segments at the middles of so many pixels."""
    down, across = (((2 * np.arange(n) + 1) * size) // (2 * n) for n, size in zip((height, width), segments.shape,
                                                                                 strict=True))
    return segments[down[:, None], across]


def _averaged(pixels: Array, width: int, height: int) -> Array:
    """What so many pixels say: each the mean of those that it stands for."""
    if pixels.shape == (height, width):
        return pixels
    from PIL import Image

    return np.asarray(Image.fromarray(pixels.astype(np.float32)).resize((width, height), Image.Resampling.BOX))


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
    Image.fromarray(heat(subject, values, most, side)).save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()
