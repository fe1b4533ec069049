"""Readings of a neighborhood: pure functions, no model, no clock, no state."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.estimators.banzhaf import banzhaf
from limelight.estimators.interactions import Interactions, interactions
from limelight.estimators.lime import lime
from limelight.estimators.occlusion import occlusion
from limelight.estimators.shapley import shapley
from limelight.neighborhood import Neighborhood
from limelight.types import Array, Estimate

READINGS = {"lime": lime, "shapley": shapley, "banzhaf": banzhaf, "occlusion": occlusion}
"""Estimators that read one shared neighborhood, by name."""
LABELS = {"lime": "LIME", "shapley": "Shapley", "banzhaf": "Banzhaf", "occlusion": "Occlusion"}
"""What views call them."""
ROUNDING = 16 * np.finfo(float).eps
"""Of the largest output: what a model that answers always the same may differ from itself by."""


def read(neighborhood: Neighborhood, method: str, kernel_width: float | None = None,
         options: Mapping[str, Any] | None = None) -> Estimate:
    """Read a neighborhood with one method, by name. Only LIME has a kernel width."""
    keywords = dict(options or {})
    if method == "lime":
        keywords["kernel_width"] = kernel_width
    return _still(READINGS[method](neighborhood, **keywords), neighborhood.outputs)


def _still(estimate: Estimate, outputs: Array) -> Estimate:
    """Zero for outputs that never changed: what was read of them is how sums round."""
    still = np.ptp(outputs, axis=0) <= ROUNDING * np.abs(outputs).max(0)
    return replace(estimate, values=np.where(still, 0.0, estimate.values)) if still.any() else estimate


def interactions_of(neighborhood: Neighborhood) -> Interactions:
    """Read the pairwise interactions, once for each number of rows."""
    key = ("interactions", len(neighborhood))
    if key not in neighborhood.memo:
        neighborhood.memo[key] = interactions(neighborhood)
    found: Interactions = neighborhood.memo[key]
    return found


def options_of(method: str) -> list[str]:
    """Names of a method's own options."""
    parameters = inspect.signature(READINGS[method]).parameters
    return [name for name in parameters if name not in ("neighborhood", "kernel_width")]


def check_method(method: str) -> None:
    """Raise InputError unless this is a reading."""
    if not isinstance(method, str) or method not in READINGS:
        raise InputError(f"method={method!r} is not known: there are {', '.join(READINGS)}")


__all__ = ["LABELS", "READINGS", "banzhaf", "check_method", "interactions_of", "lime", "occlusion", "options_of",
           "read", "shapley"]
