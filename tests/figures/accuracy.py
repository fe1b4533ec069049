"""Errors of Shapley values: ours beside the peers', at the same number of evaluations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from answers import PEERS, Answer, Task, answers
from games import Game
from ours import measured
from plan import budgets, chosen, markdown, seeds

FLOOR = 1e-8
"""A ten-thousandth of the values: smaller errors count as this in ratios. Some rows of a game are all but additive."""


@dataclass(frozen=True)
class Cell:
    """One group of games at one budget.

    Attributes
    ----------
    games : list of Game
    times : int
        Evaluations a feature.
    ours : float
        Median relative squared error over rows and seeds.
    peers : dict
        The same of every peer.
    """

    games: list[Game]
    times: int
    ours: float
    peers: dict[str, float]

    @property
    def best(self) -> str:
        """The best peer, chosen afterwards."""
        return min(self.peers, key=self.peers.__getitem__)

    def over(self, peer: str) -> float:
        """Our error over a peer's."""
        return max(self.ours, FLOOR) / max(self.peers[peer], FLOOR)

    def row(self) -> list[str]:
        """What a table says of it."""
        errors = [f"{error:.1e}" for error in (self.ours, *(self.peers[peer] for peer in PEERS))]
        return [self.games[0].group, str(self.games[0].n), self.games[0].split, *errors, self.best,
                f"{self.over(self.best):.3g}", f"{self.over('LeverageSHAP'):.3g}"]


def report(quick: bool) -> str:
    """A table a budget, and what was promised."""
    found = cells(quick)
    parts = ["## Accuracy\n\nMedian of ||values - exact||² / ||exact||² over rows and seeds, at so many evaluations a "
             "feature; where those are all coalitions, every answer is exact and left out. `best` is the best peer of "
             f"that line, chosen afterwards. Errors count as {FLOOR:g} at least in ratios.", summary(found)]
    for times in sorted({cell.times for cell in found}):
        rows = [cell.row() for cell in found if cell.times == times]
        parts.append(f"### {times} evaluations a feature\n\n" + markdown(HEAD, rows))
    return "\n\n".join(parts)


HEAD = ["game", "n", "half", "limelight", *PEERS, "best", "ours / best", "ours / Leverage"]


def cells(quick: bool) -> list[Cell]:
    """All of them: every group at every budget."""
    groups = chosen(quick)
    of_peers = answers([task for group in groups.values() for game in group for task in tasks(game, quick)])
    return [cell for group in groups.values() for cell in of_group(group, of_peers, quick)]


def tasks(game: Game, quick: bool) -> list[Task]:
    """What the peers are asked about one game."""
    return [Task(peer, game.name, m, seed)
            for m in budgets(game, quick) for seed in seeds(game, quick) for peer in PEERS]


def of_group(group: list[Game], of_peers: dict[Task, Answer], quick: bool) -> Iterator[Cell]:
    """One group at every budget."""
    for m in budgets(group[0], quick):
        runs = [(game, seed) for game in group for seed in seeds(game, quick)]
        yield Cell(group, m // group[0].n, median(measured(game, m, seed).error for game, seed in runs),
                   {peer: median(of_peers[Task(peer, game.name, m, seed)].error for game, seed in runs)
                    for peer in PEERS})


Chooses = Callable[[Cell], bool]
PROMISES: tuple[tuple[str, Chooses, str, float], ...] = (
    ("median of ours / best at 10n", lambda cell: cell.times == 10, "best", 1 / 2),
    ("the same, tables of at most 30 features",
     lambda cell: cell.times == 10 and _is_table(cell) and cell.games[0].n <= 30, "best", 1 / 3),
    ("median of ours / Leverage at 10n, texts and photos of 9 features and more",
     lambda cell: cell.times == 10 and not _is_table(cell) and cell.games[0].n >= 9, "LeverageSHAP", 0.3),
    ("ours / Leverage, any budget", lambda cell: True, "LeverageSHAP", 1.1),
)


def summary(found: list[Cell]) -> str:
    """What was promised, for each half: the median, the largest, and how many lines keep it."""
    rows = []
    for name, chooses, peer, bound in PROMISES:
        for half in ("tune", "held"):
            ratios = [cell.over(cell.best if peer == "best" else peer)
                      for cell in found if chooses(cell) and cell.games[0].split == half]
            if ratios:
                rows.append([name, half, f"{median(ratios):.3g}", f"{max(ratios):.3g}",
                             f"{sum(ratio <= bound for ratio in ratios)} of {len(ratios)} at most {bound:.2g}"])
    return markdown(["ratio", "half", "median", "largest", "kept"], rows)


def _is_table(cell: Cell) -> bool:
    return cell.games[0].kind == "table"
