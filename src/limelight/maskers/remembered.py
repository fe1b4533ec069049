"""What an explanation keeps of its input, so that a model can be asked about it again."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.maskers.grouped import GroupedMasker
from limelight.maskers.segments import run_lengths


def remembered(masker: Any) -> dict[str, Any]:
    """What it takes to make a masker again, besides what a view draws and what each feature is.

    Returns
    -------
    dict
        What there is of these. `groups`: lists of features that are hidden
        together. `word`: of a text, whose label is explained. `row`: values
        of a row whose features are groups. `pixels`: a picture as the model
        is given it, shape (height, width, channels), where that is not the
        picture that is shown. `hidden`: that in one colour, which only
        `preprocess` can make. `segments`: which segment each pixel is in, as
        a view's subject has it, where features are groups of segments.
    """
    found: dict[str, Any] = {}
    inner = masker
    if isinstance(masker, GroupedMasker):
        inner = masker.inner
        found["groups"] = [np.flatnonzero(masker.owner == i).tolist() for i in np.flatnonzero(
            np.bincount(masker.owner) > 1)]
    own = {"text": _of_text, "table": _of_row, "image": _of_picture}[masker.model.kind]
    return found | own(inner, inner is not masker)


def _of_text(masker: Any, grouped: bool) -> dict[str, Any]:
    return {} if masker.word is None else {"word": masker.word}


def _of_row(masker: Any, grouped: bool) -> dict[str, Any]:
    return {"row": list(masker.data)} if grouped else {}


def _of_picture(masker: Any, grouped: bool) -> dict[str, Any]:
    model, pixels = masker.model, masker.pixels
    found: dict[str, Any] = {}
    if pixels.dtype != np.uint8 or not np.array_equal(pixels, masker.picture):
        found["pixels"] = pixels
    if model.is_network and model.colour:
        found["hidden"] = masker.hidden
    if grouped:
        found["segments"] = run_lengths(masker.segments)
    return found
