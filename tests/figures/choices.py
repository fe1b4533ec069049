"""What the constants of the Shapley estimator were chosen by: errors on the games that may be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np
from exact import relative
from games import Game
from ours import LEVEL, covered, explained
from plan import TIMES, chosen, markdown

from limelight import adaptive
from limelight.estimators import averaged, design, log_odds_process, odd_process

FLOOR = 1e-8
Change = tuple[Any, str, Any]
VARIANTS: dict[str, list[Change]] = {
    "as it is": [],
    "4 evaluations a feature before any is chosen": [(adaptive, "FIRST", 4)],
    "half of a batch drawn": [(adaptive, "DRAWN", 0.5)],
    "none of a batch drawn": [(adaptive, "DRAWN", 0.0)],
    "batches of .25 of the pairs": [(design, "SHARE", 0.25)],
    "batches of .6 of the pairs": [(design, "SHARE", 0.6)],
    "hyper-parameters fitted to 400 pairs": [(odd_process, "MOST_PAIRS", 400), (adaptive, "MOST_CHOSEN", 400)],
    "30 iterations a level": [(odd_process, "STEPS", 30)],
    "levels growing by 1.25": [(odd_process, "GROWTH", 1.25)],
    "hyper-parameters of log-odds fitted to 300 pairs": [(log_odds_process, "MOST_FITTED", 300)],
    "no linear term": [(odd_process, "_kernel_of", None)],
    "shares by the second power of what is missed": [(averaged, "POWER", 2)],
    "shares by the fourth power": [(averaged, "POWER", 4)],
    "medians of theta twice as large": [(odd_process, "MEDIAN", (0.0, 0.0, -7.0))],
}


def report(quick: bool) -> str:
    """Geometric mean over games of the median error, coverage of 90 % intervals, and time, a line a variant."""
    games = [members[0] for members in chosen(quick).values() if members[0].split == "tune" and members[0].n <= 30]
    head = ["variant", *(f"error at {times}n" for times in TIMES), "covered", "seconds"]
    rows = [[name, *measured(games, changes, range(2 if quick else 4))] for name, changes in VARIANTS.items()]
    return (f"## What constants were chosen by\n\nGeometric mean over {len(games)} of the tune games, of at most 30 "
            "features, of the median relative squared error; coverage of 90 % intervals; processor time.\n\n"
            + markdown(head, rows))


def measured(games: list[Game], changes: list[Change], seeds: range) -> list[str]:
    """Cells of one variant: each game is asked once a seed, and read at growing numbers of evaluations."""
    errors: dict[int, list[float]] = {times: [] for times in TIMES}
    inside: list[float] = []
    start = process_time()
    with changed(changes):
        for game in games:
            runs = [explained(game, min(TIMES[-1] * game.n, 2**game.n - 1), seed) for seed in seeds]
            for times in TIMES:
                if times * game.n < 2**game.n:
                    read = [run.refit(n_samples=min(times * game.n, run.n_evals)) for run in runs]
                    errors[times].append(max(FLOOR, np.median([relative(r.values[:, 0], game.exact) for r in read])))
                    inside += [covered(r, game.exact, LEVEL) for r in read]
    return [*(f"{np.exp(np.mean(np.log(found))):.2e}" for found in errors.values()),
            f"{np.mean(inside):.3f}", f"{process_time() - start:.0f}"]


@contextmanager
def changed(changes: list[Change]) -> Iterator[None]:
    """Give constants other values for a while."""
    before = [(place, name, getattr(place, name)) for place, name, _ in changes]
    for place, name, value in changes:
        setattr(place, name, without_linear(getattr(place, name)) if name == "_kernel_of" else value)
    try:
        yield
    finally:
        for place, name, value in before:
            setattr(place, name, value)


def without_linear(kernel_of: Callable[..., Any]) -> Callable[..., Any]:
    """Kernels whose main effects are those of the decay with order alone."""
    return lambda parameters: replace(kernel_of(parameters), linear=0.0)
