"""Shapley values by asking all coalitions of those features in which a row and a background row differ.

A game averages over background rows, and so do its Shapley values: they are the
mean of those of the games of one background row each. In such a game features
that are alike in both rows are worth nothing, and the d others have 2^d
coalitions, whatever the number of features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from limelight.estimators.odd_kernel import pair_weights
from limelight.types import Array


@dataclass(frozen=True)
class Alike:
    """Background rows that differ from a row in as many features as one another.

    Attributes
    ----------
    rows : int ndarray of shape (n_rows,)
    features : int ndarray of shape (n_rows, d)
        Those in which each differs.
    """

    rows: Array
    features: Array

    def coalitions(self, n_features: int) -> Array:
        """Present or absent, what differs in every way: bool (n_rows, 2^d, n_features)."""
        n_rows, d = self.features.shape
        shown = np.zeros((n_rows, 2**d, n_features), bool)
        # One flat index a feature: several times faster than put_along_axis.
        at = (np.arange(n_rows * 2**d) * n_features).reshape(n_rows, -1)
        for j in range(d):
            shown.ravel()[at + self.features[:, j, None]] = every(d)[:, j]
        return shown

    def shapley(self, outputs: Array, n_features: int) -> Array:
        """Summed Shapley values of the games of these background rows.

        Parameters
        ----------
        outputs : ndarray of shape (n_outputs, n_rows, 2^d)

        Returns
        -------
        ndarray of shape (n_features, n_outputs)
        """
        features = self.features
        if (features == features[0]).all():
            features, outputs = features[:1], outputs.sum(1)
        each = outputs.reshape(-1, outputs.shape[-1]) @ weights(features.shape[1])
        found = [np.bincount(features.ravel(), values.ravel(), n_features) for values in np.split(each, len(outputs))]
        return np.stack(found, axis=1)


def alike(differs: Array, most: int) -> tuple[list[Alike], Array]:
    """Sort background rows by the number of features in which they differ from a row.

    Parameters
    ----------
    differs : bool ndarray of shape (n_background, n_features)
    most : int
        Coalitions that may be asked of each.

    Returns
    -------
    list of Alike
    int ndarray
        The background rows that differ in so many features that there are more coalitions.
    """
    counts = differs.sum(1)
    few = counts < int(most).bit_length()  # 2^count is no more than `most`
    found = [Alike(rows, np.nonzero(differs[rows])[1].reshape(len(rows), d))
             for d in np.unique(counts[few]).tolist() for rows in [np.flatnonzero(counts == d)]]
    return found, np.flatnonzero(~few)


@cache
def every(d: int) -> Array:
    """All coalitions of d features, bool (2^d, d): a feature's place is its bit."""
    return (np.arange(2**d)[:, None] >> np.arange(d) & 1).astype(bool)


@cache
def weights(d: int) -> Array:
    """Weight of each coalition's output in each Shapley value, (2^d, d): the definition."""
    return pair_weights(2.0 * every(d) - 1) / 2
