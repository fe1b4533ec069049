"""Readings of a neighborhood: pure functions, no model, no clock, no state."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from limelight.errors import InputError
from limelight.estimators.banzhaf import banzhaf
from limelight.estimators.interactions import Interactions, interactions
from limelight.estimators.lime import lime
from limelight.estimators.occlusion import occlusion
from limelight.estimators.shapley import shapley
from limelight.neighborhood import Neighborhood
from limelight.types import Estimate

READINGS = {"lime": lime, "shapley": shapley, "banzhaf": banzhaf, "occlusion": occlusion}
"""Estimators that read one shared neighborhood, by name."""
LABELS = {"lime": "LIME", "shapley": "Shapley", "banzhaf": "Banzhaf", "occlusion": "Occlusion"}
"""What views call them."""


def read(neighborhood: Neighborhood, method: str, kernel_width: float | None = None,
         options: Mapping[str, Any] | None = None) -> Estimate:
    """Read a neighborhood with one method, by name. Only LIME has a kernel width."""
    keywords = dict(options or {})
    if method == "lime":
        keywords["kernel_width"] = kernel_width
    return READINGS[method](neighborhood, **keywords)


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
