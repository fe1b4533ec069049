"""Path-dependent values of many rows of trees, which need no background."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.attribution._inputs import telling
from limelight.attribution.exact import taken_apart
from limelight.attribution.leaf_tables import Paths
from limelight.attribution.many import Found
from limelight.errors import InputError
from limelight.types import OutputSpace

_MOST_READ = 20_000
"""Rows among which those are looked for that tell what columns are made of."""


class PathRows:
    """Rows of an ensemble of trees; an absent feature's splits are taken both ways.

    Parameters
    ----------
    model
        An estimator, Pipeline or booster.
    X : ndarray or DataFrame, optional
        Rows that tell which feature each column is made of, where a Pipeline's
        steps make columns: those that are explained may be too few for it.

    Attributes
    ----------
    output_names : tuple of str
    output_space : {"probability", "log-odds", "margin", "value"}

    Raises
    ------
    Unsuited
        If it is no ensemble of trees.
    """

    route = "path-dependent"

    def __init__(self, model: Any, X: Any = None):
        self._explain = Paths(model)
        steps = taken_apart(model)[0]
        self.output_space: OutputSpace = self._explain.meaning
        self._beside = telling(_some(X), steps) if steps and X is not None else None
        self.output_names = tuple(str(name) for name in getattr(model, "classes_", ()))

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the estimator is given them.

        Raises
        ------
        InputError
            If there are none.
        """
        if not len(table):
            raise InputError("there are no rows to explain: X is empty")
        values, base = self._explain(table if self._beside is None else _joined(table, self._beside))
        values = values[: len(table)]
        if values.shape[2] == 1 and len(self.output_names) == 2:
            values, base = values @ [[-1.0, 1.0]], base @ [[-1.0, 1.0]]
        return Found.exactly(values, base, base + values.sum(1))


def _some(X: Any) -> Any:
    places = np.unique(np.linspace(0, len(X) - 1, _MOST_READ).round().astype(int))
    return X.iloc[places] if hasattr(X, "iloc") else np.asarray(X)[places]


def _joined(table: Any, others: Any) -> Any:
    if not hasattr(table, "iloc"):
        return np.concatenate([table, others])
    import pandas as pd

    return pd.concat([table, others], ignore_index=True)
