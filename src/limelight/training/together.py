"""Several inputs of one model, asked at once: as tensors, and as coalitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.types import Array, Output

if TYPE_CHECKING:
    import torch


class Together:
    """Tensor games of one model as one: a batch that holds an input of each.

    Parameters
    ----------
    games : sequence of TensorGame
        Those of one of `batches`.
    inputs : sequence of torch.Tensor
        One a game, shape (1, *shape).

    Attributes
    ----------
    x : torch.Tensor of shape (n, *shape)
        The inputs.
    outputs : torch.Tensor of shape (n, all outputs)
        What the model said when it was last asked.
    """

    outputs: torch.Tensor

    def __init__(self, games: Sequence[Any], inputs: Sequence[torch.Tensor]):
        self._games = games
        self.kind, self.module, self.open = games[0].kind, games[0].module, games[0].open
        self.x, self._places, self._ask = games[0].joined(games, inputs)

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        self.outputs = self._ask(inputs)
        return self.outputs

    def features(self, attributions: torch.Tensor) -> list[Array]:
        """Sum attributions of the inputs' numbers to features: (n, *shape) -> (n_features,) of each."""
        return [game.features(each[place])
                for game, place, each in zip(self._games, self._places, attributions, strict=True)]


def batches(games: Sequence[Any]) -> Iterator[list[int]]:
    """Split games into those that are asked together: indices, each once."""
    companies: dict[Any, list[int]] = {}
    for i, game in enumerate(games):
        companies.setdefault(game.company, []).append(i)
    for several in companies.values():
        several.sort(key=lambda i: -games[i].x.shape[1])
        first = games[several[0]]
        for start, stop in first.runs(np.array([games[i].x.shape[1] for i in several])):
            size = games[several[start]].batch_size
            yield from (several[at : min(at + size, stop)] for at in range(start, stop, size))


def answers(maskers: Sequence[Any], coalitions: Sequence[Array], output: Output) -> Array:
    """Ask each masker about coalitions, (n, n_features) each, texts of one model in one call: (sum of n, n_outputs)."""
    model, asked = maskers[0].model, list(zip(maskers, coalitions, strict=True))
    if model.kind != "text" or not model.sociable or any(each.model is not model for each in maskers):
        return np.concatenate([masker(each, output) for masker, each in asked])
    if all(masker.rows is not None for masker in maskers):
        rows = [masker.rows(each) for masker, each in asked]
        return np.asarray(model.tokens(rows[0].joined(rows), output))
    return np.asarray(model.texts([text for masker, each in asked for text in masker.texts(each)], output))
