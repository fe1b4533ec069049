"""A progress line for work that takes longer than a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Counted(Protocol):
    """Work that knows how far it is."""

    @property
    def limit(self) -> int | None:
        """How much there is to do; None where that is not known."""

    @property
    def n(self) -> int:
        """Done so far, of `limit`."""


@contextmanager
def progress_bar(run: Counted, *, show: bool, unit: str = "evaluations",
                 what: str = "") -> Iterator[Callable[[], None]]:
    """Yield a function to call after each step; the line appears after half a second, and begins with `what`."""
    from tqdm import tqdm

    with tqdm(total=run.limit, desc=what or None, unit=f" {unit}", leave=False, delay=0.5, mininterval=0.5,
              disable=not show) as bar:

        def advance() -> None:
            bar.update(run.n - bar.n)

        advance()
        yield advance
