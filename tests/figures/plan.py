"""Which games are asked how often, and tables in markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from games import Game, games

TIMES = (5, 10, 20, 40)
"""Evaluations a feature."""
FEW = 14
"""Games of so many features cost little."""


def chosen(quick: bool) -> dict[str, list[Game]]:
    """Games by group; `quick`: one of each group, and no more than thirty features."""
    found = {name: list(members) for name, members in groupby(games(), key=lambda game: game.group)}
    return {name: members[:1] for name, members in found.items() if members[0].n <= 30} if quick else found


def seeds(game: Game, quick: bool) -> range:
    """How often one is asked: a data set's three rows as often as one text or photo, large games less."""
    if quick:
        return range(2)
    return range(12 if game.kind != "table" else 4 if game.n <= FEW else 2)


def budgets(game: Game, quick: bool) -> list[int]:
    """Evaluations, where they are fewer than all coalitions."""
    return [m for times in ((10,) if quick else TIMES) if (m := times * game.n) < 2**game.n]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
