"""From pictures as users have them to the numbers that a model is given, and back to a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from limelight.errors import InputError, said
from limelight.models._networks import as_pillow, is_processor
from limelight.models._pictures import is_pillow, painted, read_array, scale_between, scaled_back, to_picture, to_rgb
from limelight.types import Array


class PictureReader:
    """Makes pixels, shape (height, width, channels), whatever order the model wants them in.

    Parameters
    ----------
    preprocess, display : callable, optional
        See `ImageModel`.
    name : str
        Of the model, for messages.
    raw : {None, "any", "float"}
        None: a network, which is given tensors. Or the picture's own numbers,
        of its own type, or as floats.
    channels_last : bool
        Whether tensors are (height, width, channels).
    """

    def __init__(self, preprocess: Any, display: Callable[[Any], Any] | None, *, name: str, raw: str | None,
                 channels_last: bool):
        self._preprocess, self._display, self._name = preprocess, display, name
        self._raw, self._channels_last = raw, channels_last
        self._scales: dict[Any, tuple[Array, Array] | None] = {}

    def read(self, x: Any) -> tuple[Array, list[str]]:
        """The pixels of a picture, and what the view must say of how they came about."""
        if self._raw is not None and not (self._raw == "float" and is_tensor(x)):
            return self._own_numbers(_channels_at_the_end(read_array(x))), []
        if is_tensor(x):
            return self._pixels(x, "a preprocessed picture"), []
        given, notes = to_rgb(x)
        return self._tensor(given), notes

    def painted(self, x: Any, colour: tuple[int, int, int], given: Any) -> Array:
        """The pixels of a picture like `x`, all of it in one colour, which the user gave as `given`."""
        if self._raw is not None and not is_tensor(x):
            return self._own_numbers(painted(read_array(x), colour))
        if is_tensor(x):
            raise InputError(f"the colour {given!r} must go through preprocess, and this picture is a tensor "
                             "already: give preprocess= and the picture itself, or choose 'mean' or 'blur'")
        return self._tensor(painted(to_rgb(x)[0], colour))

    def shown(self, pixels: Array, x: Any) -> Array:
        """The picture to show and to cut, uint8, shape (height, width, 3): of what `read` made of `x`."""
        if self._display is None:
            return to_picture(self._unscaled(pixels, x))
        import torch

        tensor = torch.tensor(pixels if self._channels_last else pixels.transpose(2, 0, 1))
        picture = to_picture(_with_channels(read_array(self._display(tensor))))
        if picture.shape[:2] != pixels.shape[:2]:
            raise InputError(f"display= should keep the height and width {pixels.shape[:2]} that the model sees; "
                             f"it gave {picture.shape[:2]}")
        return picture

    def _unscaled(self, pixels: Array, x: Any) -> Array:
        """The pixels in the picture's own colours; as they are where preprocess does more than scale each channel."""
        if is_tensor(x):
            return pixels
        if self._raw is not None:
            return _with_channels(read_array(x))
        scale = self._scale(to_rgb(x)[0])
        found = scaled_back(pixels, *scale) if scale else None
        return pixels if found is None else found

    def _scale(self, given: Any) -> tuple[Array, Array] | None:
        """What preprocess makes of black and white, learned once for each size and type: it may pad some sizes."""
        key = given.size if is_pillow(given) else (given.shape, given.dtype)
        if key not in self._scales:
            self._scales[key] = self._learned(given)
        return self._scales[key]

    def _learned(self, given: Any) -> tuple[Array, Array] | None:
        try:
            with np.errstate(all="ignore"):  # as of a division by the spread of one colour
                black = self._tensor(painted(given, (0, 0, 0)))
                white = self._tensor(painted(given, (255, 255, 255)))
                return scale_between(black, white)
        except Exception:  # the user's picture went through: one colour may be nothing to their preprocess
            return None

    def _own_numbers(self, array: Array) -> Array:
        return _with_channels(array.astype(np.float32) if self._raw == "float" else array)

    def _tensor(self, given: Any) -> Array:
        """Preprocess what `to_rgb` made."""
        if self._preprocess is None:
            raise InputError(f"{self._name} needs a tensor: give what makes one from a picture, as in "
                             "ll.image_model(net, preprocess=...), or a preprocessed tensor (channels, height, width)")
        if is_processor(self._preprocess):
            processor = getattr(self._preprocess, "image_processor", self._preprocess)
            tensor = processor(images=as_pillow(given), return_tensors="pt")["pixel_values"]
        else:
            tensor = _preprocessed(self._preprocess, given)
        if self._channels_last and isinstance(tensor, np.ndarray):  # as Keras' own functions give it
            import torch

            tensor = torch.tensor(tensor)
        if not is_tensor(tensor):
            raise InputError(f"preprocess should give a torch tensor of shape {self._shape}; "
                             f"it gave {type(tensor).__name__}")
        return self._pixels(tensor, "what preprocess gave")

    @property
    def _shape(self) -> str:
        return "(height, width, channels)" if self._channels_last else "(channels, height, width)"

    def _pixels(self, tensor: Any, what: str) -> Array:
        """From a tensor as the network takes it to float32 with channels last."""
        image = tensor[0] if tensor.ndim == 4 and len(tensor) == 1 else tensor
        if image.ndim != 3 or 0 in image.shape:
            raise InputError(f"{what} should have shape {self._shape}; it has {tuple(tensor.shape)}")
        if not self._channels_last and image.shape[2] in (1, 3, 4) and min(image.shape[:2]) > 4:
            raise InputError(f"{what} should have shape {self._shape}, and {tuple(image.shape)} has its channels last: "
                             "give x.permute(2, 0, 1)")
        found: Array = image.detach().float().cpu().numpy()
        return found if self._channels_last else found.transpose(1, 2, 0)


def is_tensor(x: Any) -> bool:
    """Tell a torch tensor, without importing torch."""
    return hasattr(x, "permute") and hasattr(x, "detach")


def _preprocessed(preprocess: Callable[[Any], Any], given: Any) -> Any:
    try:
        return preprocess(given)
    except Exception as error:
        what = f"an array of shape {given.shape} and type {given.dtype}" if isinstance(given, np.ndarray) else (
            f"a Pillow image of {given.size}")
        raise InputError(f"preprocess raised {type(error).__name__}: {said(error)}. It was given {what}: give explain "
                         "the picture as preprocess takes it, as a Pillow image or a uint8 array") from error


def _channels_at_the_end(array: Array) -> Array:
    """Check what no preprocess turns: read the wrong way round, three rows of many colours would be hidden."""
    if array.ndim == 3 and array.shape[0] in (1, 3, 4) and min(array.shape[1:]) > 4:
        raise InputError(f"a picture should have its channels last, and this one of shape {array.shape} has them "
                         "first: give x.transpose(1, 2, 0), of a tensor x.permute(1, 2, 0), and turn them inside the "
                         "function")
    return array


def _with_channels(array: Array) -> Array:
    return array if array.ndim == 3 else array[..., None]
