"""One at a time: a training may go on in a thread of its own, and be read in another."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def alone(method: F) -> F:
    """Let a method wait for others of the same object that are marked so; `self.busy` is a `threading.RLock`."""
    @wraps(method)
    def held(self: Any, *args: Any, **keywords: Any) -> Any:
        with self.busy:
            return method(self, *args, **keywords)
    return held  # type: ignore[return-value]
