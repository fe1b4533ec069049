"""Feature maps of an image network: what a layer gives, as channels on a grid of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import torch

    Cells = Callable[[torch.Tensor], torch.Tensor]
    """From a tensor like a layer's output to (n, channels, rows, columns)."""

MOST_EXTRA = 8
"""Tokens before those of the patches: class, distillation and register tokens."""


class Met(NamedTuple):
    """What one layer gave, and how it is a map."""

    name: str
    output: torch.Tensor
    cells: Cells


class Maps:
    """The feature maps of one forward pass, in the order in which they came.

    A map of a convolutional network is what a convolution gives, or a module
    that holds one, and what others make of it as long as its shape stays. One
    of a transformer is what a normalisation layer gives for tokens that stand
    for the patches of a convolution, or for squares of them.

    Parameters
    ----------
    module : torch.nn.Module
    wanted : str, optional
        The name of a layer: whatever it gives, if it is a map at all, and nothing else.

    Attributes
    ----------
    met : list of Met
    other : tuple of int or str
        Shape or type of what the wanted layer gave, where that is no map.
    """

    def __init__(self, module: torch.nn.Module, wanted: str | None = None):
        self._module, self.wanted = module, wanted
        self._shape: tuple[int, ...] = ()
        self._grids: list[tuple[int, int]] = []
        self.met: list[Met] = []
        self.other: Any = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take down maps; hooks are there meanwhile."""
        handles = []
        try:
            for name, part in self._module.named_modules():
                handles.append(part.register_forward_hook(self._after(name, part)))
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _after(self, name: str, part: torch.nn.Module) -> Callable[..., Any]:
        convolution, convolves = _is_convolution(part), any(map(_is_convolution, part.modules()))
        normalises = "Norm" in type(part).__name__

        def after(_: object, __: object, answer: Any) -> Any:
            output = answer[0] if type(answer) in (tuple, list) and answer else answer
            if not hasattr(output, "ndim"):
                self.other = type(output).__name__ if name == self.wanted else self.other
                return None
            cells = self._of_convolution(output, convolution, convolves) or (
                self._of_tokens(output) if normalises or name == self.wanted else None)
            if self.wanted is not None:
                return self._keep(name, answer, output, cells)
            if cells is not None:
                self.met.append(Met(name, output, cells))
            return None

        return after

    def _keep(self, name: str, answer: Any, output: torch.Tensor, cells: Cells | None) -> Any:
        """Take down the wanted layer; a copy goes on, as what comes after may write into it."""
        if name != self.wanted:
            return None
        if cells is None and output.ndim == 4 and min(output.shape[2:]) > 1:
            cells = _as_it_is
        if cells is None:
            self.other = tuple(output.shape)
            return None
        self.met.append(Met(name, output, cells))
        copy = output.clone()
        return copy if answer is output else type(answer)([copy, *answer[1:]])

    def _of_convolution(self, output: torch.Tensor, convolution: bool, convolves: bool) -> Cells | None:
        if output.ndim != 4 or min(output.shape[2:]) < 2 or not (convolves or tuple(output.shape) == self._shape):
            return None
        self._shape = tuple(output.shape)
        if convolution:
            self._grids = list(_halved(*self._shape[2:]))
        return _as_it_is

    def _of_tokens(self, output: torch.Tensor) -> Cells | None:
        """How tokens, or channels that come last, stand on a grid of patches."""
        for grid in self._grids:
            extra = output.shape[1] - grid[0] * grid[1] if output.ndim == 3 else -1
            if 0 <= extra <= MOST_EXTRA:
                return partial(_on_grid, extra, grid)
            if output.ndim == 4 and tuple(output.shape[1:3]) == grid:
                return lambda maps: maps.permute(0, 3, 1, 2)
        return None


def _is_convolution(part: torch.nn.Module) -> bool:
    from torch.nn import Conv2d

    return isinstance(part, Conv2d)


def _on_grid(extra: int, grid: tuple[int, int], tokens: torch.Tensor) -> torch.Tensor:
    return tokens[:, extra:].transpose(1, 2).unflatten(2, grid)


def _as_it_is(maps: torch.Tensor) -> torch.Tensor:
    return maps


def _halved(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """A grid of patches, and those that merging two by two leaves of it, down to two cells a side."""
    while min(rows, columns) > 1:
        yield rows, columns
        rows, columns = -(-rows // 2), -(-columns // 2)
