"""Rows as users have them: in which form, and with which columns in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from limelight.errors import InputError

MOST_CELLS = 200_000_000
"""Of a sparse matrix that is made dense: 1.6 GB."""
_NAMES = {"catboost": "feature_names_", "lightgbm": "feature_name", "xgboost": "feature_names"}
"""Where models that are none of scikit-learn's keep the names of columns: they go by their order alone."""


def is_table(rows: Any) -> bool:
    """Tell a tensor, a sparse matrix and a table of pandas, polars or Arrow from arrays, lists and dicts."""
    return any(hasattr(rows, sign) for sign in ("detach", "toarray", "columns"))


def as_table(rows: Any, what: str) -> Any:
    """Rows in memory as an array or a pandas DataFrame.

    Also of a tensor, a sparse matrix, a table of polars or Arrow, and a list of rows or of dicts.

    Raises
    ------
    InputError
        If rows of a list are not of one length, a sparse matrix is too large to be made dense, or a table is one that
        can't be read at once; `what` they are is said.
    """
    if hasattr(rows, "detach"):
        return rows.detach().cpu().numpy()
    if hasattr(rows, "toarray"):
        return _dense(rows, what)
    if hasattr(rows, "columns"):
        return rows if hasattr(rows, "iloc") else _in_pandas(rows, what)
    if isinstance(rows, (list, tuple)) and rows and all(isinstance(row, Mapping) for row in rows):
        import pandas as pd

        return pd.DataFrame(list(rows))
    try:
        found = np.asarray(rows)
    except ValueError as error:
        sizes = [np.size(row) for row in rows]
        i = next((i for i, size in enumerate(sizes) if size != sizes[0]), 0)
        raise InputError(f"{what} should be rows of one length: row {i:,} has {sizes[i]} values, and the first one "
                         f"{sizes[0]}") from error
    # Words among numbers would make words of them all.
    return np.array(rows, object) if found.dtype.kind in "US" and not isinstance(rows, np.ndarray) else found


def _dense(rows: Any, what: str) -> Any:
    """A sparse matrix as an array."""
    if np.prod(rows.shape, dtype=float) > MOST_CELLS:
        raise InputError(f"{what} is a sparse matrix of shape {rows.shape}, which takes too much memory made dense: "
                         "give fewer rows, or the columns that matter")
    return rows.toarray()


def _in_pandas(rows: Any, what: str) -> Any:
    """A table of polars, Arrow and others as a DataFrame of pandas."""
    if not hasattr(rows, "to_pandas"):
        raise InputError(f"{what} should be a table in memory; a {type(rows).__name__} came: collect it, or make a "
                         "pandas DataFrame of it")
    try:
        return rows.to_pandas()
    except ImportError as error:
        raise InputError(f"a {type(rows).__name__} of {type(rows).__module__.partition('.')[0]} needs pyarrow to be "
                         "read: pip install 'limelight[parquet]'") from error


def in_order(rows: Any, names: Sequence[str], of: str) -> Any:
    """Rows whose columns are these, in this order: a DataFrame's by name, an array's by their number.

    Parameters
    ----------
    rows : DataFrame or ndarray of shape (n_rows, n_columns)
    names : sequence of str
    of : str
        Whose columns these are, for the message: "the background's".

    Raises
    ------
    InputError
        If columns are lacking or too many: names those of a DataFrame.
    """
    if not hasattr(rows, "iloc"):
        if rows.ndim != 2 or rows.shape[1] != len(names):
            raise InputError(f"X should be rows of {of} {len(names)} columns, shape (n_rows, {len(names)}); shape "
                             f"{rows.shape} came")
        return rows
    given = [str(name) for name in rows.columns]
    wrong = "; ".join(f"{what}: {', '.join(which)}" for what, which in (
        ("they lack", [name for name in names if name not in given]),
        ("they have besides", [name for name in given if name not in names]),
        ("they have twice", [name for name, n in Counter(given).items() if n > 1])) if which)
    if wrong:
        raise InputError(f"the rows should have {of} columns; {wrong}")
    return rows if given == list(names) else rows.iloc[:, [given.index(name) for name in names]]


def fitted_columns(rows: Any, model: Any) -> Any:
    """Rows in the columns that an estimator was fitted with: in their order, and a DataFrame where it was given one.

    Raises
    ------
    InputError
        If columns are lacking or too many: names them, or tells how many.
    """
    rows, fitted = as_table(rows, "X"), names_fitted(model)
    if rows.ndim != 2:
        raise InputError(f"X should be rows and columns, shape (n_rows, n_features); shape {rows.shape} came")
    n_features = len(fitted) or width_fitted(model)
    named = fitted and not all(map(_made_of_places, fitted))
    if named and hasattr(rows, "iloc"):
        return in_order(rows, _as_written(fitted, rows), "the model's")
    if n_features is not None and rows.shape[1] != n_features:
        raise InputError(f"X has {rows.shape[1]} columns, and {type(model).__name__} was fitted with {n_features}: "
                         "give rows of the same table, without the target")
    if hasattr(model, "feature_names_in_") and named and not hasattr(rows, "iloc"):
        import pandas as pd

        return pd.DataFrame(rows, columns=fitted)
    return rows


def names_fitted(model: Any) -> list[str]:
    """Names of the columns that a model was fitted with; none where it does not tell."""
    found = getattr(model, "feature_names_in_", None)
    own = _NAMES.get(type(model).__module__.partition(".")[0])
    if found is None and own is not None:
        found = getattr(model, own, None)
    found = found() if callable(found) else found
    return [] if found is None else [str(name) for name in found]


def width_fitted(model: Any) -> int | None:
    """How many columns a model was fitted with; None where it does not tell."""
    count = getattr(model, "num_features", None) or getattr(model, "num_feature", None)
    if type(model).__name__ == "Booster" and count is not None:
        return int(count())
    found: int | None = getattr(model, "n_features_in_", None)
    return found


def reordered(rows: Any, model: Any) -> Any:
    """Put a DataFrame's columns into the order that an estimator was fitted with, where these are the same."""
    if not hasattr(rows, "iloc"):
        return rows
    names = _as_written(names_fitted(model), rows)
    return in_order(rows, names, "the model's") if sorted(names) == sorted(map(str, rows.columns)) else rows


def _as_written(fitted: Sequence[str], rows: Any) -> list[str]:
    """Names that an estimator was fitted with as a DataFrame has them: LightGBM writes a space as "_"."""
    given = [str(name) for name in rows.columns]
    known = {name.replace(" ", "_"): name for name in given}
    return [name if name in given else known.get(name, name) for name in fitted]


def _made_of_places(name: str) -> bool:
    """Tell what LightGBM and interpret call columns that have no names: Column_3, feature_0003."""
    return name.removeprefix("Column_").removeprefix("feature_").isdecimal()
