"""Pictures of images that share a map of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np

from limelight.maskers.segments import map_of, run_lengths

LONGEST = 224
"""Pixels of a side of what a view is sent for one of many images."""
DRAWN = ("width", "height", "picture", "segments")
"""What of an image's subject says how it looks."""


def mean_picture(subjects: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The first image's subject with the mean of all pictures: what their segments are drawn on."""
    from PIL import Image

    total = np.zeros((subjects[0]["height"], subjects[0]["width"], 3))
    for subject in subjects:
        with Image.open(BytesIO(subject["picture"])) as picture:
            total += np.asarray(picture.convert("RGB"), float)
    file = BytesIO()
    Image.fromarray((total / len(subjects)).round().astype(np.uint8)).save(file, "PNG")
    return {**subjects[0], "picture": file.getvalue()}


def small(subject: Mapping[str, Any]) -> dict[str, Any]:
    """A picture and its map of segments, as views have them: no side is longer than `LONGEST`."""
    from PIL import Image

    width, height = subject["width"], subject["height"]
    shrink = LONGEST / max(width, height)
    if shrink >= 1:
        return {name: subject[name] for name in DRAWN}
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    file = BytesIO()
    with Image.open(BytesIO(subject["picture"])) as picture:
        picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(file, "PNG")
    across, down = (np.arange(new) * old // new for new, old in zip(size, (width, height), strict=True))
    segments = map_of(subject["segments"], height, width)[np.ix_(down, across)]
    return {"width": size[0], "height": size[1], "picture": file.getvalue(), "segments": run_lengths(segments)}
