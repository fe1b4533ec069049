"""The games that the figures are made of: what a coalition is worth, and the exact Shapley values.

Half of them, "tune", may be looked at while an estimator is made; the other half, "held", judges
it. Of the tables every other pair of data set and model is held, so that each data set and each
model is in both halves; of texts and photos every other one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import generated
import published
import real
import tables
from exact import Array, Value, by_enumeration

Split = Literal["tune", "held"]
Kind = Literal["table", "text", "image"]
KEPT = Path(__file__).resolve().parents[2] / "build" / "games"
"""What takes long is kept here."""


@dataclass(frozen=True, eq=False)
class Game:
    """A cooperative game whose Shapley values are known.

    Attributes
    ----------
    name : str
        "wine mlp, row 2", "review 3", "coffee 13".
    n : int
        Features.
    value : callable
        bool (m, n) -> float64 (m,); True is present.
    exact : ndarray of shape (n,)
    split : {"tune", "held"}
    kind : {"table", "text", "image"}
        What is explained.
    error : float
        Relative squared error of `exact` itself: 0, or for networks of 30 features and more,
        whose values come from a run of four million evaluations, an estimate of it.
    """

    name: str
    n: int
    value: Value
    exact: Array
    split: Split
    kind: Kind = "table"
    error: float = 0.0

    @property
    def group(self) -> str:
        """Which row of a table it belongs to: tables' rows are taken together."""
        return self.name.split(",")[0]


def games(kinds: Collection[str] = ("table", "text", "image"), split: Split | None = None,
          folder: Path = KEPT) -> list[Game]:
    """All games of these kinds, or only one half of them."""
    found = [game for kind in kinds for game in KINDS[kind](folder)]
    return [game for game in found if split in (None, game.split)]


def table_games(folder: Path) -> Iterator[Game]:
    """Six data sets, three models, three rows."""
    data, models = list(tables.DATA), tables.MODELS
    for (name, model, row), (value, exact, error) in tables.built(folder).items():
        i = data.index(name) + models.index(model)
        yield Game(f"{name} {model}, row {row}", len(exact), value, exact, half(i), error=error)


def text_games(folder: Path) -> Iterator[Game]:
    """Twelve reviews."""
    for i, (name, values) in enumerate(real.reviews(folder)):
        yield Game(name, len(values).bit_length() - 1, real.looked_up(values), by_enumeration(values), half(i),
                   "text")


def photo_games(folder: Path) -> Iterator[Game]:
    """Eight photos."""
    for i, (name, values) in enumerate(real.photos(folder)):
        yield Game(name, len(values).bit_length() - 1, real.looked_up(values), by_enumeration(values), half(i),
                   "image")


def half(i: int) -> Split:
    """Every other one."""
    return "held" if i % 2 else "tune"


def published_games(folder: Path) -> Iterator[Game]:
    """Those of LeverageSHAP's published table, which are for comparing only."""
    for name, value, exact in published.runs():
        yield Game(name, len(exact), value, exact, "held")


def generated_games(folder: Path) -> Iterator[Game]:
    """Wide tables and products, which are for comparing only."""
    for name, value, exact in generated.games(folder):
        yield Game(name, len(exact), value, exact, "held")


KINDS: dict[str, Callable[[Path], Iterator[Game]]] = {
    "table": table_games, "text": text_games, "image": photo_games, "published": published_games,
    "generated": generated_games}
