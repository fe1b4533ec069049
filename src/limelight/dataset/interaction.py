"""Friedman's H: how much of what features do together is no sum of what they do alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from limelight.dataset.measure import Measure
from limelight.dataset.steps import Steps, at_once
from limelight.dataset.table import Asker, Table
from limelight.errors import InputError
from limelight.quality.intervals import critical
from limelight.types import Array

if TYPE_CHECKING:
    import pandas

N_ROWS = 50
FEWEST_ROWS = 10
MOST_FEATURES = 10
_ROUNDING = 1e-10
"""Share of the spread of predictions below which a partial dependence is flat."""
_FAINT = 0.01
"""Share of the variance of predictions below which a pair's H2 says little."""


@dataclass(frozen=True, eq=False)
class Interactions:
    """How strongly features act together, strongest first.

    Attributes
    ----------
    names : tuple of str
        Of all features.
    pairs : int ndarray of shape (n_pairs, 2)
    h2 : ndarray of shape (n_pairs,)
        Share of the variance of what two features do together that no sum of
        what each does alone explains: 0 where they add up, 1 where neither does anything alone.
    strength, low, high : ndarray of shape (n_pairs,)
        The root mean square of that part, in the output's units, and its 95 % interval.
    overall : Measure
        Of each feature with all others.
    notes : tuple of str
        Sentences that a reader must see.
    """

    names: tuple[str, ...]
    pairs: Array
    h2: Array
    strength: Array
    low: Array
    high: Array
    overall: Measure
    notes: tuple[str, ...]

    def to_frame(self) -> pandas.DataFrame:
        """One line a pair: first, second, value (its strength), low, high and h2."""
        import pandas as pd

        first, second = ([self.names[j] for j in side] for side in self.pairs.T)
        return pd.DataFrame({"first": first, "second": second, "value": self.strength, "low": self.low,
                             "high": self.high, "h2": self.h2})


def interacting(table: Table, features: Sequence[int], *, n_rows: int = N_ROWS) -> Steps[Interactions]:
    """Measure how strongly every two of some features interact (Friedman & Popescu 2008, section 8.1).

    With centred partial dependences P at the rows themselves,
    `H2_jk = sum (P_jk - P_j - P_k)^2 / sum P_jk^2`, and the strength is the root
    mean square of the numerator, which stays steady where the denominator
    vanishes (Inglis, Parnell & Hurley 2022). Of a feature with all others,
    `H2_j = sum (f - P_j - P_rest)^2 / sum f^2` takes no more evaluations.
    Errors are those of the jackknife over rows.

    Parameters
    ----------
    table : Table
    features : sequence of int
        Those to look at, such as the ten most important: d features take `d (d + 1) / 2 n_rows^2` evaluations.
    n_rows : int
        Rows that are drawn.

    Raises
    ------
    InputError
        If there are fewer than two features or ten rows.
    """
    used = table.drawn(n_rows)
    if len(features) < 2 or used.n_rows < FEWEST_ROWS:
        raise InputError(f"interactions need 2 features and {FEWEST_ROWS} rows at least: {len(features)} and "
                         f"{used.n_rows} came")
    ask, chosen = used.asker(), sorted(features)
    ask.expected = used.n_rows**2 * len(chosen) * (len(chosen) + 1) / 2
    alone = {}
    for j in chosen:
        alone[j] = yield from _dependence(used, ask, (j,))
    said = np.diagonal(alone[chosen[0]])
    flat = (_ROUNDING * max(np.abs(said).max(), np.ptp(said))) ** 2
    pairs, found, faint = list(combinations(chosen, 2)), [], False
    for j, k in pairs:
        both = yield from _dependence(used, ask, (j, k))
        found.append(_jackknifed(partial(_pair, both, alone[j], alone[k], flat), used))
        faint |= bool(found[-1][0, 1] > _FAINT**0.5 and _centred(both.mean(1)).var() < _FAINT * said.var())
    values = np.array(found)
    order = np.argsort(-values[:, 0, 0], kind="stable")
    strength, low, high = values[order, :, 0].T
    notes = (f"Interactions are of {len(chosen)} features at {used.n_rows} of {table.n_rows:,} rows.",
             *_unsteady(faint))
    return Interactions(table.names, np.array(pairs)[order], values[order, 0, 1], strength, low, high,
                        _overall(used, alone, flat, ask, notes), notes)


interactions = at_once(interacting)


def _dependence(table: Table, ask: Asker, columns: Sequence[int]) -> Steps[Array]:
    """Every row with these columns from every other one: answers of shape (n_donors, n_rows)."""
    n = table.n_rows
    rows = table.moved(np.tile(np.arange(n), n), columns, np.repeat(np.arange(n), n))
    return (yield from ask.steps(rows))[:, table.target].reshape(n, n)


def _pair(both: Array, first: Array, second: Array, flat: float, keep: Array) -> tuple[float, float]:
    """Strength and H2 of a pair, from some of the rows."""
    together, a, b = (_centred(_kept(each, keep).mean(1)) for each in (both, first, second))
    return _share(together - a - b, together, flat)


def _one(alone: Array, flat: float, keep: Array) -> tuple[float, float]:
    """Strength and H2 of a feature with all others: f(donor's feature, row's rest), transposed, is that of the rest."""
    some = _kept(alone, keep)
    said, own, rest = _centred(np.diagonal(some)), _centred(some.mean(1)), _centred(some.mean(0))
    return _share(said - own - rest, said, flat)


def _share(apart: Array, whole: Array, flat: float) -> tuple[float, float]:
    unexplained, total = float((apart**2).mean()), float((whole**2).mean())
    return (np.sqrt(unexplained), min(1.0, unexplained / total)) if unexplained > flat else (0.0, 0.0)


def _jackknifed(measure: Callable[[Array], tuple[float, float]], table: Table) -> Array:
    """Strength and H2 with their 95 % intervals, from what they are without each row: (3, 2)."""
    n = table.n_rows
    without = np.array([measure(np.delete(np.arange(n), i)) for i in range(n)])
    value = np.array(measure(np.arange(n)))
    half = critical(n - 1) * np.sqrt((n - 1) * without.var(0))
    return np.stack([value, np.maximum(value - half, 0), value + half])


def _overall(table: Table, alone: dict[int, Array], flat: float, ask: Asker, notes: tuple[str, ...]) -> Measure:
    found = np.full((3, table.n_features), np.nan)
    for j, answers in alone.items():
        found[:, j] = _jackknifed(partial(_one, answers, flat), table)[:, 0]
    values, low, high = found
    return Measure("interaction", values=values, low=low, high=high, notes=notes, n_evals=ask.n_evals,
                   said="How much of the output is no sum of what the feature does and what the others do: root mean "
                        "square, in the output's units.")


def _kept(answers: Array, keep: Array) -> Array:
    return answers[np.ix_(keep, keep)]


def _centred(numbers: Array) -> Array:
    return numbers - numbers.mean()


def _unsteady(faint: bool) -> tuple[str, ...]:
    return ("H2 of some pairs is a large share of very little: read their strength instead.",) if faint else ()
