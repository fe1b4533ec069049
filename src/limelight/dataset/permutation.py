"""Permutation importance: what is lost when a column's values are shuffled among rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from limelight.dataset.correlation import Groups, note
from limelight.dataset.loss import ONE_CLASS, Loss, change
from limelight.dataset.measure import Measure
from limelight.dataset.steps import Steps, at_once
from limelight.dataset.table import Asker, Table
from limelight.errors import InputError
from limelight.quality.intervals import critical
from limelight.types import Array

REPEATS = 10
MOST_ROWS = 5_000
FEWEST_ROWS = 10
"""With fewer there are no intervals."""
_FLOOR = 0.1
"""Of that share of the noise an error is never below: a difference of estimates may come out negative."""
_AT_ONCE = 100_000
"""Rows that are composed at once."""


class Judged(NamedTuple):
    """A table, who is asked about it, and how wrong it is as it stands.

    Attributes
    ----------
    y, losses : ndarray of shape (n_rows,)
    """

    table: Table
    ask: Asker
    loss: Loss
    y: Array
    losses: Array


def permuting(table: Table, *, repeats: int = REPEATS, n_rows: int = MOST_ROWS,
              strengths: Array | None = None) -> Steps[Measure]:
    """Measure by how much the loss rises when a column is shuffled (Breiman 2001; Fisher, Rudin & Dominici 2019).

    Every column is shuffled in the same `repeats` ways. Where it is not known
    what is true, the mean size of the prediction's change is measured instead.
    For intervals see `spread_over_rows`.

    Parameters
    ----------
    table : Table
    repeats : int
        At least 3.
    n_rows : int
        The most rows that are used; of more so many are drawn.
    strengths : ndarray of shape (n_features, n_features), optional
        How columns go together (`associations`), for a note where they do.

    Raises
    ------
    InputError
        If there are fewer than two rows, or three repeats.
    """
    judged = yield from judging(table.drawn(n_rows), repeats, table.n_features)
    shuffles, found = drawn_shuffles(judged.table, repeats), []
    for j in range(table.n_features):
        found.append((yield from estimate(judged, (j,), shuffles)))
    warnings = () if strengths is None else (note(table.names, strengths),)
    return measured("permutation", np.array(found), judged, notes=(*notes(judged, table), *filter(None, warnings)),
                    said=_said("the column's values are shuffled among rows", judged.loss))


permutation = at_once(permuting)


def permuting_groups(table: Table, single: Measure, groups: Groups, *, repeats: int = REPEATS,
                     n_rows: int = MOST_ROWS) -> Steps[Measure]:
    """Measure so, shuffling the columns of a group together: what they have in common is lost as well.

    Parameters
    ----------
    single : Measure
        What `permutation` found, which columns without a group keep.
    groups : tuple of tuple of int
        Columns that go together: see `correlation.clusters`.
    """
    judged = yield from judging(table.drawn(n_rows), repeats, len(groups))
    shuffles = drawn_shuffles(judged.table, repeats)
    found = np.stack([single.values, single.low, single.high], axis=1)
    for group in groups:
        found[list(group)] = yield from estimate(judged, group, shuffles)
    return measured("grouped_permutation", found, judged, notes=notes(judged, table), groups=groups,
                    said=_said("columns that go together are shuffled together", judged.loss))


grouped_permutation = at_once(permuting_groups)


def judging(table: Table, repeats: int, n_parts: int = 1) -> Steps[Judged]:
    """Ask about the rows as they are; where nothing is known to be true, what the model says is.

    Parameters
    ----------
    n_parts : int
        How many columns or groups will be shuffled.

    Raises
    ------
    InputError
        If there are fewer than two rows, or three repeats, or rows of one class where the loss needs two.
    """
    if table.n_rows < 2 or repeats < 3:
        raise InputError(f"permutation importance needs 2 rows and 3 repeats at least, better some hundreds and "
                         f"{REPEATS}: {table.n_rows} row{'s' * (table.n_rows != 1)} and {repeats} repeats came")
    if table.loss is not None and not table.loss.by_row and len(np.unique(np.asarray(table.y))) < 2:
        raise InputError(ONE_CLASS)
    ask = table.asker(judged=table.loss is not None)
    ask.expected = table.n_rows * (1 + repeats * n_parts)
    answers = yield from ask.steps(table.rows)
    if table.loss is None or table.y is None:
        loss, y = change(table.target), answers[:, table.target]
    else:
        loss, y = table.loss, table.y
    return Judged(table, ask, loss, y, loss.each(answers, y))


judge = at_once(judging)


def drawn_shuffles(table: Table, repeats: int) -> Array:
    """Orders of all rows: (repeats, n_rows)."""
    rng = table.rng(1)
    return np.stack([rng.permutation(table.n_rows) for _ in range(repeats)])


def rising(judged: Judged, columns: Sequence[int], shuffles: Array) -> Steps[Array]:
    """By how much each row's loss rises when some columns come from other rows.

    Parameters
    ----------
    columns : sequence of int
    shuffles : int ndarray of shape (repeats, n_rows)
        Which row each row's values come from.

    Returns
    -------
    ndarray of shape (repeats, n_rows)
    """
    n = judged.table.n_rows
    step, found = max(1, _AT_ONCE // n), []
    for part in (shuffles[start : start + step] for start in range(0, len(shuffles), step)):
        rows = judged.table.moved(np.tile(np.arange(n), len(part)), columns, part.ravel())
        answers = (yield from judged.ask.steps(rows)).reshape(len(part), n, -1)
        found += [judged.loss.each(each, judged.y) - judged.losses for each in answers]
    return np.stack(found)


rises = at_once(rising)


def spread_over_rows(rises: Array, shuffles: Array) -> float:
    """Standard error of the mean rise: over rows, as receivers and as donors of values, and over shuffles.

    A rise is a function of two rows, so its mean is a U-statistic (Hoeffding
    1948): row i moves it by `m_i + g_i`, its mean rise and that of rows which
    got its value. Both are seen through few shuffles, which adds 1 / repeats of
    the variance of all rises to theirs more than the shuffles add to the mean.

    Parameters
    ----------
    rises, shuffles : ndarray of shape (repeats, n_rows)
    """
    repeats, n = rises.shape
    given = np.bincount(shuffles.ravel(), rises.ravel(), minlength=n) / repeats
    moved, noise = (rises.mean(0) + given).var(ddof=1), rises.var() / repeats
    return float(np.sqrt(max(moved - noise, _FLOOR * noise) / n))


def estimate(judged: Judged, columns: Sequence[int], shuffles: Array) -> Steps[tuple[float, float, float]]:
    """Mean rise and its 95 % interval; of columns without spread it is 0, which takes no asking."""
    if all(judged.table.is_constant(j) for j in columns):
        judged.ask.expected -= shuffles.size
        return 0.0, 0.0, 0.0
    return interval((yield from rising(judged, columns, shuffles)), shuffles)


def interval(rises: Array, shuffles: Array) -> tuple[float, float, float]:
    """Mean rise and its 95 % interval, NaN with fewer than ten rows."""
    n, mean = rises.shape[1], float(rises.mean())
    half = critical(n - 1) * spread_over_rows(rises, shuffles) if n >= FEWEST_ROWS else np.nan
    return mean, mean - half, mean + half


def measured(name: str, found: Array, judged: Judged, *, said: str, notes: tuple[str, ...],
             groups: Groups = ()) -> Measure:
    """Make a Measure of values and intervals: (n_features, 3)."""
    values, low, high = found.T
    return Measure(name, said, values, low, high, notes=notes, groups=groups,
                   n_evals=judged.ask.n_evals)


def _said(what: str, loss: Loss) -> str:
    if loss.name == "change":
        return f"By how much the prediction changes when {what}."
    return f"By how much {loss.said} rises when {what}."


def notes(judged: Judged, table: Table) -> tuple[str, ...]:
    """Say what the loss and the rows are not."""
    unknown = ("Without y, it is measured how far the prediction moves, and not whether it gets worse."
               if judged.loss.name == "change" else "")
    drawn = (f"Permutation importance is of {judged.table.n_rows:,} of {table.n_rows:,} rows."
             if judged.table.n_rows < table.n_rows else "")
    return tuple(filter(None, (unknown, drawn)))
