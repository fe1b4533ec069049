"""SAGE: how the fall of a model's loss is shared out among its features."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from limelight.dataset._loss_game import N_UNCORRECTED, LossGame
from limelight.dataset.correlation import Groups
from limelight.dataset.measure import Measure
from limelight.dataset.permutation import FEWEST_ROWS
from limelight.dataset.steps import Steps, at_once
from limelight.dataset.table import Table
from limelight.errors import InputError
from limelight.quality.intervals import critical
from limelight.types import Array

RATIO = 0.025
"""Largest standard error over the range of values, below which it stops: that of the authors' package."""
MOST_EVALS = 1_000_000
MOST_ROWS = 10_000


def sharing(table: Table, *, groups: Groups = (), n_evals: int = MOST_EVALS, n_rows: int = MOST_ROWS,
            ratio: float = RATIO) -> Steps[Measure]:
    """Share out the fall of the loss among features: Shapley values (Covert, Lundberg & Lee 2020, arXiv:2004.00668).

    The game is `v(S) = -E loss(E f(x_S, b), y)`, where features that are absent
    from S take their values from other rows, b. A row is asked about along an
    order of the features and along the same order backwards, with background
    rows drawn for it. The mean over B of them adds `loss'' Var / 2B` to a loss,
    which is taken off: exact for the squared error. By how much everything
    lowers the loss is known of all rows, and corrects for which were played
    (a control variate). Where `y` is not known, the loss is the squared
    distance to the model's own answer: values add up to the predictions' variance.

    Parameters
    ----------
    table : Table
    groups : tuple of tuple of int
        Columns that come and go together, and share one value.
    n_evals : int
        The most rows that the model is asked about.
    n_rows : int
        The most rows of the table that are used.
    ratio : float
        Stops where the largest standard error of playing, for these rows, is below
        this share of the range of values. Intervals are wider: rows are a sample.

    Raises
    ------
    InputError
        If there are too few rows or evaluations, or the loss is none of single rows.
    """
    used = table.drawn(n_rows)
    _check(used, n_evals)
    game = yield from LossGame.begin(used, groups)
    if game.ask.n_evals + FEWEST_ROWS * game.cost > n_evals:
        raise InputError(f"n_evals={n_evals:,} is too few: SAGE needs {game.ask.n_evals + FEWEST_ROWS * game.cost:,} "
                         f"for {FEWEST_ROWS} of these {used.n_rows:,} rows")
    shares, rng = Shares(game.totals(), len(game.players)), used.rng(3)
    for rows in _batches(game, n_evals, rng):
        shares.add(rows, (yield from game.play(rows, rng)))
        values, error = shares.estimate()
        wanted, reached = ratio * np.ptp(np.append(values, 0.0)), shares.played_error().max(initial=0)
        if reached < wanted:
            break
        # The error falls with the square root of what is asked.
        game.ask.expected = min(n_evals, game.ask.n_evals * (reached / wanted) ** 2) if wanted else n_evals
    return _measure(table, game, values, error)


sage = at_once(sharing)


def _batches(game: LossGame, n_evals: int, rng: np.random.Generator) -> Iterator[Array]:
    """Row after row, in random order, all of them before any comes again: as many as may be asked about."""
    if game.cost == 0:
        yield np.arange(game.table.n_rows)
        return
    waiting = np.empty(0, int)
    while (most := min(game.at_once, (n_evals - game.ask.n_evals) // game.cost)) > 0:
        if len(waiting) < most:
            waiting = np.append(waiting, rng.permutation(game.table.n_rows))
        yield waiting[:most]
        waiting = waiting[most:]


class Shares:
    """What players won, row by row.

    Parameters
    ----------
    totals : ndarray of shape (n_rows,)
        What everything together wins for each row.
    """

    def __init__(self, totals: Array, n_players: int):
        self._totals = totals
        self._sums, self._times = np.zeros((len(totals), n_players)), np.zeros(len(totals))
        self._squares = np.zeros(n_players)

    def add(self, rows: Array, found: Array) -> None:
        """Add what players won for some rows: (n, n_players)."""
        np.add.at(self._sums, rows, found)
        np.add.at(self._times, rows, 1)
        self._squares += (found**2).sum(0)

    def estimate(self) -> tuple[Array, Array]:
        """Mean over all rows, and its standard error over rows: (n_players,) each.

        What a player won goes up with a row's total, with a slope of its own,
        and the totals of rows that were not played are known.
        """
        played = self._times > 0
        means, totals = self._sums[played] / self._times[played, None], self._totals[played]
        slope = self._slopes()
        values = means.mean(0) - slope * (totals.mean() - self._totals.mean())
        apart = means - values - slope * (totals - self._totals.mean())[:, None]
        n = max(int(played.sum()), 2)
        return values, np.sqrt((apart**2).sum(0) / (n - 1) / n + slope**2 * self._totals.var() / len(self._totals))

    def played_error(self) -> Array:
        """Standard error of playing, if these rows were all there are: (n_players,)."""
        n = self._times.sum()
        means, totals = self._sums.sum(0) / n, self._totals
        known = self._slopes() ** 2 * np.average((totals - np.average(totals, weights=self._times)) ** 2,
                                                 weights=self._times)
        return np.sqrt(np.maximum(self._squares / n - means**2 - known, 0) / n)

    def _slopes(self) -> Array:
        weights, n = self._times, self._times.sum()
        apart = self._totals - weights @ self._totals / n
        spread = weights @ apart**2
        return apart @ self._sums / spread if spread > 0 else np.zeros(self._sums.shape[1])


def _check(table: Table, n_evals: int) -> None:
    if table.n_rows < FEWEST_ROWS:
        raise InputError(f"SAGE needs {FEWEST_ROWS} rows at least, better some thousands: {table.n_rows} came")
    if table.loss is not None and not table.loss.by_row:
        raise InputError(f"SAGE needs a loss of single rows, and {table.loss.said} is none: choose another loss")


def _measure(table: Table, game: LossGame, values: Array, error: Array) -> Measure:
    found, half = (np.zeros(table.n_features) for _ in range(2))
    for player, columns in enumerate(game.players):
        found[list(columns)], half[list(columns)] = values[player], error[player]
    half = critical(game.table.n_rows - 1) * half
    groups = tuple(columns for columns in game.players if len(columns) > 1)
    return Measure("sage", said=_said(game), values=found, low=found - half, high=found + half,
                   notes=_notes(table, game), groups=groups, n_evals=game.ask.n_evals)


def _said(game: LossGame) -> str:
    if game.loss.name == "change":
        return "Each feature's share of the variance of the predictions."
    return f"By how much {game.loss.said} falls from no feature to all, shared out among them."


def _notes(table: Table, game: LossGame) -> tuple[str, ...]:
    drawn = f"SAGE is of {game.table.n_rows:,} of {table.n_rows:,} rows." if game.table.n_rows < table.n_rows else ""
    biased = ("" if game.loss.curve else
              f"Means over {N_UNCORRECTED} background rows leave a small bias in SAGE of this loss.")
    return tuple(filter(None, (drawn, biased)))
