"""Many rows of a table as a user has them, read column by column into what the model is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.models._columns import Column, is_missing
from limelight.models._tables import column_of, series_like
from limelight.models.reading import as_table, in_order, is_table
from limelight.types import Array


def read_rows(X: Any, columns: Sequence[Column], like: Any, first: int = 0) -> Any:
    """Read rows as `Column.read` reads the values of one, and make them of the types of `like`.

    Parameters
    ----------
    X : ndarray, DataFrame, tensor or sequence of rows, shape (n_rows, n_features)
        A DataFrame's columns are found by name.
    columns : sequence of Column
    like : ndarray or DataFrame
        Rows of the background.
    first : int
        Number of the first row, for messages.

    Raises
    ------
    InputError
        If there are no rows, columns are lacking or too many, or a value can't be used: names its row.
    """
    rows = _in_order(X, [column.name for column in columns])
    if not len(rows):
        raise InputError("there are no rows to explain: X is empty")
    if not hasattr(like, "iloc"):
        return _array(rows, columns, like.dtype, first)
    import pandas as pd

    found = {name: series_like(_values(column_of(rows, j), column, first), like.dtypes.iloc[j])
             for j, (name, column) in enumerate(zip(like.columns, columns, strict=True))}
    return pd.DataFrame(found)


def _in_order(X: Any, names: list[str]) -> Any:
    """Rows whose columns are those of the background, in its order."""
    rows = as_table(X, "X") if is_table(X) else X if isinstance(X, np.ndarray) else np.array(X, dtype=object)
    return in_order(rows, names, "the background's")


def _array(rows: Any, columns: Sequence[Column], dtype: np.dtype, first: int) -> Array:
    """An array of one type, as `TabularModel.table` makes it."""
    values = [_values(column_of(rows, j), column, first) for j, column in enumerate(columns)]
    if dtype.kind in "OUS":
        return np.column_stack([np.asarray(column, object) for column in values]).astype(dtype)
    found = np.column_stack([column.astype(float) if column.dtype.kind == "O" else column for column in values])
    return found.astype(dtype if dtype.kind == "f" else np.result_type(dtype, found.dtype), copy=False)


def _values(values: Any, column: Column, first: int) -> Any:
    """Values of one column, checked: as they came where they are numbers or of the same categories."""
    dtype = values.dtype
    if column.kind == "number" and isinstance(dtype, np.dtype) and dtype.kind in "iuf":
        found = np.asarray(values)
        if dtype.kind == "f" and not column.allows_missing and np.isnan(found).any():
            _read(column, np.nan, first + int(np.isnan(found).argmax()))
        return found
    if hasattr(dtype, "categories") and tuple(dtype.categories) == column.categories and (
            column.allows_missing or not values.isna().any()):
        return values.array  # which has no index that a DataFrame would go by
    return _each(values, column, first)


def _each(values: Any, column: Column, first: int) -> Array:
    """Values read one by one; the same one is read once."""
    known: dict[Any, Any] = {}
    found = np.empty(len(values), object)
    for i, value in enumerate(values.tolist()):
        key = (type(value), value)
        if key not in known or is_missing(value):
            known[key] = _read(column, value, first + i)
        found[i] = known[key]
    return found


def _read(column: Column, value: Any, row: int) -> Any:
    try:
        return column.read(value)
    except InputError as error:
        raise InputError(f"row {row:,}: {error}") from None
