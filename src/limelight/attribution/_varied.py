"""Rows in which every column takes other values: of a Pipeline's own categories, and of numbers some near by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np

from limelight.scalars import is_bool, is_number

MOVES = (1, -1, 1_000)
"""By how much a number is moved, in turn: steps that put numbers into bins may know one in the next bin only."""


def varied(row: Any, estimator: Any) -> Any:
    """Make rows of one in which each column goes through its known categories, or is moved where it holds a number.

    They tell what a step makes of a column, and are for no model: they occur nowhere.

    Parameters
    ----------
    row : ndarray or DataFrame of shape (1, n_columns)
    estimator : scikit-learn estimator or Pipeline
        Fitted: its encoders know categories.

    Returns
    -------
    ndarray or DataFrame of shape (n_rows, n_columns)
        As many rows as the longest of these lists. Of what is neither number nor of known categories nothing changes.
    """
    framed = hasattr(row, "iloc")
    names = list(row.columns) if framed else list(range(row.shape[1]))
    known = dict(_known(estimator, names))
    values = row.iloc[0].tolist() if framed else row[0].tolist()
    others = {name: known.get(name) or _moved(value) for name, value in zip(names, values, strict=True)}
    n = max(map(len, others.values()))
    columns = {name: [given[i % len(given)] for i in range(n)] for name, given in others.items()}
    if not framed:
        return np.array(list(columns.values()), object).T.astype(row.dtype if row.dtype.kind not in "US" else object)
    import pandas as pd

    # Without their types: a value that a categorical type has not would be missing.
    return pd.DataFrame(columns)


def _moved(value: Any) -> list[Any]:
    if is_bool(value):
        return [not value]
    return [value + move for move in MOVES] if is_number(value) else [value]


def _known(step: Any, columns: Sequence[Any]) -> Iterable[tuple[Any, list[Any]]]:
    """The categories of columns that a step sees, as far as encoders in it know them."""
    if hasattr(step, "best_estimator_"):
        return _known(step.best_estimator_, columns)
    if hasattr(step, "steps"):
        # Steps between, such as one that fills in what is missing, leave as many columns: others know no categories.
        return chain.from_iterable(_known(each, columns) for _, each in step.steps)
    if hasattr(step, "transformers_"):
        return chain.from_iterable(_known(each, _chosen(given, columns)) for _, each, given in step.transformers_)
    found = getattr(step, "categories_", ())
    return zip(columns, map(list, found), strict=True) if len(found) == len(columns) else ()


def _chosen(given: Any, columns: Sequence[Any]) -> list[Any]:
    """Columns as a ColumnTransformer names them: by name, place, slice or mask."""
    if isinstance(given, (str, int)):
        given = [given]
    if isinstance(given, slice):
        return list(columns[given]) if not isinstance(given.start, str) and not isinstance(given.stop, str) else []
    if all(isinstance(each, str) for each in given):
        return list(given)
    return list(np.array(columns, object)[np.asarray(given)])
