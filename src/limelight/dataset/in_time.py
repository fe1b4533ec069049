"""Measures of as many rows as there is time for: a small one first, and larger ones while there is time left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from limelight.dataset.asking import seconds_a_row
from limelight.dataset.collected import Watch
from limelight.dataset.steps import Steps
from limelight.dataset.table import Table
from limelight.errors import InputError

LEAST = 10
"""Rows of a measure, whatever they take: with fewer there are no intervals."""
CAREFULLY = 0.8
"""Of the time that is left: how long the next one should take, by what the one before took."""
AT_FIRST, TOO_LONG = 0.2, 0.5
"""Of the time that there is: how long the first one should take, and when it is broken off and a smaller one begun."""
LARGER = 1.5
"""A measure is computed again where there is time for so many times the rows, or for all."""
Found = tuple[Any, ...]


@dataclass(frozen=True)
class Size:
    """What makes a measure large, and how long it takes.

    Attributes
    ----------
    option : str
        What its size is called among its options: "n_rows".
    most : int
        The size by default.
    asks : callable
        From the table, the options and a size: about how many rows the model is asked about.
    unit : str
        What is counted.
    """

    option: str
    most: int
    asks: Callable[[Table, Mapping[str, Any], int], float]
    unit: str = "rows"

    def whole(self, table: Table, options: Mapping[str, Any]) -> int:
        """The size that was asked for."""
        wanted = int(options.get(self.option, self.most))
        return min(wanted, table.n_rows) if self.unit == "rows" else wanted

    def least(self, table: Table, options: Mapping[str, Any]) -> int:
        """The smallest size that there is."""
        return min(self.whole(table, options), LEAST)

    def cut(self, options: Mapping[str, Any], size: int) -> dict[str, Any]:
        """Options of a smaller measure."""
        return {**options, self.option: size}

    def is_whole(self, size: int, found: Found, table: Table, options: Mapping[str, Any]) -> bool:
        """Whether there is nothing more to compute."""
        return size == self.whole(table, options)

    def within(self, rows: float, table: Table, options: Mapping[str, Any]) -> int:
        """The largest size that asks about no more than so many rows."""
        low, high = self.least(table, options), self.whole(table, options)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.asks(table, options, middle) <= rows else (low, middle - 1)
        return low


@dataclass(frozen=True)
class Evaluations(Size):
    """Of a measure that asks until its errors are small: how often at most, a tenth of it about rows as they are.

    Attributes
    ----------
    most_rows : int
        The rows that it uses by default.
    """

    unit: str = "evaluations"
    most_rows: int = 0

    def least(self, table: Table, options: Mapping[str, Any]) -> int:
        """Evaluations of the fewest rows; `asks` tells those of one."""
        return min(self.whole(table, options), int(self.asks(table, options, LEAST) / 0.9) + LEAST)

    def cut(self, options: Mapping[str, Any], size: int) -> dict[str, Any]:
        """Fewer evaluations, and no more rows than make a tenth of them."""
        return {**options, self.option: size, "n_rows": self._rows(options, size)}

    def is_whole(self, size: int, found: Found, table: Table, options: Mapping[str, Any]) -> bool:
        """Also where it stopped by itself, and used all rows."""
        rows = min(table.n_rows, int(options.get("n_rows", self.most_rows)))
        return size == self.whole(table, options) or (found[0].n_evals < 0.9 * size
                                                      and self._rows(options, size) >= rows)

    def within(self, rows: float, table: Table, options: Mapping[str, Any]) -> int:
        """So many."""
        return int(min(max(rows, self.least(table, options)), self.whole(table, options)))

    def _rows(self, options: Mapping[str, Any], size: int) -> int:
        return max(LEAST, min(int(options.get("n_rows", self.most_rows)), size // 10))


def in_time(work: Callable[..., Steps[Found]], size: Size, table: Table, options: Mapping[str, Any],
            watch: Watch) -> Steps[Found]:
    """Compute a measure in the time that there is: of fewer rows, where all of them take longer.

    How many is guessed by how long the model takes for a few rows, and then by what the measure itself took: as long
    as there is time for half as many more, or for all, it is computed again. The largest one that was done in time is
    returned, the same as without a limit and with so many rows; the smallest one is computed whatever it takes.

    Parameters
    ----------
    work : callable
        Computes the measure, with options.

    Raises
    ------
    InputError
        What the measure raises. One that is refused for its few rows is tried with more.
    """
    found: Found | None = None
    whole, least, reached = size.whole(table, options), size.least(table, options), 0
    a_row = seconds_a_row(table.asker(judged=table.loss is not None), table.rows, watch.left)
    n = size.within(watch.left * AT_FIRST / a_row, table, options)
    while True:
        began, share = watch.spent, TOO_LONG if found is None else 1.0
        until = began + share * watch.left if found is not None or n > least else None
        try:
            larger = yield from _until(work(**size.cut(options, n)), watch, until)
        except InputError:
            if n == whole:
                raise
            n = least = min(4 * n, whole)
            continue
        if larger is None and found is None:
            n = max(n // 8, least)
            continue
        if larger is None:
            break
        found, reached = larger, n
        if size.is_whole(n, found, table, options):
            return found
        asked = max(each.n_evals for each in found if not hasattr(each, "columns"))
        n = size.within(watch.left * CAREFULLY * asked / max(watch.spent - began, 1e-9), table, options)
        if n < min(LARGER * reached, whole):
            break
    return _with(found, note(reached, whole, size.unit, watch))


def note(n: int, wanted: int, unit: str, watch: Watch) -> str:
    """A sentence for a measure of fewer rows than were asked for."""
    return (f"Measured by {n:,} of the {wanted:,} {unit} that were to be, as there were {watch.seconds:g} seconds: "
            "seconds=None takes all of them.")


def _until(steps: Steps[Found], watch: Watch, until: float | None) -> Steps[Found | None]:
    """Go on until a moment has come, and then leave it: None."""
    with closing(steps):
        while True:
            try:
                next(steps)
            except StopIteration as end:
                found: Found = end.value
                return found
            if until is not None and watch.spent >= until:
                return None
            yield min(watch.spent / (watch.seconds or watch.spent), 1.0)


def _with(found: Found | None, said: str) -> Found:
    """The same measures with a note; a table of pairs as it is."""
    return tuple(each if hasattr(each, "columns") else replace(each, notes=(said, *each.notes))
                 for each in found or ())
