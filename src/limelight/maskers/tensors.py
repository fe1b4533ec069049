"""Inputs as tensors that a torch model can be asked about with gradients: what gradient methods see."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
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

    Joined = tuple[torch.Tensor, list[slice], Callable[[torch.Tensor], torch.Tensor]]


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
        for all of it, or a picture as the model is given it, shape (channels,
        height, width). Tables: rows; default the background's.

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


_LIGHTER = 4
"""A pass with gradients keeps what each layer gave: so many times fewer inputs go into one, but not below four."""


class _Tensors:
    """What the three kinds share.

    An input is made of cells, which are numbers that belong together: a
    token's vector, a pixel's channels, a column. `owner` says in which
    feature each cell is, shape (n_cells,), and -1 for none.
    """

    warning = categories = ""
    x: torch.Tensor
    spread: torch.Tensor

    def __init__(self, masker: Any, output: Output, owner: Array):
        self._masker, self._model, self._output, self.owner = masker, masker.model, output, owner
        self.kind, self.module = masker.model.kind, masker.model.module
        self.n_features = len(masker.feature_names)
        self.batch_size: int = max(min(4, masker.batch_size), masker.batch_size // _LIGHTER)
        masker.model.output_space(output)  # from now on it is known what raw outputs mean
        with self.open():  # refuses a module that has no gradient
            pass

    def open(self) -> AbstractContextManager[None]:
        return self._model.derivable()

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._model.keep_gradient(inputs, self._output)

    def features(self, attributions: torch.Tensor) -> Array:
        return self.each(attributions[None])[0]

    def each(self, attributions: torch.Tensor) -> Array:
        return summed(self._cells(attributions.detach()).double().numpy(), self.owner, self.n_features)

    def _cells(self, attributions: torch.Tensor) -> torch.Tensor:
        """Sum each cell's numbers, on the host: (n, *shape) -> (n, n_cells)."""
        return attributions.cpu()

    def pixels(self, attributions: torch.Tensor) -> Array | None:
        return None

    @property
    def company(self) -> Hashable:
        """Inputs for which this is the same can be asked in batches, by `joined`."""
        return id(self._model), tuple(self.x.shape)

    def runs(self, lengths: Array) -> list[tuple[int, int]]:
        """Which of these can be one batch, if they have such lengths, the longest first: from where to where."""
        return [(0, len(lengths))]

    def joined(self, games: Sequence[Any], inputs: Sequence[torch.Tensor]) -> Joined:
        """Several inputs, one a game, each (1, *shape), as one batch; where each lies in its row; what answers it."""
        import torch

        return torch.cat(list(inputs)), [slice(None)] * len(games), self


class TextTensors(_Tensors):
    """A text as the embeddings of its tokens, shape (n_tokens, width); special tokens are no features.

    Its spread is, for each of the embedding's dimensions, the range over the
    text's tokens and the token that stands for absent ones.
    """

    def __init__(self, masker: Any, output: Output, baseline: Any = None):
        read, reader = masker.read, masker.model.reader
        if read is None:
            raise InputError("gradients by words need a fast tokenizer, which tells where in the text its tokens are, "
                             "or a function that gives {'input_ids', 'offset_mapping'}; lime and shapley need neither")
        super().__init__(masker, output, masker.owner)
        self._rows = reader.hidden(read, np.ones((1, len(self.owner)), bool), "drop_tokens")
        self.absent, self._stand_in = reader.stand_in(baseline)
        self._ids = np.stack([read.ids, np.where(self.owner < 0, read.ids, self._stand_in or 0)])
        self.renew()
        self.warning = _doubts(self.absent, self.baselines[0, self.owner >= 0], baseline is not None)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._model.keep_gradient(self._rows, inputs, self._output)

    def renew(self) -> None:
        """Look the tokens up by the weights that there are now."""
        both = self._model.embeddings(self._ids)
        if self._stand_in is None:
            both[1, self.owner >= 0] = self._model.mean_embedding()
        self.x, self.baselines = both.split(1)
        self.spread = both.amax((0, 1)) - both.amin((0, 1))

    @property
    def company(self) -> Hashable:
        return id(self._model)

    def runs(self, lengths: Array) -> list[tuple[int, int]]:
        return self._model.runs(lengths)

    def joined(self, games: Sequence[Any], inputs: Sequence[torch.Tensor]) -> Joined:
        """Embeddings are padded where lengths differ, as rows are."""
        from torch.nn.utils.rnn import pad_sequence

        rows = self._rows.joined([game._rows for game in games])
        batch = pad_sequence([each[0] for each in inputs], batch_first=True)
        places = [slice(each.shape[1]) for each in inputs]
        return batch, places, lambda part: self._model.keep_gradient(rows, part, self._output)

    def _cells(self, attributions: torch.Tensor) -> torch.Tensor:
        return attributions.reshape(len(attributions), len(self.owner), -1).sum(2).cpu()


