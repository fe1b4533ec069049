"""Which features should matter, as a user tells it."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.explanation import Explanation
from limelight.maskers.segments import map_of
from limelight.types import Array

HALF = 0.5
"""Of a segment's pixels: as many must be in a mask for the segment to be."""


def truth_of(explanation: Explanation, truth: Any) -> Array:
    """Read which features should matter: bool (n_features,).

    Parameters
    ----------
    truth : sequence of names or indices, or array of bools or of 0 and 1
        A name stands for all features of that name. An array holds one a
        feature or, for a picture, one a pixel: then segments matter of which
        at least half is true.

    Raises
    ------
    InputError
        If a feature is unknown or an index comes twice, or all or none matter.
    """
    n = len(explanation.feature_names)
    mask = _mask(truth, n)
    if mask is not None:
        found = _of_mask(explanation, mask)
    else:
        found = np.zeros(n, bool)
        found[[i for member in _listed(truth) for i in _places(explanation, member)]] = True
    if found.all() or not found.any():
        raise InputError(f"truth= says that {'all' if found.any() else 'none'} of the {n} features should matter: "
                         "localisation tells some from the others")
    return found


def _mask(truth: Any, n: int) -> Array | None:
    """Read it as bools; None for names and indices. As many numbers as features, all of them 0 or 1, are no indices."""
    if isinstance(truth, (list, tuple)) and not all(isinstance(each, (int, float, np.number, np.bool_))
                                                    for each in truth):
        return None
    given = np.asarray(truth)
    if given.dtype == bool and given.ndim:
        return given
    if given.dtype.kind not in "iuf" or (given.ndim < 2 and given.shape != (n,)):
        return None
    if not np.isin(given, (0, 1)).all():
        if given.ndim == 1:
            return None
        raise InputError("truth= is an array of other numbers than 0 and 1: give bools, as in truth=mask > 0")
    return given.astype(bool)


def _listed(truth: Any) -> list[Any]:
    if isinstance(truth, (str, bytes)) or not hasattr(truth, "__iter__"):
        raise InputError(f"truth={truth!r} can't be used: give a list of features, by name or index, or an array of "
                         "bools")
    found = list(truth)
    indices = [each for each in found if isinstance(each, (int, np.integer))]
    if len(set(indices)) < len(indices):
        raise InputError("truth= names an index more than once: give each feature's once, or one bool a feature")
    return found


def _places(explanation: Explanation, member: Any) -> list[int]:
    names = explanation.feature_names
    if isinstance(member, str):
        found = [i for i, name in enumerate(names) if name == member]
    else:
        found = [int(member)] if isinstance(member, (int, np.integer)) and 0 <= member < len(names) else []
    if not found:
        raise InputError(f"truth= names {member!r}, which is no feature: give names among {', '.join(names[:8])}"
                         f"{', ...' if len(names) > 8 else ''}, or indices from 0 to {len(names) - 1}")
    return found


def _of_mask(explanation: Explanation, mask: Array) -> Array:
    n, subject = len(explanation.feature_names), explanation.subject
    height, width = subject.get("height", 0), subject.get("width", 0)
    if mask.shape == (n,):
        return mask
    if mask.shape != (height, width):
        wanted = f"({n},), or {(height, width)} for its pixels" if height else f"({n},)"
        raise InputError(f"truth= is an array of shape {mask.shape}: {wanted} was expected")
    segments = map_of(subject["segments"], height, width).ravel()
    share = np.bincount(segments, mask.ravel(), minlength=n) / np.maximum(np.bincount(segments, minlength=n), 1)
    found: Array = share >= HALF
    return found
