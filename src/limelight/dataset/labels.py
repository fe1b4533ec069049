"""What rows are called in the index that they came with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from limelight.errors import InputError
from limelight.types import Array

Labels = tuple[str, ...]


def labels_of(X: Any) -> Labels | None:
    """The labels of a DataFrame's or Series' rows, as texts; None where its index only counts them, and of others."""
    index = getattr(X, "index", None)
    if index is None or callable(index) or (list(index[:2]) == [0, 1] and index.equals(_counting(len(X)))):
        return None
    return tuple(map(str, index.tolist()))


def of_rows(labels: Labels | None, rows: Sequence[int] | Array) -> Labels | None:
    """The labels of some rows, by their positions."""
    return None if labels is None else tuple(labels[i] for i in rows)


def _counting(n: int) -> Any:
    import pandas

    return pandas.RangeIndex(n)


def find_label(label: Any, labels: Labels | None, n_rows: int) -> int:
    """Where a label stands among labels.

    Raises
    ------
    InputError
        If there are no labels, or no row or several have this one.
    """
    if labels is None:
        raise InputError(f"label={label!r} can't be found: the index of these data only counts their rows. Give a "
                         f"position from 0 to {n_rows - 1:,}")
    found = [i for i, each in enumerate(labels) if each == str(label)]
    if len(found) > 1:
        raise InputError(f"label={label!r} is that of {len(found):,} rows: give the position of the one that is meant")
    if not found:
        raise InputError(f"label={label!r} is in the index of no row here: labels are {_some(labels)}")
    return found[0]


def check_position(row: Any, n_rows: int, labels: Labels | None) -> int:
    """The position that is meant, from 0.

    Raises
    ------
    InputError
        If there is no such row. A whole number is a position, whatever labels there are.
    """
    whole = hasattr(row, "__index__") and not isinstance(row, bool)
    if whole and -n_rows <= row < n_rows:
        return int(row) % n_rows
    called = labels is not None and str(row) in labels
    raise InputError(f"row={row!r} is no row of these data: give a position from 0 to {n_rows - 1:,}"
                     + (f"; the row that is labelled so is meant by label={row!r}" if called else ""))


def _some(labels: Sequence[str]) -> str:
    return ", ".join(map(repr, labels[:5])) + (", ..." if len(labels) > 5 else "")
