"""What was explained elsewhere, as a view draws it: tokens, a picture or a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.scalars import is_finite
from limelight.types import Array


@dataclass(frozen=True)
class Shown:
    """One input and the attributions of its features.

    Attributes
    ----------
    subject : mapping
        What a view draws: see CONTRIBUTING.md, "What crosses to the browser".
    data
        What each feature is: words, segment numbers, or the row's values.
    values : ndarray of shape (n_features, n_outputs)
    pixels : float32 ndarray of shape (height, width, n_outputs), optional
    """

    subject: Mapping[str, Any]
    data: Any
    values: Array
    pixels: Array | None = None


def text(pieces: Sequence[tuple[str, int]], values: Array) -> Shown:
    """A text in consecutive pieces, each with its feature, or -1; the spaces around a word are none of it."""
    words = [""] * len(values)
    parts: list[list[Any]] = []
    for piece, feature in pieces:
        word = piece.strip()
        if feature < 0 or not word:
            parts.append([piece, -1])
            continue
        words[feature] = words[feature] or word
        start = piece.index(word)
        parts += [[piece[:start], -1], [word, feature], [piece[start + len(word):], -1]]
    names = [word or f"token {i}" for i, word in enumerate(words)]
    return Shown({"kind": "text", "features": names, "pieces": [part for part in parts if part[0]], "cut": None},
                 names, values)


def tokens(x: Sequence[str], values: Array, names: Sequence[str] | None = None) -> Shown:
    """A text that came as the list of its tokens; where a token holds its name, only that is the feature.

    Tokens that tell where spaces are, by spaces of their own or as tokenizers
    mark them (" good", "Ġgood", "▁good", "##ing"), are joined so; others with spaces between.
    """
    plain = [token.replace("Ġ", " ").replace("▁", " ") for token in x]
    if not any(token != token.strip() for token in plain):
        plain = [token[2:] if len(token) > 2 and token.startswith("##") else f" {token}" for token in plain]
    named = zip(plain, plain if names is None else names, strict=True)
    return text([part for i, (token, name) in enumerate(named) for part in _around(token, name.strip(), i)], values)


def _around(token: str, name: str, feature: int) -> list[tuple[str, int]]:
    if not name or name not in token:
        return [(token, feature)]
    before, _, after = token.partition(name)
    return [(before, -1), (name, feature), (after, -1)]


def whole_text(x: str, values: Array) -> Shown:
    """A text of which every word has a value."""
    from limelight.maskers.words import words

    spans = words(x)
    if len(spans) != len(values):
        raise InputError(f"the text has {len(spans)} words, and there are {len(values)} attributions: give x as the "
                         f"list of the {len(values)} tokens that these belong to, with the spaces between them")
    pieces, end = [], 0
    for i, (start, stop) in enumerate(spans):
        pieces += [(x[end:start], -1), (x[start:stop], i)]
        end = stop
    return text([*pieces, (x[end:], -1)], values)


def row(x: Sequence[Any] | None, names: Sequence[str], values: Array) -> Shown:
    """A row of a table; `x` is None where its values are not known."""
    data = [""] * len(values) if x is None else [each.item() if isinstance(each, np.generic) else each for each in x]
    shown = [each if is_finite(each) else str(each) for each in data]
    columns = [{"value": each, "kind": "fixed", "categories": None} for each in shown]
    return Shown({"kind": "table", "features": list(names), "columns": columns}, data, values)


def picture(x: Array, values: Array, segments: Any = None) -> Shown:
    """A picture whose segments or pixels have values.

    Parameters
    ----------
    x : ndarray of shape (height, width, channels)
    values : ndarray of shape (height, width, n_outputs) or (n_segments, n_outputs)
        Of pixels, which are summed to segments, or of segments.
    segments : int ndarray of shape (height, width), optional
        Which segment each pixel is of, numbered from 0. Default about 50 superpixels.
    """
    from limelight.maskers.segments import run_lengths, segment

    shown = _eight_bits(x)
    per_pixel = values.ndim == 3
    labels = segment(shown, "auto" if segments is None else np.asarray(segments)) if per_pixel else (
        _labels(segments, shown, len(values)))
    summed = np.stack([np.bincount(labels.ravel(), one.ravel()) for one in np.moveaxis(values, 2, 0)], 1) if (
        per_pixel) else values
    height, width = labels.shape
    names = [f"segment {i}" for i in range(len(summed))]
    subject = {"kind": "image", "features": names, "width": width, "height": height, "picture": _png(shown),
               "segments": run_lengths(labels)}
    return Shown(subject, np.arange(len(summed)), summed, values.astype(np.float32) if per_pixel else None)


def _labels(segments: Any, shown: Array, n: int) -> Array:
    if segments is None:
        raise InputError(f"{n} attributions of a picture belong to its segments: give segments=, the map of shape "
                         f"{shown.shape[:2]} that numbers them from 0")
    labels = np.asarray(segments)
    if labels.shape != shown.shape[:2] or labels.min() < 0 or labels.max() >= n:
        raise InputError(f"segments= should number the {n} segments from 0 to {n - 1}, shape {shown.shape[:2]}; shape "
                         f"{labels.shape} with {labels.min()} to {labels.max()} came")
    return labels.astype(int)


def _eight_bits(x: Array) -> Array:
    """uint8 RGB; numbers that are neither 0..1 nor 0..255 are stretched from the least to the most."""
    pixels = np.asarray(x, float)
    pixels = np.repeat(pixels, 3, 2) if pixels.shape[2] == 1 else pixels[..., :3]
    low, high = pixels.min(), pixels.max()
    if not np.isfinite([low, high]).all():
        raise InputError("the picture holds NaN or infinite values: replace them first, as with np.nan_to_num")
    if low < 0 or high > 255:
        pixels = (pixels - low) * (255 / (high - low))
    elif high <= 1:
        pixels = pixels * 255
    return np.round(pixels).astype(np.uint8)


def _png(shown: Array) -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.fromarray(shown).save(file, "PNG", optimize=True)
    return file.getvalue()
