"""Segments of a picture: superpixels, a grid, or the user's own map."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.scalars import is_whole
from limelight.types import Array

ABOUT = 50
COMPACTNESS = 10
_TINY = 16
_NEAR = 1.5
"""So many times more or fewer segments than were wanted will do: SLIC joins small ones, and is asked again."""
_TRIES = 4
_MOST = 65_536  # segments cross to the browser as uint16


def segment(picture: Array, how: Any = "auto") -> Array:
    """Cut a picture into segments numbered from 0.

    Parameters
    ----------
    picture : uint8 ndarray of shape (height, width, 3)
    how : "auto", int, ndarray of shape (height, width), or callable
        About 50 superpixels, about so many, a map of whole numbers, or what
        makes one from the picture.

    Returns
    -------
    segments : int ndarray of shape (height, width)
        Every number from 0 to the number of segments - 1 occurs.

    Raises
    ------
    InputError
        If a map has another shape than the picture, or `how` is none of these.
    """
    if callable(how):
        return _numbered(how(picture), picture, "segments= gave a map")
    if isinstance(how, str) and how == "auto":
        return _superpixels(picture, ABOUT)
    if is_whole(how):
        if not 1 <= how <= _MOST:
            raise InputError(f"segments={how} should be between 1 and {_MOST:,}")
        return _superpixels(picture, int(how))
    if np.ndim(how) == 0:
        raise InputError(f"segments={how!r} is unknown: give 'auto', a number, a map of whole numbers of shape "
                         f"{picture.shape[:2]}, or a function that makes one from the picture")
    return _numbered(how, picture, "segments= is a map")


def run_lengths(segments: Array) -> bytes:
    """Write uint16 pairs (segment, run length), row by row, little-endian."""
    flat = segments.ravel()
    starts = np.flatnonzero(np.r_[True, flat[1:] != flat[:-1]])
    lengths = np.diff(np.r_[starts, flat.size])
    pieces = -(-lengths // 65535)
    pairs = np.full((pieces.sum(), 2), 65535, "<u2")
    pairs[:, 0] = np.repeat(flat[starts], pieces)
    pairs[np.cumsum(pieces) - 1, 1] = lengths - (pieces - 1) * 65535
    return pairs.tobytes()


def map_of(runs: bytes, height: int, width: int) -> Array:
    """Read what `run_lengths` wrote: int of shape (height, width)."""
    segment, length = np.frombuffer(runs, "<u2").reshape(-1, 2).T
    return np.repeat(segment.astype(int), length).reshape(height, width)


def _superpixels(picture: Array, about: int) -> Array:
    if min(picture.shape[:2]) < _TINY or not np.ptp(picture.reshape(-1, 3), axis=0).any():
        return _grid(picture, about)
    from skimage.segmentation import slic

    asked, found = about, []
    for _ in range(_TRIES):
        found.append(_renumbered(slic(picture, asked, COMPACTNESS, start_label=0, channel_axis=-1)))
        ratio = about / (found[-1].max() + 1)
        if 1 / _NEAR <= ratio <= _NEAR or ratio == about:
            break
        asked = max(1, round(asked * ratio))
    labels = min(found, key=lambda labels: abs(np.log((labels.max() + 1) / about)))
    # Pictures of little contrast may fall into a single superpixel.
    return labels if labels.any() or about == 1 else _grid(picture, about)


def _grid(picture: Array, about: int) -> Array:
    """About so many rectangles, as square as may be; at most one a pixel."""
    height, width = picture.shape[:2]
    rows = int(np.clip(round((about * height / width) ** 0.5), 1, min(height, about)))
    columns = int(np.clip(round(about / rows), 1, width))
    row = np.arange(height) * rows // height
    column = np.arange(width) * columns // width
    return row[:, None] * columns + column


def _numbered(labels: Any, picture: Array, what: str) -> Array:
    labels = np.asarray(labels)
    if labels.shape != picture.shape[:2]:
        raise InputError(f"{what} of shape {labels.shape}, and the model sees a picture of shape "
                         f"{picture.shape[:2]}: make it for the picture after preprocess, or give a function, "
                         "which is called with that picture")
    if labels.dtype.kind not in "iub":
        raise InputError(f"{what} of type {labels.dtype}: it should hold whole numbers, the same for every "
                         "pixel of a segment")
    return _renumbered(labels)


def _renumbered(labels: Array) -> Array:
    names, numbers = np.unique(labels, return_inverse=True)
    if len(names) > _MOST:
        raise InputError(f"the map has {len(names):,} segments, and {_MOST:,} are the most: use fewer")
    return numbers.reshape(labels.shape)
