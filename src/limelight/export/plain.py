"""Values of Python, numpy and pandas in the types of JSON, and back without loss.

What JSON has stays as it is. All else is an object with a `type`: `{"type": "tuple", "items": [...]}`. Arrays and bytes
stay as they are here: each kind of file has its own way with them. Reading makes nothing but what the tables here name.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.types import Array

DTYPES = frozenset({"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                    "float16", "float32", "float64"})
"""Of arrays and of numpy's single numbers."""
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
UNITS = frozenset({"Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns"})


def plain(value: Any, where: str) -> Any:
    """Write a value in the types of JSON, but for arrays and bytes.

    Parameters
    ----------
    value
        Text, numbers, None, lists, tuples, mappings, arrays, bytes, numpy's
        numbers, dates and times, decimals, pandas' timestamps and intervals,
        tensors.
    where : str
        What an error calls it.

    Raises
    ------
    InputError
        If it is, or holds, anything else.
    """
    if value is None or type(value) in (bool, int, str, bytes):
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"type": "float", "value": said(value)}
    if isinstance(value, np.ndarray) and value.dtype.name in DTYPES:
        return value
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        items = [plain(each, where) for each in value]
        return items if isinstance(value, list) else {"type": "tuple", "items": items}
    if isinstance(value, Mapping):
        return _mapping(value, where)
    found = _numpy(value) or _written(value)
    if found is None:
        raise InputError(f"{where} holds a {type(value).__name__}, which can't be written to a file without loss: "
                         "explain with numbers, texts or dates there")
    return found


