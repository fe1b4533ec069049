"""Rows of a table, explained and written down: one record a row and output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.bulk.chunks import Chunk
from limelight.bulk.rows import Rows, RowsExplainer
from limelight.bulk.work import Part

if TYPE_CHECKING:
    import pandas

FIRST = ("row", "output", "base_value", "prediction")
"""The columns before those of the features."""

PROBED = 3
"""So many rows are explained to know the model again."""

MOST_ROWS, LEAST_ROWS = 4096, 16
MOST_ASKED = 20_000_000
"""Rows that a chunk asks the model about: some seconds of a quick one."""
MOST_VALUES = 2_000_000
"""Attributions in a chunk, 8 bytes each, which are copied a few times."""

HALVED = ("The GPU's memory ran out, and batches were asked in halves: numbers are then those of another run up to the "
          "network's rounding, and not to the last bit.")


class TableWork:
    """A model of rows that explains chunks of them.

    Parameters
    ----------
    model
        What `ll.explain` takes for tables.
    head : DataFrame or ndarray
        The first rows.
    std_error : bool
        Whether records hold the standard errors.
    **asked
        `method`, `n_samples`, `output`, `groups` and `seed`.
    """

    def __init__(self, model: Any, head: Any, *, std_error: bool, **asked: Any):
        self._explainer, self._std_error = RowsExplainer(model, X=head, lends=False, **asked), std_error
        self.module = getattr(model, "module", None)
        few = self._explainer.explain(head[:PROBED])
        self.settings: Mapping[str, Any] = {**self._explainer.settings, "std_error": std_error}
        self.outputs = [*few.prediction.ravel().tolist(), *few.values.ravel().tolist()]
        self.block_rows = self._explainer.block_rows
        self.chunk_rows = _chunk_rows(few, len(getattr(model, "background", [0])))

    def __call__(self, chunk: Chunk) -> Part:
        """Explain the rows of a chunk."""
        found = records(self._explainer.explain(chunk.rows, chunk.start), chunk.start, self._std_error)
        found.attrs |= {"route": self._explainer.route, "hide": self._explainer.hide}
        return Part(found, {HALVED: (chunk.start, len(chunk))} if self._explainer.halved else {})


def records(rows: Rows, start: int, std_error: bool) -> pandas.DataFrame:
    """Write attributions down, one record a row and output.

    Parameters
    ----------
    rows : Rows
    start : int
        The number of the first one.
    std_error : bool
        Whether there are columns of standard errors.

    Returns
    -------
    DataFrame
        `row`, `output`, `base_value`, `prediction`, a column a feature, and
        then its standard error's, called by its name and " std_error".
    """
    import pandas

    n, d, n_outputs = rows.values.shape
    names = column_names(rows.feature_names)
    first = {"row": np.repeat(np.arange(start, start + n), n_outputs),
             "output": np.tile(np.array(rows.output_names, object), n),
             "base_value": rows.base_values.ravel(), "prediction": rows.prediction.ravel()}
    blocks = [rows.values, rows.std_error][:1 + std_error]
    numbers = [pandas.DataFrame(block.transpose(0, 2, 1).reshape(n * n_outputs, d), columns=columns)
               for block, columns in zip(blocks, (names[:d], names[d:]), strict=False)]
    found = pandas.concat([pandas.DataFrame(first).infer_objects(), *numbers], axis=1)
    found.attrs = {"method": rows.method, "output_space": rows.output_space, "n_evals": rows.n_evals}
    return found


def column_names(features: Sequence[str]) -> list[str]:
    """Names of the features' columns and of their errors: what would be there twice is told apart by "(feature)"."""
    taken = set(FIRST)
    found = []
    for name in [*features, *(f"{feature} std_error" for feature in features)]:
        while name in taken:
            name += " (feature)"
        taken.add(name)
        found.append(name)
    return found


def _chunk_rows(few: Rows, n_background: int) -> int:
    """How many rows ask the model, and hold in memory, what is good at once."""
    asking = MOST_ASKED // max(1, few.n_evals * n_background)
    holding = MOST_VALUES // max(1, few.values[0].size)
    return int(np.clip(min(asking, holding), LEAST_ROWS, MOST_ROWS))
