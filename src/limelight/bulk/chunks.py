"""Rows or texts in order, read once and cut into chunks of one size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Chunk:
    """Some rows: where they begin in X, and what they are.

    Attributes
    ----------
    start : int
        The number of the first one, counted from 0.
    rows : DataFrame or ndarray of shape (n_rows, n_features), or list of str
    """

    start: int
    rows: Any

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def stop(self) -> int:
        """The number of the row after the last one."""
        return self.start + len(self.rows)

    @property
    def digest(self) -> str:
        """A hash of the rows: their names, types and values, or the texts."""
        found = blake2b(digest_size=16)
        for part in _parts(self.rows):
            found.update(part)
        return found.hexdigest()


class Pieces:
    """Rows in pieces of any sizes, each of which is read when its turn comes.

    Parameters
    ----------
    pieces : iterable of DataFrame, ndarray or list of str
    n_rows : int or None
        How many rows there are; None where that is not known before the end.
    """

    def __init__(self, pieces: Iterable[Any], n_rows: int | None):
        self._rest, self.n_rows = iter(pieces), n_rows

    def head(self, n: int) -> Any:
        """Look at the first n rows, or as many as there are; None where there are none."""
        held: list[Any] = []
        while sum(map(len, held)) < n and (piece := next(self._rest, None)) is not None:
            held += [piece] * (len(piece) > 0)
        self._rest = chain(held, self._rest)
        return part_of(joined(held), 0, n) if held else None

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Cut them into chunks of `size` rows, the last of which may be smaller, wherever pieces end."""
        held: list[Any] = []
        start = n = 0
        for piece in self._rest:
            at = 0
            while at < len(piece):
                held.append(part_of(piece, at, at + size - n))
                at, n = at + len(held[-1]), n + len(held[-1])
                if n == size:
                    yield Chunk(start, joined(held))
                    start, n, held = start + size, 0, []
        if held:
            yield Chunk(start, joined(held))


def part_of(rows: Any, start: int, stop: int) -> Any:
    """Some of the rows, not copied."""
    return rows.iloc[start:stop] if hasattr(rows, "iloc") else rows[start:stop]


def joined(pieces: list[Any]) -> Any:
    """One of several pieces."""
    if len(pieces) == 1:
        return pieces[0]
    if isinstance(pieces[0], list):
        return list(chain.from_iterable(pieces))
    if isinstance(pieces[0], np.ndarray):
        return np.concatenate(pieces)
    import pandas

    return pandas.concat(pieces, ignore_index=True)


def _parts(rows: Any) -> Iterator[bytes]:
    """What a hash of rows is made of."""
    if isinstance(rows, list):
        # Lengths go in too: ["ab", "c"] is not ["a", "bc"].
        for text in rows:
            data = text.encode("utf-8", "surrogatepass")
            yield len(data).to_bytes(8, "little") + data
        return
    if isinstance(rows, np.ndarray) and rows.dtype.kind in "biuf":
        yield f"{rows.dtype.str} {rows.shape}".encode()
        yield np.ascontiguousarray(rows).tobytes()
        return
    import pandas

    frame = pandas.DataFrame(rows)
    yield repr([str(name) for name in frame.columns]).encode()
    yield pandas.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()
