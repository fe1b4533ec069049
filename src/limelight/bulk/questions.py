"""What a model is asked about rows of a table, and how it is cut into batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from limelight.types import Array


@dataclass(frozen=True)
class Question:
    """Coalitions of some rows, composed with background rows.

    Attributes
    ----------
    rows : int ndarray of shape (n_rows,)
        Places of the rows, each of which is asked about all of it.
    shown : bool ndarray of shape (n_coalitions, n_features)
        Features that are the row's.
    which : int ndarray of shape (n_which,)
        Background rows with which every coalition is composed in turn; or, where `paired`, that of each coalition.
    paired : bool
    """

    rows: Array
    shown: Array
    which: Array
    paired: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, coalitions and background rows of each."""
        return len(self.rows), len(self.shown), 1 if self.paired else len(self.which)

    @property
    def size(self) -> int:
        """How many compositions that makes."""
        n_rows, n_coalitions, n_which = self.shape
        return n_rows * n_coalitions * n_which

    @property
    def parts(self) -> tuple[Array, Array, Array]:
        """Rows, what of them is shown, and background rows, of shapes that broadcast."""
        which = self.which[:, None] if self.paired else self.which
        return self.rows[:, None, None], self.shown[:, None], which

    def of(self, row: int) -> Question:
        """The same of one row."""
        return replace(self, rows=np.array([row]))

    def cut(self, most: int) -> Iterator[Question]:
        """Cut into questions of at most so many compositions, whole rows where they fit, in order."""
        _, n_coalitions, n_which = self.shape
        of_row = n_coalitions * n_which
        if of_row <= most:
            step = most // of_row
            for start in range(0, len(self.rows), step):
                yield replace(self, rows=self.rows[start : start + step])
            return
        # Pieces of like size: a short one at the end of each row would cost as much as a long one.
        step = -(-n_coalitions // -(-of_row // (most - most % n_which)))
        for row in self.rows.tolist():
            for start in range(0, n_coalitions, step):
                some = slice(start, start + step)
                yield Question(np.array([row]), self.shown[some], self.which[some] if self.paired else self.which,
                               self.paired)


def batches(questions: Iterable[Question], most: int) -> Iterator[list[tuple[Array, Array, Array]]]:
    """Put questions together, in order, to batches of at most so many compositions.

    Parameters
    ----------
    most : int
        At least the background rows of each question.

    Yields
    ------
    list of (rows, shown, which)
        As `Question.parts`.
    """
    batch: list[tuple[Array, Array, Array]] = []
    n = 0
    for piece in (piece for question in questions for piece in question.cut(most)):
        if batch and n + piece.size > most:
            yield batch
            batch, n = [], 0
        batch.append(piece.parts)
        n += piece.size
    if batch:
        yield batch
