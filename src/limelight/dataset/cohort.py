"""Some rows against the rest: which attributions differ, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from limelight.errors import InputError
from limelight.quality.intervals import critical
from limelight.question import as_index
from limelight.types import Array

if TYPE_CHECKING:
    import pandas

    from limelight.dataset.result import Overview


@dataclass(frozen=True)
class Where:
    """Which rows are meant: listed, or by what one feature is."""

    rows: Any
    feature: int | None
    low: float
    high: float
    categories: tuple[str, ...] | None
    axis: Literal["value", "attribution"]


@dataclass(frozen=True, eq=False, repr=False)
class Cohort:
    """Some of the explained rows beside the rest of them. Intervals are of 95 %, over rows and the estimator.

    Attributes
    ----------
    rows : int ndarray of shape (n,)
        The rows' numbers in the data.
    n, n_rest : int
    prediction, rest_prediction : float
        Mean predictions.
    values, low, high : ndarray of shape (n_features,)
        Mean attributions of these rows.
    rest_values, rest_low, rest_high : ndarray of shape (n_features,)
        Those of the rest.
    difference, difference_low, difference_high : ndarray of shape (n_features,)
        Of the means: these less the rest.
    """

    rows: Array
    n: int
    n_rest: int
    prediction: float
    rest_prediction: float
    values: Array
    low: Array
    high: Array
    rest_values: Array
    rest_low: Array
    rest_high: Array
    difference: Array
    difference_low: Array
    difference_high: Array
    feature_names: tuple[str, ...]
    output_name: str

    def to_frame(self) -> pandas.DataFrame:
        """One row a feature, the largest difference first."""
        import pandas

        frame = pandas.DataFrame({"feature": as_index(self.feature_names), "value": self.values,
                                  "rest": self.rest_values, "difference": self.difference,
                                  "low": self.difference_low, "high": self.difference_high})
        return frame.sort_values("difference", key=np.abs, ascending=False, kind="stable", ignore_index=True)

    def __repr__(self) -> str:
        from limelight.export.overview_table import cohort_as_text

        return cohort_as_text(self)


def chosen(overview: Overview, where: Where) -> Array:
    """Which of the explained rows are meant: bool (n_explained,).

    Raises
    ------
    InputError
        If none or all are, or what says so can't be used.
    """
    if (where.rows is None) == (where.feature is None):
        raise InputError("a cohort is rows, or feature= with low=, high= or categories=: give one of them")
    bounded = (where.low, where.high) != (-np.inf, np.inf) or where.categories is not None
    if where.rows is not None and (bounded or where.axis != "value"):
        raise InputError("low=, high=, categories= and axis= say which rows are meant by what a feature is: give "
                         "feature= with them, and no rows")
    mask = _listed(overview, where.rows) if where.feature is None else _within(overview, where)
    n = int(mask.sum())
    if n in (0, len(mask)):
        raise InputError(f"{n} of the {len(mask):,} explained rows are meant: a cohort is some of them, so that there "
                         "is a rest to compare with")
    return mask


def compared(overview: Overview, mask: Array) -> Cohort:
    """Compare the rows of a mask with the rest. Means that share the coalitions' noise keep all of it."""
    inside, outside = _means(overview, mask), _means(overview, ~mask)
    difference = inside[0] - outside[0]
    half = np.hypot(inside[1], outside[1])
    return Cohort(overview.rows[mask], int(mask.sum()), int((~mask).sum()), float(overview.prediction[mask].mean()),
                  float(overview.prediction[~mask].mean()), inside[0], inside[0] - inside[1], inside[0] + inside[1],
                  outside[0], outside[0] - outside[1], outside[0] + outside[1], difference, difference - half,
                  difference + half, overview.feature_names, overview.output_names[overview.target])


def _means(overview: Overview, mask: Array) -> tuple[Array, Array]:
    """Mean attributions of some rows, and half their intervals; NaN where an error is not known."""
    values, errors = overview.values[mask], overview.std_error[mask]
    n = len(values)
    mean = values.mean(0)
    if n < 2:
        return mean, np.full(len(mean), np.nan)
    noise = np.where(np.isfinite(errors), errors, np.nan).mean(0)
    return mean, critical(n - 1) * np.hypot(values.std(0, ddof=1) / np.sqrt(n), noise)


def _listed(overview: Overview, rows: Any) -> Array:
    found = np.asarray(rows)
    n = overview.n_explained
    if not found.size:
        raise InputError("rows names no row: give truth values, one for each explained row, or numbers of rows")
    if found.dtype == bool and found.shape == (n,):
        return found
    if found.dtype == bool and found.shape == (overview.n_rows,):
        return found[overview.rows]
    if found.dtype.kind not in "iu" or found.ndim != 1:
        raise InputError(f"rows should be {n:,} truth values, one for each explained row, or numbers of rows; "
                         f"{found.dtype} of shape {found.shape} came")
    unknown = sorted(set(found.tolist()) - set(overview.rows.tolist()))
    if unknown:
        raise InputError(f"row {unknown[0]} was not explained: .rows has the numbers of those that were")
    return np.isin(overview.rows, found)


def _within(overview: Overview, where: Where) -> Array:
    assert where.feature is not None
    j, known = where.feature, overview.categories[where.feature]
    if where.axis not in ("value", "attribution"):
        raise InputError(f"axis={where.axis!r} is not known: give 'value' or 'attribution'")
    for name, bound in (("low", where.low), ("high", where.high)):
        if isinstance(bound, bool) or not isinstance(bound, (int, float, np.number)):
            raise InputError(f"{name}={bound!r} is no number: of a feature's categories give categories=")
    numbers = overview.codes[:, j] if where.axis == "value" else overview.values[:, j]
    if where.categories is None:
        return (numbers >= where.low) & (numbers <= where.high)
    if known is None or where.axis != "value":
        raise InputError(f"{overview.feature_names[j]!r} has no categories here: give low= and high=")
    unknown = [name for name in where.categories if name not in known]
    if unknown:
        raise InputError(f"{overview.feature_names[j]!r} is never {unknown[0]!r}: its categories are "
                         f"{', '.join(map(repr, known[:10]))}")
    return np.isin(numbers, [known.index(name) for name in where.categories])
