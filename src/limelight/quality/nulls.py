"""What a metric gives to attributions that know nothing of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from math import comb
from typing import Any

import numpy as np

from limelight.types import Array

DRAWS = 200
"""Random attributions that are scored where this asks no model."""
PER_SIZE = 4
"""Coalitions of a size whose mean output stands for random orders; with two there is no error to speak of."""


def shuffles(values: Array, rng: np.random.Generator) -> Array:
    """The same values at random features: (n_features, `DRAWS`)."""
    return rng.permuted(np.tile(values, (DRAWS, 1)), axis=1).T


def normals(values: Array, rng: np.random.Generator) -> Array:
    """Normal numbers of the same root mean square: (`DRAWS`, n_features)."""
    return rng.normal(size=(DRAWS, len(values))) * np.sqrt((values**2).mean())


class SizeMeans:
    """Mean outputs of coalitions by how many features they hold: what random orders of features meet on their way.

    Parameters
    ----------
    game : callable
        One output: bool (n, n_features) -> (n,).
    coalitions : bool ndarray of shape (n, n_features)
        Drawn evenly within each size, and answered already: they cost nothing.
    """

    def __init__(self, game: Callable[[Array], Array], coalitions: Array, rng: np.random.Generator):
        self._game, self._known, self._rng = game, coalitions, rng
        self._n_features = coalitions.shape[1]
        self._of: dict[int, Array] = {}

    def __call__(self, sizes: Array) -> tuple[Array, Array]:
        """Mean output of each size and its standard error, each (len(sizes),)."""
        rows = [self._rows(int(size)) for size in sizes]
        parts = np.split(self._game(np.concatenate(rows)), np.cumsum([len(part) for part in rows])[:-1])
        error = [0.0 if self._all(int(size), len(part)) else part.std(ddof=1) / np.sqrt(len(part))
                 for size, part in zip(sizes, parts, strict=True)]
        return np.array([part.mean() for part in parts]), np.array(error)

    def _rows(self, size: int) -> Array:
        """Coalitions of a size, the same each time."""
        if size not in self._of:
            self._of[size] = self._drawn(size)
        return self._of[size]

    def _drawn(self, size: int) -> Array:
        """Those of a size that are known, or enough others with them."""
        rows = np.unique(self._known[self._known.sum(1) == size], axis=0)
        enough = min(PER_SIZE, comb(self._n_features, size))
        while len(rows) < enough:
            order = self._rng.random((enough - len(rows), self._n_features)).argsort(1)
            rows = np.unique(np.concatenate([rows, order < size]), axis=0)
        return rows

    def _all(self, size: int, count: int) -> bool:
        return count >= comb(self._n_features, size)


def of_input(subject: Mapping[str, Any], data: Any) -> Array | None:
    """Attributions that look at the input and at no model: shape (n_features,); None where there are none.

    Of a table |x|, of a picture the edges in each segment (Sobel), of a text
    how many characters each feature has.
    """
    kinds = {"table": _magnitudes, "image": _edges, "text": _lengths}
    if subject.get("kind") not in kinds:
        return None
    found = kinds[subject["kind"]](subject, data)
    return found if np.ptp(found) > 0 else None


def _lengths(subject: Mapping[str, Any], data: Any) -> Array:
    return np.bincount([feature for _, feature in subject["pieces"] if feature >= 0],
                       [len(text.strip()) for text, feature in subject["pieces"] if feature >= 0],
                       minlength=len(subject["features"]))


def _magnitudes(subject: Mapping[str, Any], data: Any) -> Array:
    sizes = [abs(float(value)) if isinstance(value, (int, float, np.number)) else 0.0 for value in data]
    return np.nan_to_num(np.array(sizes), posinf=0.0)


def _edges(subject: Mapping[str, Any], data: Any) -> Array:
    from PIL import Image
    from scipy.ndimage import sobel

    grey = np.asarray(Image.open(BytesIO(subject["picture"])).convert("L"), float)
    runs = np.frombuffer(subject["segments"], "<u2").reshape(-1, 2)
    return np.bincount(np.repeat(runs[:, 0], runs[:, 1]), np.hypot(sobel(grey, 0), sobel(grey, 1)).ravel(),
                       minlength=len(subject["features"]))
