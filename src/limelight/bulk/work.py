"""What is done to each chunk, wherever it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from limelight.bulk.chunks import Chunk

if TYPE_CHECKING:
    import pandas


Notes = dict[str, tuple[int, int]]
"""Sentences about rows: the first row that each is about, and how many there are."""


@dataclass(frozen=True)
class Part:
    """What was found of a chunk.

    Attributes
    ----------
    records : DataFrame
    notes : Notes
        Sentences that a reader must see.
    """

    records: pandas.DataFrame
    notes: Notes = field(default_factory=dict)


def together(*several: Notes) -> Notes:
    """The notes of several parts: each sentence once."""
    found: Notes = {}
    for notes in several:
        for said, (first, n) in notes.items():
            before, many = found.get(said, (first, 0))
            found[said] = min(before, first), many + n
    return found


class Work(Protocol):
    """A model made ready to explain chunks, alike wherever they are cut. It can be sent to other processes.

    Attributes
    ----------
    chunk_rows : int
        Rows that make a good chunk.
    block_rows : int
        Chunks hold a multiple of so many, all but the last.
    settings : mapping
        What identifies the computation, as JSON has it.
    outputs : list of float
        What the model says of the first rows.
    module : torch.nn.Module or None
        What moves to a GPU.
    """

    chunk_rows: int
    block_rows: int
    settings: Mapping[str, Any]
    outputs: list[float]
    module: Any

    def __call__(self, chunk: Chunk) -> Part:
        """Explain the rows of a chunk."""


Place = Callable[[Work, Iterable[Chunk]], Iterator[tuple[Chunk, Part]]]
"""Does the work on chunks, and yields each with its part once it is done, in any order."""


def locally(work: Work, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Part]]:
    """Do it here, one chunk after the other."""
    for chunk in chunks:
        yield chunk, work(chunk)
