"""Inputs so near to one that they should be explained alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from limelight.errors import Unsuited
from limelight.types import Array

RADIUS = 0.02
"""Of the range of the numbers: the most by which each is moved (captum's default)."""


FLOOR = 0.01
"""Of the range of the numbers: smaller ones count as that where a change is divided by them."""


class Near:
    """Draws nearby inputs, and keeps how far each is from the input.

    Attributes
    ----------
    distances : list of float
        `|(x' - x) / range|`, Euclidean over the numbers of the input: 1 is one number over all of its range.
    changes : list of float
        `|(x' - x) / x|`, likewise.
    """

    def __init__(self, rng: np.random.Generator):
        self._rng = rng
        self.distances: list[float] = []
        self.changes: list[float] = []

    def __call__(self, masker: Any, x: Any) -> Any:
        """Draw one: parameters are those of `nearby`, and it is Unsuited where what was drawn is the input itself."""
        other = nearby(masker, x, self._rng)
        masker = _inner(masker)
        before, after, spread = _rows(masker, other) if masker.model.kind == "table" else _pictures(x, other)
        gap = after - before
        if not gap.any():
            raise Unsuited("no nearby input differs from this one: none of its numbers can be moved within a range")
        self.distances.append(float(np.linalg.norm(gap / spread)))
        self.changes.append(float(np.linalg.norm(gap / np.maximum(np.abs(before), FLOOR * spread))))
        return other


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
    masker = _inner(masker)
    kind = masker.model.kind
    if kind == "text":
        raise Unsuited("a text has no nearby inputs: its words can't be changed a little")
    return _row(masker, rng) if kind == "table" else _picture(x, rng)


def _inner(masker: Any) -> Any:
    """The masker of single features."""
    while hasattr(masker, "inner"):
        masker = masker.inner
    return masker


def _row(masker: Any, rng: np.random.Generator) -> list[Any]:
    """Values of a row near to this one."""
    spreads = _spreads(masker)
    return [float(value + RADIUS * rng.uniform(-1, 1) * spreads[j]) if j in spreads else value
            for j, value in enumerate(masker.data)]


def _spreads(masker: Any) -> dict[int, float]:
    """Ranges of the columns of numbers."""
    table = masker.model.rows
    numbers = [j for j, column in enumerate(masker.model.columns) if column.kind == "number"]
    columns = (np.asarray(table.iloc[:, j] if hasattr(table, "iloc") else table[:, j], float) for j in numbers)
    return {j: float(np.nanmax(column) - np.nanmin(column)) for j, column in zip(numbers, columns, strict=True)}


def _rows(masker: Any, other: Sequence[Any]) -> tuple[Array, Array, Array]:
    """Numbers of a row and of another, and the ranges of their columns, where all are known and can differ."""
    spreads = _spreads(masker)
    before, after = (np.array([float(row[j]) for j in spreads]) for row in (masker.data, other))
    spread = np.array(list(spreads.values()))
    known = np.isfinite(before) & (spread > 0)
    return before[known], after[known], spread[known]


def _pictures(x: Any, other: Any) -> tuple[Array, Array, float]:
    """Numbers of two pictures, and the range of those of the first."""
    before, after = (_numbers(each) for each in (x, other))
    return before, after, float(np.ptp(before)) or 1.0


def _numbers(picture: Any) -> Array:
    if hasattr(picture, "detach"):
        picture = picture.detach().cpu()
    return np.asarray(picture.convert("RGB") if hasattr(picture, "convert") else picture, float).ravel()


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
