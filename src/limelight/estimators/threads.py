"""Linear algebra on one thread: as fast for matrices of some hundred rows, and the same to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

from threadpoolctl import ThreadpoolController

Work = TypeVar("Work", bound=Callable[..., Any])


def one_thread(work: Work) -> Work:
    """Have a function use one thread of BLAS, whatever others use.

    With several, sums are rounded in another order, and then other pairs may
    be chosen. And two threads that share a core with other work can take many
    times as long as one.
    """

    @wraps(work)
    def alone(*args: Any, **keywords: Any) -> Any:
        with _controller().limit(limits=1, user_api="blas"):
            return work(*args, **keywords)

    return alone  # type: ignore[return-value]


@cache
def _controller() -> ThreadpoolController:
    import scipy.linalg  # noqa: F401  what is loaded later would not be known

    return ThreadpoolController()
