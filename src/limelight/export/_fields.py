"""Checks of single fields of a document: each takes a value and where it is, and raises `Wrong`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from limelight.scalars import is_bool, is_finite, is_whole

Check = Callable[[Any, str], None]


class Wrong(ValueError):
    """A field that is not what it should be; the message says which."""


def fields(holder: Any, checks: Mapping[str, Check], where: str) -> None:
    """Check what is there by name; what has no check may be anything."""
    mapping(holder, where)
    for name, each in checks.items():
        place = f"{where}.{name}" if where else name
        if name not in holder:
            raise Wrong(f"{place} is missing")
        each(holder[name], place)


def wrong(value: Any, where: str, expected: str) -> Wrong:
    """Say what was expected and what came."""
    shown = f"an array of {value.dtype} of shape {value.shape}" if isinstance(value, np.ndarray) else f"{value!r:.60}"
    return Wrong(f"{where} should be {expected}; {shown} came")


def anything(value: Any, where: str) -> None:
    """Nothing is asked of it here but to be there."""


def mapping(value: Any, where: str) -> None:
    """An object whose names are texts."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise wrong(value, where, "an object")


def text(value: Any, where: str) -> None:
    if type(value) is not str:
        raise wrong(value, where, "a text")


def texts(value: Any, where: str) -> None:
    if not isinstance(value, (list, tuple)) or not all(type(each) is str for each in value):
        raise wrong(value, where, "a list of texts")


def boolean(value: Any, where: str) -> None:
    if not is_bool(value):
        raise wrong(value, where, "true or false")


def whole(value: Any, where: str) -> None:
    if not is_whole(value) or not 0 <= value < 2**63:
        raise wrong(value, where, "a whole number, 0 or more")


def seed(value: Any, where: str) -> None:
    """Seeds may be of any size."""
    if not is_whole(value) or value < 0:
        raise wrong(value, where, "a whole number, 0 or more")


def number(value: Any, where: str) -> None:
    if not is_finite(value):
        raise wrong(value, where, "a finite number")


def real(value: Any, where: str) -> None:
    """A number, perhaps infinite or NaN."""
    if not isinstance(value, (float, np.floating)):
        number(value, where)


def flag(value: Any, where: str) -> None:
    """As options are given: 1 will do."""
    if not (is_bool(value) or is_whole(value)):
        raise wrong(value, where, "true or false")


def positive(value: Any, where: str) -> None:
    """A positive number, perhaps infinite."""
    if not isinstance(value, float) or not value > 0:
        number(value, where)
        if value <= 0:
            raise wrong(value, where, "a positive number")


def degrees(value: Any, where: str) -> None:
    """A number, 0 or more: few rows leave no degree of freedom, and exact answers have infinitely many."""
    if not isinstance(value, float) or not value >= 0:
        number(value, where)
        if value < 0:
            raise wrong(value, where, "a number, 0 or more")


def share(value: Any, where: str) -> None:
    """A finite number, 0 or more; NaN where it is not known."""
    if not isinstance(value, float) or value == value:
        number(value, where)
        if value < 0:
            raise wrong(value, where, "a number, 0 or more")


def data(value: Any, where: str) -> None:
    if not isinstance(value, bytes):
        raise wrong(value, where, "bytes")


def numbers(*shape: int) -> Check:
    """float64 of this shape."""
    def check_numbers(value: Any, where: str) -> None:
        if not isinstance(value, np.ndarray) or value.dtype != np.float64 or value.shape != shape:
            raise wrong(value, where, f"an array of float64 of shape {shape}")
    return check_numbers


def one_of(*choices: Any) -> Check:
    """One of these, of the same type."""
    def check_choice(value: Any, where: str) -> None:
        if not any(type(value) is type(choice) and value == choice for choice in choices):
            raise wrong(value, where, f"one of {', '.join(map(repr, choices))}")
    return check_choice


def optional(check_it: Check) -> Check:
    """None will do, too."""
    def check_optional(value: Any, where: str) -> None:
        if value is not None:
            check_it(value, where)
    return check_optional


def finite(value: Any, where: str) -> None:
    """Of an array."""
    if not np.isfinite(value).all():
        raise Wrong(f"{where} should hold finite numbers")


def truths(*shape: int) -> Check:
    """Truth values of this shape."""
    def check_truths(value: Any, where: str) -> None:
        if not isinstance(value, np.ndarray) or value.dtype != bool or value.shape != shape:
            raise wrong(value, where, f"an array of truth values of shape {shape}")
    return check_truths


def listed(value: Any, where: str) -> None:
    if not isinstance(value, list):
        raise wrong(value, where, "a list")
