"""Explainable boosting machines of interpret, which know what their columns hold: background rows of their bins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.types import Array

if TYPE_CHECKING:
    import pandas

N_ROWS = 50
"""Rows that are made up."""


def is_machine(model: Any) -> bool:
    """Tell a fitted explainable boosting machine."""
    return all(hasattr(model, name) for name in ("eval_terms", "term_features_", "term_scores_", "bins_"))


def made_up(model: Any, n_rows: int = N_ROWS) -> pandas.DataFrame:
    """Make up rows of what an explainable boosting machine was fitted to, each column by itself.

    Numbers are the middles of its bins at even quantiles of its training rows,
    in random order, always the same; categories have the shares that they had.

    Parameters
    ----------
    model
        A fitted ExplainableBoostingClassifier or Regressor.
    n_rows : int

    Returns
    -------
    DataFrame of shape (n_rows, n_features)
        Categories are those of all training rows, whether they are in these rows or not.
    """
    import pandas as pd

    columns = {}
    for j, name in enumerate(model.feature_names_in_):
        rng, levels = np.random.default_rng(j), model.bins_[j][0]
        if isinstance(levels, dict):
            shares = _shares(model, j, max(levels.values()))[np.array(list(levels.values())) - 1]
            columns[name] = pd.Series(pd.Categorical(rng.permutation(_quantiles(list(levels), shares, n_rows)),
                                                     categories=list(levels)))
        else:
            low, high = model.feature_bounds_[j]
            edges = np.concatenate([[low], np.clip(levels, low, high), [high]])
            middles = (edges[:-1] + edges[1:]) / 2
            columns[name] = pd.Series(rng.permutation(_quantiles(middles, _shares(model, j, len(middles)), n_rows)))
    return pd.DataFrame(columns)


def _shares(model: Any, j: int, n_bins: int) -> Array:
    """How many training rows were in each of a column's bins; all alike where it has no term of its own."""
    if (j,) not in model.term_features_:
        return np.ones(n_bins)
    # Before them is the bin of missing values, and after them that of unknown ones.
    return np.asarray(model.bin_weights_[model.term_features_.index((j,))][1 : 1 + n_bins], float)


def _quantiles(values: Any, shares: Array, n: int) -> Array:
    """Values at n even quantiles."""
    reached = np.cumsum(shares) / shares.sum()
    return np.asarray(values)[np.searchsorted(reached, (np.arange(n) + 0.5) / n)]
