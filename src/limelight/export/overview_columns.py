"""The rows of an overview in a document: each column with its type, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.export._fields import Wrong, boolean, fields, listed, one_of, texts, wrong
from limelight.export.plain import DTYPES


def columns_of(data: Any) -> dict[str, Any]:
    """Write rows: texts, an array or a DataFrame."""
    if isinstance(data, tuple):
        return {"form": "texts", "texts": list(data)}
    if not hasattr(data, "iloc"):
        known = data.dtype.name in DTYPES
        return {"form": "array", "array": data} if known else {"form": "list", "rows": data.tolist()}
    return {"form": "frame", "names": [str(name) for name in data.columns],
            "columns": [_column(data.iloc[:, j]) for j in range(data.shape[1])]}


def rows_of(found: Any) -> Any:
    """Read what `columns_of` wrote."""
    if found["form"] == "texts":
        return tuple(found["texts"])
    if found["form"] == "array":
        return found["array"]
    if found["form"] == "list":
        rows = np.empty((len(found["rows"]), len(found["rows"][0])), object)
        rows[:] = found["rows"]
        return rows
    import pandas

    return pandas.concat([_series(column) for column in found["columns"]], axis=1, keys=found["names"])


def check_columns(found: Any, n: int) -> None:
    """Raise `Wrong` unless these are n rows."""
    fields(found, {"form": one_of("texts", "array", "list", "frame")}, "data")
    {"texts": _check_texts, "array": _check_array, "list": _check_list, "frame": _check_frame}[found["form"]](found, n)


def check_background(found: Any) -> None:
    """Raise `Wrong` unless these are rows of a table, however many."""
    fields(found, {"form": one_of("array", "list", "frame")}, "background")
    whole = {"array": "array", "list": "rows", "frame": "columns"}[found["form"]]
    parts = found.get(whole)
    if found["form"] == "frame" and isinstance(parts, list) and parts and isinstance(parts[0], dict):
        parts = parts[0].get("values")
    if not (isinstance(parts, list) or (isinstance(parts, np.ndarray) and parts.ndim)) or not len(parts):
        raise wrong(parts, "background", "rows of a table")
    check_columns(found, len(parts))


def _check_texts(found: Any, n: int) -> None:
    fields(found, {"texts": texts}, "data")
    _count(found["texts"], n, "data.texts")


def _check_array(found: Any, n: int) -> None:
    array = found.get("array")
    if not isinstance(array, np.ndarray) or array.ndim != 2 or len(array) != n:
        raise wrong(array, "data.array", f"an array of {n} rows")


def _check_list(found: Any, n: int) -> None:
    fields(found, {"rows": listed}, "data")
    _count(found["rows"], n, "data.rows")
    first = found["rows"][0]
    for row in found["rows"]:
        if not isinstance(row, list) or not row or len(row) != len(first):
            raise wrong(row, "a row of data", "as long as the others")


def _check_frame(found: Any, n: int) -> None:
    fields(found, {"names": texts, "columns": listed}, "data")
    if not found["names"] or len(set(found["names"])) < len(found["names"]):
        raise Wrong("data.names should name columns, each once")
    _count(found["columns"], len(found["names"]), "data.columns")
    for i, column in enumerate(found["columns"]):
        _check_column(column, n, f"data.columns.{i}")


def _check_column(column: Any, n: int, where: str) -> None:
    fields(column, {"form": one_of("array", "list", "categories")}, where)
    if column["form"] == "list":
        fields(column, {"values": listed}, where)
        return _count(column["values"], n, f"{where}.values")
    values = column.get("values")
    if not isinstance(values, np.ndarray) or values.shape != (n,):
        raise wrong(values, f"{where}.values", f"an array of shape {(n,)}")
    if column["form"] == "categories":
        fields(column, {"categories": listed, "ordered": boolean}, where)
        known = len(column["categories"])
        if values.dtype.kind != "i" or (values < -1).any() or (values >= known).any():
            raise Wrong(f"{where}.values should number its {known} categories, or be -1")
    return None


def _count(values: Any, n: int, where: str) -> None:
    if len(values) != n:
        raise Wrong(f"{where} should be {n}, and {len(values)} are there")


def _column(column: Any) -> dict[str, Any]:
    if hasattr(column.dtype, "categories"):
        return {"form": "categories", "categories": column.dtype.categories.tolist(),
                "ordered": bool(column.dtype.ordered), "values": column.cat.codes.to_numpy(np.int32)}
    if isinstance(column.dtype, np.dtype) and column.dtype.name in DTYPES:
        return {"form": "array", "values": column.to_numpy()}
    return {"form": "list", "values": column.tolist()}


def _series(column: Any) -> Any:
    import pandas

    if column["form"] != "categories":
        return pandas.Series(column["values"])
    return pandas.Series(pandas.Categorical.from_codes(column["values"], column["categories"], column["ordered"]))
