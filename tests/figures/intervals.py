"""How often intervals hold the exact value: at fixed budgets, and where a rule stopped the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from statistics import mean

import numpy as np
from exact import Array
from games import Game
from ours import LEVEL, covered, explained, measured
from plan import budgets, chosen, markdown, seeds

LIME_LEVEL = 0.95
TOLERANCE = 0.2
"""Of the largest exact value: what a reader may ask for."""
AUTO_ASKS_ALL = 10
"""Of texts with so few words "auto" asks about all coalitions, and no rule stops it."""
Shares = Iterator[tuple[Game, float]]


def report(quick: bool) -> str:
    """A row for every way to stop, by half and together."""
    ways: tuple[tuple[str, float, Callable[[bool], Shares]], ...] = (
        ("Shapley, 5n to 40n evaluations", LEVEL, fixed), ("Shapley, stopped by tolerance", LEVEL, by_tolerance),
        ("Shapley, stopped when the top five are settled", LEVEL, by_order), ("LIME, 5n to 40n evaluations",
                                                                              LIME_LEVEL, lime))
    rows = [row for name, level, shares in ways for row in pooled(name, level, list(shares(quick)))]
    return ("## Coverage\n\nShare of (game, seed, feature) whose interval holds the exact value. `lowest` is the game "
            "(of tables: data set and model) that is covered least, over its rows, seeds and budgets. A run counts as "
            "stopped by a rule if it ended before its limit; the tolerance is "
            f"{TOLERANCE:g} of the largest exact value, for intervals of 95 %.\n\n"
            + markdown(["intervals", "level", "half", "games", "runs", "covered", "lowest", "of"], rows))


def pooled(name: str, level: float, shares: list[tuple[Game, float]]) -> Iterator[list[str]]:
    """Rows of the table: each half, and both."""
    for half in (("tune",), ("held",), ("tune", "held")):
        groups: dict[str, list[float]] = defaultdict(list)
        for game, share in shares:
            if game.split in half:
                groups[game.group].append(share)
        lowest = min(groups, key=lambda group: mean(groups[group]), default="")
        names = {game.name for game, _ in shares if game.split in half}
        every = [share for found in groups.values() for share in found]
        numbers = [f"{mean(every):.3f}", f"{mean(groups[lowest]):.3f}"] if every else ["", ""]
        yield [name, f"{level:.0%}", " and ".join(half), str(len(names)), str(len(every)), *numbers, lowest]


def fixed(quick: bool) -> Shares:
    """Shares covered by the runs of the accuracy tables."""
    for game in _games(quick):
        for m in budgets(game, quick):
            yield from ((game, measured(game, m, seed).covered) for seed in seeds(game, quick))


def by_tolerance(quick: bool) -> Shares:
    """Shares where the widest interval fell below a tolerance first; not those that spent all."""
    for game in map(in_batches, _games(quick)):
        limit = min(40 * game.n, 2**game.n - 1)
        for seed in seeds(game, quick):
            found = measured(game, limit, seed, TOLERANCE * float(np.abs(game.exact).max()))
            if found.asked < limit:
                yield game, found.covered


def by_order(quick: bool) -> Shares:
    """Shares where the order of the top five was settled; not those that spent all."""
    for game in map(in_batches, _games(quick)):
        if game.n > AUTO_ASKS_ALL:
            runs = [measured(game, "auto", seed) for seed in seeds(game, quick)]
            yield from ((game, run.covered) for run in runs if run.asked < np.clip(40 * game.n, 500, 5_000))


def in_batches(game: Game) -> Game:
    """The same game as a text: functions of tables are asked about thousands of rows at once, and rules never look."""
    return replace(game, kind="text") if game.kind == "table" else game


def lime(quick: bool) -> Shares:
    """LIME's shares, where all coalitions can be asked for its exact answer."""
    for game in _games(quick):
        if game.n <= 14:
            for m in budgets(game, quick):
                for seed in seeds(game, quick):
                    yield game, covered(explained(game, m, seed, method="lime"), exact_lime(game), LIME_LEVEL)


@cache
def exact_lime(game: Game) -> Array:
    """LIME's coefficients from all coalitions, shape (n,)."""
    return explained(game, 2**game.n, 0, method="lime").values[:, 0]


def _games(quick: bool) -> list[Game]:
    return [game for group in chosen(quick).values() for game in group]
