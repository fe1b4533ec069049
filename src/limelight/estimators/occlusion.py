"""Occlusion: what is lost when one feature alone is hidden."""

from __future__ import annotations

import numpy as np

from limelight.estimators.lime import size_law
from limelight.estimators.regression import LEAST_PAIRS, Rows, explained, size_weights
from limelight.neighborhood import Neighborhood
from limelight.types import Array, Estimate


def occlusion(neighborhood: Neighborhood) -> Estimate:
    """Read v(everything) - v(everything but i) (Zeiler & Fergus 2014): exact at once.

    Fidelity is that of the sum of these losses on all other coalitions.

    Parameters
    ----------
    neighborhood : Neighborhood

    Returns
    -------
    Estimate
    """
    n_features = neighborhood.n_features
    outputs = neighborhood.outputs
    alone = outputs[2 : n_features + 2] if n_features > 1 else outputs[:1]
    values = outputs[1] - alone
    return Estimate(values, np.zeros_like(values), np.inf, True, _fidelity(neighborhood, values),
                    n_features + 1, {})


def _fidelity(neighborhood: Neighborhood, values: Array) -> Array:
    rows = Rows.of(neighborhood)
    if rows.n_samples < LEAST_PAIRS and not rows.complete:
        return np.full(neighborhood.n_outputs, np.nan)
    weights = size_weights(rows, size_law(neighborhood.n_features, neighborhood.law))
    weights[1 : neighborhood.n_features + 2] = 0  # the fit has seen those
    missed = neighborhood.outputs - neighborhood.outputs[1] + ~neighborhood.coalitions @ values
    return explained(neighborhood.outputs, weights, weights @ missed**2)
