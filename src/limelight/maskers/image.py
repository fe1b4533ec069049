"""One image of a model, any segment of which can be hidden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.maskers._compose import Mixture, taken
from limelight.maskers.segments import run_lengths, segment
from limelight.types import Array, Law, Output

_BLUR = 20
"""A blur's standard deviation is this part of the shorter side: shapes go, colours stay."""


class ImageMasker:
    """An image as the model sees it, in segments.

    Parameters
    ----------
    model : ImageModel
        Says how to cut and how to hide.
    x : Pillow image, ndarray of shape (H, W) or (H, W, channels), or tensor
        A tensor is preprocessed already, shape (channels, height, width).

    Attributes
    ----------
    segments : int ndarray of shape (height, width)
        Segment i is feature i.
    pixels, hidden : ndarray of shape (height, width, channels)
        The picture as the model is given it, and with everything hidden.

    Raises
    ------
    InputError
        If `x` is no picture, or the segments don't fit it.
    """

    law: Law = "binomial"

    def __init__(self, model: Any, x: Any):
        self.model = model
        pixels, self.picture, self.notes = model.read(x)
        self.segments = segment(self.picture, model.segments)
        self.data = np.arange(self.segments.max() + 1)
        self.feature_names = [f"segment {i}" for i in self.data]
        self.batch_size: int = model.batch_size(pixels)
        self.hide: str = model.hide
        hidden = model.painted(x, model.hide) if model.colour else hidden_by(self.hide, pixels, self.segments)
        self.pixels, self.hidden, self._x = pixels, hidden, x
        self.notes += _notes(self.hide, pixels, hidden)
        self._images = Mixture(model.place(pixels), model.place(hidden))
        # A number is looked up for each channel too: faster than to broadcast over a short last axis.
        self._lookup = model.place(np.repeat(self.segments.ravel(), pixels.shape[2]))

    @property
    def subject(self) -> Mapping[str, Any]:
        """What the view draws: see CONTRIBUTING.md."""
        height, width = self.segments.shape
        return {"kind": "image", "model": self.model.name, "hide": self.hide, "notes": list(self.notes),
                "features": self.feature_names, "width": width, "height": height,
                "picture": _png(self.picture), "segments": run_lengths(self.segments)}

    def __call__(self, coalitions: Array, output: Output) -> Array:
        """Ask the model about the image with some segments hidden.

        Parameters
        ----------
        coalitions : bool ndarray of shape (n, n_segments)
            True is shown.

        Returns
        -------
        outputs : float64 ndarray of shape (n, n_outputs)
        """
        rows = self._images.place(coalitions)
        return self.model.ask(lambda start, stop: self._composed(rows[start:stop]), len(coalitions),
                              self.batch_size, output)

    def blended(self, masks: Callable[[int, int], Any], n: int, output: Output) -> Array:
        """Ask the model about the image with a share of each pixel shown: float64 (n, n_outputs).

        Parameters
        ----------
        masks : callable
            `masks(start, stop)`: those masks, shape (stop - start, height, width),
            in 0..1, as `model.place` gives them. 1 is shown, 0 is hidden.
        n : int
            How many masks there are.
        """
        return self.model.ask(lambda start, stop: self._images.blended(masks(start, stop)[..., None]), n,
                              self.batch_size, output)

    def edited(self, changes: Mapping[int, Any], output: Output) -> Array:
        """Refuse: a segment has no value to change, it is shown or hidden."""
        raise InputError("a picture's segments have no values to edit: hide them instead")

    def painted(self, colour: Any) -> Array:
        """The picture all in one colour, as the model is given it: like `pixels`."""
        return self.model.painted(self._x, colour)

    def _composed(self, rows: Any) -> Any:
        return self._images(taken(rows, self._lookup).reshape(-1, *self.pixels.shape))


def _notes(hide: str, pixels: Array, hidden: Array) -> list[str]:
    """What the view must say of a picture that hiding leaves as it is, such as one in a single colour."""
    unchanged = np.allclose(hidden, pixels, rtol=1e-5, atol=0)
    return [f"Hiding by {hide!r} changes nothing in this picture, so methods that hide segments find no more than "
            "rounding: give hide= a colour that it does not have."] * unchanged


def hidden_by(operator: str, pixels: Array, segments: Array) -> Array:
    """The picture with everything hidden, by "mean" or "blur".

    Parameters
    ----------
    pixels : ndarray of shape (height, width, channels)
    segments : int ndarray of shape (height, width)

    Returns
    -------
    hidden : ndarray like `pixels`
    """
    hidden = _means(pixels, segments) if operator == "mean" else _blurred(pixels)
    return np.round(hidden).astype(pixels.dtype) if pixels.dtype.kind in "iu" else hidden.astype(pixels.dtype)


def _means(pixels: Array, segments: Array) -> Array:
    labels = segments.ravel()
    sums = [np.bincount(labels, channel.ravel()) for channel in np.moveaxis(pixels, 2, 0)]
    return (np.stack(sums, 1) / np.bincount(labels)[:, None])[segments]


def _blurred(pixels: Array) -> Array:
    from scipy.ndimage import gaussian_filter

    sigma = min(pixels.shape[:2]) / _BLUR
    return gaussian_filter(pixels.astype(float), (sigma, sigma, 0), mode="nearest")


def _png(picture: Array) -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.fromarray(picture).save(file, "PNG", optimize=True)
    return file.getvalue()
