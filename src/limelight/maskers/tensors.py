"""Inputs as tensors that a torch model can be asked about with gradients: what gradient methods see."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.errors import InputError
from limelight.maskers.grouped import GroupedMasker
from limelight.maskers.image import hidden_by
from limelight.types import Array, Kind, Output

if TYPE_CHECKING:
    import torch

    from limelight.types import TensorGame


def tensor_game(masker: Any, output: Output, baseline: Any = None) -> TensorGame:
    """Make one input of a torch model a tensor.

    Parameters
    ----------
    masker : TextMasker, ImageMasker, TabularMasker or GroupedMasker
    output : {"probability", "logit"}
    baseline : optional
        What absence means. Texts: "mask" or "pad", whose embedding stands at
        the place of each token (default the first of them that the tokenizer
        has). Images: "blur" (default), "mean" of each segment, or a colour
        that the model hides with. Tables: rows; default the background's.

    Raises
    ------
    InputError
        If the model is no torch module, or there is no such baseline.
    """
    if isinstance(masker, GroupedMasker):
        return Grouped(tensor_game(masker.inner, output, baseline), masker.owner)
    if masker.model.module is None:
        raise InputError(f"{masker.model.name} is no torch model, so its output has no gradient: "
                         "use shapley or lime, which only ask it")
    kinds: dict[Kind, Any] = {"text": TextTensors, "image": ImageTensors, "table": TableTensors}
    game: TensorGame = kinds[masker.model.kind](masker, output, baseline)
    return game


class _Tensors:
    """What the three kinds share."""

    warning = ""

    def __init__(self, masker: Any, output: Output):
        self._masker, self._model, self._output = masker, masker.model, output
        self.kind, self.module = masker.model.kind, masker.model.module
        self.n_features = len(masker.feature_names)
        self.batch_size: int = masker.batch_size
        masker.model.output_space(output)  # from now on it is known what raw outputs mean

    def open(self) -> AbstractContextManager[None]:
        return self._model.derivable()

    def pixels(self, attributions: torch.Tensor) -> Array | None:
        return None


class TextTensors(_Tensors):
    """A text as the embeddings of its tokens, shape (n_tokens, width); special tokens are no features."""

    def __init__(self, masker: Any, output: Output, baseline: Any = None):
        super().__init__(masker, output)
        read = masker.read
        if read is None:
            raise InputError("gradients by words need a fast tokenizer, which tells where in the text its tokens are")
        self._owner, reader = masker.owner, self._model.reader
        everything = np.ones((1, len(self._owner)), bool)
        self._rows = reader.hidden(read, everything, "drop_tokens")
        name, stand_in = reader.stand_in(baseline)
        self.warning = "" if name in ("mask", "pad") else (
            f"the tokenizer has neither a mask nor a padding token: {name} stands for absent words")
        ids = np.stack([read.ids, np.where(self._owner < 0, read.ids, stand_in)])
        self.x, self.baselines = self._model.embeddings(ids).split(1)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._model.keep_gradient(self._rows, inputs, self._output)

    def features(self, attributions: torch.Tensor) -> Array:
        tokens = attributions.detach().reshape(len(self._owner), -1).double().sum(1).cpu().numpy()
        return _summed(tokens, self._owner, self.n_features)


class ImageTensors(_Tensors):
    """A picture as the model's own numbers, shape (channels, height, width)."""

    def __init__(self, masker: Any, output: Output, baseline: Any = None):
        super().__init__(masker, output)
        self._segments = masker.segments
        hidden = self._hidden("blur" if baseline is None else baseline)
        self.x, self.baselines = (self._model.place(pixels).permute(2, 0, 1).contiguous()[None]
                                  for pixels in (masker.pixels, hidden))

    def _hidden(self, baseline: Any) -> Array:
        if baseline in ("blur", "mean"):
            return hidden_by(baseline, self._masker.pixels, self._segments)
        return self._masker.painted(baseline)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._model.keep_gradient(inputs, self._output)

    def features(self, attributions: torch.Tensor) -> Array:
        return _summed(self.pixels(attributions).ravel(), self._segments.ravel(), self.n_features)

    def pixels(self, attributions: torch.Tensor) -> Array:
        channels = attributions.detach().reshape(-1, *self._segments.shape)
        found: Array = channels.double().sum(0).float().cpu().numpy()
        return found


class TableTensors(_Tensors):
    """A row of a table, shape (n_columns,); its baselines are the background rows."""

    def __init__(self, masker: Any, output: Output, baseline: Any = None):
        super().__init__(masker, output)
        rows = self._model.background if baseline is None else _rows(baseline, self.n_features)
        self.x = self._model.place(self._model.table([masker.data]))
        self.baselines = self._model.place(rows)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._model.keep_gradient(inputs, self._output)

    def features(self, attributions: torch.Tensor) -> Array:
        found: Array = attributions.detach().double().cpu().numpy()
        return found


class Grouped:
    """A tensor game whose features are summed to groups."""

    def __init__(self, game: TensorGame, owner: Array):
        self._game, self._owner = game, owner
        self.n_features = int(owner.max()) + 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._game, name)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._game(inputs)

    def features(self, attributions: torch.Tensor) -> Array:
        return _summed(self._game.features(attributions), self._owner, self.n_features)


def _summed(values: Array, owner: Array, n: int) -> Array:
    """Sum values by owner; those without one (-1) are left out."""
    return np.bincount(owner[owner >= 0], values[owner >= 0], minlength=n)


def _rows(baseline: Any, n_features: int) -> Array:
    rows = np.atleast_2d(np.asarray(baseline, float))
    if rows.ndim != 2 or rows.shape[1] != n_features or not len(rows):
        raise InputError(f"baseline should be a row of {n_features} values, or several rows; "
                         f"shape {np.shape(baseline)} came")
    return rows
