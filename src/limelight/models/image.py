"""Image models: a network with its preprocess, or any function of a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from limelight.errors import InputError, ModelError
from limelight.models._answers import in_our_words
from limelight.models._gradients import derivable, plain
from limelight.models._keras import channels_last, is_keras
from limelight.models._networks import convolves, meaning_of, name_of, output_names_of
from limelight.models._outputs import Outputs, to_tensor, told
from limelight.models._pictures import read_colour
from limelight.models._preprocess import PictureReader
from limelight.models._tasks import check_usual
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
        such tensors already. A Keras model's tensors (or arrays) are (height,
        width, channels) if its layers are; without `preprocess` it is given
        the picture's own numbers.
    segments : "auto", int, ndarray or callable
        About 50 superpixels (SLIC), about so many, or a map of whole numbers,
        shape (height, width) as the model sees the picture, or what makes
        one from that picture (uint8 RGB).
    hide : "mean", "blur" or a colour
        What stands for a hidden segment: its own mean colour, the blurred
        picture, or a colour: a name, a hex code, or RGB.
    display : callable, optional
        From a preprocessed tensor to a picture, where scaling its channels back is not enough.
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
        if pipeline and hasattr(model, "task"):
            check_usual(model)
        self._asked = model.model if pipeline else model
        preprocess = model.image_processor if pipeline and preprocess is None else preprocess
        self._check(preprocess, display)
        self.name = type(self.module).__name__ if self.is_network else name_of(model)
        keras = self.is_network and is_keras(self._asked)
        self._takes_channels_last = keras and channels_last(self._asked)
        raw = "any" if not self.is_network else "float" if keras and preprocess is None else None
        self._pictures = PictureReader(preprocess, display, name=self.name, raw=raw,
                                       channels_last=self._takes_channels_last)
        self.segments = segments
        self.hide, self.colour = _read_hide(hide)
        self.hidden: Array | None = None  # a picture from a file brings its own, already in the colour to hide by
        asked = plain(self._asked)
        self.output_names: Sequence[str] | None = output_names_of(asked, output_names)
        self._outputs = Outputs(told(model) or meaning_of(asked, pipeline), otherwise="softmax",
                                names=self.output_names)
        self._channels_last = self.is_network and not self.on_accelerator and convolves(self._asked)
        self._example: Array | None = None

    def __repr__(self) -> str:
        return f"<ImageModel: {self.name}, segments hidden by {self.hide!r}>"

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
            with in_our_words():
                self.ask(lambda start, stop: example, 1, 1, output)
            space = self._outputs.space(output)
        if space is None:
            raise ModelError("the model has not given an answer yet that tells probabilities from logits")
        return space

    def batch_size(self, pixels: Array) -> int:
        """How many images of this size the model likes to be asked at once."""
        if self.on_accelerator:
            return 128
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
        pixels, notes = self._pictures.read(x)
        if self._example is None:
            self._example = pixels
        return Seen(pixels, self._pictures.shown(pixels, x), notes)

    def given(self, pixels: Array) -> Any:
        """What `read` makes these pixels of: a tensor as the network takes it, or the array."""
        if not self.is_network:
            return pixels
        import torch

        return torch.tensor(pixels if self._takes_channels_last else pixels.transpose(2, 0, 1))

    def painted(self, x: Any, colour: Any) -> Array:
        """The model's view of a picture like `x`, all of it in one colour."""
        wanted = _colour(colour, "baseline" if colour != self.hide else "hide")
        if self.hidden is not None and wanted == self.colour:
            return self.hidden
        return self._pictures.painted(x, wanted, colour)

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
        return self._outputs.keep_gradient(self._in_order(self.module, images), output)

    def _answer(self, compose: Compose, start: int, stop: int, output: Output) -> Array:
        if self.is_network:
            raw = halving(lambda first, last: self._forward(compose(first, last)), start, stop)
        else:
            raw = self._asked(compose(start, stop))
        return self._outputs.read(raw, stop - start, "images", output)

    def _forward(self, batch: torch.Tensor) -> torch.Tensor:
        return self._in_order(self._asked, batch.permute(0, 3, 1, 2))

    def _in_order(self, network: Any, images: torch.Tensor) -> torch.Tensor:
        """Ask about images of shape (n, channels, height, width), with their numbers in memory as is quickest."""
        import torch

        if self._takes_channels_last:
            return to_tensor(network(images.permute(0, 2, 3, 1)), len(images), "images")
        order = torch.channels_last if self._channels_last else torch.contiguous_format
        try:
            answer = network(images.contiguous(memory_format=order))
        except RuntimeError as error:
            # Networks that flatten by view() want the usual order of numbers in memory.
            if not self._channels_last or "view size is not compatible" not in str(error):
                raise
            self._channels_last = False
            answer = network(images.contiguous())
        return to_tensor(answer, len(images), "images")

    def _dtype(self) -> torch.dtype:
        import torch

        floats = (weight.dtype for weight in self._asked.parameters() if weight.dtype.is_floating_point)
        return next(floats, torch.float32)

    def _check(self, preprocess: Any, display: Any) -> None:
        if not callable(self._asked):
            raise InputError(f"an image model should be a torch module, a pipeline or a function of a batch; "
                             f"{type(self._asked).__name__} can't be called")
        for name, given in (("preprocess", preprocess), ("display", display)):
            if given is not None and not callable(given):
                raise InputError(f"{name}={given!r} should be a function, from a picture to a tensor or back; "
                                 f"{type(given).__name__} can't be called")
        if not self.is_network and (preprocess is not None or display is not None):
            raise InputError("preprocess= and display= belong to torch modules; a function is given a numpy batch "
                             "of pictures as they are: preprocess inside it")


def _read_hide(hide: Any) -> tuple[str, tuple[int, int, int] | None]:
    """Name the operator; for a colour give it too."""
    if isinstance(hide, str) and hide in ("mean", "blur"):
        return hide, None
    colour = _colour(hide)
    return "#{:02x}{:02x}{:02x}".format(*colour), colour


def _colour(given: Any, name: str = "hide") -> tuple[int, int, int]:
    colour = read_colour(given)
    if colour is None:
        raise InputError(f"{name}={given!r} is unknown: choose 'mean', 'blur', or a colour such as 'grey', "
                         "'#808080' or (128, 128, 128)")
    return colour
