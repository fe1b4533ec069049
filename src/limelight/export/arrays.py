"""Plain arrays and tensors of attributions, and the inputs that they are of."""

from __future__ import annotations

from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.export.foreign import Result
from limelight.types import Array

EXPECTED = ("a shap.Explanation, an explanation of lime or of InterpretML, captum's attributions with their input, "
            "or an array with its input")
CHANNELS = (1, 3, 4)


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
    values = _numbers(result)
    given: Any = None if x is None else input_of(x)
    picture = isinstance(given, np.ndarray) and given.ndim == 3
    if isinstance(result, list):
        _check_outputs_last(result, given)
    if is_tensor:
        values = _of_tensor(values, picture)
    elif picture:
        values = _of_picture(values, given)
    else:
        values = values.reshape(values.shape[1:]) if values.ndim > 1 and _batch_of_one(values, given) else values
        values = values[:, None] if values.ndim == 1 else values
    return Result("captum's attributions" if is_tensor else "an array", "captum" if is_tensor else "given", values,
                  given, feature_names=_columns_of(x) or _named(result, given), output_names=_outputs_of(result))


def _numbers(result: Any) -> Array:
    """The attributions as real numbers."""
    if result is None:
        raise InputError(f"show needs {EXPECTED}; None came")
    try:
        plain = result.detach().cpu() if hasattr(result, "detach") else np.asarray(result)
        is_complex = "complex" in str(plain.dtype)
        values = np.asarray(plain.real if is_complex else plain.float() if hasattr(plain, "float") else plain, float)
    except (TypeError, ValueError):
        raise InputError(f"show needs {EXPECTED}; {type(result).__name__} came") from None
    if is_complex:
        raise InputError("attributions are real numbers, and complex ones came: give their .real or np.abs of them")
    if values.ndim == 0:
        raise InputError(f"show needs {EXPECTED}; one number came")
    if not values.size:
        raise InputError(f"show needs one attribution or more, and an empty array of shape {values.shape} came")
    return values


def _check_outputs_last(result: list[Any], x: Any) -> None:
    """Refuse shap's old list of one array a class, whose outputs come first."""
    if not all(isinstance(each, np.ndarray) and each.ndim for each in result):
        return
    if x is None or isinstance(x, str) or len(x) != len(result) or len(result[0]) == len(result):
        raise InputError(f"a list of {len(result)} arrays came, as shap once gave one for each class: outputs come "
                         "last here, and np.stack(values, -1) puts them there")


def _columns_of(x: Any) -> list[str] | None:
    """A data frame's or a series' own names."""
    if not hasattr(x, "iloc"):
        return None
    return [str(name) for name in (x.index if x.ndim == 1 else x.columns)]


def _named(result: Any, x: Any) -> list[str] | None:
    """The features' names, where a series or a data frame of attributions tells them; a count is no name."""
    if not hasattr(result, "iloc") or isinstance(x, str):
        return None
    index = result.columns if result.ndim == 2 and len(result) == 1 else result.index
    return None if index.inferred_type == "integer" else [str(name) for name in index]


def _outputs_of(result: Any) -> list[str] | None:
    """A data frame with one row a feature has a column an output."""
    if not hasattr(result, "iloc") or result.ndim == 1 or len(result) == 1:
        return None
    return None if result.columns.inferred_type == "integer" else [str(name) for name in result.columns]


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
    if values.ndim == 3 and values.shape == (x.shape[2], *x.shape[:2]):
        raise InputError(f"attributions with channels first came, shape {values.shape}: the picture has them last. "
                         "Give values.transpose(1, 2, 0)")
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
    if array.ndim == 3 and not first and array.shape[0] in CHANNELS and array.shape[2] not in CHANNELS:
        raise InputError(f"a picture should have its channels last, and shape {array.shape} came: give "
                         "x.transpose(1, 2, 0)")
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
