"""What counts as a number: one of Python's or numpy's that is real. True and False are none."""

from __future__ import annotations

import sys
from math import isfinite
from typing import Any, TypeGuard

import numpy as np


def is_bool(value: Any) -> TypeGuard[bool]:
    """Tell True and False, be they Python's or numpy's."""
    return isinstance(value, (bool, np.bool_))


def is_whole(value: Any) -> TypeGuard[int]:
    """Tell a whole number. To numpy a duration is one."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.timedelta64))


def is_number(value: Any) -> TypeGuard[float]:
    """Tell a real number, be it infinite or NaN."""
    return is_whole(value) or isinstance(value, (float, np.floating))


def is_finite(value: Any) -> TypeGuard[float]:
    """Tell a finite number that a float can hold, which not every whole number is."""
    if is_whole(value):
        return -sys.float_info.max <= value <= sys.float_info.max
    return is_number(value) and isfinite(value)
