"""Plain arrays and tensors of attributions, and the inputs that they are of."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.export.foreign import Result
from limelight.types import Array

EXPECTED = ("a shap.Explanation, an explanation of lime or of InterpretML, captum's attributions with their input, "
            "or an array with its input")


def from_array(result: Any, x: Any) -> Result:
    """Read attributions: a tensor is of one output; an array has its outputs last, where there are several.

    Raises
    ------
    InputError
        If it is no array of numbers.
    """
    if isinstance(result, tuple) and len(result) == 1:
        result = result[0]  # captum answers a tuple of inputs with a tuple
    is_tensor = hasattr(result, "detach")
    try:
        values = np.asarray(result.detach().cpu().float() if is_tensor else result, float)
    except (TypeError, ValueError):
        raise InputError(f"show needs {EXPECTED}; {type(result).__name__} came") from None
    if values.ndim == 0:
        raise InputError(f"show needs {EXPECTED}; one number came")
    given: Any = None if x is None else input_of(x)
    picture = isinstance(given, np.ndarray) and given.ndim == 3
    if is_tensor:
        values = _of_tensor(values, picture)
    elif picture:
        values = _of_picture(values, given)
    else:
        values = values.reshape(values.shape[1:]) if values.ndim > 1 and _batch_of_one(values, given) else values
        values = values[:, None] if values.ndim == 1 else values
    return Result("captum's attributions" if is_tensor else "an array", "captum" if is_tensor else "given", values,
                  given, feature_names=_columns_of(x))


def _columns_of(x: Any) -> list[str] | None:
    """A data frame's or a series' own names."""
    if not hasattr(x, "iloc"):
        return None
    return [str(name) for name in (x.index if x.ndim == 1 else x.columns)]


def _batch_of_one(values: Array, x: Any) -> bool:
    return values.shape[0] == 1 and (values.ndim == 3 or x is None or isinstance(x, str) or len(x) != 1)


def _of_tensor(values: Array, picture: bool) -> Array:
    """One output's attributions: (*features, 1)."""
    if values.shape[0] == 1 and values.ndim > 1:
        values = values[0]
    elif values.ndim == (4 if picture else 3):
        raise InputError(f"attributions of {len(values)} inputs came: give one of them, as attributions[:1]")
    if picture:
        return values.sum(0)[..., None] if values.ndim == 3 else values[..., None]
    return values.reshape(len(values), -1).sum(1, keepdims=True)


def _of_picture(values: Array, x: Array) -> Array:
    """(height, width, n_outputs), or (n_segments, n_outputs)."""
    if values.shape[:2] != x.shape[:2]:
        return values[:, None] if values.ndim == 1 else values
    if values.ndim == 2:
        return values[..., None]
    if values.ndim == 4 or values.shape[2] in (1, x.shape[2]):
        channels = values if values.ndim == 4 else values[..., None]
        return channels.sum(2)
    return values


def input_of(x: Any) -> Any:
    """A text, its tokens, a row, or a picture of shape (height, width, channels)."""
    if isinstance(x, str):
        return x
    if hasattr(x, "convert") and hasattr(x, "getbands"):
        return np.asarray(x.convert("RGB"))
    first = hasattr(x, "detach")
    array = np.asarray(x.detach().cpu().float() if first else x)
    if array.ndim == 4 and len(array) == 1:
        array = array[0]
    if array.ndim == 3:
        return np.moveaxis(array, 0, 2) if first else array
    if array.ndim == 2 and len(array) == 1:
        return array[0]
    if array.ndim == 2 and array.dtype.kind in "uif" and min(array.shape) > 1:
        return array[..., None]
    if array.ndim != 1:
        raise InputError("x should be one text, its tokens, one row or one picture of shape (height, width, "
                         f"channels); shape {array.shape} came")
    return array
