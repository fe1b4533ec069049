"""A progress line for work that takes longer than a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limelight.types import Run


@contextmanager
def progress_bar(run: Run, *, show: bool) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each step; the line appears after half a second."""
    from tqdm import tqdm

    with tqdm(total=run.limit, unit=" evaluations", leave=False, delay=0.5, mininterval=0.5, disable=not show) as bar:

        def advance() -> None:
            bar.update(run.n - bar.n)

        advance()
        yield advance
