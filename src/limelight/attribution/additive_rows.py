"""Terms of many rows of an explainable boosting machine, which need no background."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.attribution._bags import folded, scores_of, shared, spread
from limelight.attribution.additive import places, sums_of
from limelight.attribution.exact import taken_apart
from limelight.attribution.many import Found
from limelight.errors import InputError
from limelight.types import Array, OutputSpace

AT_ONCE = 1_024
"""Rows of which the terms of all bags are in memory at once."""


class AdditiveRows:
    """Rows of an explainable boosting machine: terms of several features are split equally.

    Parameters
    ----------
    model
        An ExplainableBoostingClassifier or Regressor, or a `TabularModel` of one.
    owner : int ndarray of shape (n_features,), optional
        The group that each feature is in.

    Attributes
    ----------
    output_names : tuple of str
    output_space : {"log-odds", "margin", "value"}

    Raises
    ------
    Unsuited
        If it is something else.
    """

    route = "additive"

    def __init__(self, model: Any, owner: Array | None = None):
        self._owner, self._head = owner, taken_apart(model)[1]
        self.output_space: OutputSpace = sums_of(model).meaning
        self.output_names = tuple(str(name) for name in getattr(self._head, "classes_", ()))
        n_sums = np.size(self._head.intercept_)
        self._signs = np.array([[-1.0, 1.0]]) if n_sums == 1 and len(self.output_names) == 2 else np.eye(n_sums)

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the model is given them. Errors are the spread among the model's bags, as `additive` has it.

        Raises
        ------
        InputError
            If there are none.
        """
        if not len(table):
            raise InputError("there are no rows to explain: X is empty")
        parts = [self._of(_part(table, start)) for start in range(0, len(table), AT_ONCE)]
        values, errors = (np.concatenate(part) for part in zip(*parts, strict=True))
        base = np.ravel(self._head.intercept_).astype(float) @ self._signs
        return Found(values, errors, np.tile(base, (len(values), 1)), base + values.sum(1))

    def _of(self, table: Any) -> tuple[Array, Array]:
        """Values and errors, (n_rows, n_features, n_outputs) both."""
        scores, bags = scores_of(self._head, table)
        values = self._folded(scores, table)
        of_bags = [self._folded(bag, table) for bag in bags]
        return values, spread(self._head, np.array(of_bags).reshape(-1, *values.shape))

    def _folded(self, scores: Array, table: Any) -> Array:
        values = shared(self._head, scores)[:, places(self._head, table)] @ self._signs
        return values if self._owner is None else folded(values, self._owner, 1)


def _part(table: Any, start: int) -> Any:
    return (table.iloc if hasattr(table, "iloc") else table)[start : start + AT_ONCE]
