"""The game that SAGE plays: features come and go, and the loss of a row's mean answer is what they win."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from limelight.dataset.correlation import Groups
from limelight.dataset.loss import Loss, squared_error, squared_error_curve
from limelight.dataset.steps import Steps
from limelight.dataset.table import Asker, Table
from limelight.types import Array

N_BACKGROUND, N_UNCORRECTED = 32, 256
"""Background rows for each row: where their bias is taken off, and where the loss has no curve to tell it by."""
_AT_ONCE = 65_536
"""Rows that are composed at once."""


@dataclass(frozen=True)
class LossGame:
    """Rows, what is said of them as they are, and groups of their columns that come and go.

    Attributes
    ----------
    answers : ndarray of shape (n_rows, n_outputs)
    y : ndarray of shape (n_rows,)
    players : tuple of tuple of int
        Columns of each. Constant ones are in none: they change nothing.
    """

    table: Table
    ask: Asker
    answers: Array
    loss: Loss
    y: Array
    players: Groups

    @classmethod
    def begin(cls, table: Table, groups: Groups) -> Steps[LossGame]:
        """Ask about the rows as they are; where nothing is known to be true, what the model says is."""
        ask = table.asker(judged=table.loss is not None)
        answers, grouped = (yield from ask.steps(table.rows)), {j for group in groups for j in group}
        alone = tuple((j,) for j in range(table.n_features) if j not in grouped and not table.is_constant(j))
        if table.loss is not None and table.y is not None:
            return cls(table, ask, answers, table.loss, table.y, groups + alone)
        spread = Loss("change", "the prediction", partial(squared_error, target=table.target),
                      partial(squared_error_curve, target=table.target))
        return cls(table, ask, answers, spread, answers[:, table.target], groups + alone)

    @property
    def n_background(self) -> int:
        """Rows that stand for absent features, for each row."""
        return N_BACKGROUND if self.loss.curve else N_UNCORRECTED

    @property
    def cost(self) -> int:
        """Rows that the model is asked about for one row."""
        return 2 * max(len(self.players) - 1, 0) * self.n_background

    @property
    def at_once(self) -> int:
        """Rows that are played at once."""
        return max(1, _AT_ONCE // max(self.cost, 1))

    def totals(self) -> Array:
        """By how much each row's loss is lower with everything than with nothing: (n_rows,)."""
        nothing = np.broadcast_to(self.answers.mean(0), self.answers.shape)
        return self.loss.each(nothing, self.y) - self.loss.each(self.answers, self.y)

    def play(self, rows: Array, rng: np.random.Generator) -> Steps[Array]:
        """What each player wins for each of some rows: (n, n_players).

        Players join in a random order, and in the same order backwards; the
        mean of the two is taken. The model is asked about neither nothing nor everything.
        """
        n, n_players = len(rows), len(self.players)
        orders = rng.permuted(np.tile(np.arange(n_players), (n, 1)), axis=1)
        donors = rng.integers(self.table.n_rows, size=(n, self.n_background))
        places = np.argsort(orders, axis=1)
        first = places[:, None] < np.arange(1, n_players)[:, None]
        some = yield from self._losses(rows, donors, np.concatenate([first, ~first], axis=1))
        nothing = self._loss(self.answers[donors][:, None], rows)
        everything = self.loss.each(self.answers[rows], self.y[rows])[:, None]
        forward = np.concatenate([nothing, some[:, : n_players - 1], everything], axis=1)
        backward = np.concatenate([everything, some[:, n_players - 1 :], nothing], axis=1)
        gains = (backward[:, 1:] - backward[:, :-1] - forward[:, 1:] + forward[:, :-1]) / 2
        return np.take_along_axis(gains, places, axis=1)

    def _losses(self, rows: Array, donors: Array, present: Array) -> Steps[Array]:
        """Of coalitions: bool (n, n_coalitions, n_players) -> (n, n_coalitions)."""
        if not present.shape[1]:
            return np.empty((len(rows), 0))
        shape = (*present.shape[:2], donors.shape[1], self.table.n_features)
        shown = np.zeros((*present.shape[:2], 1, self.table.n_features), bool)
        for player, columns in enumerate(self.players):
            shown[:, :, 0, list(columns)] = present[:, :, player, None]
        index = np.where(shown, rows[:, None, None, None], donors[:, None, :, None])
        answers = yield from self.ask.steps(self.table.mixed(np.broadcast_to(index, shape).reshape(-1, shape[3])))
        return self._loss(answers.reshape(*shape[:3], answers.shape[1]), rows)

    def _loss(self, answers: Array, rows: Array) -> Array:
        """The loss of a mean over background rows, less `loss'' Var / 2B`, which their number adds to it.

        Parameters
        ----------
        answers : ndarray of shape (n, n_coalitions, n_background, n_outputs)
        rows : int ndarray of shape (n,)

        Returns
        -------
        ndarray of shape (n, n_coalitions)
        """
        n, n_coalitions, n_background, n_outputs = answers.shape
        mean, y = answers.mean(2).reshape(-1, n_outputs), np.repeat(self.y[rows], n_coalitions)
        found = self.loss.each(mean, y)
        if self.loss.curve is not None:
            spread = answers.var(2, ddof=1).reshape(-1, n_outputs)
            found = found - (self.loss.curve(mean, y) * spread).sum(1) / (2 * n_background)
        return found.reshape(n, n_coalitions)