class ImageTensors(_Tensors):
    """A picture as the model's own numbers, shape (channels, height, width); its spread is their range."""

    def __init__(self, masker: Any, output: Output, baseline: Any = None):
        super().__init__(masker, output, masker.segments.ravel())
        hidden = self._hidden("blur" if baseline is None else baseline)
        self.x, self.baselines = (self._model.place(pixels).permute(2, 0, 1).contiguous()[None]
                                  for pixels in (masker.pixels, hidden))
        self.absent = "blur" if baseline is None else baseline if isinstance(baseline, str) else "given"
        self.spread = self.x.max() - self.x.min()

    def _hidden(self, baseline: Any) -> Array:
        if isinstance(baseline, str) and baseline in ("blur", "mean"):
            return hidden_by(baseline, self._masker.pixels, self._masker.segments)
        if np.ndim(baseline) > 1:
            return _like(baseline, self._masker.pixels)
        return self._masker.painted(baseline)

    def _cells(self, attributions: torch.Tensor) -> torch.Tensor:
        return attributions.reshape(len(attributions), -1, len(self.owner)).sum(1).cpu()

    def pixels(self, attributions: torch.Tensor) -> Array:
        cells = self._cells(attributions.detach()[None])
        found: Array = cells.reshape(self._masker.segments.shape).float().numpy()
        return found


class TableTensors(_Tensors):
    """A row of a table, shape (n_columns,); its baselines are the background rows.

    Its spread is, for each column, the range over these rows and the row itself.
    """

    def __init__(self, masker: Any, output: Output, baseline: Any = None):
        super().__init__(masker, output, np.arange(len(masker.feature_names)))
        usual = baseline is None or (isinstance(baseline, str) and baseline == "background")
        rows = self._model.background if usual else _rows(baseline, self.n_features)
        self.absent = "background" if usual else "given"
        self.x = self._model.place(self._model.table([masker.data]))
        self.baselines = self._model.place(rows)
        self.batch_size = self._model.block() * len(self._model.background)  # so many rows fit the cache
        low, high = self.baselines.amin(0), self.baselines.amax(0)
        self.spread = self.x.maximum(high) - self.x.minimum(low)
        self.categories = _categories(self._model.columns)


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
        return self.each(attributions[None])[0]

    def each(self, attributions: torch.Tensor) -> Array:
        return summed(self._game.each(attributions), self._owner, self.n_features)


def summed(cells: Array, owner: Array, n: int) -> Array:
    """Sum the columns of (n_rows, n_cells) by owner: (n_rows, n). Those without one (-1) are left out."""
    owned = owner >= 0
    places = owner[owned] + n * np.arange(len(cells))[:, None]
    return np.bincount(places.ravel(), cells[:, owned].ravel(), minlength=n * len(cells)).reshape(-1, n)


def _doubts(name: str, stand_ins: torch.Tensor, chosen: bool) -> str:
    """What is wrong with the vectors that stand for absent words, or ""."""
    if name not in ("mask", "pad") and not chosen:
        return f"the tokenizer has neither a mask nor a padding token: {name} stands for absent words"
    if stand_ins.any():
        return ""
    return (f"the embedding of the {name} token is all zeros, where a layer norm's gradient means little: "
            "a baseline of another token may be better")


def _categories(columns: Sequence[Any]) -> str:
    """What gradients can't say of a table's columns, or ""."""
    names = [column.name for column in columns if column.kind == "category"]
    return "" if not names else (f"{', '.join(names)}: these numbers are categories, whose gradient says what a little "
                                 "more of one would do; shapley exchanges whole categories")


def _like(baseline: Any, pixels: Array) -> Array:
    """A baseline that was given as the model's own input, in the order of `pixels`, channels last."""
    given = np.asarray(baseline.detach().cpu() if hasattr(baseline, "detach") else baseline, np.float32)
    given = given[0] if given.ndim == 4 and len(given) == 1 else given
    if given.shape == pixels.shape:
        return given
    if given.ndim == 3 and given.transpose(1, 2, 0).shape == pixels.shape:
        return given.transpose(1, 2, 0)
    height, width, channels = pixels.shape
    raise InputError(f"baseline should be what the model is given, of shape ({channels}, {height}, {width}), or "
                     f"'blur', 'mean' or a colour; shape {given.shape} came")


def _rows(baseline: Any, n_features: int) -> Array:
    try:
        rows = np.atleast_2d(np.asarray(baseline, float))
    except (TypeError, ValueError):
        rows = np.empty((0, 0))
    if rows.ndim != 2 or rows.shape[1] != n_features or not len(rows) or not np.isfinite(rows).all():
        raise InputError(f"baseline should be a row of {n_features} finite numbers, or several rows; "
                         f"{baseline!r:.80} came")
    return rows
