"""The evaluated coalitions around one input, in the order they were asked."""

from __future__ import annotations

import copy
import struct
from typing import Any

import numpy as np

from limelight.types import Array, Estimate, Law

MAGIC = b"LLN1"
LAWS: tuple[Law, ...] = ("uniform", "binomial", "bins")
_HEADER = struct.Struct("<4sIIIBB2x")


class Neighborhood:
    """Coalitions and outputs: append-only, never the same coalition twice.

    Rows 0 and 1 are nothing and everything, then come the features left out
    one at a time, then complementary pairs. `first` and every result that
    holds a neighborhood share its memory: rows never change once written.

    Parameters
    ----------
    n_features, n_outputs : int
    law : {"uniform", "binomial", "bins"}
        How the sizes of coalitions are weighed by LIME. With "bins" (the lime
        package's tabular law) coalitions are drawn with repeats, and there
        are no pairs.
    """

    def __init__(self, n_features: int, n_outputs: int, law: Law = "uniform"):
        self.law: Law = law
        self._n = 0
        self._coalitions = np.empty((0, n_features), bool)
        self._outputs = np.empty((0, n_outputs))
        self._mirrors = np.empty(0, np.intp)
        self._chosen = np.empty(0, bool)
        self._rows: dict[bytes, int] = {}
        self.closed_form: Estimate | None = None
        """Shapley values that were computed from the model itself, whatever the rows say."""
        self.memo: dict[Any, Any] = {}
        """What estimators keep of the first so many rows, for all that share these: rows never change."""

    def __len__(self) -> int:
        return self._n

    def __repr__(self) -> str:
        return f"<Neighborhood: {self._n:,} coalitions of {self.n_features} features>"

    @property
    def n_features(self) -> int:
        return self._coalitions.shape[1]

    @property
    def n_outputs(self) -> int:
        return self._outputs.shape[1]

    @property
    def coalitions(self) -> Array:
        """bool, shape (n, n_features); True is present. Read-only."""
        return _frozen(self._coalitions[: self._n])

    @property
    def outputs(self) -> Array:
        """float64, shape (n, n_outputs). Read-only."""
        return _frozen(self._outputs[: self._n])

    @property
    def chosen(self) -> Array:
        """bool, shape (n,): rows that were chosen for what earlier ones said, and not drawn. Read-only."""
        return _frozen(self._chosen[: self._n])

    @property
    def sizes(self) -> Array:
        """How many features each row keeps, shape (n,)."""
        return self.coalitions.sum(1)

    @property
    def complete(self) -> bool:
        """True when every coalition was evaluated: answers are then exact."""
        return self.law != "bins" and self.n_features < 63 and self._n == 2**self.n_features

    @property
    def pairs(self) -> tuple[Array, Array]:
        """Rows that are complements of one another: (earlier, later), one sample each."""
        later = np.flatnonzero(self._mirrors[: self._n] >= 0)
        return self._mirrors[later], later

    def append(self, coalitions: Array, outputs: Array, chosen: Array | bool = False) -> None:
        """Add rows: bool (m, n_features) and float (m, n_outputs); which of them were chosen, bool (m,)."""
        n = self._n + len(coalitions)
        if n > len(self._coalitions):
            self._coalitions = _grown(self._coalitions, self._n, n)
            self._outputs = _grown(self._outputs, self._n, n)
            self._mirrors = _grown(self._mirrors, self._n, n)
            self._chosen = _grown(self._chosen, self._n, n)
        self._coalitions[self._n : n] = coalitions
        self._outputs[self._n : n] = outputs
        self._chosen[self._n : n] = chosen
        self._mirrors[self._n : n] = -1 if self.law == "bins" else self._find_mirrors(coalitions)
        self._n = n

    def find(self, coalition: Array) -> int | None:
        """Return the row that holds this coalition, or None."""
        row = self._rows.get(keys(coalition[None])[0]) if self.law != "bins" else None
        return row if row is not None and row < self._n else None

    def first(self, n: int) -> Neighborhood:
        """Return the first `n` rows, sharing memory with these."""
        part = copy.copy(self)
        part._n = min(n, self._n)
        part._coalitions, part._outputs = self.coalitions[:n], self.outputs[:n]
        return part

    def drawn(self) -> Neighborhood:
        """Return the rows that were drawn: what weighs coalitions by their law reads these.

        All rows, when none was chosen or when every coalition is in.
        """
        if self.complete or not self.chosen.any():
            return self
        part = Neighborhood(self.n_features, self.n_outputs, self.law)
        part.closed_form = self.closed_form
        part.append(self.coalitions[~self.chosen], self.outputs[~self.chosen])
        return part

    def _find_mirrors(self, coalitions: Array) -> list[int]:
        self._rows.update(zip(keys(coalitions), range(self._n, self._n + len(coalitions)), strict=True))
        return [row if (row := self._rows.get(key, -1)) < i else -1
                for i, key in enumerate(keys(~coalitions), self._n)]

    def to_bytes(self, start: int = 0) -> bytes:
        """Write the rows from `start` on in the one byte format, read by `from_bytes` and js/lib/neighborhood.js.

        Little-endian: "LLN1", uint32 rows, features, outputs, uint8 law, uint8
        1 if rows were chosen and two zero bytes; rows of packed bits (first
        feature in the lowest bit, each row filled up to a byte); if rows were
        chosen, a bit for each (first row in the lowest); zeros up to a
        multiple of four; float32 outputs, row by row.
        """
        coalitions, chosen = self.coalitions[start:], self.chosen[start:]
        marked = bool(chosen.any())
        header = _HEADER.pack(MAGIC, len(coalitions), self.n_features, self.n_outputs, LAWS.index(self.law), marked)
        bits = np.packbits(coalitions, axis=1, bitorder="little").tobytes()
        if marked:
            bits += np.packbits(chosen, bitorder="little").tobytes()
        return header + bits + bytes(-len(bits) % 4) + self.outputs[start:].astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Neighborhood:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the bytes are no neighborhood, or some are missing.
        """
        if len(data) < _HEADER.size or data[:4] != MAGIC:
            raise ValueError("these bytes are no limelight neighborhood: they should begin with LLN1")
        _, n, d, k, law, marked = _HEADER.unpack_from(data)
        width = (d + 7) // 8
        taken = n * width + (n + 7) // 8 * marked
        start = _HEADER.size + taken + -taken % 4
        if law >= len(LAWS) or marked > 1 or len(data) != start + 4 * n * k:
            raise ValueError(f"the neighborhood is damaged: {n} rows of {d} features and {k} outputs "
                             f"take {start + 4 * n * k} bytes, and {len(data)} came")
        bits = np.frombuffer(data, np.uint8, n * width, _HEADER.size).reshape(n, width)
        marks = np.frombuffer(data, np.uint8, (n + 7) // 8 * marked, _HEADER.size + n * width)
        rows = cls(d, k, LAWS[law])
        rows.append(np.unpackbits(bits, axis=1, count=d, bitorder="little").astype(bool),
                    np.frombuffer(data, "<f4", n * k, start).reshape(n, k),
                    np.unpackbits(marks, count=n, bitorder="little").astype(bool) if marked else False)
        return rows


def least(n_features: int) -> int:
    """Fewest evaluations that give an answer."""
    return min(n_features + 2, 2**n_features) if n_features < 63 else n_features + 2


def keys(coalitions: Array) -> list[bytes]:
    """Bytes that tell coalitions apart, one each, for sets and dicts."""
    packed = np.packbits(coalitions, axis=1)
    return packed.view(f"V{packed.shape[1]}").ravel().tolist()


def _frozen(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view


def _grown(array: Array, used: int, needed: int) -> Array:
    larger = np.empty((max(needed, 2 * len(array), 64), *array.shape[1:]), array.dtype)
    larger[:used] = array[:used]
    return larger
