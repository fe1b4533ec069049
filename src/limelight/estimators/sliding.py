"""Occlusion of a picture by a sliding window: what is lost when a rectangle of pixels is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.estimators.windows import check_budget, check_length, covered, estimate, places
from limelight.types import Array, Budget, Estimate, PixelGame

Sides = int | tuple[int, int]
"""Pixels: the height and the width, or both at once."""


def passes_occlusion(game: PixelGame, *, window: Sides, stride: Sides | None = None) -> int:
    """Evaluations that it takes: nothing, everything, and one a window."""
    rows, columns = _windows(game.segments.shape, window, stride)
    return 2 + len(rows) * len(columns)


def check_occlusion(game: PixelGame, *, window: Sides, stride: Sides | None = None) -> None:
    """Raise InputError for a window that can't be slid."""
    sides = _both("window", window)
    for side, most, name in zip(sides, game.segments.shape, ("high", "wide"), strict=True):
        check_length("window", side, most, f"pixels {name}")
    for step, most in zip(_steps(sides, stride), sides, strict=True):
        check_length("stride", step, most, "pixels: a longer one leaves some out")


def occlusion(game: PixelGame, target: int, budget: Budget, *, window: Sides,
              stride: Sides | None = None) -> Iterator[Estimate | None]:
    """Yield v(everything) - v(everything but a window), meant over the windows that cover a pixel.

    Zeiler & Fergus 2014 (arXiv:1311.2901), with overlaps as captum's Occlusion
    has them. What hides is what hides segments: their mean, a blur, a colour.

    Parameters
    ----------
    window : int or (int, int)
        Side of the window in pixels, or its height and width.
    stride : int or (int, int), optional
        Pixels between two windows; default half the window.

    Yields
    ------
    Estimate
        Values of shape (n_features, 1): the mean over a segment's pixels;
        `pixels` holds the map. Exact once all windows were hidden. They do not
        add up to the prediction.

    Raises
    ------
    InputError
        If the budget is too small for all windows.
    """
    rows, columns = _windows(game.segments.shape, window, stride)
    n_windows = len(rows) * len(columns)
    check_budget(budget, n_windows, f"windows of {window} pixels")
    budget.take(2)
    full, n = game.opening[1, target], 0
    lost, count = np.zeros((2, *game.segments.shape))
    while n < n_windows:
        which = np.arange(n, n + budget.take(min(game.batch_size, n_windows - n)))
        factors = rows[which // len(columns)].astype(float), columns[which % len(columns)].astype(float)
        drops = full - game.outputs(n, n + len(which), _around, *factors)[:, target]
        lost += np.einsum("n,nh,nw->hw", drops, *factors)
        count += np.einsum("nh,nw->hw", *factors)
        n += len(drops)
        pixels = lost / np.maximum(count, 1)
        yield estimate(_by_segment(pixels, game.segments)[:, None], n, n_windows, pixels.astype(np.float32))


def _around(rows: Any, columns: Any) -> Any:
    """Masks that show all but a window: arrays or tensors."""
    return 1 - rows[:, :, None] * columns[:, None, :]


def _windows(shape: tuple[int, ...], window: Sides, stride: Sides | None) -> tuple[Array, Array]:
    """Which rows, and which columns, windows cover: bool (n_places, height or width)."""
    sides = _both("window", window)
    rows, columns = (covered(places(length, side, step), side, length)
                     for length, side, step in zip(shape, sides, _steps(sides, stride), strict=True))
    return rows, columns


def _steps(sides: tuple[int, int], stride: Sides | None) -> tuple[int, int]:
    return (max(1, sides[0] // 2), max(1, sides[1] // 2)) if stride is None else _both("stride", stride)


def _both(name: str, given: Any) -> tuple[int, int]:
    if np.ndim(given) == 0:
        return given, given
    if len(given) != 2:
        raise InputError(f"{name}={given!r} can't be used: give a number of pixels, or a height and a width")
    return given[0], given[1]


def _by_segment(pixels: Array, segments: Array) -> Array:
    labels = segments.ravel()
    return np.bincount(labels, pixels.ravel()) / np.bincount(labels)
