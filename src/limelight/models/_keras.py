"""Keras models on torch: what they are, and in which order they take a picture's axes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any


def is_keras(model: Any) -> bool:
    """Tell a Keras model, which on the torch backend is a torch module too, without importing Keras."""
    return any(base.__module__.partition(".")[0] == "keras" for base in type(model).__mro__)


def channels_last(model: Any) -> bool:
    """Tell whether pictures go in as (height, width, channels): as its layers say, or else Keras' own setting."""
    said = next(_formats(model), None) or sys.modules["keras"].config.image_data_format()
    return bool(said == "channels_last")


def _formats(layer: Any) -> Iterator[str]:
    """What layers say of the order of their input's axes, from the first one on."""
    if getattr(layer, "data_format", None):
        yield layer.data_format
    for inner in getattr(layer, "layers", ()):
        yield from _formats(inner)
