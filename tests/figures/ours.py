"""What limelight answers for a game: through `explain`, as users ask."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from exact import Array, relative
from games import Game

import limelight as ll

LEVEL = 0.9


@dataclass(frozen=True)
class Measured:
    """How near one answer came.

    Attributes
    ----------
    error : float
        Relative squared error.
    covered : float
        Share of features whose interval of 90 % holds the exact value.
    asked : int
        Evaluations spent.
    seconds : float
        Processor time, the game's own included.
    """

    error: float
    covered: float
    asked: int
    seconds: float


@cache
def measured(game: Game, n_samples: int | str, seed: int, tolerance: float | None = None) -> Measured:
    """Explain by Shapley values and compare with the exact ones."""
    start = time.process_time()
    found = explained(game, n_samples, seed, tolerance=tolerance)
    seconds = time.process_time() - start
    return Measured(relative(found.values[:, 0], game.exact), covered(found, game.exact, LEVEL), found.n_evals, seconds)


def covered(found: ll.Explanation, exact: Array, level: float) -> float:
    """Share of features whose interval holds the exact value, up to rounding."""
    low, high = (side[:, 0] for side in found.interval(level))
    slack = 1e-7 * np.abs(exact).max()
    return float(np.mean((low - slack <= exact) & (exact <= high + slack)))


def explained(game: Game, n_samples: int | str, seed: int, **asked: Any) -> ll.Explanation:
    """Explain a game, dressed as what it is, with these keywords of `explain`."""
    model, x = DRESSED[game.kind](game)
    return ll.explain(model, x, n_samples=n_samples, seed=seed, progress=False, **{"method": "shapley", **asked})


def as_table(game: Game) -> tuple[Any, Array]:
    """A row of ones; what is absent is zero."""
    return ll.tabular_model(lambda X: game.value(np.asarray(X, float) > 0.5), np.zeros((1, game.n))), np.ones(game.n)


def as_text(game: Game) -> tuple[Any, str]:
    """A text of the words w0, w1, ..."""
    words = [f"w{i}" for i in range(game.n)]
    return ll.text_model(lambda texts: game.value(np.array([np.isin(words, text.split()) for text in texts]))[:, None]
                         ), " ".join(words)


def as_image(game: Game) -> tuple[Any, Array]:
    """A picture of one white pixel a feature, painted black where it is absent."""
    model = ll.image_model(lambda images: game.value(np.asarray(images)[:, 0, :, 0] > 127)[:, None],
                           segments=np.arange(game.n)[None], hide="black")
    return model, np.full((1, game.n, 3), 255, np.uint8)


DRESSED = {"table": as_table, "text": as_text, "image": as_image}
