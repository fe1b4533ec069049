"""Pictures as users have them, made into what models and views can read."""

from __future__ import annotations

from os import PathLike
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.types import Array

OVER_WHITE = "The picture's transparent parts were laid over white."

_OVERSHOOT = 0.2
"""Smooth resizing of floats goes beyond black and white at edges, by less than this part of the way between them."""


def is_pillow(x: Any) -> bool:
    """Tell a Pillow image, without importing Pillow."""
    return hasattr(x, "convert") and hasattr(x, "getbands")


def read_array(x: Any) -> Array:
    """Check a numpy or Pillow picture: shape (H, W) or (H, W, channels).

    Pillow's palettes, CMYK and the like become RGB, its black and white becomes grey.

    Raises
    ------
    InputError
        If it is no picture: says what one is.
    """
    if isinstance(x, (str, PathLike)):
        raise InputError(f"a picture should be a Pillow image or a numpy array, and the name of a file came: give "
                         f"PIL.Image.open({str(x)!r})")
    array = np.asarray(_plain(x) if is_pillow(x) else x)
    if array.ndim not in (2, 3) or array.dtype.kind not in "uifb":
        raise InputError("a picture should be a Pillow image or a numpy array of numbers, shape (height, width) "
                         f"or (height, width, channels); {_described(x, array)} came")
    if array.size == 0:
        raise InputError(f"the picture is empty: its shape is {array.shape}")
    if not np.isfinite(array).all():
        raise InputError("the picture holds NaN or infinite values: replace them first, as with np.nan_to_num")
    return array.astype(np.uint8) * 255 if array.dtype == bool else array


def to_rgb(x: Any) -> tuple[Any, list[str]]:
    """Make what a network's preprocess likes: RGB, of eight bits or floats in 0..1.

    Returns
    -------
    picture : Pillow image in mode RGB, or ndarray of shape (H, W, 3)
        Pillow in, Pillow out. Sixteen bits become eight.
    notes : list of str
        What the view must say.
    """
    if is_pillow(x) and x.mode not in ("I;16", "I", "F"):
        transparent = "A" in x.getbands() or "transparency" in x.info
        return (_over_white(x), [OVER_WHITE]) if transparent else (x.convert("RGB"), [])
    array = _eight_bits_or_floats(read_array(x))
    if array.ndim == 2:
        array = array[..., None]
    if array.shape[2] not in (1, 3, 4):
        raise InputError(f"a picture should have 1, 3 or 4 channels, last; its shape is {array.shape}. "
                         "Tensors with channels first: give a torch tensor that is preprocessed already")
    if array.shape[2] == 1:
        return np.repeat(array, 3, axis=2), []
    return (_flattened(array), [OVER_WHITE]) if array.shape[2] == 4 else (array, [])


def to_picture(pixels: Array) -> Array:
    """Make uint8 RGB, shape (H, W, 3), of any (H, W, channels): rescaled unless 8 or 16 bits.

    One channel is grey, four are RGB and transparency, others are averaged.
    """
    array = _eight_bits(pixels)
    if array.shape[2] == 4:
        return _flattened(array)
    if array.shape[2] == 3:
        return array
    return np.repeat(np.round(array.mean(2, keepdims=True)).astype(np.uint8), 3, axis=2)


def scale_between(black: Array, white: Array) -> tuple[Array, Array] | None:
    """Read the scale of each channel off a black and a white picture that were preprocessed, (H, W, channels).

    Returns
    -------
    zero, span : float64 ndarray of shape (channels,)
        What black is, and how far from it white is. None instead where a
        channel of either picture isn't one number, or white is as black.
    """
    zero, full = (picture.mean((0, 1), dtype=float) for picture in (black, white))
    uneven = np.maximum(np.ptp(black, (0, 1)), np.ptp(white, (0, 1)))
    even = uneven < np.abs(full - zero) / 510  # by less than half a level of 255; false of NaN too
    return (zero, full - zero) if even.all() else None


