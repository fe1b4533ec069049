"""What was found of many rows, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limelight.bulk.chunks import Chunk
from limelight.bulk.work import Notes, Part, together

if TYPE_CHECKING:
    import pandas


class Held:
    """The parts of chunks, done in any order."""

    def __init__(self) -> None:
        self._parts: dict[int, pandas.DataFrame] = {}
        self.notes: Notes = {}
        self._n_rows = 0

    def has(self, chunk: Chunk) -> bool:
        """Nothing is done before."""
        return False

    def add(self, chunk: Chunk, part: Part) -> None:
        """Keep what was found of a chunk."""
        self._parts[chunk.start] = part.records
        self._n_rows += len(chunk)
        self.notes = together(self.notes, part.notes)

    def result(self) -> pandas.DataFrame:
        """All records, by rows."""
        import pandas

        parts = [self._parts[start] for start in sorted(self._parts)]
        found = pandas.concat(parts, ignore_index=True)
        found.attrs = next((part.attrs for part in parts if part.attrs), {})
        return found

    def close(self) -> None:
        """Nothing else waits for it."""

    @property
    def kept(self) -> str:
        """How much there is, and how not to lose it."""
        return f"{self._n_rows:,} rows were done. With out= they are kept, and the same call goes on from there"