def value_of(node: Any) -> Any:
    """Read what `plain` wrote.

    Raises
    ------
    ValueError, TypeError, KeyError, OverflowError
        If it did not write this.
    """
    if isinstance(node, list):
        return [value_of(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "type" not in node:
        return {name: value_of(each) for name, each in node.items()}
    rest = {name: value_of(each) for name, each in node.items() if name != "type"}
    return READ[node["type"]](**rest)


def said(number: float) -> str:
    """The name of a float that JSON has no number for."""
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _mapping(value: Mapping[Any, Any], where: str) -> Any:
    if all(type(name) is str for name in value) and "type" not in value:
        return {name: plain(each, where) for name, each in value.items()}
    return {"type": "mapping", "items": [[plain(name, where), plain(each, where)] for name, each in value.items()]}


def _numpy(value: Any) -> dict[str, Any] | None:
    """A single number or text of numpy's."""
    if not isinstance(value, np.generic):
        return None
    if isinstance(value, np.str_):
        return {"type": "numpy text", "value": str(value)}
    if value.dtype.name in DTYPES:
        return {"type": value.dtype.name, "value": plain(value.item(), "")}
    if not isinstance(value, (np.datetime64, np.timedelta64)):
        return None
    unit, count = np.datetime_data(value.dtype)
    kind = "datetime64" if isinstance(value, np.datetime64) else "timedelta64"
    return {"type": kind, "value": int(value.astype(np.int64)), "unit": unit} if count == 1 and unit in UNITS else None


def _written(value: Any) -> dict[str, Any] | None:
    """A value of another package, or of the standard library: told by the name of its type, so that none is loaded."""
    package = type(value).__module__.partition(".")[0]
    write = WRITE.get(f"{package}.{type(value).__name__}")
    return None if write is None else write(value)


def _zone(zone: datetime.tzinfo | None) -> str | int | None:
    """A time zone's name, or its seconds east of Greenwich."""
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if zone is None or isinstance(name, str):
        return name
    offset = zone.utcoffset(None)
    if offset is None:
        raise InputError(f"a time is in the zone {zone!r}, which has no name: convert it to one of zoneinfo's")
    return int(offset.total_seconds())


def _in_zone(zone: str | int | None) -> datetime.tzinfo | None:
    if zone is None:
        return None
    if isinstance(zone, str):
        from zoneinfo import ZoneInfo

        return ZoneInfo(zone)
    return datetime.timezone(datetime.timedelta(seconds=zone))


def _datetime(value: str, zone: str | int | None) -> datetime.datetime:
    return datetime.datetime.fromisoformat(value).replace(tzinfo=_in_zone(zone))


def _timestamp(value: int, unit: str, zone: str | int | None) -> Any:
    import pandas

    found = pandas.Timestamp(np.datetime64(_whole(value), _unit(unit)))
    return found if zone is None else found.tz_localize("UTC").tz_convert(_in_zone(zone))


def _timedelta(value: int, unit: str) -> Any:
    import pandas

    return pandas.Timedelta(np.timedelta64(_whole(value), _unit(unit)))


def _interval(left: Any, right: Any, closed: str) -> Any:
    import pandas

    return pandas.Interval(left, right, closed)


def _missing(name: str) -> Any:
    import pandas

    return pandas.NaT if name == "NaT" else pandas.NA


def _of_tensor(tensor: Any) -> dict[str, Any] | None:
    """None for what numpy has no numbers of."""
    try:
        array = tensor.detach().cpu().numpy()
    except TypeError:
        return None
    return {"type": "tensor", "array": array} if array.dtype.name in DTYPES else None


def _tensor(array: Array) -> Any:
    import torch

    return torch.from_numpy(np.array(array))


def _number(name: str) -> Callable[[Any], Any]:
    return lambda value: np.dtype(name).type(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"a whole number should be here; {value!r:.40} came")
    return value


def _unit(unit: Any) -> Any:
    if unit not in UNITS:
        raise ValueError(f"{unit!r:.40} is no unit of time")
    return unit


WRITE: dict[str, Callable[[Any], dict[str, Any] | None]] = {
    "datetime.datetime": lambda v: {"type": "datetime", "value": v.replace(tzinfo=None).isoformat(),
                                    "zone": _zone(v.tzinfo)},
    "datetime.date": lambda v: {"type": "date", "value": v.isoformat()},
    "datetime.timedelta": lambda v: {"type": "timedelta", "days": v.days, "seconds": v.seconds,
                                     "microseconds": v.microseconds},
    "decimal.Decimal": lambda v: {"type": "decimal", "value": str(v)},
    "pandas.Timestamp": lambda v: {"type": "pandas timestamp", "value": int(v.asm8.astype(np.int64)), "unit": v.unit,
                                   "zone": _zone(v.tzinfo)},
    "pandas.Timedelta": lambda v: {"type": "pandas timedelta", "value": int(v.asm8.astype(np.int64)), "unit": v.unit},
    "pandas.Interval": lambda v: {"type": "pandas interval", "left": plain(v.left, "an interval"),
                                  "right": plain(v.right, "an interval"), "closed": v.closed},
    "pandas.NaTType": lambda v: {"type": "pandas missing", "name": "NaT"},
    "pandas.NAType": lambda v: {"type": "pandas missing", "name": "NA"},
    "torch.Tensor": _of_tensor,
}
READ: dict[str, Callable[..., Any]] = {
    "float": lambda value: NOT_FINITE[value],
    "tuple": lambda items: tuple(items),
    "mapping": lambda items: dict(items),
    "numpy text": lambda value: np.str_(value),
    "datetime64": lambda value, unit: np.datetime64(_whole(value), _unit(unit)),
    "timedelta64": lambda value, unit: np.timedelta64(_whole(value), _unit(unit)),
    "datetime": _datetime,
    "date": lambda value: datetime.date.fromisoformat(value),
    "timedelta": lambda days, seconds, microseconds: datetime.timedelta(days, seconds, microseconds),
    "decimal": lambda value: Decimal(value),
    "pandas timestamp": _timestamp,
    "pandas timedelta": _timedelta,
    "pandas interval": _interval,
    "pandas missing": _missing,
    "tensor": _tensor,
    **{name: _number(name) for name in sorted(DTYPES)},
}