def scaled_back(pixels: Array, zero: Array, span: Array) -> Array | None:
    """Make the uint8 picture that preprocess had scaled so; None if the pixels lie outside black and white."""
    shares = (pixels - zero) / span
    if not (shares.min() >= -_OVERSHOOT and shares.max() <= 1 + _OVERSHOOT):
        return None
    return np.round(np.clip(shares, 0, 1) * 255).astype(np.uint8)


def painted(like: Any, colour: tuple[int, int, int]) -> Any:
    """A picture of one colour, of the kind, shape and type of `like`."""
    if is_pillow(like):
        from PIL import Image

        return Image.new("RGB", like.size, colour).convert(like.mode)
    channels = 1 if like.ndim == 2 else like.shape[2]
    if channels not in (1, 3, 4):
        raise InputError(f"a picture of {channels} channels can't be hidden by a colour: choose hide='mean' or 'blur'")
    red, green, blue = colour
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    values = {1: (grey,), 3: colour, 4: (*colour, 255)}[channels]
    scaled = np.array(values) * _white(like) / 255
    result = np.empty(like.shape, like.dtype)
    result[...] = scaled if like.dtype.kind == "f" else np.round(scaled)
    return result


def read_colour(hide: Any) -> tuple[int, int, int] | None:
    """Read a colour's name, hex code or RGB (0..255, or floats in 0..1); None if it is none."""
    from PIL import ImageColor

    if isinstance(hide, str):
        try:
            red, green, blue = ImageColor.getrgb(hide)[:3]
        except ValueError:
            return None
        return red, green, blue
    if not isinstance(hide, (tuple, list)) or len(hide) != 3:
        return None
    scale = 255 if any(isinstance(part, float) for part in hide) and max(hide) <= 1 else 1
    red, green, blue = (round(float(part) * scale) for part in hide)
    return (red, green, blue) if all(0 <= part <= 255 for part in (red, green, blue)) else None


def _plain(image: Any) -> Any:
    if "A" in image.getbands() or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "I;16", "I", "F") else image.convert("L" if image.mode == "1" else "RGB")


def _over_white(image: Any) -> Any:
    from PIL import Image

    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


def _flattened(array: Array) -> Array:
    white = _white(array)
    opacity = array[..., 3:] / white
    flat = array[..., :3] * opacity + white * (1 - opacity)
    return np.round(flat).astype(array.dtype) if array.dtype.kind == "u" else flat.astype(array.dtype)


def _eight_bits_or_floats(array: Array) -> Array:
    if array.dtype.kind == "f":
        if array.min() < 0 or array.max() > 1:
            raise InputError(f"a picture of floats should lie within 0..1; this one spans {array.min():.4g} to "
                             f"{array.max():.4g}: divide it by its white, or give uint8")
        return array
    if array.dtype == np.uint8:
        return array
    if array.min() < 0 or array.max() > 65535:
        raise InputError(f"a picture of whole numbers should be uint8 or uint16; this {array.dtype} one spans "
                         f"{array.min()} to {array.max()}")
    white = 255 if array.dtype != np.uint16 and array.max() <= 255 else 65535
    return np.round(array * (255 / white)).astype(np.uint8)


def _eight_bits(pixels: Array) -> Array:
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype == np.uint16:
        return _eight_bits_or_floats(pixels)
    finite = np.nan_to_num(pixels.astype(float), posinf=0, neginf=0)
    within = pixels.dtype.kind == "f" and finite.min() >= 0 and finite.max() <= 1
    low, high = (0.0, 1.0) if within else (finite.min(), finite.max())
    return np.round((finite - low) * (255 / max(high - low, 1e-12))).astype(np.uint8)


def _white(array: Array) -> float:
    """The value of white in an array of this type."""
    if array.dtype.kind == "f":
        return 1.0 if array.max() <= 1 else 255.0
    return 65535.0 if array.dtype == np.uint16 else 255.0


def _described(x: Any, array: Array) -> str:
    return f"{type(x).__name__} of shape {array.shape} and type {array.dtype}"
