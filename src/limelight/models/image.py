"""Image models: a network with its preprocess, or any function of a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from limelight.errors import InputError, ModelError
from limelight.models._gradients import derivable, plain
from limelight.models._networks import as_pillow, convolves, is_processor, meaning_of, name_of, output_names_of
from limelight.models._outputs import Outputs, to_tensor
from limelight.models._pictures import painted, read_array, read_colour, to_picture, to_rgb
from limelight.models._torch import device_of, halving, inference, on_accelerator
from limelight.types import Array, Kind, Output, OutputSpace

if TYPE_CHECKING:
    import torch

Compose = Callable[[int, int], Any]
"""compose(start, stop): those rows of a batch, shape (stop - start, H, W, channels)."""

# On a CPU four images of 224 x 224 x 3 are faster, each, than one, eight or more.
_NUMBERS_A_BATCH = 4 * 224 * 224 * 3


class Seen(NamedTuple):
    """A picture as the model sees it, after preprocess."""

    pixels: Array
    """Shape (H, W, channels): float32 for networks, the picture's own type for functions."""
    picture: Array
    """What is shown and segmented: uint8, shape (H, W, 3)."""
    notes: list[str]


class ImageModel:
    """A network, a Hugging Face classifier or any function, made to answer for images.

    Parameters
    ----------
    model : torch.nn.Module, transformers image-classification pipeline, or callable
        A callable is given a numpy batch of shape (n, height, width, channels),
        of the picture's own type, and answers with shape (n, n_outputs). A
        module stays on its device and is left in the mode it was in.
    preprocess : callable, optional
        From a picture to the module's tensor, shape (channels, height, width),
        or a Hugging Face image processor. Modules only. It gets a Pillow image
        or an RGB array, as the picture came. Without it, pictures must be
        such tensors already.
    segments : "auto", int, ndarray or callable
        About 50 superpixels (SLIC), about so many, or a map of whole numbers,
        shape (height, width) as the model sees the picture, or what makes
        one from that picture (uint8 RGB).
    hide : "mean", "blur" or a colour
        What stands for a hidden segment: its own mean colour, the blurred
        picture, or a colour: a name, a hex code, or RGB.
    display : callable, optional
        From a preprocessed tensor to a picture, where rescaling it is not enough.
    output_names : sequence of str, optional
        One an output; a Hugging Face model has its own.

    Raises
    ------
    InputError
        If `model` can't be asked, or an option is unknown.
    """

    kind: Kind = "image"

    def __init__(self, model: Any, preprocess: Any = None, *, segments: Any = "auto", hide: Any = "mean",
                 display: Callable[[Any], Any] | None = None, output_names: Sequence[str] | None = None):
        pipeline = hasattr(model, "image_processor") and hasattr(model, "model")
        self._asked = model.model if pipeline else model
        self._preprocess = model.image_processor if pipeline and preprocess is None else preprocess
        self._display = display
        self._check()
        self.name = type(self._asked).__name__ if self.is_network else name_of(model)
        self.segments = segments
        self.hide, self.colour = _read_hide(hide)
        self.output_names: Sequence[str] | None = output_names_of(self._asked, output_names)
        self._outputs = Outputs(meaning_of(self._asked, pipeline), otherwise="softmax", names=self.output_names)
        self._channels_last = self.is_network and not self.on_accelerator and convolves(self._asked)
        self._example: Array | None = None

    @property
    def is_network(self) -> bool:
        """Tell a torch module from a function."""
        return hasattr(self._asked, "named_parameters") and hasattr(self._asked, "modules")

    @property
    def module(self) -> Any:
        """The torch module; None for a function."""
        return plain(self._asked) if self.is_network else None

    def derivable(self) -> AbstractContextManager[None]:
        """Make the module ready to be asked with gradients, and leave it as it was."""
        return derivable(self.module)

    @property
    def device(self) -> torch.device | None:
        """Where batches are composed; None for a function, which gets numpy arrays."""
        return device_of(self._asked) if self.is_network else None

    @property
    def on_accelerator(self) -> bool:
        return self.is_network and on_accelerator(self._asked)

    def output_space(self, output: Output) -> OutputSpace:
        """Name the space that `output` means.

        Where the model does not tell, its first answer does: asks it about
        the first picture it read if it has not answered yet.
        """
        space = self._outputs.space(output)
        if space is None and self._example is not None:
            example = self.place(self._example)[None]
            self.ask(lambda start, stop: example, 1, 1, output)
            space = self._outputs.space(output)
        if space is None:
            raise ModelError("the model has not given an answer yet that tells probabilities from logits")
        return space

    def batch_size(self, pixels: Array) -> int:
        """How many images of this size the model likes to be asked at once."""
        if self.on_accelerator:
            return 64
        # A function's own overhead is unknown: spread it over more.
        most = _NUMBERS_A_BATCH if self.is_network else 4 * _NUMBERS_A_BATCH
        return int(np.clip(most // pixels.size, 1, 64))

    def read(self, x: Any) -> Seen:
        """Preprocess a picture.

        Raises
        ------
        InputError
            If `x` is no picture, or `preprocess` is missing or gives no tensor.
        """
        notes: list[str] = []
        if not self.is_network:
            pixels = _with_channels(read_array(x))
        elif _is_tensor(x):
            pixels = _hwc(x, "a preprocessed picture")
        else:
            given, notes = to_rgb(x)
            pixels = self._tensor(given)
        if self._example is None:
            self._example = pixels
        return Seen(pixels, self._shown(pixels), notes)

    def painted(self, x: Any, colour: Any) -> Array:
        """The model's view of a picture like `x`, all of it in one colour."""
        given, colour = colour, _colour(colour)
        if not self.is_network:
            return _with_channels(painted(read_array(x), colour))
        if _is_tensor(x):
            raise InputError(f"the colour {given!r} must go through preprocess, and this picture is a tensor "
                             "already: give preprocess= and the picture itself, or choose 'mean' or 'blur'")
        return self._tensor(painted(to_rgb(x)[0], colour))

    def place(self, array: Array) -> Any:
        """Put an array where batches are composed: a tensor on the device, or the array itself.

        Floats become the network's own type.
        """
        if not self.is_network:
            return array
        import torch

        return torch.tensor(array, device=self.device, dtype=self._dtype() if array.dtype.kind == "f" else None)

    def ask(self, compose: Compose, n: int, size: int, output: Output) -> Array:
        """Ask about `n` images, `size` at a time: float64 of shape (n, n_outputs).

        Raises
        ------
        ModelError
            If the answers can't be read. What the model raises comes through as it is.
        """
        with inference(self._asked) if self.is_network else nullcontext():
            return np.concatenate([self._answer(compose, start, min(start + size, n), output)
                                   for start in range(0, n, size)])

    def keep_gradient(self, images: torch.Tensor, output: Output) -> torch.Tensor:
        """Ask about placed images, shape (n, channels, height, width), and keep the gradient: (n, n_outputs)."""
        return self._outputs.keep_gradient(to_tensor(plain(self._asked)(images), len(images), "images"), output)

    def _answer(self, compose: Compose, start: int, stop: int, output: Output) -> Array:
        if self.is_network:
            raw = halving(lambda first, last: self._forward(compose(first, last)), start, stop)
        else:
            raw = self._asked(compose(start, stop))
        return self._outputs.read(raw, stop - start, "images", output)

    def _forward(self, batch: torch.Tensor) -> torch.Tensor:
        images = batch.permute(0, 3, 1, 2)
        try:
            answer = self._asked(images if self._channels_last else images.contiguous())
        except RuntimeError as error:
            # Networks that flatten by view() want the usual order of numbers in memory.
            if not self._channels_last or "view size is not compatible" not in str(error):
                raise
            self._channels_last = False
            answer = self._asked(images.contiguous())
        return to_tensor(answer, len(batch), "images")

    def _tensor(self, given: Any) -> Array:
        """Preprocess what `to_rgb` made."""
        if self._preprocess is None:
            raise InputError(f"{self.name} needs a tensor: give what makes one from a picture, as in "
                             "ll.image_model(net, preprocess=...), or a preprocessed tensor (channels, height, width)")
        if is_processor(self._preprocess):
            processor = getattr(self._preprocess, "image_processor", self._preprocess)
            tensor = processor(images=as_pillow(given), return_tensors="pt")["pixel_values"]
        else:
            tensor = _preprocessed(self._preprocess, given)
        if not _is_tensor(tensor):
            raise InputError("preprocess should give a torch tensor of shape (channels, height, width); "
                             f"it gave {type(tensor).__name__}")
        return _hwc(tensor, "what preprocess gave")

    def _shown(self, pixels: Array) -> Array:
        if self._display is None or not self.is_network:
            return to_picture(pixels)
        import torch

        picture = to_picture(_with_channels(read_array(self._display(torch.tensor(pixels).permute(2, 0, 1)))))
        if picture.shape[:2] != pixels.shape[:2]:
            raise InputError(f"display= should keep the height and width {pixels.shape[:2]} that the model sees; "
                             f"it gave {picture.shape[:2]}")
        return picture

    def _dtype(self) -> torch.dtype:
        import torch

        floats = (weight.dtype for weight in self._asked.parameters() if weight.dtype.is_floating_point)
        return next(floats, torch.float32)

    def _check(self) -> None:
        if not callable(self._asked):
            raise InputError(f"an image model should be a torch module, a pipeline or a function of a batch; "
                             f"{type(self._asked).__name__} can't be called")
        if not self.is_network and (self._preprocess is not None or self._display is not None):
            raise InputError("preprocess= and display= belong to torch modules; a function is given a numpy batch "
                             "of pictures as they are: preprocess inside it")


def _read_hide(hide: Any) -> tuple[str, tuple[int, int, int] | None]:
    """Name the operator; for a colour give it too."""
    if isinstance(hide, str) and hide in ("mean", "blur"):
        return hide, None
    colour = _colour(hide)
    return "#{:02x}{:02x}{:02x}".format(*colour), colour


def _colour(given: Any) -> tuple[int, int, int]:
    colour = read_colour(given)
    if colour is None:
        raise InputError(f"hide={given!r} is unknown: choose 'mean', 'blur', or a colour such as 'grey', "
                         "'#808080' or (128, 128, 128)")
    return colour


def _preprocessed(preprocess: Callable[[Any], Any], given: Any) -> Any:
    try:
        return preprocess(given)
    except Exception as error:
        what = f"an array of shape {given.shape} and type {given.dtype}" if isinstance(given, np.ndarray) else (
            f"a Pillow image of {given.size}")
        raise InputError(f"preprocess raised {type(error).__name__}: {error}. It was given {what}: give explain the "
                         "picture as preprocess takes it, as a Pillow image or a uint8 array") from error


def _is_tensor(x: Any) -> bool:
    return hasattr(x, "permute") and hasattr(x, "detach")


def _with_channels(array: Array) -> Array:
    return array if array.ndim == 3 else array[..., None]


def _hwc(tensor: Any, what: str) -> Array:
    """From a tensor of shape (channels, height, width) to float32 with channels last."""
    image = tensor[0] if tensor.ndim == 4 and len(tensor) == 1 else tensor
    if image.ndim != 3 or 0 in image.shape:
        raise InputError(f"{what} should have shape (channels, height, width); it has {tuple(tensor.shape)}")
    return image.detach().permute(1, 2, 0).float().cpu().numpy()
