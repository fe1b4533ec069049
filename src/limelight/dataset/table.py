"""Rows of a data set and the model that answers them: what every measure of importance is computed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.dataset.asking import Asker, rows_of
from limelight.dataset.loss import ONE_CLASS, Loss, choose_loss, read_targets
from limelight.errors import InputError
from limelight.scalars import is_bool
from limelight.types import Array, Output

if TYPE_CHECKING:
    from limelight.models._columns import Column
    from limelight.models.tabular import TabularModel
Ask = Callable[[Any], Array]
"""Rows in, answers out: float64 of shape (n, n_outputs)."""


@dataclass(frozen=True)
class Table:
    """Rows, what is known of their columns and targets, and how to ask about them.

    Attributes
    ----------
    model : TabularModel
    rows : ndarray or DataFrame of shape (n_rows, n_features)
    columns : tuple of Column
        Kind and categories of each feature, categories as the rows hold them.
    output : {"probability", "logit"}
    target : int
        The output that is explained.
    y : ndarray of shape (n_rows,), optional
        What is true: indices of classes, or numbers.
    loss_name : str
        How wrong an answer is: a key of `loss.LOSSES`, or "" where `y` is not known.
    judge : TabularModel, optional
        Who is asked for what a loss reads, where `model` was made to answer with something else.
    """

    model: TabularModel
    rows: Any
    columns: tuple[Column, ...]
    output: Output = "probability"
    target: int = 0
    y: Array | None = None
    loss_name: str = ""
    judge: TabularModel | None = None
    seed: int = 0

    @classmethod
    def of(cls, model: TabularModel, X: Any = None, y: Any = None, *, output: Output = "probability",
           target: int = 0, loss: str = "auto", judge: TabularModel | None = None, seed: int = 0) -> Table:
        """Read rows and targets as a user has them.

        Parameters
        ----------
        model : TabularModel
        X : ndarray or DataFrame of shape (n_rows, n_features), optional
            By default the rows that the model was given.
        y : array_like of shape (n_rows,), optional
            Labels, or numbers for a model whose outputs are values.
        loss : str
            See `loss.LOSSES`; "auto" is what suits the model's answers.

        Raises
        ------
        InputError
            If rows or targets don't fit the model, or one another.
        """
        from limelight.models._columns import describe

        rows = conformed(X, model)
        columns = tuple(describe(known.name, _column(rows, j), categorical=known.kind == "category",
                                 allows_missing=known.allows_missing) for j, known in enumerate(model.columns))
        table = cls(model, rows, columns, output, target, judge=judge, seed=seed)
        if y is None:
            return table
        judge = judge or model
        chosen = choose_loss(loss, judge.output_space("probability"), target)
        n_outputs = table.asker(judged=True)(rows_of(rows, slice(0, 1))).shape[1]
        known = read_targets(y, len(rows), n_outputs, judge.output_names, chosen)
        return replace(table, y=known, loss_name=chosen.name)

    @property
    def loss(self) -> Loss | None:
        """How wrong answers are; None where it is not known what is true."""
        if not self.loss_name:
            return None
        return choose_loss(self.loss_name, (self.judge or self.model).output_space("probability"), self.target)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the features."""
        return tuple(column.name for column in self.columns)

    @property
    def n_rows(self) -> int:
        """How many."""
        return len(self.rows)

    @property
    def n_features(self) -> int:
        """How many."""
        return len(self.columns)

    def judged_by(self, loss: str) -> Table:
        """The same with another loss.

        Raises
        ------
        InputError
            If it is not known what is true, or the loss does not suit the model's answers.
        """
        if self.y is None:
            raise InputError(f"loss={loss!r} needs to know what is true: call ll.overview again with y")
        judge = self.judge or self.model
        chosen = choose_loss(loss, judge.output_space("probability"), self.target)
        if not chosen.by_row and len(np.unique(self.y)) < 2:
            raise InputError(ONE_CLASS)
        return replace(self, loss_name=chosen.name)

    def rng(self, use: int = 0) -> np.random.Generator:
        """Random numbers for one use, the same every time."""
        return np.random.default_rng([self.seed, use])

    def asker(self, *, judged: bool = False) -> Asker:
        """Ask in the space that is explained; `judged`, in the one that a loss reads."""
        return Asker(self.judge or self.model, "probability") if judged else Asker(self.model, self.output)

    def numbers(self, j: int) -> Array:
        """A column of numbers as float64 (n_rows,); NaN where they are missing."""
        column = _column(self.rows, j)
        return np.asarray(column.to_numpy(float, na_value=np.nan) if hasattr(column, "to_numpy") else column, float)

    def codes(self, j: int) -> Array:
        """Which of its categories each row has: int (n_rows,); -1 for others and missing ones."""
        from limelight.models._columns import is_missing

        place = {category: code for code, category in enumerate(self.columns[j].categories or ())}
        values = _column(self.rows, j)
        return np.array([-1 if is_missing(value) else place.get(value, -1)
                         for value in (values.tolist() if hasattr(values, "tolist") else values)], int)

    def mixed(self, index: Array) -> Any:
        """Compose rows cell by cell: int (n, n_features) says from which row each cell comes."""
        if not hasattr(self.rows, "iloc"):
            return np.take_along_axis(self.rows, index, axis=0)
        import pandas as pd

        columns = [_taken(self.rows.iloc[:, j], index[:, j]) for j in range(self.n_features)]
        return pd.DataFrame(dict(zip(self.rows.columns, columns, strict=True)), copy=False)

    def put(self, rows: Any, values: Mapping[int, Any]) -> Any:
        """Copy rows with other values in some columns: {column: (n,) values or one value}.

        Whole numbers stay whole: where a model takes them for categories, 2.0 would be an error.
        """
        if hasattr(rows, "iloc"):
            copied = rows.copy(deep=False)
            for j, new in values.items():
                copied.isetitem(j, _like(rows.iloc[:, j], new))
            return copied
        kinds = [np.asarray(new).dtype for new in values.values()]
        copied = rows.astype(rows.dtype if rows.dtype.kind in "fO" else np.result_type(rows.dtype, *kinds))
        for j, new in values.items():
            whole = rows.dtype == object and _stays_whole(rows[:, j], new)
            copied[:, j] = np.asarray(new).astype(int) if whole else new
        return copied

    def moved(self, rows: Array, columns: Sequence[int], donors: Array) -> Any:
        """Rows of these numbers, int (n,), with some columns from other rows: `donors`, int (n,)."""
        found = rows_of(self.rows, rows)
        if hasattr(found, "iloc"):
            for j in columns:
                found.isetitem(j, _taken(self.rows.iloc[:, j], donors))
            return found
        found[:, list(columns)] = self.rows[donors][:, list(columns)]
        return found

    def is_constant(self, j: int) -> bool:
        """Tell a column that holds one value everywhere, or none anywhere."""
        if self.columns[j].kind == "text":
            return len(set(_column(self.rows, j))) == 1
        numbers = self.numbers(j) if self.columns[j].kind == "number" else self.codes(j)
        missing = np.isnan(numbers)
        return bool(missing.all() or np.ptp(numbers) == 0)

    def take(self, index: Array) -> Table:
        """A table of some of the rows."""
        return replace(self, rows=rows_of(self.rows, index), y=None if self.y is None else self.y[index])

    def drawn(self, most: int) -> Table:
        """A table of at most so many rows, drawn without order."""
        if self.n_rows <= most:
            return self
        return self.take(np.sort(self.rng(0).choice(self.n_rows, most, replace=False)))


