"""A picture whose pixels are hidden in shares, whatever its segments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from limelight.maskers.grouped import GroupedMasker
from limelight.types import Array, Output


class MaskedPixels:
    """Masks in, outputs out: a PixelGame. Answers are remembered, so that other outputs cost nothing.

    Parameters
    ----------
    masker : ImageMasker, or GroupedMasker around one
    output : {"probability", "logit"}
    columns : int ndarray of shape (n_outputs,)
        Which of the model's outputs are kept.
    opening : ndarray of shape (2, n_outputs)
        Outputs with nothing and with everything shown.

    Attributes
    ----------
    segments : int ndarray of shape (height, width)
        Which feature each pixel is in.
    """

    def __init__(self, masker: Any, output: Output, columns: Array, opening: Array):
        grouped = isinstance(masker, GroupedMasker)
        self._masker, self._output = masker.inner if grouped else masker, output
        self.segments: Array = masker.owner[masker.inner.segments] if grouped else masker.segments
        self.n_features = len(masker.feature_names)
        self.batch_size: int = masker.batch_size
        self.opening, self._columns = opening, columns
        self._answers: list[Array] = []

    def outputs(self, start: int, stop: int, masks: Callable[..., Any], *factors: Array) -> Array:
        """What the model says to masks number `start` to `stop`, made of their factors: (stop - start, n_outputs)."""
        known = len(self._answers)
        if stop > known:
            placed = [self._masker.model.place(each[max(known - start, 0):].astype(np.float32)) for each in factors]
            answers = self._masker.blended(lambda first, last: masks(*(each[first:last] for each in placed)),
                                           stop - known, self._output)
            self._answers += list(answers[:, self._columns])
        return np.array(self._answers[start:stop])
