"""Games of more features than pairs are chosen for, and products: our error over LeverageSHAP's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from statistics import median

from answers import Task, answers
from exact import relative
from games import Game, games
from ours import explained
from plan import markdown

TIMES = (5, 10, 20)
SEEDS = 1
"""Each game's; a group has three games."""
PEER = "LeverageSHAP"


def report(quick: bool) -> str:
    """A line a group of games: the ratio of the medians, and the largest of one game and seed, at each budget."""
    groups = [list(members) for _, members in groupby(games(("generated",)), key=lambda game: game.group)]
    times, seeds = (TIMES[:1], range(1)) if quick else (TIMES, range(SEEDS))
    of_peer = answers([_task(game, k, seed) for group in groups for game in group for k in times for seed in seeds])
    rows = []
    for group in groups:
        row = [group[0].group, str(group[0].n)]
        runs = [(game, seed, errors(game, times, seed)) for game in group for seed in seeds]
        for k in times:
            ours, peer = [run[k] for *_, run in runs], [of_peer[_task(game, k, seed)].error for game, seed, _ in runs]
            largest = max(a / b for a, b in zip(ours, peer, strict=True))
            row += [f"{median(ours):.1e}", f"{median(ours) / median(peer):.3g}", f"{largest:.3g}"]
        rows.append(row)
    head = ["game", "n", *(name for k in times for name in (f"limelight at {k}n", "ours / Leverage", "largest"))]
    return ("## Wide games and products\n\nMedian of ||values - exact||² / ||exact||² over the runs of a group, "
            f"{len(seeds)} of each of its three rows or games, that over LeverageSHAP's, and the largest ratio of one "
            "run: Friedman's first problem with so many columns, of which five count, and v(S) = exp(sum of "
            "slopes).\n\n" + markdown(head, rows))


def errors(game: Game, times: Sequence[int], seed: int) -> dict[int, float]:
    """Our relative squared error at each budget: asked once, and read at growing numbers of evaluations."""
    asked = explained(game, max(times) * game.n, seed)
    return {k: relative(asked.refit(n_samples=k * game.n).values[:, 0], game.exact) for k in times}


def _task(game: Game, times: int, seed: int) -> Task:
    return Task(PEER, game.name, times * game.n, seed)
