"""Memory that is taken and given back at each question."""

from functools import cache

import numpy as np


@cache
def keep_freed_memory() -> None:
    """Have the C library keep what is freed, and not take it anew at each question.

    glibc learns from the largest block that was freed, up to 32 MB, what is
    worth keeping. This one is never written to, so it costs nothing; without
    it a small model spends a third of its time or more on fetching pages.
    """
    np.empty(31 << 20, np.uint8)
