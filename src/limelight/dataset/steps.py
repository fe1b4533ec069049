"""Work that is done a piece at a time, with a progress line, and keeps what there is when it is interrupted."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from limelight.progress import progress_bar

Piece = TypeVar("Piece")
FEWEST = 2
"""Inputs that make a data set."""
ALONE = "one input, and an overview is of two or more: explain it with ll.explain"


@dataclass
class Count:
    """How many are done."""

    limit: int
    n: int = 0


def kept(pieces: Iterator[Piece], size: Callable[[Piece], int], limit: int, unit: str, *, show: bool) -> list[Piece]:
    """Collect pieces; interrupted (Ctrl-C), those that there were, with a warning.

    Parameters
    ----------
    pieces : iterator
    size : callable
        How many inputs a piece holds.
    limit : int
        How many there will be.
    unit : str
        What they are: "rows", "texts".
    """
    found: list[Piece] = []
    done = Count(limit)
    try:
        with progress_bar(done, show=show, unit=unit) as advance:
            for piece in pieces:
                found.append(piece)
                done.n += size(piece)
                advance()
    except KeyboardInterrupt:
        if done.n < FEWEST:
            raise
        warnings.warn(f"interrupted after {done.n:,} of {limit:,} {unit}: this overview is of those", stacklevel=5)
    return found
