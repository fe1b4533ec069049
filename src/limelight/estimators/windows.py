"""Occlusion of a text by windows: what is lost when so many words in a row are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from limelight.errors import InputError
from limelight.scalars import is_whole
from limelight.types import Array, Budget, Estimate, Game


def passes_occlusion(game: Game, *, window: int, stride: int = 1) -> int:
    """Evaluations that it takes: nothing, everything, and one a window."""
    return 2 + len(places(game.n_features, window, stride))


def check_occlusion(game: Game, *, window: int, stride: int = 1) -> None:
    """Raise InputError for a window that can't be slid."""
    check_length("window", window, game.n_features, "words")
    check_length("stride", stride, window, "words: a longer one leaves some out")


def occlusion(game: Game, budget: Budget, *, window: int, stride: int = 1) -> Iterator[Estimate | None]:
    """Yield v(everything) - v(everything but a window), meant over the windows that cover a word.

    A window slides over the text, so many words at a time (Zeiler & Fergus
    2014 for pictures; the last one ends where the text does).

    Parameters
    ----------
    window : int
        Words in a row that are hidden together.
    stride : int
        Words between the beginnings of two windows.

    Yields
    ------
    Estimate
        Values of shape (n_features, n_outputs); exact once all windows were
        hidden. They do not add up to the prediction.

    Raises
    ------
    InputError
        If the budget is too small for all windows.
    """
    hidden = covered(places(game.n_features, window, stride), window, game.n_features)
    check_budget(budget, len(hidden), f"windows of {window}, {stride} apart")
    budget.take(2)
    drops = np.empty((0, game.n_outputs))
    while len(drops) < len(hidden):
        rows = ~hidden[len(drops) : len(drops) + budget.take(min(game.batch_size, len(hidden) - len(drops)))]
        drops = np.concatenate([drops, game.opening[1] - game(rows)])
        yield estimate(_means(drops, hidden[: len(drops)]), len(drops), len(hidden))


def places(length: int, window: int, stride: int) -> Array:
    """Where windows begin, so that they cover everything; the last one may reach beyond the end."""
    return stride * np.arange(-(-max(length - window, 0) // stride) + 1)


def covered(starts: Array, window: int, length: int) -> Array:
    """Tell which places each window covers: bool (n_windows, length)."""
    at = np.arange(length)
    return (at >= starts[:, None]) & (at < starts[:, None] + window)


def check_length(name: str, given: Any, most: int, what: str) -> None:
    """Raise InputError unless it is a whole number from 1 to `most`."""
    if not is_whole(given) or not 1 <= given <= most:
        raise InputError(f"{name}={given!r} can't be used: give a whole number from 1 to {most} {what}")


def check_budget(budget: Budget, n_windows: int, what: str) -> None:
    """Raise InputError if not all windows can be asked about: what is never covered would have no value."""
    if budget.left < 2 + n_windows:
        raise InputError(f"n_samples={budget.left} is too few: nothing, everything and {n_windows:,} {what}, take "
                         f"{n_windows + 2:,} evaluations; give a longer stride=, or leave n_samples out")


def estimate(values: Array, n: int, of: int, pixels: Array | None = None) -> Estimate:
    """What the first `n` of the windows say."""
    done = n == of
    said = {} if done else {"warning": f"so far {n:,} of {of:,} windows were hidden: the rest is shown as zero"}
    return Estimate(values, np.full_like(values, 0 if done else np.inf), np.inf, done, np.full(values.shape[1], np.nan),
                    float(n), {"adds_up": False, "n_windows": of, **said}, n_evals=n + 2, pixels=pixels)


def _means(drops: Array, hidden: Array) -> Array:
    """Mean over the windows that cover a word, zero where there are none: (n_features, n_outputs)."""
    found: Array = hidden.T @ drops / np.maximum(hidden.sum(0), 1)[:, None]
    return found
