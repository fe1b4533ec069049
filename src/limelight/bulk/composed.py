"""Rows of a table, any features of which can be taken from background rows: composed and asked in large batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from limelight.bulk.chunks import part_of
from limelight.bulk.questions import Question, batches
from limelight.errors import LimelightError, ModelError
from limelight.types import Array, Output

COMPOSED, MOST_CELLS = 8_000, 2_000_000
"""Rows that are composed at once even where a model is given fewer; numbers in them at most (16 MB), in wide tables."""


class Composed:
    """Some rows and the background of a model.

    A batch of the model's holds compositions of several rows, where one row's
    are few. Where batches are cut depends on these rows and the model alone.

    Parameters
    ----------
    model : TabularModel
    table : ndarray or DataFrame of shape (n_rows, n_columns)
        As the model is given them.
    output : {"probability", "logit"}
    owner : int ndarray of shape (n_columns,)
        Which feature each column is in.
    first : int, or int ndarray of shape (n_rows,)
        Number of the first row, for messages; or of each.
    """

    def __init__(self, model: Any, table: Any, output: Output, owner: Array, first: int | Array = 0):
        self._model, self._output, self._owner = model, output, owner
        self._numbers = first if isinstance(first, np.ndarray) else first + np.arange(len(table))
        framed = model.is_framed and not model.is_network
        self._rows: Any = (Frames if framed else Tensors if model.is_network else Arrays)(model, table)
        n_background = len(model.background)
        self._given = model.block() * n_background
        self._most = max(n_background, min(max(self._given, COMPOSED), MOST_CELLS // len(owner)))

    def differs(self) -> Array:
        """In which features background rows differ from each row: bool (n_rows, n_background, n_features)."""
        columns = self._rows.differs()
        if np.array_equal(self._owner, np.arange(len(self._owner))):
            return np.asarray(columns)
        # Of floats: a product of booleans is many times slower.
        membership = (self._owner[:, None] == np.arange(self._owner.max() + 1)).astype(np.float32)
        return np.asarray(columns.astype(np.float32) @ membership > 0)

    def ask(self, questions: Sequence[Question]) -> list[Array]:
        """Ask questions, several at once: (n_outputs, n_rows, n_coalitions, n_which) for each.

        Raises
        ------
        ModelError
            If the model raises, or answers with NaN: names the row.
        """
        try:
            said = self._said(questions)
        except LimelightError:
            raise
        except Exception as error:
            raise self._named(questions, error) from error
        stops = np.cumsum([question.size for question in questions])
        found = [part.reshape(len(part), *question.shape) for part, question in
                 zip(np.split(said, stops[:-1], axis=1), questions, strict=True)]
        if not np.isfinite(said).all():
            raise self._not_finite(questions, found)
        return found

    def _said(self, questions: Iterable[Question]) -> Array:
        """Answers in order: (n_outputs, n). Outputs come first, as sums along a last axis are several times faster."""
        return np.ascontiguousarray(self._model.outputs(self._model.raw(self._batches(questions)), self._output).T)

    def _batches(self, questions: Iterable[Question]) -> Iterator[Any]:
        """Composed rows, as many as the model is given at once."""
        for batch in batches(questions, self._most):
            composed = self._rows.compose([(rows, shown.take(self._owner, axis=-1), which)
                                           for rows, shown, which in batch])
            for start in range(0, len(composed), self._given):
                yield part_of(composed, start, start + self._given)

    def _named(self, questions: Sequence[Question], error: Exception) -> ModelError:
        """What a model raised to a batch, with the row: the first one to which it raises by itself."""
        rows = np.unique(np.concatenate([question.rows for question in questions])).tolist()
        which, raised = f"rows {self._numbers[rows[0]]:,} to {self._numbers[rows[-1]]:,}", error
        for row in rows:
            try:
                self._said([question.of(row) for question in questions if row in question.rows])
            except Exception as alone:
                which, raised = f"row {self._numbers[row]:,}", alone
                break
        return ModelError(f"{which}: the model raised {type(raised).__name__}: {raised}. limelight hides features; "
                          "check that the model accepts such rows")

    def _not_finite(self, questions: Sequence[Question], found: Sequence[Array]) -> ModelError:
        """The first row that was answered with NaN, and how often."""
        bad: dict[int, Array] = {}
        for question, said in zip(questions, found, strict=True):
            for row, of_row in zip(question.rows.tolist(), np.moveaxis(~np.isfinite(said).all(0), 0, 0), strict=True):
                bad[row] = np.append(bad.get(row, np.zeros(0, bool)), of_row)
        row = min(row for row, each in bad.items() if each.any())
        return ModelError(f"row {self._numbers[row]:,}: the model returned NaN or infinity for {bad[row].sum():,} of "
                          f"{len(bad[row]):,} inputs with features hidden: every output must be a finite number")


Part = tuple[Array, Array, Array]
"""Rows, what of them is shown, and background rows, which broadcast: (...,), (..., n_columns) and (...,)."""


class Arrays:
    """Rows of one type."""

    def __init__(self, model: Any, table: Array):
        self._table, self._background = table, model.background

    def differs(self) -> Array:
        """Columns: bool (n_rows, n_background, n_columns). NaN is like NaN."""
        rows, background = self._table[:, None], self._background
        return np.asarray((rows != background) & ~((rows != rows) & (background != background)))

    def compose(self, parts: Sequence[Part]) -> Any:
        """Rows to ask about: shape (n, n_columns)."""
        composed = [np.where(shown, self._table[rows], self._background[which]).reshape(-1, shown.shape[-1])
                    for rows, shown, which in parts]
        return composed[0] if len(composed) == 1 else np.concatenate(composed)


class Tensors(Arrays):
    """Rows that are composed where the network is."""

    def __init__(self, model: Any, table: Any):
        super().__init__(model, np.asarray(table))
        self._background = np.asarray(model.background)
        self._rows, self._others = model.place(table), model.place(model.background)

    def compose(self, parts: Sequence[Part]) -> Any:
        """Rows to ask about: a tensor of shape (n, n_columns)."""
        import torch

        composed = []
        for part in parts:
            rows, shown, which = (torch.as_tensor(each, device=self._rows.device) for each in part)
            composed.append(torch.where(shown, self._rows[rows], self._others[which]).reshape(-1, shown.shape[-1]))
        return composed[0] if len(composed) == 1 else torch.cat(composed)


class Frames:
    """Rows of mixed types: composed column by column, so that each keeps its own."""

    def __init__(self, model: Any, table: Any):
        import pandas as pd

        self._n, self._names = len(model.background), list(model.background.columns)
        # The rows come last: to be present is to point at one of them.
        pool = pd.concat([model.background, table], ignore_index=True)
        columns = [pool.iloc[:, j] for j in range(pool.shape[1])]
        self._columns = [column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array
                         for column in columns]
        self._codes = np.stack([pd.factorize(column)[0] for column in columns], axis=1)

    def differs(self) -> Array:
        """Columns: bool (n_rows, n_background, n_columns)."""
        return np.asarray(self._codes[self._n :, None] != self._codes[: self._n])

    def compose(self, parts: Sequence[Part]) -> Any:
        """Rows to ask about: a DataFrame of shape (n, n_columns)."""
        import pandas as pd

        columns = [column.take(np.concatenate(list(self._places(parts, j)))) for j, column in enumerate(self._columns)]
        return pd.DataFrame(dict(zip(self._names, columns, strict=True)), copy=False)

    def _places(self, parts: Iterable[Part], j: int) -> Iterator[Array]:
        for rows, shown, which in parts:
            yield np.where(shown[..., j], self._n + rows, which).ravel()
