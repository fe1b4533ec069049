"""The lime package's own law for tables: values drawn within quartiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from limelight.errors import InputError
from limelight.maskers.tabular import TabularMasker
from limelight.types import Array, Law, Output


class QuartileMasker:
    """Rows drawn as LimeTabularExplainer(discretizer="quartile") draws them.

    Of each number column a quartile is drawn by its frequency among the
    background's rows (all of them), then a value from the normal of that
    quartile's mean and standard deviation, cut off at its ends. Of other
    columns a category is drawn by its frequency. A feature is present where
    the draw falls into the quartile, or has the category, of the explained
    row. The first row is that row itself. Coalitions repeat.

    It differs from the package in one thing: a quartile of no width gives
    its only value, where the package gives the standardised one.

    Parameters
    ----------
    masker : TabularMasker
    seed : int
        Rows are the same for the same seed, however they are cut into calls.

    Raises
    ------
    InputError
        If a number column holds NaN, or a column holds free text.
    """

    law: Law = "bins"
    hide = "quartile"

    def __init__(self, masker: TabularMasker, seed: int):
        self.model = masker.model
        self.data = masker.data
        self.feature_names = masker.feature_names
        self.notes = (f"Values are drawn within the quartiles of {len(self.model.rows):,} background rows, "
                      "as the lime package draws them.",)
        self.batch_size: int = self.model.batch_size() * len(self.model.background)
        self._masker = masker
        self._rng = np.random.default_rng(seed)
        self._started = False
        self._laws = _laws(self.model)
        self._own = [law.bin_of(own) for law, own in zip(self._laws, self.data, strict=True)]

    @property
    def subject(self) -> Mapping[str, Any]:
        """What the view draws: see CONTRIBUTING.md."""
        return {**self._masker.subject, "hide": self.hide, "notes": list(self.notes)}

    @property
    def bins(self) -> list[str]:
        """What being present means, one a feature: "2.00 < age <= 3.50", "sex = f"."""
        return [law.label(own) for law, own in zip(self._laws, self.data, strict=True)]

    def draw(self, n: int) -> tuple[Array, Any]:
        """Draw the next rows.

        Returns
        -------
        coalitions : bool ndarray of shape (n, n_features)
        rows : what the model is given, n of them
        """
        # One number a cell: its place among the bins, and what is left of it within the bin.
        chances = self._rng.random((n - (not self._started), len(self._laws)))
        draws = [law.draw(column) for law, column in zip(self._laws, chances.T.copy(), strict=True)]
        present = np.stack([bins == own for (bins, _), own in zip(draws, self._own, strict=True)], axis=1)
        rows = _table(self.model, [values for _, values in draws])
        if not self._started:
            self._started = True
            return np.vstack([np.ones(present.shape[1], bool), present]), _below(self.model.table([self.data]), rows)
        return present, rows

    def __call__(self, rows: Any, output: Output) -> Array:
        """Ask the model about drawn rows: float64 of shape (n, n_outputs)."""
        return self.model.ask(self.model.place(rows), output)

    def draw_and_ask(self, n: int, output: Output) -> tuple[Array, Array]:
        """Draw the next rows and ask about them: coalitions and outputs."""
        coalitions, rows = self.draw(n)
        return coalitions, self(rows, output)

    def edited(self, changes: Mapping[int, Any], output: Output) -> Array:
        """Ask about the row with some features given other values: (n_outputs,)."""
        return self._masker.edited(changes, output)


class NumberLaw(NamedTuple):
    """Quartiles of a number column, and a normal within each. Arrays: one a bin.

    `low_tail` and `mass` are the normal's distribution function at the bin's
    lower end, and how much lies within the bin.
    """

    name: str
    cuts: Array
    ends: Array
    share: Array
    mean: Array
    std: Array
    low: Array
    high: Array
    low_tail: Array
    mass: Array

    def bin_of(self, own: Any) -> int:
        """The explained row's quartile."""
        if np.isnan(float(own)):
            raise InputError(_NO_QUARTILES.format(self.name))
        return int(np.searchsorted(self.cuts, float(own)))

    def label(self, own: Any) -> str:
        """What it is to be in that quartile."""
        number, cuts = self.bin_of(own), self.cuts
        if number == 0:
            return f"{self.name} <= {cuts[0]:.2f}"
        if number == len(cuts):
            return f"{self.name} > {cuts[-1]:.2f}"
        return f"{cuts[number - 1]:.2f} < {self.name} <= {cuts[number]:.2f}"

    def draw(self, chances: Array) -> tuple[Array, Array]:
        """Turn chances in 0..1 into (bin, value)."""
        from scipy.special import ndtri

        bins = self._bins(chances)
        # Written into one array: these are short sums over many numbers, and new memory costs as much as they do.
        values = chances - (self.ends - self.share)[bins]
        values /= self.share[bins]
        values *= self.mass[bins]
        values += self.low_tail[bins]
        ndtri(values, out=values)
        values *= self.std[bins]
        values += self.mean[bins]
        return bins, np.clip(values, self.low[bins], self.high[bins], out=values)

    def _bins(self, chances: Array) -> Array:
        """Of so few bins, comparing with each is quicker than searching."""
        bins = np.zeros(len(chances), np.int8)
        for end in self.ends[:-1]:
            bins += chances >= end
        return bins.astype(np.intp)


