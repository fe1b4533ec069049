"""Columns of a table: what values they hold, and how a user's value is read as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from limelight.errors import InputError
from limelight.question import check_meant
from limelight.scalars import is_bool, is_number, is_whole

MOST_CATEGORIES = 50
"""A column of words with more different values than this is free text."""
Time = Literal["date", "date with a time zone", "duration"]


@dataclass(frozen=True)
class Column:
    """One feature of a table.

    Attributes
    ----------
    name : str
    kind : {"number", "category", "text"}
    categories : tuple or None
        The values of a category, as the rows hold them.
    allows_missing : bool
        True when the model or some background row has NaN here.
    time : {"date", "date with a time zone", "duration"} or None
        What a text is to be read as.
    """

    name: str
    kind: Literal["number", "category", "text"]
    categories: tuple[Any, ...] | None = None
    allows_missing: bool = False
    time: Time | None = None

    @property
    def numeric(self) -> bool:
        """Whether all of its values are numbers, categories among them."""
        known = self.categories or ()
        return self.kind != "text" and all(isinstance(value, (int, float, np.number, np.bool_)) for value in known)

    def read(self, value: Any) -> Any:
        """Read a value that came from a row, a dict or a browser.

        Raises
        ------
        InputError
            If it is no number or date, an unseen category, or missing where that can't be.
        """
        if is_missing(value):
            return self._missing()
        if self.kind == "number":
            return self._number(value)
        if self.time:
            return self._time(value)
        return self._category(value) if self.kind == "category" else value

    def shown(self, value: Any) -> dict[str, Any]:
        """Describe a value for the view: {value, kind, categories}."""
        names = None if self.categories is None else [_named(known) for known in self.categories]
        return {"value": _shown_number(value) if self.kind == "number" else _named(value),
                "kind": self.kind, "categories": names}

    def _missing(self) -> Any:
        if not self.allows_missing:
            raise InputError(f"{self.name!r} is missing (NaN), and no background row lacks it: fill it in, "
                             "or give background rows with NaN there if the model accepts it")
        return np.nan

    def _number(self, value: Any) -> Any:
        if is_number(value) or is_bool(value):
            return value
        if np.iscomplexobj(value):
            raise InputError(f"{self.name!r} should be a real number; {value} came: give its .real or its size")
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise InputError(f"{self.name!r} should be a number; {value!r} came") from None
        return self._missing() if np.isnan(number) else number

    def _time(self, value: Any) -> Any:
        """A date or duration as it came; bare numbers are none, as nobody knows of which unit."""
        import pandas as pd

        read = pd.Timedelta if self.time == "duration" else pd.Timestamp
        try:
            if is_bool(value) or is_number(value):
                raise TypeError
            found = read(value)
        except (TypeError, ValueError, OverflowError):
            what = "a duration, such as '3 days'" if self.time == "duration" else "a date, such as '2024-05-31'"
            raise InputError(f"{self.name!r} should be {what}; {value!r} came") from None
        if is_missing(found):
            return self._missing()
        if self.time == "date" and found.tzinfo is not None:
            raise InputError(f"{self.name!r} should be a date without a time zone, as in the background; {value!r} "
                             "came: give its .tz_localize(None)")
        return value

    def _category(self, value: Any) -> Any:
        known = self.categories or ()
        wanted = _named(_as_bool(value) if known and all(is_bool(category) for category in known) else value)
        for category in known:
            if _named(category) == wanted:
                return category
        names = ", ".join(repr(_named(category)) for category in known[:10])
        raise InputError(f"{self.name!r} holds {_named(value)!r}, which no background row has: choose one of {names}"
                         f"{', ...' if len(known) > 10 else ''}; or add a row with it to the background")


def describe(name: str, values: Any, *, categorical: bool = False, allows_missing: bool = False) -> Column:
    """Describe a column by its values: a one-dimensional array or Series."""
    missing = allows_missing or _has_missing(values)
    if hasattr(values.dtype, "categories"):
        return Column(name, "category", tuple(values.dtype.categories), missing)
    if not categorical and _is_numeric(values):
        return Column(name, "number", None, missing)
    if not categorical and values.dtype.kind in "mM":
        date: Time = "date with a time zone" if getattr(values.dtype, "tz", None) is not None else "date"
        return Column(name, "text", None, missing, date if values.dtype.kind == "M" else "duration")
    try:
        known = _distinct(values)
    except TypeError as error:
        kind = next(type(value).__name__ for value in values if not is_missing(value))
        raise InputError(f"{name!r} holds values such as a {kind}, and columns should hold numbers, words or dates: "
                         "make columns of what is in it") from error
    if not categorical and len(known) > MOST_CATEGORIES:
        return Column(name, "text", None, missing)
    return Column(name, "category", known, missing)


def read_listed(categorical: Iterable[int | str] | None, names: Sequence[str]) -> set[int]:
    """Find the positions of the columns that the user calls categorical.

    Raises
    ------
    InputError
        If it is no list of columns, or there is no such column.
    """
    if categorical is None:
        return set()
    given: Any = categorical.tolist() if hasattr(categorical, "tolist") else categorical
    if isinstance(given, (str, bytes)) or not np.iterable(given):
        known = not is_bool(given) and _position(given, names) is not None
        raise InputError(f"categorical={given!r} should be a list of columns: give "
                         + (f"[{given!r}]" if known else f"names or positions of {', '.join(names)}"))
    listed = list(given)
    _check_no_mask(listed, names)
    positions = set()
    for column in listed:
        position = _position(column, names)
        if position is None:
            raise InputError(f"categorical= names {column!r}, which is no column: give names or positions "
                             f"of {', '.join(names)}")
        positions.add(position)
    return positions


def _check_no_mask(listed: Sequence[Any], names: Sequence[str]) -> None:
    """Raise InputError where True and False came in place of columns."""
    if any(is_bool(column) for column in listed):
        fits = len(listed) == len(names) and all(is_bool(column) for column in listed)
        meant = [name for name, chosen in zip(names, listed, strict=False) if chosen]
        raise InputError("categorical= holds True or False, and should be a list of columns: give "
                         + (repr(meant) if fits else f"names or positions of {', '.join(names)}"))


def _position(column: Any, names: Sequence[str]) -> int | None:
    """Where a column is, by position or by name, as a DataFrame's own labels are names too; None if there is none."""
    if is_whole(column):
        check_meant(column, names)
    if is_whole(column) and -len(names) <= column < len(names):
        return int(column) % len(names)
    return list(names).index(str(column)) if str(column) in names else None


