"""Backgrounds and rows as users have them, made into what the model was fitted with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.models._columns import is_missing
from limelight.models._estimators import is_estimator
from limelight.models.reading import as_table, is_table

MOST_ROWS = 100
"""Background rows: an evaluation costs a row of the model for each."""
_SEED = 0


def read_background(background: Any) -> Any:
    rows = as_table(background, "the background")
    if rows.ndim != 2:
        raise InputError("the background should be rows and columns, shape (n_rows, n_features), such as 100 rows "
                         f"of the training data; shape {rows.shape} came")
    if 0 in rows.shape:
        raise InputError(f"the background is empty (shape {rows.shape}): absent features take their values from it, "
                         "so give at least one row, better about 100")
    return rows


def feature_names_of(rows: Any, given: Sequence[str] | None, model: Any) -> list[str]:
    fitted = getattr(model, "feature_names_in_", None)
    if given is not None:
        names = [str(name) for name in given]
    elif hasattr(rows, "columns"):
        names = [str(name) for name in rows.columns]
    elif fitted is not None:
        names = [str(name) for name in fitted]
    else:
        names = [f"feature {j}" for j in range(rows.shape[1])]
    if len(names) != rows.shape[1]:
        raise InputError(f"the background has {rows.shape[1]} columns, and there are {len(names)} feature names")
    if len(set(names)) != len(names):
        raise InputError("feature names should differ from one another: "
                         f"{next(name for name in names if names.count(name) > 1)!r} comes twice")
    return names


def as_fitted(rows: Any, model: Any) -> Any:
    """Frame or unframe the rows, so that scikit-learn sees what it was fitted with."""
    if not is_estimator(model) or not hasattr(model, "n_features_in_"):
        return rows
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is None:
        return rows.to_numpy() if hasattr(rows, "iloc") else rows
    if hasattr(rows, "iloc"):
        # LightGBM writes a space in a name as "_".
        known = {*rows.columns, *(str(name).replace(" ", "_") for name in rows.columns)}
        lacking = [str(name) for name in fitted if name not in known]
        if lacking:
            besides = [str(name) for name in rows.columns if name not in fitted]
            raise InputError(f"the model was fitted with columns that the background lacks: {', '.join(lacking)}"
                             + (f"; it has besides: {', '.join(besides)}" if besides else ""))
        if len(rows.columns) > len(fitted):
            besides = [str(name) for name in rows.columns if {name, str(name).replace(" ", "_")}.isdisjoint(fitted)]
            raise InputError("the background has columns that the model was not fitted with, such as the target: "
                             f"leave out {', '.join(besides)}")
        return rows
    import pandas as pd

    return pd.DataFrame(rows, columns=list(fitted)) if len(fitted) == rows.shape[1] else rows


def drawn(rows: Any) -> Any:
    if len(rows) <= MOST_ROWS:
        return rows
    chosen = np.sort(np.random.default_rng(_SEED).choice(len(rows), MOST_ROWS, replace=False))
    return rows.iloc[chosen] if hasattr(rows, "iloc") else rows[chosen]


def column_of(rows: Any, j: int) -> Any:
    return rows.iloc[:, j] if hasattr(rows, "iloc") else rows[:, j]


def framed(rows: Sequence[Sequence[Any]], like: Any) -> Any:
    """A DataFrame of the columns and types of `like`."""
    import pandas as pd

    return pd.DataFrame({name: series_like(list(values), column.dtype)
                         for values, (name, column) in zip(zip(*rows, strict=True), like.items(), strict=True)})


def series_like(values: Any, dtype: Any) -> Any:
    """Values of a type; whole numbers widen for fractions and larger ones, and numpy's for what is missing."""
    import pandas as pd

    # numpy has a NaN among floats only, and would call it True among booleans.
    if isinstance(dtype, np.dtype) and dtype.kind in "iub" and any(is_missing(value) for value in values):
        return pd.Series(values)
    try:
        return pd.Series(values, dtype=dtype)
    except (TypeError, ValueError, OverflowError):
        return pd.Series(values)


def row_values(x: Any, names: list[str]) -> list[Any]:
    """One value a feature, in order."""
    x = as_table(x, "the row") if is_table(x) else x
    if hasattr(x, "columns"):
        if len(x) != 1:
            raise InputError(f"one row is explained at a time, and {len(x)} came: choose one, as in X.iloc[[0]]")
        return _by_name({str(name): column.iloc[0] for name, column in x.items()}, names)
    if hasattr(x, "iloc") and {str(name) for name in x.index} & set(names):
        return _by_name({str(name): value for name, value in x.items()}, names)
    if isinstance(x, Mapping):
        return _by_name({str(name): value for name, value in x.items()}, names)
    return _in_order(x, names)


def _by_name(values: dict[str, Any], names: list[str]) -> list[Any]:
    lacking = [name for name in names if name not in values]
    unknown = [name for name in values if name not in names]
    if lacking or unknown:
        raise InputError("the row should have the background's columns; "
                         + "; ".join(f"{what}: {', '.join(which)}" for what, which in
                                     (("it lacks", lacking), ("it has besides", unknown)) if which))
    return [values[name] for name in names]


def _in_order(x: Any, names: list[str]) -> list[Any]:
    if not np.iterable(x) or isinstance(x, (str, bytes, set)):
        raise InputError(f"a row should be an array, list, dict or Series of {len(names)} values; "
                         f"{type(x).__name__} came")
    values = list(x)
    if values and all(np.iterable(value) and not isinstance(value, (str, bytes)) for value in values):
        if len(values) > 1:
            raise InputError(f"one row is explained at a time, and {len(values)} came: choose one, as in X[0]")
        values = list(values[0])
    if len(values) != len(names):
        raise InputError(f"the row has {len(values)} values, and the background {len(names)} columns "
                         f"({', '.join(names[:6])}{', ...' if len(names) > 6 else ''})")
    return values
