"""Terms of many rows of an explainable boosting machine, which need no background."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.attribution.additive import sums_of, terms
from limelight.attribution.exact import taken_apart
from limelight.attribution.many import Found
from limelight.errors import InputError
from limelight.types import Array, OutputSpace


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
        self._model, self._owner = model, owner
        self.output_space: OutputSpace = sums_of(model).meaning
        self.output_names = tuple(str(name) for name in getattr(taken_apart(model)[1], "classes_", ()))

    def explain(self, table: Any, first: int = 0) -> Found:
        """Explain rows as the model is given them.

        Raises
        ------
        InputError
            If there are none.
        """
        if not len(table):
            raise InputError("there are no rows to explain: X is empty")
        values, base = terms(self._model, table)
        if self._owner is not None:
            of_groups = np.zeros((len(values), self._owner.max() + 1, values.shape[2]))
            np.add.at(of_groups, (slice(None), self._owner), values)  # type: ignore[arg-type]
            values = of_groups
        if len(base) == 1 and len(self.output_names) == 2:
            values, base = values @ [[-1.0, 1.0]], base @ [[-1.0, 1.0]]
        return Found.exactly(values, base, base + values.sum(1))
