"""Functions that numba compiles when they are first needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def compiled(function: Callable[..., None]) -> Callable[..., None]:
    """Compile a function, or take it from numba's cache of files if one can be written."""
    import numba

    try:
        found: Any = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder for the cache can be written
        found = numba.njit(nogil=True)(function)
    return found
