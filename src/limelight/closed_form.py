"""Shapley values that need no sampling: computed from the model itself, and checked against its answers."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from limelight.attribution.exact import exact_shapley
from limelight.neighborhood import Neighborhood
from limelight.types import Array, Estimate, Output

log = logging.getLogger("limelight")


class ClosedForm:
    """The closed form of one row's Shapley values, if its model has one.

    Parameters
    ----------
    model : TabularModel
    x
        The row.
    output : {"probability", "logit"}
    columns : ndarray of shape (n_outputs,)
        The model's outputs that are kept.
    group_of : int ndarray of shape (n_features,), optional
        Which group each feature is in.
    """

    def __init__(self, model: Any, x: Any, output: Output, columns: Array, group_of: Array | None = None):
        self._model, self._x, self._output, self._columns, self._group_of = model, x, output, columns, group_of

    def __call__(self, rows: Neighborhood) -> Estimate | None:
        """Compute it, or return None: there is none, or it is not what the model answered to these rows.

        A model that can't be taken apart is sampled, so nothing that goes wrong here ends a run.
        """
        try:
            found = exact_shapley(self._model, self._x, self._output, self._group_of)
        except Exception as error:  # other libraries read the model here, of whatever version it is
            log.warning("no closed form, so Shapley values are sampled: %s: %s", type(error).__name__, error)
            return None
        if found is None:
            return None
        found = found.of_outputs(self._columns)
        if not found.agrees(rows.coalitions, rows.outputs):
            log.warning("the model does not answer as its %s form says: Shapley values are sampled", found.route)
            return None
        values = np.asarray(found.values, float)
        return Estimate(values, np.zeros_like(values), np.inf, True, np.full(values.shape[1], np.nan),
                        len(rows), {"route": found.route})
