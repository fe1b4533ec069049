"""Inputs so near to one that they should be explained alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.errors import Unsuited
from limelight.types import Array

RADIUS = 0.02
"""Of the range of the numbers: the most by which each is moved (captum's default)."""


def nearby(masker: Any, x: Any, rng: np.random.Generator) -> Any:
    """Move each number of an input by at most `RADIUS` of its range, evenly.

    Parameters
    ----------
    masker : ImageMasker, TabularMasker or GroupedMasker
    x : image or row
        As the user gave it. Of a row only numbers are moved, and no categories.

    Raises
    ------
    Unsuited
        If it is a text: words have no small changes.
    """
    while hasattr(masker, "inner"):
        masker = masker.inner
    kind = masker.model.kind
    if kind == "text":
        raise Unsuited("a text has no nearby inputs: its words can't be changed a little")
    return _row(masker, rng) if kind == "table" else _picture(x, rng)


def _row(masker: Any, rng: np.random.Generator) -> list[Any]:
    """Values of a row near to this one."""
    table, columns = masker.model.rows, masker.model.columns
    return [_moved(value, table.iloc[:, j] if hasattr(table, "iloc") else table[:, j], rng)
            if column.kind == "number" else value
            for j, (value, column) in enumerate(zip(masker.data, columns, strict=True))]


def _moved(value: Any, column: Any, rng: np.random.Generator) -> float:
    known = np.asarray(column, float)
    return float(value + RADIUS * rng.uniform(-1, 1) * (np.nanmax(known) - np.nanmin(known)))


def _picture(x: Any, rng: np.random.Generator) -> Any:
    """A picture near to this one, of its type."""
    if hasattr(x, "detach"):
        import torch

        noise = torch.as_tensor(_noise(tuple(x.shape), rng), dtype=x.dtype, device=x.device)
        return x + noise * (x.max() - x.min())
    if isinstance(x, np.ndarray):
        return _of_pixels(x, rng)
    from PIL import Image

    return Image.fromarray(_of_pixels(np.asarray(x.convert("RGB")), rng))


def _of_pixels(pixels: Array, rng: np.random.Generator) -> Array:
    moved = pixels + _noise(pixels.shape, rng) * (float(pixels.max()) - float(pixels.min()))
    if pixels.dtype.kind not in "iu":
        return moved.astype(pixels.dtype)
    return np.clip(moved.round(), 0, np.iinfo(pixels.dtype).max).astype(pixels.dtype)


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return RADIUS * rng.uniform(-1, 1, shape)
