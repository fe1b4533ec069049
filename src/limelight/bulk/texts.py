"""Texts, explained and written down: one record a text, output and word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from limelight.api import start
from limelight.bulk.chunks import Chunk
from limelight.bulk.work import Notes, Part, together
from limelight.errors import InputError, LimelightError, NothingToExplain
from limelight.explanation import Explanation
from limelight.maskers.words import words
from limelight.models.recognise import as_model
from limelight.models.text import TextModel

if TYPE_CHECKING:
    import pandas

COLUMNS = {"row": "int64", "output": "str", "base_value": "float64", "prediction": "float64", "position": "int64",
           "word": "str", "value": "float64", "std_error": "float64"}
CHUNK = 16
"""Texts in a chunk: each takes hundreds of evaluations."""
PROBED = 3
"""Of so many texts what the model says is kept, to know it again."""
LOOKED_AT = 64
"""Among so many texts these are found."""
EMPTY = "A text without words has no records."


class TextWork:
    """A model of texts that explains chunks of them.

    Each text is asked about by itself, in micro-batches of its own, as
    `ll.explain` does: so its numbers are the same whatever is beside it.

    Parameters
    ----------
    model
        What `ll.explain` takes for texts.
    head : list of str
        The first texts.
    **asked
        `method`, `n_samples`, `output` and `seed`.

    Raises
    ------
    InputError
        If an argument can't be used.
    """

    chunk_rows, block_rows = CHUNK, 1

    def __init__(self, model: Any, head: Sequence[str], **asked: Any):
        found = as_model(model, head[0])
        if not isinstance(found, TextModel):
            raise InputError(f"{found.name} is a model of {found.kind}s, and X holds texts")
        self._model, self._asked, self.module = found, asked, found.module
        self.settings: Mapping[str, Any] = {"kind": "text", **asked, "hide": self._model.hide,
                                             "granularity": self._model.granularity}
        self.outputs = [float(each) for text in _some(head) for each in self._begun(text).prediction]

    def __call__(self, chunk: Chunk) -> Part:
        """Explain the texts of a chunk.

        Raises
        ------
        LimelightError
            If a text can't be explained: says which one.
        """
        import pandas

        found, notes = [_nothing()], Notes()
        for row, text in enumerate(chunk.rows, chunk.start):
            try:
                found.append(records(self._explained(text), row))
                found[-1].attrs["hide"] = self._model.hide
            except NothingToExplain:
                notes = together(notes, {EMPTY: (row, 1)})
            except LimelightError as error:
                error.add_note(f"This was text {row:,} of X, counted from 0.")
                raise
        frame = pandas.concat(found[1:] or found, ignore_index=True)
        frame.attrs = found[-1].attrs
        return Part(frame, notes)

    def _begun(self, text: str) -> Any:
        return start(self._model, text, target=None, kernel_width=None, tolerance=None, options={}, **self._asked)

    def _explained(self, text: str) -> Explanation:
        run = self._begun(text)
        while run.state == "running":
            run.step()
        if run.error is not None:
            raise run.error
        return run.explanation()


def records(explanation: Explanation, row: int) -> pandas.DataFrame:
    """Write an explanation down: a record an output and word. Outputs that the method left out have none."""
    import pandas

    computed = np.flatnonzero(~np.isnan(explanation.values).all(0))
    d, n_outputs = len(explanation.values), len(computed)
    names = np.array(explanation.output_names, object)[computed]
    found = pandas.DataFrame({
        "row": np.full(d * n_outputs, row), "output": pandas.Series(np.repeat(names, d), dtype="str"),
        "base_value": np.repeat(explanation.base_values[computed], d),
        "prediction": np.repeat(explanation.prediction[computed], d),
        "position": np.tile(np.arange(d), n_outputs),
        "word": pandas.Series(list(explanation.feature_names) * n_outputs, dtype="str"),
        "value": explanation.values[:, computed].T.ravel(),
        "std_error": explanation.std_error[:, computed].T.ravel()})
    found.attrs = {"method": explanation.method, "output_space": explanation.output_space}
    return found


def _nothing() -> pandas.DataFrame:
    """No records, of the right types."""
    import pandas

    return pandas.DataFrame({name: pandas.Series([], dtype=kind) for name, kind in COLUMNS.items()})


def _some(head: Sequence[str]) -> list[str]:
    return [text for text in head[:LOOKED_AT] if words(text)][:PROBED]
