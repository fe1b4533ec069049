"""Banzhaf values: the mean effect of adding a feature to any coalition."""

from __future__ import annotations

from limelight.estimators.lime import size_law
from limelight.estimators.regression import Rows, size_weights, surrogate
from limelight.neighborhood import Neighborhood
from limelight.types import Estimate


def banzhaf(neighborhood: Neighborhood) -> Estimate:
    """Estimate Banzhaf values, mean over S of v(S + i) - v(S).

    They are the coefficients of the least-squares linear fit to all
    coalitions, each weighing the same (Hammer & Holzman 1992): LIME on images
    with an endless kernel width. Rows that were chosen and not drawn are left out.

    Parameters
    ----------
    neighborhood : Neighborhood

    Returns
    -------
    Estimate
    """
    rows = Rows.of(neighborhood.drawn())
    return surrogate(rows, size_weights(rows, size_law(neighborhood.n_features, "binomial")))