def is_missing(value: Any) -> bool:
    """Tell None, NaN, NaT and pandas' NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def _as_bool(value: Any) -> Any:
    """Read 1 and 0 as True and False, and leave what is neither."""
    return bool(value) if is_number(value) and value in (0, 1) else value


def _is_numeric(values: Any) -> bool:
    if values.dtype.kind == "O":
        return all(is_number(value) for value in values)
    return values.dtype.kind in "iuf"


def _has_missing(values: Any) -> bool:
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iub":
        return False
    return any(is_missing(value) for value in values)


def _distinct(values: Any) -> tuple[Any, ...]:
    known = dict.fromkeys(value.item() if isinstance(value, np.generic) else value
                          for value in values if not is_missing(value))
    return tuple(sorted(known, key=lambda value: (isinstance(value, str), value)))


def _named(category: Any) -> str:
    """A category's name, by which a browser calls it: 2.0 is "2"."""
    whole = isinstance(category, (float, np.floating)) and float(category).is_integer()
    return str(int(category) if whole else category)


def _shown_number(value: Any) -> float | int | str:
    if isinstance(value, (int, np.integer)):
        return int(value)
    # By way of its text: a float32's 0.1 is 0.1 to the reader.
    number = float(str(value))
    return number if np.isfinite(number) else str(number)
