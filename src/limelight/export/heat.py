"""An image with its segments coloured by their attributions."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

from limelight.types import Array

FOR, AGAINST = (217, 88, 13), (42, 111, 187)
STRONGEST = 0.75
"""How much of the colour covers the picture where the attribution is largest."""


def heat(subject: Mapping[str, Any], values: Array) -> Array:
    """Blend orange (for) and blue (against) into the picture.

    Parameters
    ----------
    subject : mapping
        Of an image: see CONTRIBUTING.md, "What crosses to the browser".
    values : ndarray of shape (n_segments,)

    Returns
    -------
    ndarray of shape (height, width, 3), uint8
    """
    from PIL import Image

    with Image.open(BytesIO(subject["picture"])) as picture:
        pixels = np.asarray(picture.convert("RGB"), float)
    segment, length = np.frombuffer(subject["segments"], "<u2").reshape(-1, 2).T
    each = values[np.repeat(segment, length)].reshape(pixels.shape[:2])[..., None]
    cover = STRONGEST * np.abs(each) / max(np.abs(values).max(), 1e-12)
    return np.round((1 - cover) * pixels + cover * np.where(each > 0, FOR, AGAINST)).astype(np.uint8)


def heat_png(subject: Mapping[str, Any], values: Array) -> bytes:
    """Return the same as the bytes of a PNG file."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(heat(subject, values)).save(file, "PNG")
    return file.getvalue()