def conformed(X: Any, model: TabularModel) -> Any:
    """Rows as the model takes them: framed or not, columns in its order.

    Raises
    ------
    InputError
        If X is no table, or has other columns: a DataFrame's are named.
    """
    from limelight.models._tables import as_fitted
    from limelight.models.reading import as_table, in_order

    if X is None:
        return model.rows
    rows = in_order(as_table(X, "X"), model.feature_names, "the background's")
    return _framed_like(as_fitted(rows, model._model), model)


def _framed_like(rows: Any, model: TabularModel) -> Any:
    if model.is_framed and not hasattr(rows, "iloc"):
        import pandas as pd

        return pd.DataFrame(rows, columns=model.background.columns)
    return rows.to_numpy() if hasattr(rows, "iloc") and not model.is_framed else rows


def _column(rows: Any, j: int) -> Any:
    return rows.iloc[:, j] if hasattr(rows, "iloc") else rows[:, j]


def _taken(column: Any, index: Array) -> Any:
    """Values of a column, in its own type."""
    return (column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array).take(index)


def _like(column: Any, new: Any) -> Any:
    """New values in the column's type, where that holds them."""
    import pandas as pd

    values = np.broadcast_to(np.asarray(new, object if isinstance(new, str) else None), len(column))
    stays = _stays_true_or_false(column, values) or _stays_whole(column, new)
    if hasattr(column.dtype, "categories") or column.dtype.kind not in "iub" or stays:
        return pd.Series(values, index=column.index, dtype=column.dtype)
    return pd.Series(values, index=column.index)


def _stays_true_or_false(column: Any, new: Array) -> bool:
    return column.dtype.kind == "b" and all(is_bool(value) for value in new)


def _stays_whole(column: Any, new: Any) -> bool:
    """Tell whether a column holds whole numbers, and its type the new ones too."""
    dtype, numbers = getattr(column.dtype, "numpy_dtype", column.dtype), np.asarray(new)
    if dtype.kind == "O" and all(isinstance(value, (int, np.integer)) for value in column):
        dtype = np.dtype(int)
    if dtype.kind not in "iu" or numbers.dtype.kind not in "iuf":
        return False
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return bool(((numbers == np.round(numbers)) & (low <= numbers) & (numbers <= high)).all())
