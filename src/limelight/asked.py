"""One input of one model, ready for whatever a method needs to see of it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from limelight.maskers.grouped import GroupedMasker
from limelight.maskers.pixels import MaskedPixels
from limelight.maskers.remembered import remembered
from limelight.maskers.tensors import tensor_game
from limelight.question import Question
from limelight.sources import Chosen, MaskedGame, Wanted
from limelight.types import Array, Kind, Model, Output, PixelGame, TensorGame


class Asked:
    """What was asked about, seen as coalitions, as tensors, or as it came.

    Parameters
    ----------
    model : TextModel, ImageModel or TabularModel
    x
        The input, as the user gave it.
    masker : Masker
        The input, any part of which can be hidden.
    output : {"probability", "logit"}
    target : int, str, Chosen or None
        A Chosen is kept, whatever the model says by now.
    seed : int
    """

    def __init__(self, model: Model, x: Any, masker: Any, output: Output, target: Wanted, seed: int):
        self.model, self.x, self.masker = model, x, masker
        self.output, self.wanted, self.seed = output, target, seed
        self._tensors: dict[str, TensorGame] = {}

    @property
    def kind(self) -> Kind:
        return self.model.kind

    @cached_property
    def game(self) -> MaskedGame:
        """Coalitions in, the outputs that are kept out."""
        return MaskedGame(self.masker, self.output, self.wanted)

    @property
    def chosen(self) -> Chosen:
        """The outputs that are kept."""
        return self.game.chosen

    def tensors(self, baseline: Any = None) -> TensorGame:
        """The input as a tensor, for methods that need gradients.

        Raises
        ------
        InputError
            If the model is no torch module, or there is no such baseline.
        """
        key = repr(baseline)
        if key not in self._tensors:
            self._tensors[key] = tensor_game(self.masker, self.output, baseline)
        return self._tensors[key]

    def pixels(self) -> PixelGame:
        """The picture, any share of each pixel of which can be hidden."""
        return MaskedPixels(self.masker, self.output, self.chosen.columns, self.game.opening)

    @cached_property
    def question(self) -> Question:
        """What a view draws and an explanation remembers."""
        return self.question_of(self.chosen)

    def question_of(self, chosen: Chosen) -> Question:
        """The same, where the outputs that are kept are known without the game: it would ask the model anew."""
        return Question(self.masker.subject, self.masker.data, tuple(self.masker.feature_names), chosen.names,
                        self.model.output_space(self.output), chosen.target, self.seed, remembered(self.masker))

    def in_space(self, output: Output) -> Asked:
        """The same input, with another space explained."""
        return self if output == self.output else Asked(
            self.model, self.x, self.masker, output, self.wanted, self.seed)

    def of(self, model: Any, output: Output) -> Asked:
        """The same row, of a model that is asked in another way."""
        return Asked(model, self.x, _asking(self.masker, model), output, self.wanted, self.seed)

    def probe(self, change: Mapping[str, Any]) -> Array:
        """Outputs of one what-if, shape (n_outputs,): {"absent": [feature]} or {"values": {feature: value}}."""
        if "values" in change:
            return np.asarray(self.game.edited(change["values"]))
        coalition = np.ones((1, self.game.n_features), bool)
        coalition[0, list(change["absent"])] = False
        return self.game.answers(coalition)[0]

    def about(self, target: int) -> Question:
        """The question, of another output."""
        return replace(self.question, target=target)


def _asking(masker: Any, model: Any) -> Any:
    """A masker of the same row that asks another model."""
    found = copy(masker)
    found.model = model
    if isinstance(masker, GroupedMasker):
        found.inner = _asking(masker.inner, model)
    return found