class CategoryLaw(NamedTuple):
    """Categories by their frequency."""

    name: str
    ends: Array
    categories: Array

    def bin_of(self, own: Any) -> int:
        """The explained row's category; -1 where the background has none such."""
        return next((i for i, category in enumerate(self.categories) if category == own), -1)

    def label(self, own: Any) -> str:
        """What it is to have that category."""
        return f"{self.name} = {own}"

    def draw(self, chances: Array) -> tuple[Array, Array]:
        """Turn chances in 0..1 into (number of the category, category)."""
        drawn = np.searchsorted(self.ends, chances, side="right")
        return drawn, self.categories[drawn]


_NO_QUARTILES = ("discretize='quartile' can't cut {!r} into quartiles, since it holds NaN: "
                 "choose discretize=False, or fill it in")
_KNOWN: WeakKeyDictionary[Any, list[NumberLaw | CategoryLaw]] = WeakKeyDictionary()


def _laws(model: Any) -> list[NumberLaw | CategoryLaw]:
    """The laws of a model's columns: the same for every row that is explained."""
    if model not in _KNOWN:
        _KNOWN[model] = [_column_law(column, values)
                         for column, values in zip(model.columns, _by_column(model.rows), strict=True)]
    return _KNOWN[model]


def _column_law(column: Any, values: Any) -> NumberLaw | CategoryLaw:
    if column.kind == "text":
        raise InputError(f"discretize='quartile' needs numbers and categories; {column.name!r} holds free text: "
                         "choose discretize=False, or leave the column out")
    if column.kind == "category":
        return _category_law(column, values)
    numbers = np.asarray(values, float)
    if np.isnan(numbers).any():
        raise InputError(_NO_QUARTILES.format(column.name))
    return _number_law(column.name, numbers)


def _number_law(name: str, values: Array) -> NumberLaw:
    from scipy.special import ndtr

    cuts = np.unique(np.percentile(values, [25, 50, 75]))
    bins = np.searchsorted(cuts, values)
    within = [values[bins == number] for number in range(len(cuts) + 1)]
    share = np.array([len(part) for part in within]) / len(values)
    mean = np.array([part.mean() if len(part) else 0.0 for part in within])
    # The package's own safeguard: a bin of one value is a very narrow normal.
    std = np.array([part.std() if len(part) else 0.0 for part in within]) + 1e-11
    low, high = np.r_[values.min(), cuts], np.r_[cuts, values.max()]
    low_tail = ndtr((low - mean) / std)
    return NumberLaw(name, cuts, _ends(share), share, mean, std, low, high,
                     low_tail, ndtr((high - mean) / std) - low_tail)


def _category_law(column: Any, values: Any) -> CategoryLaw:
    counts = np.array([(np.asarray(values == category)).sum() for category in column.categories], float)
    return CategoryLaw(column.name, _ends(counts / counts.sum()), _typed(column.categories, values.dtype))


def _ends(share: Array) -> Array:
    """Where each bin ends in 0..1; the last one there, whatever the sum was rounded to."""
    ends = np.cumsum(share)
    ends[np.flatnonzero(share)[-1] :] = 1
    return ends


def _by_column(rows: Any) -> list[Any]:
    return [rows.iloc[:, j] if hasattr(rows, "iloc") else rows[:, j] for j in range(rows.shape[1])]


def _typed(categories: Any, dtype: Any) -> Any:
    if isinstance(dtype, np.dtype):
        return np.array(categories, dtype)
    import pandas as pd

    return pd.array(list(categories), dtype=dtype)


def _table(model: Any, columns: list[Any]) -> Any:
    if not model.is_framed:
        rows = np.stack(columns, axis=1)
        return rows.astype(model.rows.dtype, copy=False) if model.rows.dtype.kind == "f" else rows
    import pandas as pd

    return pd.DataFrame(dict(zip(model.rows.columns, columns, strict=True)), copy=False)


def _below(first: Any, rows: Any) -> Any:
    if not hasattr(rows, "iloc"):
        return np.vstack([first.astype(rows.dtype, copy=False), rows])
    import pandas as pd

    return pd.concat([first, rows], ignore_index=True)
