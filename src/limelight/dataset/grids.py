"""Values of a column at which a model is asked, and the names of categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from limelight.types import Array

if TYPE_CHECKING:
    from limelight.models._columns import Column


def quantiles(numbers: Array, most: int) -> Array:
    """At most so many values that the column has, ascending, equally many rows apart; the least and the largest too."""
    known = np.sort(numbers[np.isfinite(numbers)])
    distinct = np.unique(known)
    if len(distinct) <= most:
        return distinct
    return np.unique(known[np.linspace(0, len(known) - 1, most).round().astype(int)])


def named(column: Column) -> tuple[str, ...]:
    """What a reader calls a column's categories: 2.0 is "2"."""
    return tuple(column.shown("")["categories"] or ())
